/**
 * A fact: the one thing that is ever stored or sent. Creating, changing, correcting and deleting are all facts that name
 * what they were based on; nothing is overwritten, so merging is set union.
 *
 * - FC1 A fact's id is its author's device tag, a dash and that device's counter in base 36; it is never used twice.
 * - FC2 A birth has an empty base; a change names the heads of the record that its author had seen.
 * - FC3 A field set to null is cleared; deletion is the field `deleted` set to true.
 */
import * as v from 'valibot';
import { codePoints } from './text.ts';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Fields = Readonly<Record<string, Value>>;
export type FactId = string;

export interface Fact {
  readonly id: FactId;
  readonly record: string;
  readonly kind: string;
  readonly base: readonly FactId[];
  readonly set: Fields;
  /** The person who stated it. */
  readonly by: string;
  /** The device's clock when it was saved, epoch ms: shown to people, never trusted for order across devices. */
  readonly at: number;
}

/** Names that would reach an object's prototype. They are refused as field names and as ids. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);

export const factIdPattern = /^[a-z0-9]{4,8}-[0-9a-z]{1,9}$/;
export const recordIdPattern = /^[a-z]{3}_[A-Za-z0-9_.-]{1,92}$/;
const fieldNamePattern = /^[a-z][A-Za-z0-9]{0,39}$/;

export const deviceTagOf = (fact: FactId): string => fact.slice(0, fact.indexOf('-'));
/** Where it stands among its device's facts. */
export const counterOf = (fact: FactId): number => Number.parseInt(fact.slice(fact.indexOf('-') + 1), 36);

/** Text of at most `max` code points, well-formed, no control characters but line breaks and tabs. */
export const text = (max: number, min = 1) =>
  v.pipe(
    v.string(),
    v.check((value) => value.isWellFormed(), 'malformed-text'),
    v.check((value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value), 'control-character'),
    // UTF-16 length bounds code points from above, which spares counting the long tail of honest short text.
    v.check((value) => value.length <= max || (value.length <= max * 2 && codePoints(value) <= max), 'too-long'),
    v.check((value) => value.length >= min, 'too-short'),
  );

/** Not `v.record`: that drops a field named `__proto__` in silence, and a fact must be refused whole or taken whole. */
const isFieldSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((name) => fieldNamePattern.test(name) && !reservedNames.has(name));

/** The year 2100: no date beyond it is anything but rubbish. */
export const latestInstant = 4_102_444_800_000;

const factBody = v.strictObject({
  record: v.pipe(v.string(), v.regex(recordIdPattern)),
  kind: v.pipe(v.string(), v.maxLength(40)),
  base: v.pipe(v.array(v.pipe(v.string(), v.regex(factIdPattern))), v.maxLength(64)),
  set: v.custom<Fields>(isFieldSet),
  by: v.pipe(v.string(), v.regex(recordIdPattern)),
  // A clock may be off by years; one that is off by millennia would win every clash for ever.
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(latestInstant)),
});

/** The JSON that stands in a room under the fact's id. Key order is fixed so that equal facts have equal bytes. */
export const encodeFact = ({ record, kind, base, set, by, at }: Fact): string =>
  JSON.stringify({ record, kind, base, set, by, at });

/** Of a fact's JSON, in UTF-8. Every field within its own limit can still be more than this together. */
export const factMaxBytes = 16_384;

/** UTF-16 length bounds UTF-8 from below by one and from above by three bytes a unit. */
export const isTooLarge = (json: string): boolean =>
  json.length > factMaxBytes || (json.length * 3 > factMaxBytes && new TextEncoder().encode(json).byteLength > factMaxBytes);

/** Shape only: whether the kind knows these fields is asked of the kinds table. */
export function parseFact(id: string, json: unknown): Fact | undefined {
  if (typeof json !== 'string' || !factIdPattern.test(id)) return undefined;
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(factBody, raw);
  return parsed.success ? { id, ...parsed.output } : undefined;
}

/** For facts this replica has already checked (its own journal, a room the server guards): no second validation. */
export const decodeFact = (id: string, json: string): Fact => ({ id, ...(JSON.parse(json) as Omit<Fact, 'id'>) });
