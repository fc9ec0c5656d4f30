/** What stands side by side when two records are compared, and what of it is proposed to stay. */
import { choosableFields } from '$domain/duplicates/rules.ts';
import type { PairedKind } from '$domain/duplicates/schema.ts';
import type { Fields } from '$domain/kernel/fact.ts';
import { sameValue } from '$domain/kernel/fold.ts';
import type { Row } from '$replica/contract.ts';

export interface ComparedField {
  readonly name: string;
  readonly differs: boolean;
}

/** The fields that one of the two has, those that differ first. */
export function comparedFields(kind: PairedKind, one: Fields, other: Fields): readonly ComparedField[] {
  return choosableFields(kind)
    .filter((name) => one[name] !== undefined || other[name] !== undefined)
    .map((name) => ({ name, differs: !sameValue(one[name] ?? null, other[name] ?? null) }))
    .sort((a, b) => Number(b.differs) - Number(a.differs));
}

/** Whoever was there first has been written down more often. */
export const usuallyStays = (one: Row, other: Row): Row => (other.bornAt < one.bornAt || (other.bornAt === one.bornAt && other.id < one.id) ? other : one);

/** Promises and a number that needs a consent are taken over by whoever chooses them, never by default. */
const chosenOnly: ReadonlySet<string> = new Set(['phone', 'fundInFen', 'fundInFrequency', 'activityQuota', 'activityQuotaPer', 'consideration', 'inferred']);

/** What the one that stays lacks is proposed from the other. */
export const usuallyTaken = (fields: readonly ComparedField[], stays: Fields): readonly string[] =>
  fields.filter(({ name, differs }) => differs && stays[name] === undefined && !chosenOnly.has(name)).map(({ name }) => name);
