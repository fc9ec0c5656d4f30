/** Volunteers, and the passbook of one: confirmed and provisional points apart, each line with its reason (PN1–PN3, PN9). */
import { overlongDays, type OverlongDay } from '../../domain/activity/view.ts';
import type { ActivityFields, AttendanceFields } from '../../domain/activity/schema.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { memberId, volunteerId, type MemberFields, type VolunteerFields } from '../../domain/people/schema.ts';
import { whyNot } from '../../domain/permission.ts';
import type { AwardReason } from '../../domain/points/awards.ts';
import { provisionalPoints } from '../../domain/points/provisional.ts';
import { volunteerAccount } from '../../domain/points/accounts.ts';
import type { PointsEntryFields, PointsRuleFields } from '../../domain/points/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { chain, combine, distinct, joined, map, sameList } from './live.ts';

/** Names stand in the rooms of people and of groups only; whoever reads neither sees numbers. */
export interface VolunteerLine {
  readonly number: string;
  readonly name: string;
  readonly row: Row<VolunteerFields> | Row<MemberFields>;
  readonly grid: string | undefined;
}

export const knowsNames = (actor: Actor): boolean => (['volunteer', 'member'] as const).some((kind) => whyNot(actor, 'see', kind) === undefined);

const isMember = (row: Row<VolunteerFields> | Row<MemberFields>): row is Row<MemberFields> => row.kind === 'member';

const lineOf = (row: Row<VolunteerFields> | Row<MemberFields>): VolunteerLine => ({
  number: row.fields.number, name: row.fields.name, row, grid: isMember(row) ? undefined : row.fields.grid,
});

const byName = new Intl.Collator('zh-CN-u-co-pinyin', { numeric: true }).compare;

/** A leader sees the own group's members, everybody else the volunteers of the rooms they may open. */
export function volunteersOf(reader: Reader, actor: Actor): Live<readonly VolunteerLine[]> {
  const rows: Live<readonly (Row<VolunteerFields> | Row<MemberFields>)[]> =
    actor.role === 'groupLeader'
      ? joined(actor.partners.map((parent) => reader.list<MemberFields>('members', { kind: 'member', parent })))
      : reader.list<VolunteerFields>('people', { kind: 'volunteer' });
  return map(rows, (all) => all.map(lineOf).sort((a, b) => byName(a.name, b.name) || (a.number < b.number ? -1 : 1)));
}

export const volunteerOf = (reader: Reader, actor: Actor, number: string): Live<VolunteerLine | undefined> =>
  actor.role === 'groupLeader'
    ? map(joined(actor.partners.map((partner) => reader.many<MemberFields>('members', [memberId(partner, number)]))), ([row]) => row && lineOf(row))
    : map(reader.one<VolunteerFields>('people', volunteerId(number)), (row) => row && lineOf(row));

/** One attendance in the passbook, whatever became of it. */
export interface PassbookLine {
  readonly attendance: string;
  readonly activity: Row<ActivityFields> | undefined;
  readonly attended: Row<AttendanceFields> | undefined;
  readonly on: string;
  /** By the rules and facts on this tablet; undefined where the attendance is gone or not on this tablet. */
  readonly points: number | undefined;
  readonly reason: AwardReason | undefined;
  /** What the ledger pays for it now. */
  readonly confirmed: number;
  /** Everything the ledger ever said about it, oldest first: awards and what took them back. */
  readonly entries: readonly PassbookEntry[];
  readonly overlong: boolean;
}

export interface PassbookEntry {
  readonly row: Row<PointsEntryFields>;
  /** Negative where it takes back. */
  readonly points: number;
}

export interface Passbook {
  readonly confirmed: number;
  readonly provisional: number;
  readonly hoursTenths: number;
  /** Newest month first. */
  readonly months: readonly { readonly month: string; readonly lines: readonly PassbookLine[] }[];
  readonly overlong: readonly OverlongDay[];
  /** Of the oldest line here; undefined while there is none. */
  readonly oldestMonth: string | undefined;
}

/** Of one volunteer, whatever numbers they were entered under: caps count for each number, as the ledger has them. */
export interface PassbookRows {
  readonly attendances: readonly Row<AttendanceFields>[];
  readonly activities: readonly Row<ActivityFields>[];
  readonly entries: readonly Row<PointsEntryFields>[];
  readonly rules: readonly Row<PointsRuleFields>[];
}

export function passbookOf({ attendances, activities, entries, rules }: PassbookRows): Passbook {
  const books = provisionalPoints({ attendances, activities, rules, entries });
  const overlong = overlongDays(attendances, activities);
  const flagged = new Set(overlong.flatMap((day) => day.attendances));
  const activitiesById = new Map(activities.map((row) => [row.id, row]));
  const attendancesById = new Map(attendances.map((row) => [row.id, row]));
  const dueById = new Map(books.lines.map((line) => [line.attendance, line]));
  const entriesByAttendance = Map.groupBy(
    entries.map((row): PassbookEntry => ({ row, points: row.fields.credit === volunteerAccount(row.fields.volunteer) ? row.fields.points : -row.fields.points })),
    ({ row }) => row.fields.attendance,
  );
  const lines = [...new Set([...dueById.keys(), ...entriesByAttendance.keys()])].map((attendance): PassbookLine => {
    const due = dueById.get(attendance);
    const posted = (entriesByAttendance.get(attendance) ?? []).sort((a, b) => a.row.bornAt - b.row.bornAt || (a.row.id < b.row.id ? -1 : 1));
    return {
      attendance,
      activity: activitiesById.get(due?.activity ?? posted[0]?.row.fields.activity ?? ''),
      attended: attendancesById.get(attendance),
      on: due?.on ?? posted[0]?.row.fields.occurredOn ?? '',
      points: due?.points,
      reason: due?.reason,
      confirmed: posted.reduce((sum, entry) => sum + entry.points, 0),
      entries: posted,
      overlong: flagged.has(attendance),
    };
  });
  const sorted = lines.sort((a, b) => (a.on === b.on ? (a.attendance < b.attendance ? 1 : -1) : a.on < b.on ? 1 : -1));
  const months = [...Map.groupBy(sorted, (line) => line.on.slice(0, 7))].map(([month, own]) => ({ month, lines: own }));
  const held = attendances.filter((row) => activitiesById.get(row.fields.activity)?.fields.status === 'held');
  return {
    confirmed: books.confirmed,
    // What is not on this tablet is not judged here: its entries stand as they are.
    provisional: books.provisional,
    hoursTenths: held.reduce((sum, row) => sum + row.fields.hoursTenths, 0),
    months,
    overlong,
    oldestMonth: months.at(-1)?.month,
  };
}

export function passbook(reader: Reader, number: string): Live<Passbook> {
  const attendances = reader.list<AttendanceFields>('log', { kind: 'attendance', holder: number });
  const entries = reader.list<PointsEntryFields>('ledger', { kind: 'pointsEntry', holder: number });
  const wanted = combine({ attendances, entries }, (rows): readonly string[] =>
    [...new Set([...rows.attendances.map((row) => row.fields.activity), ...rows.entries.map((row) => row.fields.activity)])].sort(),
  );
  const activities = chain(distinct(wanted, sameList), (ids) => reader.many<ActivityFields>('log', ids));
  return combine(
    { attendances, entries, activities, rules: reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' }) },
    passbookOf,
  );
}
