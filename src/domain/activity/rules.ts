/**
 * - AC1 An activity ends after it starts; it is planned, held or cancelled.
 * - AC2 It is named by organiser and minute, an attendance by activity and person: logged apart, they meet in one record.
 * - AC3 A roll-call is one decision: activity and attendance become durable together or not at all.
 * - AC4 What was held can be corrected later; every correction is a further fact on the same record.
 */
import type { CommandError, Decision, RecordRef, Statement } from '../kernel/command.ts';
import { birthOnce, birthOrChange, change, decideChange, foundIn, type Decided } from '../kernel/decide.ts';
import type { Wanted } from '../kernel/edit.ts';
import { err, ok } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { minuteMs } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { neededToLog, type CancelActivity, type LogActivity, type PlanActivity, type Present, type RecordAttendance, type ReviseActivity } from './inputs.ts';
import { activityId, activityMonth, attendanceId } from './schema.ts';

export const logRoom = (community: string, activity: string): RoomAddress => ({ community, family: 'log', month: activityMonth(activity) });

/** Whole minutes: the id knows no seconds, so two tablets' seconds must not become a clash. */
const toMinute = (at: number): number => Math.floor(at / minuteMs) * minuteMs;
const endsBeforeStart: CommandError = { type: 'Invalid', field: 'endsAt', why: 'ends-before-start' };
const namedTwice = (field: string): CommandError => ({ type: 'Invalid', field, why: 'named-twice' });

function unknownOrganiser(decision: Decision, organiser: string): CommandError | undefined {
  const found = foundIn(decision, { room: { community: decision.actor.community, family: 'roster' }, record: organiser }, 'partner');
  return found.ok ? undefined : found.error;
}

/** A plan that was cancelled or deleted comes back to life; one that stands is not planned twice. */
export function decidePlanActivity(input: PlanActivity, decision: Decision): Decided {
  const unknown = unknownOrganiser(decision, input.organiser);
  if (unknown) return err(unknown);
  const startsAt = toMinute(input.startsAt);
  if (input.endsAt <= startsAt) return err(endsBeforeStart);
  const id = activityId(input.organiser, startsAt);
  const wanted = { ...input, startsAt, status: 'planned' };
  const before = decision.find(logRoom(decision.actor.community, id), id);
  if (before?.fields['status'] === 'cancelled') return ok(birthOrChange(decision, kinds.activity, id, wanted));
  return birthOnce(decision, kinds.activity, id, wanted);
}

export function decideReviseActivity({ ref, ...input }: ReviseActivity, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'activity');
  if (!found.ok) return found;
  const wanted = input.startsAt === undefined ? input : { ...input, startsAt: toMinute(input.startsAt) };
  const startsAt = wanted.startsAt ?? Number(found.value.fields['startsAt']);
  if ((wanted.endsAt ?? Number(found.value.fields['endsAt'])) <= startsAt) return err(endsBeforeStart);
  return ok(change(ref, found.value, wanted));
}

export const decideCancelActivity = ({ ref }: CancelActivity, decision: Decision): Decided =>
  decideChange(decision, ref, kinds.activity, { status: 'cancelled' });

/** Held, with who came. An activity that another tablet logged already is the same activity, not a second one. */
export function decideLogActivity({ ref, attendances, ...input }: LogActivity, decision: Decision): Decided {
  const activity = ref ? loggedByRef(ref, input, decision) : loggedByPlan(input, decision);
  if (!activity.ok) return activity;
  if (hasTwice(attendances)) return err(namedTwice('attendances'));
  const { id, statements } = activity.value;
  return ok([...statements, ...attendances.flatMap((line) => attendanceOf(decision, id, line))]);
}

type Logged = { readonly ok: true; readonly value: { readonly id: string; readonly statements: readonly Statement[] } } | { readonly ok: false; readonly error: CommandError };

function loggedByRef(ref: RecordRef, { organiser: _fixed, ...input }: Omit<LogActivity, 'ref' | 'attendances'>, decision: Decision): Logged {
  const found = foundIn(decision, ref, 'activity');
  if (!found.ok) return found;
  const revised = decideReviseActivity({ ref, ...input }, decision);
  if (!revised.ok) return revised;
  return ok({ id: ref.record, statements: change(ref, found.value, { ...revised.value[0]?.set, status: 'held' }) });
}

function loggedByPlan(input: Omit<LogActivity, 'ref' | 'attendances'>, decision: Decision): Logged {
  const missing = neededToLog.find((name) => input[name] === undefined);
  const { organiser, startsAt, endsAt } = input;
  if (missing || organiser === undefined || startsAt === undefined || endsAt === undefined) return err({ type: 'Missing', field: missing ?? 'organiser' });
  const unknown = unknownOrganiser(decision, organiser);
  if (unknown) return err(unknown);
  const start = toMinute(startsAt);
  if (endsAt <= start) return err(endsBeforeStart);
  const id = activityId(organiser, start);
  return ok({ id, statements: birthOrChange(decision, kinds.activity, id, { ...input, startsAt: start, status: 'held' }) });
}

const hasTwice = (lines: readonly Present[]): boolean => new Set(lines.map((line) => line.volunteer)).size < lines.length;

/** An absent person who comes back after all is the same attendance, revived. */
const attendanceOf = (decision: Decision, activity: string, line: Present): Statement[] =>
  birthOrChange(decision, kinds.attendance, attendanceId(activity, line.volunteer), { activity, ...line } satisfies Wanted);

export function decideRecordAttendance({ activity, present, absent }: RecordAttendance, decision: Decision): Decided {
  const found = foundIn(decision, activity, 'activity');
  if (!found.ok) return found;
  if (hasTwice(present)) return err(namedTwice('present'));
  if (present.some((line) => absent.includes(line.volunteer))) return err(namedTwice('absent'));
  const withdrawn = [...new Set(absent)].flatMap((volunteer) => {
    const ref = { room: activity.room, record: attendanceId(activity.record, volunteer) };
    const record = decision.find(ref.room, ref.record);
    return record && !record.deleted ? change(ref, record, { deleted: true }) : [];
  });
  return ok([...present.flatMap((line) => attendanceOf(decision, activity.record, line)), ...withdrawn]);
}
