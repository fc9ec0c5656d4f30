/**
 * Doors of a grid, with the buildings they stand in: a building that is missing is put up with its first door.
 * A door is known by courtyard, building, unit and door (PE1).
 */
import * as v from 'valibot';
import { code, count } from '../kernel/fields.ts';
import type { Decision } from '../kernel/command.ts';
import { birth } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import { filledName, typedLine, typedName } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { kinds } from '../kinds.ts';
import { floorOf } from '../people/door.ts';
import { peopleRoom } from '../people/rules.ts';
import { floorNumber, unitNumber } from '../people/schema.ts';
import { folded, textCell, wholeCell } from './cells.ts';
import type { Fault, ImportList, Placed, TypedRow } from './column.ts';
import { addressColumn, buildingColumn, buildingKey, courtyardColumn, doorColumn, doorIdentity, gridColumn, placeOf, placeRequired, placesOf, unitColumn } from './places.ts';

const row = v.strictObject({
  grid: code,
  courtyard: v.optional(typedName),
  building: filledName,
  unit: unitNumber,
  floor: v.optional(floorNumber),
  door: filledName,
  heads: v.optional(count),
  hint: v.optional(typedLine),
});

function placingDoors(decision: Decision) {
  const { community } = decision.actor;
  const inGrid = placesOf(decision);

  return ({ fields }: TypedRow): Result<Placed, Fault> => {
    const { grid, courtyard, building, unit, floor, door, ...about } = fields as v.InferOutput<typeof row>;
    const { buildings, doors } = inGrid(grid);
    const found = buildings.find(courtyard, building);
    if (!found.ok) return found;
    const standing = found.value?.record;
    const twins = standing ? (doors.get(doorIdentity(standing.record, unit, door)) ?? []) : [];
    if (twins.length > 1) return err({ why: 'several', field: 'door' });
    const [twin] = twins;
    const level = floor ?? (twin ? undefined : floorOf(door));
    const wanted = given({ floor: level, ...about });
    const place = `${grid}|${folded(courtyard ?? '')}|${buildingKey(building)}`;
    return ok({
      identity: standing ? doorIdentity(standing.record, unit, door) : doorIdentity(place, unit, door),
      ...(!twin && level === undefined ? { lacks: { why: 'missing', field: 'floor' } as const } : {}),
      ...(twin ? { known: { room: peopleRoom(community, grid), record: twin } } : {}),
      wanted: twin ? wanted : given({ courtyard, building, unit, door, ...wanted }),
      ...(standing ? {} : { needs: place }),
      born() {
        // Put up by an earlier row of the same file, perhaps.
        const again = buildings.find(courtyard, building);
        const here = again.ok ? again.value : undefined;
        const made = here ? undefined : buildings.putUp(courtyard, building);
        const home = here?.id ?? made?.id ?? '';
        const household = birth(decision, kinds.household, decision.newId('hou'), { grid, building: home, unit, door, ...wanted });
        return made ? [made.statement, household] : [household];
      },
    });
  };
}

export const doorList: ImportList = {
  kind: 'household',
  of: 'grid',
  columns: [
    gridColumn,
    courtyardColumn,
    buildingColumn,
    unitColumn,
    { field: 'floor', zh: '楼层', en: 'Floor', aliases: ['层', '层数', '所在楼层'], read: wholeCell(-3, 120, /(楼|层|f)$/) },
    doorColumn,
    addressColumn,
    { field: 'heads', zh: '人口', en: 'People', aliases: ['人数', '家庭人口', '人口数', '常住人口', '口数'], read: wholeCell(0, 100_000, /(口人|人|口)$/) },
    { field: 'hint', zh: '门上提示', en: 'Hint', aliases: ['备注', '提示', '注意事项'], read: textCell(textMax.line) },
  ],
  required: placeRequired,
  finish: placeOf,
  row: row as unknown as ImportList['row'],
  placing: placingDoors,
};
