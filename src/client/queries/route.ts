/** VS1 on this tablet: the route of a grid, one door with its earlier visits, and what presses over all of a worker's grids. */
import { shownAs, type Merged } from '../../domain/duplicates/merging.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { BuildingFields, HouseholdFields } from '../../domain/people/schema.ts';
import type { GridFields } from '../../domain/roster/schema.ts';
import { routeOf, type Route, type RouteDoor } from '../../domain/visits/route.ts';
import { dueOf, lastVisits, usualIntervals, type Due, type LastVisit } from '../../domain/visits/view.ts';
import type { VisitFields } from '../../domain/visits/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { chain, combine, distinct, map, sameList } from './live.ts';
import { mergesOf } from './merged.ts';

export interface GridChoice {
  readonly code: string;
  readonly name: string;
}

/** The grids a person walks, in the community's order; a supervisor sees all. */
export const gridsOf = (reader: Reader, actor: Actor): Live<readonly GridChoice[]> =>
  map(reader.list<GridFields>('roster', { kind: 'grid' }), (rows) =>
    rows
      .filter(({ fields }) => actor.role === 'supervisor' || actor.grids.includes(fields.code))
      .sort((a, b) => (a.fields.rank ?? 0) - (b.fields.rank ?? 0) || a.fields.name.localeCompare(b.fields.name, 'zh', { numeric: true }))
      .map(({ fields }) => ({ code: fields.code, name: fields.name })),
  );

/** A door of a building that was entered twice stands in the one that is shown. */
const inShown = (row: Row<HouseholdFields>, merged: Merged): Row<HouseholdFields> =>
  merged.into.has(row.fields.building) ? { ...row, fields: { ...row.fields, building: shownAs(merged, row.fields.building) } } : row;

export const routeOfGrid = (reader: Reader, grid: string, today: string): Live<Route> =>
  combine(
    {
      households: reader.list<HouseholdFields>('people', { kind: 'household', holder: grid }),
      buildings: reader.list<BuildingFields>('people', { kind: 'building', parent: grid }),
      rollups: reader.rollups('visits'),
      merged: mergesOf(reader),
    },
    ({ households, buildings, rollups, merged }) => routeOf(households.map((row) => inShown(row, merged)), buildings, lastVisits(rollups), today),
  );

/** Every door of a route, in walking order. */
export const doorsOf = (route: Route): RouteDoor[] =>
  route.buildings.flatMap(({ units }) => units.flatMap(({ floors }) => floors.flatMap(({ doors }) => doors)));

export interface PressingDoor {
  readonly household: Row<HouseholdFields>;
  readonly building: Row<BuildingFields> | undefined;
  readonly last: LastVisit;
  readonly due: Due;
}

/** What presses today over all grids, longest overdue first. Reads the roll-ups and only the doors they name: the day's page must open at once. */
export function pressingToday(reader: Reader, today: string): Live<readonly PressingDoor[]> {
  const pressing = map(reader.rollups('visits'), (rollups) =>
    [...lastVisits(rollups)]
      .map(([household, last]) => ({ household, last, due: dueOf(last, today, usualIntervals) }))
      .filter(({ due }) => due.state === 'overdue' || due.state === 'today')
      .sort((a, b) => b.due.overdueDays - a.due.overdueDays || (a.household < b.household ? -1 : 1)),
  );
  const households = chain(
    distinct(map(pressing, (doors) => doors.map(({ household }) => household)), sameList),
    (ids) => reader.many<HouseholdFields>('people', ids),
  );
  const buildings = chain(
    distinct(map(households, (rows) => [...new Set(rows.map(({ fields }) => fields.building))].sort()), sameList),
    (ids) => reader.many<BuildingFields>('people', ids),
  );
  return combine({ pressing, households, buildings }, (found) => {
    const doors = new Map(found.households.map((row) => [row.id, row]));
    const houses = new Map(found.buildings.map((row) => [row.id, row]));
    return found.pressing.flatMap(({ household, last, due }) => {
      const row = doors.get(household);
      return row ? [{ household: row, building: houses.get(row.fields.building), last, due }] : [];
    });
  });
}

export interface DoorPage {
  readonly household: Row<HouseholdFields> | undefined;
  readonly building: Row<BuildingFields> | undefined;
  /** Newest first. */
  readonly visits: readonly Row<VisitFields>[];
}

/** Several years of a door; the projection holds what this tablet has fetched. */
const visitsShown = 60;

export function doorPage(reader: Reader, id: string): Live<DoorPage> {
  const household = reader.one<HouseholdFields>('people', id);
  const building = chain(distinct(map(household, (row) => row?.fields.building ?? ''), (a, b) => a === b), (each) => reader.one<BuildingFields>('people', each));
  const visits = reader.list<VisitFields>('visits', { kind: 'visit', parent: id, limit: visitsShown });
  return combine({ household, building, visits }, (page) => page);
}
