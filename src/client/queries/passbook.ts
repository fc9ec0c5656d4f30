/** Volunteers, and the passbook of one: confirmed and provisional points apart, each line with its reason (PN1–PN3, PN9). */
import { overlongDays, type OverlongDay } from '../../domain/activity/view.ts';
import type { ActivityFields, AttendanceFields } from '../../domain/activity/schema.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { memberId, volunteerId, type MemberFields, type VolunteerFields } from '../../domain/people/schema.ts';
import { whyNot } from '../../domain/permission.ts';
import type { AwardReason } from '../../domain/points/awards.ts';
import { provisionalPoints } from '../../domain/points/provisional.ts';
import { changeOf } from '../../domain/points/balance.ts';
import { endsOf, type End } from '../../domain/points/lasting.ts';
import type { PointsEntryFields, PointsRuleFields } from '../../domain/points/schema.ts';
import { heldAccount } from '../../domain/points/accounts.ts';
import { verdictId } from '../../domain/redemption/ids.ts';
import { grantTail, type ClaimFields, type GrantFields, type PointsMoveFields, type VerdictFields } from '../../domain/redemption/schema.ts';
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

/** Points that moved for another reason than service. */
export interface PassbookMove {
  readonly row: Row<PointsMoveFields>;
  /** What it did to what is the volunteer's own, held or free. */
  readonly change: number;
  /** Whose tablet it was: a partner's id, or a person's. */
  readonly counter: string | undefined;
  readonly reward: string | undefined;
}

/** Handed out for on this tablet, or taken back, and not booked yet. */
export interface PassbookClaim {
  readonly row: Row<ClaimFields>;
  readonly change: number;
}

export interface PassbookMonth {
  readonly month: string;
  readonly lines: readonly PassbookLine[];
  /** What changed the points, the newest first. */
  readonly moves: readonly PassbookMove[];
  /** What was only set aside for a counter, or came back from one. */
  readonly aside: readonly PassbookMove[];
}

export interface Passbook {
  readonly confirmed: number;
  readonly provisional: number;
  readonly hoursTenths: number;
  /** Newest month first. */
  readonly months: readonly PassbookMonth[];
  /** PQ5: part of what is confirmed, kept ready at counters; the most first. */
  readonly held: readonly { readonly counter: string; readonly points: number }[];
  readonly waiting: readonly PassbookClaim[];
  /** PX7: what lapses when if nothing is spent, by the months that are on this tablet. */
  readonly ends: readonly End[];
  /** The community lets points lapse, or did: so `ends` takes every month of the ledger. */
  readonly mayLapse: boolean;
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
  readonly moves?: readonly Row<PointsMoveFields>[];
  readonly grants?: readonly Row<GrantFields>[];
  readonly verdicts?: readonly Row<VerdictFields>[];
  /** Empty for whoever may not see claims. */
  readonly claims?: readonly Row<ClaimFields>[];
}

const counterOf = ({ partner, person }: GrantFields): string => partner ?? person;

function heldAt(moves: readonly Row<PointsMoveFields>[], grants: readonly Row<GrantFields>[]): Passbook['held'] {
  const held = new Map<string, number>();
  for (const { id, fields } of grants) {
    const tail = grantTail(id);
    const points = moves.reduce((sum, { fields: { volunteer, points: moved, debit, credit } }) => {
      const account = heldAccount(tail, volunteer);
      return sum + moved * (Number(credit === account) - Number(debit === account));
    }, 0);
    if (points > 0) held.set(counterOf(fields), (held.get(counterOf(fields)) ?? 0) + points);
  }
  return [...held].map(([counter, points]) => ({ counter, points })).sort((a, b) => b.points - a.points || (a.counter < b.counter ? -1 : 1));
}

