/** SV6 The community in figures, each the sum of records one can open, and as of when each tablet's data is. */
import { dimensions } from '../../domain/activity/schema.ts';
import { rosterFigures, type RosterFigures } from '../../domain/roster/view.ts';
import type { ConversionFields, PartnerFields, StaffFields } from '../../domain/roster/schema.ts';
import { dataAsOf, type Contact, type DataAsOf } from '../../domain/supervision/view.ts';
import { visitOutcomes, type VisitFields, type VisitOutcome } from '../../domain/visits/schema.ts';
import type { ActivityFields, AttendanceFields } from '../../domain/activity/schema.ts';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import { monthOf } from '../../domain/kernel/time.ts';
import type { Live, Reader, RollupRow, Row } from '../../replica/contract.ts';
import { gridsOf } from './route.ts';
import { chain, combine, joined, map } from './live.ts';
import type { Actor } from '../../domain/kernel/actor.ts';

export const figureNames = ['activities', 'attendances', 'hours', 'visits', 'points'] as const;
export type FigureName = (typeof figureNames)[number];

export interface MonthFigures {
  readonly activities: number;
  readonly planned: number;
  readonly attendances: number;
  readonly hoursTenths: number;
  readonly headCount: number;
  readonly visits: Readonly<Record<VisitOutcome, number>>;
  readonly points: number;
  /** Held activities that carry the dimension; one activity may carry two. */
  readonly dimensions: readonly { readonly name: (typeof dimensions)[number]; readonly count: number }[];
  readonly pointsByVolunteer: readonly { readonly number: string; readonly points: number }[];
}

function tallies(rollups: readonly RollupRow[], month: string): (key: string) => number {
  const own = rollups.filter((rollup) => rollup.month === month);
  return (key) => own.reduce((sum, rollup) => sum + (rollup.tallies[key] ?? 0), 0);
}

const pointsKey = 'points:';

export function monthFigures(reader: Reader, month: string): Live<MonthFigures> {
  const of = (family: RoomFamily) => reader.rollups(family);
  return combine({ log: of('log'), visits: of('visits'), ledger: of('ledger') }, (rollups) => {
    const log = tallies(rollups.log, month);
    const visits = tallies(rollups.visits, month);
    const ledger = tallies(rollups.ledger, month);
    const accounts = new Set(rollups.ledger.filter((rollup) => rollup.month === month).flatMap((rollup) => Object.keys(rollup.tallies)));
    return {
      activities: log('activities:held'),
      planned: log('activities:planned'),
      attendances: log('attendances'),
      hoursTenths: log('hoursTenths'),
      headCount: log('headCount'),
      visits: Object.fromEntries(visitOutcomes.map((outcome) => [outcome, visits(`visits:${outcome}`)])) as Record<VisitOutcome, number>,
      points: ledger('points'),
      dimensions: dimensions.map((name) => ({ name, count: log(`dimension:${name}`) })),
      pointsByVolunteer: [...accounts]
        .filter((key) => key.startsWith(pointsKey))
        .map((key) => ({ number: key.slice(pointsKey.length), points: ledger(key) }))
        .sort((a, b) => b.points - a.points || (a.number < b.number ? -1 : 1)),
    };
  });
}

export const partnerFigures = (reader: Reader, day: string): Live<RosterFigures> =>
  combine(
    {
      partners: reader.list<PartnerFields>('roster', { kind: 'partner' }),
      conversions: reader.list<ConversionFields>('roster', { kind: 'conversion' }),
    },
    ({ partners, conversions }) => rosterFigures(partners, conversions, day),
  );

export interface HeldActivity {
  readonly row: Row<ActivityFields>;
  readonly people: number;
  readonly hoursTenths: number;
}

/** The records behind activities, attendances and hours of a month. How many rows that is, the roll-ups know before. */
export function heldIn(reader: Reader, month: string): Live<readonly HeldActivity[]> {
  const sizes = map(reader.rollups('log'), (rollups) => {
    const since = rollups.filter((rollup) => rollup.month >= month);
    const sum = (key: string) => since.reduce((total, rollup) => total + (rollup.tallies[key] ?? 0), 0);
    return { activities: sum('kind:activity'), attendances: sum('kind:attendance') };
  });
  return chain(sizes, ({ activities, attendances }) =>
    combine(
      {
        activities: reader.list<ActivityFields>('log', { kind: 'activity', limit: Math.max(1, activities) }),
        attendances: reader.list<AttendanceFields>('log', { kind: 'attendance', limit: Math.max(1, attendances) }),
      },
      (rows) => {
        const byActivity = Map.groupBy(rows.attendances, (row) => row.fields.activity);
        return rows.activities
          .filter(({ fields }) => fields.status === 'held' && monthOf(fields.startsAt) === month)
          .map((row): HeldActivity => {
            const own = byActivity.get(row.id) ?? [];
            return { row, people: own.length, hoursTenths: own.reduce((sum, { fields }) => sum + fields.hoursTenths, 0) };
          });
      },
    ),
  );
}

/** Newest first. */
export const visitsIn = (reader: Reader, actor: Actor, month: string, outcome: VisitOutcome | undefined): Live<readonly Row<VisitFields>[]> =>
  chain(gridsOf(reader, actor), (grids) =>
    map(joined(grids.map((grid) => reader.list<VisitFields>('visits', { kind: 'visit', holder: grid.code }))), (rows) =>
      rows
        .filter(({ fields }) => monthOf(fields.visitedAt) === month && (outcome === undefined || fields.outcome === outcome))
        .sort((a, b) => b.fields.visitedAt - a.fields.visitedAt),
    ),
  );

export interface TabletAsOf extends DataAsOf {
  readonly name: string;
  readonly role: string;
}

/** When each tablet was last heard. What it brought in while one watched counts as heard. */
export const heardLast = (reader: Reader): Live<readonly Contact[]> =>
  combine({ contacts: reader.contacts(), arrivals: reader.arrivals(0) }, ({ contacts, arrivals }) => {
    const latest = new Map<string, number>();
    for (const { device, arrivedAt } of arrivals) latest.set(device, Math.max(latest.get(device) ?? 0, arrivedAt));
    return contacts.map(({ device, person, lastContactAt }) => ({ device, person, lastContactAt: Math.max(lastContactAt, latest.get(device) ?? 0) }));
  });

/** Whose tablet was last heard when; the longest silent first. */
export function tabletsAsOf(reader: Reader, now: number): Live<readonly TabletAsOf[]> {
  return combine({ heard: heardLast(reader), staff: reader.list<StaffFields>('roster', { kind: 'staff' }) }, ({ heard, staff }) => {
    const staffById = new Map(staff.map((row) => [row.id, row.fields]));
    return dataAsOf(heard, now).map((contact): TabletAsOf => {
      const who = staffById.get(contact.person);
      return { ...contact, name: who?.name ?? contact.person, role: who?.role ?? '' };
    });
  });
}
