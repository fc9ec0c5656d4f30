/** What deciders share: finding the record behind a row, and birth or change under a derived id. */
import type { CommandError, Decision, RecordRef, Statement } from './command.ts';
import { changesTo, given, type Wanted } from './edit.ts';
import type { Folded } from './fold.ts';
import { homeOf, type Kind } from './kind.ts';
import { err, ok, type Result } from './result.ts';

export type Decided = Result<readonly Statement[], CommandError>;

/** The live record of this kind behind a row of the screen. */
export function foundIn(decision: Decision, ref: RecordRef, kind: string): Result<Folded, CommandError> {
  const record = decision.find(ref.room, ref.record);
  return record && !record.deleted && record.kind === kind ? ok(record) : err({ type: 'NotFound', record: ref.record });
}

export function birth(decision: Decision, kind: Kind, record: string, fields: Wanted): Statement {
  const set = given(fields);
  return { room: homeOf(kind, decision.actor.community, record, set), record, kind: kind.name, set };
}

/** No statement at all if nothing differs. */
export function change(ref: RecordRef, record: Folded, wanted: Wanted): Statement[] {
  const set = changesTo(record, wanted);
  return Object.keys(set).length === 0 ? [] : [{ room: ref.room, record: ref.record, kind: record.kind, set }];
}

/** Under a derived id: a birth where the room has no such record, else what differs; a deleted one comes back. */
export function birthOrChange(decision: Decision, kind: Kind, id: string, fields: Wanted): Statement[] {
  const born = birth(decision, kind, id, fields);
  const before = decision.find(born.room, id);
  if (!before) return [born];
  const free = Object.entries(fields).filter(([name]) => !kind.fixed.includes(name));
  return change({ room: born.room, record: id }, before, Object.fromEntries(free));
}

/** The same, for an act that means "there is none yet". */
export function birthOnce(decision: Decision, kind: Kind, id: string, fields: Wanted): Decided {
  const before = decision.find(birth(decision, kind, id, fields).room, id);
  return before && !before.deleted ? err({ type: 'AlreadyExists', record: id }) : ok(birthOrChange(decision, kind, id, fields));
}

/** The plain case: some fields of one live record change. */
export function decideChange(decision: Decision, ref: RecordRef, kind: Kind, wanted: Wanted): Decided {
  const found = foundIn(decision, ref, kind.name);
  return found.ok ? ok(change(ref, found.value, wanted)) : found;
}
