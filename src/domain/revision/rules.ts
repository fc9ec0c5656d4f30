/**
 * Settling clashes and taking things back, for records of every kind. Each act is one more fact based on all heads:
 * nothing is erased, so it can itself be taken back.
 *
 * - RV1 Choosing a value states it anew; the clash is gone for everybody who knows that choice.
 * - RV2 Undo takes back what the named facts did and nothing that somebody stated after them or beside them.
 * - RV3 Restoring brings a record back as it stood right after one of its facts.
 */
import type { Decision, RecordRef, Statement } from '../kernel/command.ts';
import type { Decided } from '../kernel/decide.ts';
import type { FactId, Value } from '../kernel/fact.ts';
import { sameValue, type Folded } from '../kernel/fold.ts';
import type { HistoryEntry } from '../kernel/history.ts';
import { err, ok } from '../kernel/result.ts';
import type { ChooseValue, Remove, Restore, Undo } from './inputs.ts';

const notFound = (record: string): Decided => err({ type: 'NotFound', record });

const statement = (ref: RecordRef, record: Folded, set: Statement['set']): Statement[] =>
  Object.keys(set).length === 0 ? [] : [{ room: ref.room, record: ref.record, kind: record.kind, set }];

export function decideChooseValue({ ref, field, fact }: ChooseValue, decision: Decision): Decided {
  const record = decision.find(ref.room, ref.record);
  const option = record?.clashes.find((clash) => clash.field === field)?.options.find((each) => each.fact === fact);
  // Somebody settled it in the meantime: the screen shows the record as it now is.
  if (!record || !option) return notFound(ref.record);
  return ok(statement(ref, record, { [field]: field === 'deleted' ? option.value === true : option.value }));
}

export function decideRestore({ ref, fact }: Restore, decision: Decision): Decided {
  const record = decision.find(ref.room, ref.record);
  const set = decision.restoration(ref, fact);
  return record && set ? ok(statement(ref, record, set)) : notFound(ref.record);
}

export function decideRemove({ ref }: Remove, decision: Decision): Decided {
  const record = decision.find(ref.room, ref.record);
  return record && !record.deleted ? ok(statement(ref, record, { deleted: true })) : notFound(ref.record);
}

/** One tap may have stated several facts, even several of one record; they go back newest first. */
export function decideUndo({ facts }: Undo, decision: Decision): Decided {
  const undone = new Map<string, { readonly ref: RecordRef; readonly facts: Set<FactId> }>();
  for (const { ref, fact } of facts) {
    const known = undone.get(ref.record);
    if (known) known.facts.add(fact);
    else undone.set(ref.record, { ref, facts: new Set([fact]) });
  }
  const statements: Statement[] = [];
  for (const { ref, facts: own } of undone.values()) {
    const record = decision.find(ref.room, ref.record);
    const history = decision.history(ref);
    if (!record || ![...own].every((fact) => history.some((entry) => entry.fact === fact))) return notFound(ref.record);
    statements.push(...statement(ref, record, takenBack(record, history, own, (fact) => decision.inverse(ref, fact) ?? {})));
  }
  return ok(statements);
}

/** RV2 @returns the fields in which a record differs once `own` is taken back */
export function takenBack(
  record: Folded,
  history: readonly HistoryEntry[],
  own: ReadonlySet<FactId>,
  inverse: (fact: FactId) => Statement['set'],
): Statement['set'] {
  const shown = (field: string, from: Readonly<Record<string, Value>>): Value => from[field] ?? (field === 'deleted' ? false : null);
  const before: Readonly<Record<string, Value>> = { ...record.fields, deleted: record.deleted };
  const after: Record<string, Value> = { ...before };
  // A record two people bore apart stays when one of them takes it back; so does what was only the other's.
  const bornByOthers = history.some((entry) => entry.birth && !own.has(entry.fact));

  for (const entry of history) {
    if (!own.has(entry.fact) || (entry.birth && bornByOthers)) continue;
    const back = inverse(entry.fact);
    for (const [field, value] of Object.entries(back)) {
      if (record.clashes.some((clash) => clash.field === field)) continue;
      const stated = entry.changes.find((each) => each.field === field);
      if (entry.birth || (stated && sameValue(shown(field, after), stated.after ?? (field === 'deleted' ? false : null)))) after[field] = value;
    }
  }
  // In a clash, taking mine back leaves the other's, if there is one other.
  for (const { field, options } of record.clashes) {
    const others = options.filter((option) => !own.has(option.fact));
    const [left] = others;
    if (left && others.length < options.length && others.every((option) => sameValue(option.value, left.value))) after[field] = left.value;
  }

  const set: Record<string, Value> = {};
  for (const [field, value] of Object.entries(after)) {
    const settles = record.clashes.some((clash) => clash.field === field && clash.options.some((option) => own.has(option.fact)));
    if (settles || !sameValue(shown(field, before), value)) set[field] = value;
  }
  return set;
}
