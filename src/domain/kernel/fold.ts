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

/** For each fact, every fact it was based on, through any number of steps. Iterative: a chain may be thousands long. */
export function ancestorsByFact(facts: ReadonlyMap<FactId, Fact>): Map<FactId, Set<FactId>> {
  const known = new Map<FactId, Set<FactId>>();
  for (const start of facts.keys()) {
    const stack = [start];
    const open = new Set<FactId>();
    while (stack.length > 0) {
      const id = stack[stack.length - 1] as FactId;
      if (known.has(id)) {
        stack.pop();
        continue;
      }
      const bases = facts.get(id)?.base ?? [];
      // `open` breaks a cycle that only a forged pair of facts could form; the fold stays defined.
      const missing = bases.filter((base) => facts.has(base) && !known.has(base) && !open.has(base));
      if (missing.length > 0) {
        open.add(id);
        stack.push(...missing);
        continue;
      }
      const set = new Set<FactId>();
      for (const base of bases) {
        if (!facts.has(base)) continue;
        set.add(base);
        for (const older of known.get(base) ?? []) set.add(older);
      }
      set.delete(id);
      known.set(id, set);
      stack.pop();
    }
  }
  return known;
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

  const ancestors = ancestorsByFact(facts);
  const supersedes = (newer: Fact, older: Fact): boolean => ancestors.get(newer.id)?.has(older.id) ?? false;

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
