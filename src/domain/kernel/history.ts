/**
 * What happened to a record, for people: who, when, from which value to which, and how to take it back (HI1–HI3).
 * Derived from the same facts as the fold; nothing extra is stored.
 */
import { ancestryOf, foldRecord, sameValue } from './fold.ts';
import type { Fact, FactId, Fields, Value } from './fact.ts';

export interface HistoryChange {
  readonly field: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export interface HistoryEntry {
  readonly fact: FactId;
  readonly by: string;
  readonly at: number;
  readonly base: readonly FactId[];
  readonly birth: boolean;
  readonly changes: readonly HistoryChange[];
}

/** The record as the author of `fact` saw it just before stating it. */
function before(facts: ReadonlyMap<FactId, Fact>, ancestors: ReadonlySet<FactId>): Fields {
  const seen = foldRecord([...ancestors].flatMap((id) => facts.get(id) ?? []));
  return seen ? { ...seen.fields, ...(seen.deleted ? { deleted: true } : {}) } : {};
}

/** Newest first. */
export function historyOf(input: Iterable<Fact>): HistoryEntry[] {
  const facts = new Map<FactId, Fact>();
  for (const fact of input) facts.set(fact.id, fact);
  const ancestry = ancestryOf(facts);
  return [...facts.values()]
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map((fact) => {
      const old = before(facts, ancestry.of(fact.id));
      const changes = Object.entries(fact.set)
        .filter(([name, value]) => !sameValue(old[name] ?? null, value))
        .map(([field, value]) => ({ field, before: old[field], after: value === null ? undefined : value }));
      return { fact: fact.id, by: fact.by, at: fact.at, base: fact.base, birth: fact.base.length === 0, changes };
    });
}

/** The fields that take back what `fact` did: earlier values come back, fields it introduced are cleared, a birth is deleted. */
export function inverseOf(input: Iterable<Fact>, fact: FactId): Fields | undefined {
  const facts = new Map<FactId, Fact>();
  for (const each of input) facts.set(each.id, each);
  const target = facts.get(fact);
  if (!target) return undefined;
  if (target.base.length === 0) return { deleted: true };
  const old = before(facts, ancestryOf(facts).of(fact));
  const set: Record<string, Value> = {};
  for (const name of Object.keys(target.set)) set[name] = name === 'deleted' ? old[name] === true : (old[name] ?? null);
  return set;
}

/** The record as it stood right after `fact`, as fields that bring that state back. */
export function restorationOf(input: Iterable<Fact>, fact: FactId): Fields | undefined {
  const facts = new Map<FactId, Fact>();
  for (const each of input) facts.set(each.id, each);
  if (!facts.has(fact)) return undefined;
  const upTo = ancestryOf(facts).of(fact);
  upTo.add(fact);
  const then = foldRecord([...upTo].flatMap((id) => facts.get(id) ?? []));
  const now = foldRecord(facts.values());
  if (!then || !now) return undefined;
  const set: Record<string, Value> = {};
  const clashed = new Set(now.clashes.map((clash) => clash.field).filter((field) => field !== 'deleted'));
  for (const name of new Set([...Object.keys(then.fields), ...Object.keys(now.fields), ...clashed]))
    if (clashed.has(name) || !sameValue(then.fields[name] ?? null, now.fields[name] ?? null)) set[name] = then.fields[name] ?? null;
  if (then.deleted !== now.deleted || now.clashes.some((clash) => clash.field === 'deleted')) set['deleted'] = then.deleted;
  return set;
}
