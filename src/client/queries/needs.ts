/** ND1, ND2 Needs on this tablet: by stage, one with its told side, those of a door or a partner, and who might help. All without a network. */
import type { ActivityFields } from '../../domain/activity/schema.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { HouseholdFields, BuildingFields, VolunteerFields } from '../../domain/people/schema.ts';
import { needOfTold, needStages, stageTimes, toldId, type NeedFields, type NeedStage, type NeedToldFields } from '../../domain/needs/schema.ts';
import type { Helpers } from '../../domain/needs/matching.ts';
import type { GridFields, PartnerFields } from '../../domain/roster/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { namedDoors } from './history.ts';
import { always, chain, combine, distinct, joined, map, sameList } from './live.ts';
import { quotaOf } from './partners.ts';

export type NeedRow = Row<NeedFields>;

/** Newest first. */
export const needs = (reader: Reader): Live<readonly NeedRow[]> => reader.list<NeedFields>('log', { kind: 'need' });

/** Asked to serve it, newest first. */
export const needsOfPartner = (reader: Reader, partner: string): Live<readonly NeedRow[]> => reader.list<NeedFields>('log', { kind: 'need', parent: partner });

/** When it came to where it stands. */
export const stageSince = ({ stage, openedAt, ...times }: NeedFields): number => ({ openedAt, ...times })[stageTimes[stage]] ?? openedAt;

/** In the grids a worker walks, with the groups a leader leads; the office looks after all. */
export function isOwn(actor: Actor, { grid, partner }: NeedFields): boolean {
  if (actor.role === 'gridWorker') return actor.grids.includes(grid);
  if (actor.role === 'groupLeader') return partner !== undefined && actor.partners.includes(partner);
  return true;
}

const waitsAt: Readonly<Partial<Record<Actor['role'], ReadonlySet<NeedStage>>>> = {
  // A worker finds somebody and asks at the door; what lies between is the helper's.
  gridWorker: new Set(['open', 'done']),
  groupLeader: new Set(['matched', 'inService']),
};

/** Whether the next step is this person's. */
export const waitsFor = (actor: Actor, fields: NeedFields): boolean => waitsAt[actor.role]?.has(fields.stage) === true && isOwn(actor, fields);

export interface StageGroup {
  readonly stage: NeedStage;
  readonly rows: readonly NeedRow[];
}

/** In the order of the stages. What presses is told first: longest there on top; what is over, newest. */
export function byStage(rows: readonly NeedRow[]): StageGroup[] {
  const groups = Map.groupBy(rows, ({ fields }) => fields.stage);
  return needStages.flatMap((stage) => {
    const own = groups.get(stage);
    const over = stage === 'confirmed' || stage === 'withdrawn';
    return own ? [{ stage, rows: own.toSorted((a, b) => (stageSince(a.fields) - stageSince(b.fields)) * (over ? -1 : 1) || (a.id < b.id ? -1 : 1)) }] : [];
  });
}

export const countByStage = (rows: readonly NeedRow[]): Readonly<Record<NeedStage, number>> =>
  Object.fromEntries(needStages.map((stage) => [stage, rows.filter(({ fields }) => fields.stage === stage).length])) as Record<NeedStage, number>;

export interface NeedPage {
  readonly need: NeedRow | undefined;
  /** Only where this person may see the rooms of that grid's doors. */
  readonly told: Row<NeedToldFields> | undefined;
  readonly door: { readonly household: Row<HouseholdFields>; readonly building: Row<BuildingFields> | undefined } | undefined;
}

export function needPage(reader: Reader, id: string): Live<NeedPage> {
  const told = reader.one<NeedToldFields>('visits', toldId(id));
  const door = chain(distinct(map(told, (row) => row?.fields.household ?? ''), (a, b) => a === b), (household) => (household === '' ? always([]) : namedDoors(reader, [household])));
  return combine({ need: reader.one<NeedFields>('log', id), told, door }, ({ need, told: side, door: doors }) => ({ need, told: side, door: doors[0] }));
}

export interface NeedAtDoor {
  readonly told: Row<NeedToldFields>;
  readonly need: NeedRow;
}

/** Newest first. */
export function needsAtDoor(reader: Reader, household: string): Live<readonly NeedAtDoor[]> {
  const told = reader.list<NeedToldFields>('visits', { kind: 'needTold', parent: household });
  const faces = chain(distinct(map(told, (rows) => rows.map(({ id }) => needOfTold(id))), sameList), (ids) => reader.many<NeedFields>('log', ids));
  return combine({ told, faces }, (found) => {
    const byId = new Map(found.faces.map((row) => [row.id, row]));
    return found.told
      .flatMap((side): NeedAtDoor[] => {
        const need = byId.get(needOfTold(side.id));
        return need ? [{ told: side, need }] : [];
      })
      .sort((a, b) => b.need.fields.openedAt - a.need.fields.openedAt);
  });
}

/** ND2. By partner: what it promised for the period that is running, less what the activities on this tablet show as held. */
export function owedBy(partners: readonly Row<PartnerFields>[], activities: readonly Row<ActivityFields>[], today: string): ReadonlyMap<string, number> {
  const held = Map.groupBy(activities, ({ fields }) => fields.organiser);
  return new Map(
    partners.flatMap(({ id, fields }): [string, number][] => {
      const quota = quotaOf(fields, held.get(id) ?? [], today);
      return quota && quota.owed > quota.held ? [[id, quota.owed - quota.held]] : [];
    }),
  );
}

/** ND2. By partner or volunteer number. A resident who was not satisfied recommends nobody. */
export function answeredBy(rows: readonly NeedRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { fields } of rows) {
    const helper = fields.partner ?? fields.volunteer;
    if (fields.stage === 'confirmed' && fields.answer !== 'notSatisfied' && helper !== undefined) counts.set(helper, (counts.get(helper) ?? 0) + 1);
  }
  return counts;
}

/** More than a year of the busiest partner. */
const activitiesRead = 500;

/** ND2. Volunteers are those this tablet knows by name: a worker's grids, everybody at the office. */
export function helpersFor(reader: Reader, grid: string, today: string): Live<Helpers> {
  const partners = reader.list<PartnerFields>('roster', { kind: 'partner' });
  const bound = distinct(map(partners, (rows) => rows.filter(({ fields }) => fields.activityQuota !== undefined).map(({ id }) => id).sort()), sameList);
  const activities = chain(bound, (ids) => joined(ids.map((parent) => reader.list<ActivityFields>('log', { kind: 'activity', parent, limit: activitiesRead }))));
  return combine(
    {
      partners, activities, needs: needs(reader),
      volunteers: reader.list<VolunteerFields>('people', { kind: 'volunteer' }),
      grids: reader.list<GridFields>('roster', { kind: 'grid' }),
    },
    (found) => ({
      partners: found.partners,
      volunteers: found.volunteers,
      gridName: found.grids.find(({ fields }) => fields.code === grid)?.fields.name ?? '',
      owed: owedBy(found.partners, found.activities, today),
      answered: answeredBy(found.needs),
    }),
  );
}
