/**
 * A photo is named by what it is: the SHA-256 of its bytes as a tablet shrank them. Records hold names; the bytes go another
 * way than facts, and no room grows by them.
 */
import * as v from 'valibot';
import type { Fact, Fields, Value } from '../kernel/fact.ts';

/** So many say what has to be said about a visit or an activity. */
export const photosMax = 4;
/** What a tablet aims at, and what nobody takes more than. */
export const photoTargetBytes = 200_000;
export const photoMaxBytes = 262_144;
export const photoMaxSide = 1_280;

export const photoName = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** PH1. */
export const photoNames = v.pipe(
  v.array(photoName),
  v.maxLength(photosMax),
  v.check((names) => new Set(names).size === names.length, 'named-twice'),
);

const namesIn = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

/** The photos a record or a statement names. */
export const photosIn = (fields: Fields): readonly string[] => namesIn(fields['photos']);

/** PH7: also a fact that a later one corrected still names what it named. */
export const anyNames = (facts: Iterable<Pick<Fact, 'set'>>, photo: string): boolean => {
  for (const { set } of facts) if (photosIn(set).includes(photo)) return true;
  return false;
};
