/** What the labelled pairs are to each other by the rules, with the pinyin of the app. */
import { plainKey } from '../../src/domain/duplicates/key.ts';
import { likenessOfDoors, likenessOfPartners, likenessOfPeople, partnerKeys, threshold, type Likeness, type Person } from '../../src/domain/duplicates/likeness.ts';
import { speak } from '../../src/replica/projection/similar.ts';
import type { LabelledList, LabelledPair } from './duplicatePairs.ts';

const person = (written: string): Person => {
  const [, name = '', door, phone] = /^([^@#]+)(?:@([^#]+))?(?:#(.+))?$/.exec(written) ?? [];
  return { name: plainKey(name, speak), door, phone };
};

export const likenessOf: Readonly<Record<keyof LabelledList, (one: string, other: string) => Likeness>> = {
  partners: (one, other) => likenessOfPartners(partnerKeys([one], speak), partnerKeys([other], speak)),
  people: (one, other) => likenessOfPeople(person(one), person(other)),
  doors: (one, other) => likenessOfDoors(one, other, speak),
};

export interface Measured {
  readonly pairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly falseAlarms: readonly string[];
  readonly missed: readonly string[];
}

export function measure(list: LabelledList, kinds: readonly (keyof LabelledList)[]): Measured {
  const judged = kinds.flatMap((kind) => list[kind].map((pair: LabelledPair) => ({ ...pair, found: likenessOf[kind](pair.one, pair.other).score >= threshold })));
  const said = judged.filter(({ found }) => found);
  const right = said.filter(({ same }) => same).length;
  const write = ({ one, other }: LabelledPair): string => `${one}/${other}`;
  return {
    pairs: judged.length,
    precision: right / said.length,
    recall: right / judged.filter(({ same }) => same).length,
    falseAlarms: said.filter(({ same }) => !same).map(write),
    missed: judged.filter(({ found, same }) => same && !found).map(write),
  };
}
