/** VS3 The doors of a grid in walking order: buildings by rank, then unit, floor and door from the bottom up. */
import type { Listed } from '../kernel/listed.ts';
import type { BuildingFields, HouseholdFields } from '../people/schema.ts';
import { dueOf, usualIntervals, type Due, type Intervals, type LastVisit } from './view.ts';

export interface RouteDoor {
  readonly household: Listed<HouseholdFields>;
  readonly last: LastVisit | undefined;
  readonly due: Due;
}
export interface RouteFloor {
  readonly floor: number;
  readonly doors: readonly RouteDoor[];
}
export interface RouteUnit {
  readonly unit: number;
  readonly floors: readonly RouteFloor[];
}
export interface RouteBuilding {
  /** Undefined for doors whose building is not on this tablet; they come last and are not lost. */
  readonly building: Listed<BuildingFields> | undefined;
  readonly units: readonly RouteUnit[];
  readonly doors: number;
  readonly pressing: number;
}
export interface Route {
  readonly buildings: readonly RouteBuilding[];
  readonly doors: number;
  readonly overdue: number;
  readonly dueToday: number;
  readonly neverVisited: number;
}

/** Made once: `localeCompare` with options makes one for each comparison, and a grid has hundreds of doors. */
const collator = new Intl.Collator('zh', { numeric: true });

/** Numbers inside names count as numbers: 2栋 before 10栋, 302 before 1101. */
const byName = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

/** Those that are not on this tablet come last. */
export const inWalkingOrder = (a: Listed<BuildingFields> | undefined, b: Listed<BuildingFields> | undefined): number => {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
  return (a.fields.rank ?? 0) - (b.fields.rank ?? 0) || byName(a.fields.courtyard ?? '', b.fields.courtyard ?? '') || byName(a.fields.name, b.fields.name) || byName(a.id, b.id);
};

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const ascending = <Item>(groups: Map<number, Item[]>): [number, Item[]][] => [...groups].sort(([a], [b]) => a - b);

function unitsOf(doors: readonly RouteDoor[]): RouteUnit[] {
  return ascending(grouped(doors, ({ household }) => household.fields.unit)).map(([unit, ofUnit]) => ({
    unit,
    floors: ascending(grouped(ofUnit, ({ household }) => household.fields.floor)).map(([floor, ofFloor]) => ({
      floor,
      doors: ofFloor.sort((a, b) => byName(a.household.fields.door, b.household.fields.door) || byName(a.household.id, b.household.id)),
    })),
  }));
}

const isPressing = ({ due }: RouteDoor): boolean => due.state === 'overdue' || due.state === 'today';

/** @param last the last visit by household, see `lastVisits` */
export function routeOf(
  households: readonly Listed<HouseholdFields>[],
  buildings: readonly Listed<BuildingFields>[],
  last: ReadonlyMap<string, LastVisit>,
  today: string,
  intervals: Intervals = usualIntervals,
): Route {
  const known = new Map(buildings.map((building) => [building.id, building]));
  const doors = households.map((household): RouteDoor => {
    const visit = last.get(household.id);
    return { household, last: visit, due: dueOf(visit, today, intervals) };
  });
  const inState = (state: Due['state']) => doors.filter(({ due }) => due.state === state).length;
  const route = [...grouped(doors, ({ household }) => known.get(household.fields.building))]
    .sort(([a], [b]) => inWalkingOrder(a, b))
    .map(([building, own]): RouteBuilding => ({ building, units: unitsOf(own), doors: own.length, pressing: own.filter(isPressing).length }));
  return { buildings: route, doors: doors.length, overdue: inState('overdue'), dueToday: inState('today'), neverVisited: inState('never') };
}

/** What presses, longest overdue first, as the list "today" shows it. */
export const pressingDoors = (route: Route): RouteDoor[] =>
  route.buildings
    .flatMap(({ units }) => units.flatMap(({ floors }) => floors.flatMap((floor) => floor.doors)))
    .filter(isPressing)
    .sort((a, b) => b.due.overdueDays - a.due.overdueDays);