/** PQ5: claims that the ledger has no word on yet. */
const waitingClaims = (claims: readonly Row<ClaimFields>[], verdicts: readonly Row<VerdictFields>[]): readonly PassbookClaim[] => {
  const judged = new Set(verdicts.map(({ fields }) => fields.about));
  return claims
    .filter(({ id, fields }) => !judged.has(id) && fields.type !== 'giveBack')
    .map((row) => ({ row, change: (row.fields.type === 'cancel' ? 1 : -1) * (row.fields.points ?? 0) }));
};

function passbookMoves(moves: readonly Row<PointsMoveFields>[], grants: readonly Row<GrantFields>[], verdicts: readonly Row<VerdictFields>[]): readonly PassbookMove[] {
  const grantsById = new Map(grants.map((row) => [row.id, row.fields]));
  const rewards = new Map(verdicts.map((row) => [row.id, row.fields.reward]));
  return moves
    .map((row): PassbookMove => {
      const { grant, claim } = row.fields;
      const fields = grant === undefined ? undefined : grantsById.get(grant);
      return { row, change: changeOf(row.fields), counter: fields && counterOf(fields), reward: claim === undefined ? undefined : rewards.get(verdictId(claim)) };
    })
    .sort((a, b) => (a.row.fields.occurredOn === b.row.fields.occurredOn ? b.row.bornAt - a.row.bornAt || (a.row.id < b.row.id ? 1 : -1) : a.row.fields.occurredOn < b.row.fields.occurredOn ? 1 : -1));
}

/** Set aside or come back, the points are the volunteer's all the time. */
const isAside = ({ row: { fields } }: PassbookMove): boolean => fields.reason === 'held' || fields.reason === 'returned' || fields.reason === 'lost';

export function passbookOf({ attendances, activities, entries, rules, moves = [], grants = [], verdicts = [], claims = [] }: PassbookRows): Passbook {
  const books = provisionalPoints({ attendances, activities, rules, entries, moves });
  const waiting = waitingClaims(claims, verdicts);
  const overlong = overlongDays(attendances, activities);
  const flagged = new Set(overlong.flatMap((day) => day.attendances));
  const activitiesById = new Map(activities.map((row) => [row.id, row]));
  const attendancesById = new Map(attendances.map((row) => [row.id, row]));
  const dueById = new Map(books.lines.map((line) => [line.attendance, line]));
  const entriesByAttendance = Map.groupBy(
    entries.map((row): PassbookEntry => ({ row, points: changeOf(row.fields) })),
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
  const linesByMonth = Map.groupBy(sorted, (line) => line.on.slice(0, 7));
  const movesByMonth = Map.groupBy(passbookMoves(moves, grants, verdicts), ({ row }) => row.fields.occurredOn.slice(0, 7));
  const months = [...new Set([...linesByMonth.keys(), ...movesByMonth.keys()])].sort().reverse().map((month): PassbookMonth => {
    const own = movesByMonth.get(month) ?? [];
    return { month, lines: linesByMonth.get(month) ?? [], moves: own.filter((move) => !isAside(move)), aside: own.filter(isAside) };
  });
  const held = attendances.filter((row) => activitiesById.get(row.fields.activity)?.fields.status === 'held');
  return {
    confirmed: books.confirmed,
    // What is not on this tablet is not judged here: its entries stand as they are.
    provisional: books.provisional + waiting.reduce((sum, { change }) => sum + change, 0),
    held: heldAt(moves, grants),
    waiting,
    ends: endsOf([...entries, ...moves]),
    mayLapse: rules.some(({ fields }) => fields.lastMonths !== undefined),
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
    {
      attendances, entries, activities,
      rules: reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' }),
      moves: reader.list<PointsMoveFields>('ledger', { kind: 'pointsMove', holder: number }),
      grants: reader.list<GrantFields>('ledger', { kind: 'grant', parent: 'grants' }),
      verdicts: reader.list<VerdictFields>('ledger', { kind: 'verdict', holder: number }),
      claims: reader.list<ClaimFields>('claims', { kind: 'claim', holder: number }),
    },
    passbookOf,
  );
}
