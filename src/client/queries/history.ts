/** One record of any kind: as it stands, how it came to be, and the names of what it points to. */
import type { ActivityFields } from '../../domain/activity/schema.ts';
import type { RecordRef } from '../../domain/kernel/command.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { Fact, Fields } from '../../domain/kernel/fact.ts';
import type { Folded } from '../../domain/kernel/fold.ts';
import type { HistoryEntry } from '../../domain/kernel/history.ts';
import { kindNamed } from '../../domain/kinds.ts';
import { mayState } from '../../domain/permission.ts';
import type { BuildingFields, HouseholdFields, VolunteerFields } from '../../domain/people/schema.ts';
import type { ResidentFields } from '../../domain/residents/schema.ts';
import { maskName } from '../../domain/residents/view.ts';
import type { Live, Reader, ReplicaCalls, Row } from '../../replica/contract.ts';
import { chain, combine, distinct, map, sameList } from './live.ts';
import { rosterNames, type NameById } from './staff.ts';

/** Asked again whenever the record's row changes. */
export const historyOfRecord = (calls: ReplicaCalls, reader: Reader, ref: RecordRef): Live<readonly HistoryEntry[]> => ({
  subscribe(run) {
    let turn = 0;
    const stop = reader.one(ref.room.family, ref.record).subscribe(() => {
      const asked = ++turn;
      void calls.history(ref).then((entries) => {
        if (asked === turn) run(entries);
      });
    });
    return () => {
      turn += 1;
      stop();
    };
  },
});

interface Pointing {
  readonly fields: object;
}

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
const idsOf = (records: readonly Pointing[], prefix: string): string[] =>
  [...new Set(records.flatMap(({ fields }) => Object.values(fields).flatMap(textOf)))].filter((id) => id.startsWith(prefix)).sort();

export interface NamedDoor {
  readonly household: Row<HouseholdFields>;
  readonly building: Row<BuildingFields> | undefined;
}

/** Households with their buildings, which is how people name a door. */
export const namedDoors = (reader: Reader, ids: readonly string[]): Live<readonly NamedDoor[]> =>
  chain(reader.many<HouseholdFields>('people', ids), (households) =>
    map(reader.many<BuildingFields>('people', [...new Set(households.map((row) => row.fields.building))]), (buildings) => {
      const byId = new Map(buildings.map((row) => [row.id, row]));
      return households.map((household) => ({ household, building: byId.get(household.fields.building) }));
    }),
  );

/** `竹苑 3栋 2单元 501`, in either language: these are names. */
export const doorName = ({ household, building }: NamedDoor): string =>
  [building?.fields.courtyard, building?.fields.name, `${household.fields.unit}-${household.fields.door}`].filter((part) => part !== undefined).join(' ');

/** Names of everything the given records point to, by id. */
export function namesFor(reader: Reader, records: Live<readonly Pointing[]>): Live<NameById> {
  const ids = (prefix: string): Live<readonly string[]> => distinct(map(records, (all) => idsOf(all, prefix)), sameList);
  return combine(
    {
      roster: rosterNames(reader),
      activities: chain(ids('act_'), (wanted) => reader.many<ActivityFields>('log', wanted)),
      doors: chain(ids('hou_'), (wanted) => namedDoors(reader, wanted)),
      volunteers: chain(ids('vol_'), (wanted) => reader.many<VolunteerFields>('people', wanted)),
      residents: chain(ids('res_'), (wanted) => reader.many<ResidentFields>('people', wanted)),
      buildings: chain(ids('bld_'), (wanted) => reader.many<BuildingFields>('people', wanted)),
    },
    ({ roster, activities, doors, volunteers, residents, buildings }) =>
      new Map([
        ...roster,
        ...activities.map((row): [string, string] => [row.id, row.fields.title]),
        ...volunteers.map((row): [string, string] => [row.id, `${row.fields.name} ${row.fields.number}`]),
        // RS5
        ...residents.map((row): [string, string] => [row.id, maskName(row.fields.name)]),
        ...buildings.map((row): [string, string] => [row.id, [row.fields.courtyard, row.fields.name].filter((part) => part !== undefined).join(' ')]),
        ...doors.map((door): [string, string] => [door.household.id, doorName(door)]),
      ]),
  );
}

export interface RecordPage {
  readonly row: Row | undefined;
  readonly history: readonly HistoryEntry[];
  readonly names: NameById;
}

/** A deleted record has no row, but its history stays. */
export function recordPage(calls: ReplicaCalls, reader: Reader, ref: RecordRef): Live<RecordPage> {
  const row = reader.one(ref.room.family, ref.record);
  const history = historyOfRecord(calls, reader, ref);
  const pointing = combine({ row, history }, ({ row: now, history: past }): readonly Pointing[] => [
    ...(now ? [now] : []),
    ...past.map((entry) => ({ fields: Object.fromEntries(entry.changes.flatMap(({ field, before, after }) => [[`${field}Before`, before ?? null], [field, after ?? null]])) })),
  ]);
  return combine({ row, history, names: namesFor(reader, pointing) }, (page) => page);
}

/** Whether this person may change the record at all; what exactly is decided by the command. */
export function mayChange(actor: Actor, row: Row<object>): boolean {
  const { id: record, kind, clashes, bornAt, changedAt, changedBy } = row;
  const fields = row.fields as Fields;
  const before: Folded = { record, kind, fields, heads: [], clashes, deleted: false, bornAt, changedAt, changedBy };
  const fact: Fact = { id: `${actor.device}-0`, record, kind, base: [''], set: {}, by: actor.person, at: changedAt };
  const declared = kindNamed(kind);
  return declared !== undefined && mayState(actor, declared, fact, before);
}
