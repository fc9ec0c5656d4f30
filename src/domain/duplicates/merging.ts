/**
 * Which records are shown as one, and as which of them.
 *
 * - DU9 It follows from the pairs alone, whatever their order: records that are said to be one, directly or through others,
 *   are one. The one that stays is the one nobody said goes; of several, or of none, the one with the least id.
 * - DU10 What two people disagree about is not merged until they agree: a pair whose verdict is a clash counts as undecided.
 * - DU11 A record that is gone takes its pairs along.
 *
 * Nothing is rewritten anywhere: taking a pair back gives back exactly what was there.
 */
import type { Clash } from '../kernel/fold.ts';
import type { Listed } from '../kernel/listed.ts';
import type { PairFields } from './schema.ts';

export interface Pair extends Listed<PairFields> {
  readonly clashes: readonly Clash[];
}

export interface Merged {
  /** A record that is shown as another → that other. */
  readonly into: ReadonlyMap<string, string>;
  /** A record that stays → all it stands for, itself first. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

export const nothingMerged: Merged = { into: new Map(), parts: new Map() };

/** DU10 */
export const verdictOf = ({ fields, clashes }: Pair): PairFields['verdict'] => (clashes.some(({ field }) => field === 'verdict') ? 'open' : fields.verdict);

/** The record that goes; undefined for a pair that says nothing sensible. */
function goesOf({ one, other, stays }: PairFields): string | undefined {
  return stays === one ? other : stays === other ? one : undefined;
}

/** @param exists whether a record is still there (DU11) */
export function mergedOf(pairs: Iterable<Pair>, exists: (id: string) => boolean): Merged {
  const groups = new Map<string, Set<string>>();
  const going = new Set<string>();
  for (const pair of pairs) {
    const goes = goesOf(pair.fields);
    const { one, other } = pair.fields;
    if (verdictOf(pair) !== 'merged' || goes === undefined || one === other || !exists(one) || !exists(other)) continue;
    going.add(goes);
    const [mine, theirs] = [groups.get(one) ?? new Set([one]), groups.get(other) ?? new Set([other])];
    for (const id of theirs) mine.add(id);
    for (const id of mine) groups.set(id, mine);
  }
  const into = new Map<string, string>();
  const parts = new Map<string, readonly string[]>();
  for (const group of new Set(groups.values())) {
    const all = [...group].sort();
    const [stays = ''] = all.filter((id) => !going.has(id)).concat(all);
    const others = all.filter((id) => id !== stays);
    parts.set(stays, [stays, ...others]);
    for (const id of others) into.set(id, stays);
  }
  return { into, parts };
}

/** Everything a record stands for, itself first; of one that is shown as another, itself alone. */
export const partsOf = ({ parts }: Merged, id: string): readonly string[] => parts.get(id) ?? [id];

export const shownAs = ({ into }: Merged, id: string): string => into.get(id) ?? id;
