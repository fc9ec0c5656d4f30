/**
 * A record is the fold of its facts.
 *
 * - FO1 The fold depends on the set of facts only: not on order, duplication or grouping of their arrival.
 * - FO2 For each field, a fact that was based on another (directly or through others) beats it.
 * - FO3 Where facts that did not know each other set one field to different values, the later by (clock, id) is shown
 *   and the field is listed as a clash with every value, its author and its time. Equal values are no clash.
 * - FO4 A deletion that did not know a change of the same record is listed as a clash on `deleted`.
 * - FO5 A base that is not among the facts counts as unknown; the fold of what is there is still defined.
 *
 * Pure; never throws on facts that parsed.
 */
import type { Fact, FactId, Fields, Value } from './fact.ts';

export interface ClashOption {
  readonly value: Value;
  readonly fact: FactId;
  readonly by: string;
  readonly at: number;
}

export interface Clash {
  readonly field: string;
  /** Every value that no other fact has superseded, the one now shown first. */
  readonly options: readonly ClashOption[];
}

export interface Folded {
  readonly record: string;
  readonly kind: string;
  /** Cleared fields (null) are left out. */
  readonly fields: Fields;
  /** The facts no other fact is based on: the base of the next change. Sorted. */
  readonly heads: readonly FactId[];
  readonly clashes: readonly Clash[];
  readonly deleted: boolean;
  readonly bornAt: number;
  readonly changedAt: number;
  readonly changedBy: string;
}

const later = (a: Fact, b: Fact): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Equality by content: the key order of an object must not make a clash. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Fields;
  const right = b as Fields;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => name in right && sameValue(left[name], right[name]));
}

/** Which facts a fact was based on, through any number of steps. */
interface Ancestry {
  supersedes(newer: FactId, older: FactId): boolean;
  of(id: FactId): Set<FactId>;
}

/**
 * A row of bits for each fact, one for every other: a record of hundreds that all know each other would else need tens of
 * thousands of entries in sets. Iterative: a chain may be thousands long.
 */
export function ancestryOf(facts: ReadonlyMap<FactId, Fact>): Ancestry {
  const ids = [...facts.keys()];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const rows: (Uint32Array | undefined)[] = new Array<Uint32Array | undefined>(ids.length);
  const words = Math.ceil(ids.length / 32);
  const basesOf = ids.map((id) => (facts.get(id)?.base ?? []).flatMap((base) => indexOf.get(base) ?? []));
  const stack: number[] = [];
  for (let start = 0; start < ids.length; start += 1) {
    stack.push(start);
    const open = new Set<number>();
    for (let fact = stack.at(-1); fact !== undefined; fact = stack.at(-1)) {
      const bases = basesOf[fact] ?? [];
      // `open` breaks a cycle that only a forged pair of facts could form; the fold stays defined.
      const missing = rows[fact] ? [] : bases.filter((base) => !rows[base] && !open.has(base));
      if (missing.length > 0) {
        open.add(fact);
        stack.push(...missing);
        continue;
      }
      stack.pop();
      rows[fact] ??= rowOf(fact, bases, rows, words);
    }
  }
  const has = (row: Uint32Array | undefined, index: number): boolean => (((row?.[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  return {
    supersedes(newer, older) {
      const [row, index] = [indexOf.get(newer), indexOf.get(older)];
      return row !== undefined && index !== undefined && has(rows[row], index);
    },
    of(id) {
      const row = rows[indexOf.get(id) ?? -1];
      return new Set(ids.filter((_, index) => has(row, index)));
    },
  };
}

function rowOf(fact: number, bases: readonly number[], rows: readonly (Uint32Array | undefined)[], words: number): Uint32Array {
  const row = new Uint32Array(words);
  for (const base of bases) {
    row[base >> 5] = (row[base >> 5] ?? 0) | (1 << (base & 31));
    const older = rows[base];
    if (older) for (let word = 0; word < words; word += 1) row[word] = (row[word] ?? 0) | (older[word] ?? 0);
  }
  row[fact >> 5] = (row[fact >> 5] ?? 0) & ~(1 << (fact & 31));
  return row;
}

function foldOne(fact: Fact): Folded {
  const fields: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fact.set)) if (value !== null && name !== 'deleted') fields[name] = value;
  return {
    record: fact.record, kind: fact.kind, fields, heads: [fact.id], clashes: [],
    deleted: fact.set['deleted'] === true, bornAt: fact.at, changedAt: fact.at, changedBy: fact.by,
  };
}

/** @returns undefined for an empty set. */
export function foldRecord(input: Iterable<Fact>): Folded | undefined {
  const facts = new Map<FactId, Fact>();
  for (const fact of input) facts.set(fact.id, fact);
  const sorted = [...facts.values()].sort(later);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (!first || !last) return undefined;
  if (sorted.length === 1) return foldOne(first);

  const ancestry = ancestryOf(facts);
  const supersedes = (newer: Fact, older: Fact): boolean => ancestry.supersedes(newer.id, older.id);

  const settersByField = new Map<string, Fact[]>();
  for (const fact of sorted)
    for (const name of Object.keys(fact.set)) {
      const setters = settersByField.get(name);
      if (setters) setters.push(fact);
      else settersByField.set(name, [fact]);
    }

  const fields: Record<string, Value> = {};
  const clashes: Clash[] = [];
  let deleted = false;
  for (const [field, setters] of settersByField) {
    const standing = setters.filter((fact) => !setters.some((other) => other !== fact && supersedes(other, fact)));
    // Only a forged cycle leaves nobody standing; the latest then speaks for all.
    const candidates = standing.length > 0 ? standing.reverse() : setters.slice(-1);
    const winner = candidates[0] as Fact;
    const value = winner.set[field] as Value;
    if (field === 'deleted') deleted = value === true;
    else if (value !== null) fields[field] = value;
    if (candidates.some((fact) => !sameValue(fact.set[field], value)))
      clashes.push({ field, options: candidates.map((fact) => ({ value: fact.set[field] as Value, fact: fact.id, by: fact.by, at: fact.at })) });
    else if (field === 'deleted' && deleted) {
      const unaware = sorted.filter(
        (fact) => !('deleted' in fact.set) && candidates.every((deletion) => !supersedes(deletion, fact) && !supersedes(fact, deletion)),
      );
      const change = unaware[unaware.length - 1];
      if (change)
        clashes.push({
          field,
          options: [
            { value: true, fact: winner.id, by: winner.by, at: winner.at },
            { value: false, fact: change.id, by: change.by, at: change.at },
          ],
        });
    }
  }

  const superseded = new Set<FactId>();
  for (const fact of sorted) for (const base of fact.base) superseded.add(base);
  const heads = sorted.filter((fact) => !superseded.has(fact.id)).map((fact) => fact.id);
  return {
    record: first.record,
    kind: first.kind,
    fields,
    heads: (heads.length > 0 ? heads : [last.id]).sort(),
    clashes: clashes.sort((a, b) => (a.field < b.field ? -1 : 1)),
    deleted,
    bornAt: first.at,
    changedAt: last.at,
    changedBy: last.by,
  };
}
