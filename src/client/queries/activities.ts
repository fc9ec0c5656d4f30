/** Activities on this tablet: lists, one with its roll, whom one would expect there, and what each attendance earns. */
import { attendanceId, type ActivityFields, type AttendanceFields } from '../../domain/activity/schema.ts';
import { standingEntries } from '../../domain/points/balance.ts';
import { awardsFor, type Award } from '../../domain/points/awards.ts';
import type { PointsEntryFields, PointsRuleFields } from '../../domain/points/schema.ts';
import type { PartnerFields } from '../../domain/roster/schema.ts';
import { dayOf } from '../../domain/kernel/time.ts';
import type { Live, Reader, ReplicaCalls, Row } from '../../replica/contract.ts';
import { chain, combine, distinct, joined, map, once, sameList } from './live.ts';
import { wholeOf } from './merged.ts';

export type ActivityRow = Row<ActivityFields>;

/** Newest first; of one organiser if given. */
export const activities = (reader: Reader, limit: number, organiser?: string): Live<readonly ActivityRow[]> =>
  reader.list<ActivityFields>('log', { kind: 'activity', limit, ...(organiser ? { parent: organiser } : {}) });

/** Several organisers' at once, newest first. */
export const activitiesOf = (reader: Reader, limit: number, organisers: readonly string[]): Live<readonly ActivityRow[]> =>
  map(joined(organisers.map((organiser) => activities(reader, limit, organiser))), (rows) => [...rows].sort((a, b) => b.fields.startsAt - a.fields.startsAt));

/** `waiting`: its time is over and nobody wrote down who came. */
export type Standing = 'waiting' | 'today' | 'upcoming' | 'held' | 'cancelled';

export function standingOf({ status, startsAt, endsAt }: ActivityFields, now: number): Standing {
  if (status !== 'planned') return status;
  if (endsAt <= now) return 'waiting';
  return dayOf(startsAt) <= dayOf(now) ? 'today' : 'upcoming';
}

export const partnerNames = (reader: Reader): Live<ReadonlyMap<string, string>> =>
  map(wholeOf(reader).list<PartnerFields>('roster', { kind: 'partner' }), (rows) => new Map(rows.map(({ id, fields }) => [id, fields.name])));

export interface ActivityPage {
  readonly activity: ActivityRow | undefined;
  readonly organiser: string;
  readonly attendances: readonly Row<AttendanceFields>[];
}

export function activityPage(reader: Reader, id: string): Live<ActivityPage> {
  const activity = reader.one<ActivityFields>('log', id);
  const organiser = chain(distinct(map(activity, (row) => row?.fields.organiser ?? ''), (a, b) => a === b), (each) => reader.one<PartnerFields>('roster', each));
  const attendances = reader.list<AttendanceFields>('log', { kind: 'attendance', parent: id });
  return combine({ activity, organiser, attendances }, (page) => ({ ...page, organiser: page.organiser?.fields.name ?? '' }));
}

const looksBack = 8;

/** Numbers of those who came to this organiser's last activities, most frequent first: whom one expects to see again. */
export function regularsOf(reader: Reader, organiser: string, except: string): Live<readonly string[]> {
  const ids = map(activities(reader, looksBack * 3, organiser), (rows) =>
    rows.filter(({ id, fields }) => id !== except && fields.status === 'held').slice(0, looksBack).map(({ id }) => id),
  );
  const lines = chain(distinct(ids, sameList), (each) =>
    joined(each.map((activity) => reader.list<AttendanceFields>('log', { kind: 'attendance', parent: activity }))),
  );
  return distinct(
    map(lines, (rows) => {
      const times = new Map<string, number>();
      for (const { fields } of rows) times.set(fields.volunteer, (times.get(fields.volunteer) ?? 0) + 1);
      return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([number]) => number);
    }),
    sameList,
  );
}

export interface RollLine {
  readonly volunteer: string;
  readonly hoursTenths: number;
}

/** What the points of a roll follow from: caps need each volunteer's whole month, so that is read along. */
export interface RollBooks {
  readonly month: readonly Row<AttendanceFields>[];
  readonly others: readonly ActivityRow[];
  readonly entries: readonly Row<PointsEntryFields>[];
  readonly rules: readonly Row<PointsRuleFields>[];
}

/** Nobody serves more often in a month. */
const monthOfOne = 60;

export function rollBooks(reader: Reader, activity: string, numbers: readonly string[]): Live<RollBooks> {
  const month = joined(numbers.map((volunteer) => reader.list<AttendanceFields>('log', { kind: 'attendance', holder: volunteer, limit: monthOfOne })));
  const others = chain(
    distinct(map(month, (rows) => [...new Set(rows.map(({ fields }) => fields.activity))].filter((id) => id !== activity).sort()), sameList),
    (ids) => reader.many<ActivityFields>('log', ids),
  );
  const entries = joined(numbers.map((volunteer) => reader.list<PointsEntryFields>('ledger', { kind: 'pointsEntry', parent: attendanceId(activity, volunteer) })));
  const rules = reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' });
  return combine({ month, others, entries, rules }, (books) => books);
}

export interface LinePoints {
  /** By the rules and facts on this tablet, as if the activity were held (PN3). */
  readonly award: Award;
  /** What the ledger pays for it now; undefined while it pays nothing. */
  readonly confirmed: number | undefined;
}

/** What each line earns, saved or only ticked. */
export function rollPoints(books: RollBooks, activity: string, fields: ActivityFields, lines: readonly RollLine[]): ReadonlyMap<string, LinePoints> {
  const roll = lines.map((line) => ({ id: attendanceId(activity, line.volunteer), fields: { activity, ...line } }));
  const rest = books.month.filter((row) => row.fields.activity !== activity);
  const awards = awardsFor([...rest, ...roll], [...books.others, { id: activity, fields: { ...fields, status: 'held' } }], books.rules);
  const paid = new Map(standingEntries(books.entries).map((entry) => [entry.fields.volunteer, entry.fields.points]));
  return new Map(
    awards.filter((award) => award.activity === activity).map((award) => [award.volunteer, { award, confirmed: paid.get(award.volunteer) }]),
  );
}

export interface Organiser {
  readonly id: string;
  readonly name: string;
}

const organisersShown = 12;

/** By name, pinyin or initials; for '' those who organised last. */
export async function findOrganisers(calls: Pick<ReplicaCalls, 'search'>, reader: Reader, text: string): Promise<readonly Organiser[]> {
  const ids =
    text === ''
      ? [...new Set((await once(activities(reader, organisersShown * 4))).map(({ fields }) => fields.organiser))].slice(0, organisersShown)
      : await calls.search('roster', 'partner', text, organisersShown);
  return (await once(reader.many<PartnerFields>('roster', ids))).map(({ id, fields }) => ({ id, name: fields.name }));
}
