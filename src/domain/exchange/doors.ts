/**
 * Doors of a grid, with the buildings they stand in: a building that is missing is put up with its first door.
 * A door is known by courtyard, building, unit and door (PE1), compared as people read them: 3 is 3栋, 302 is 302室.
 */
import * as v from 'valibot';
import { code, count } from '../kernel/fields.ts';
import type { Decision } from '../kernel/command.ts';
import { birth } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import type { Fields } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import { filledName, typedLine, typedName } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { kinds } from '../kinds.ts';
import { peopleRoom } from '../people/rules.ts';
import { floorNumber, unitNumber } from '../people/schema.ts';
import { arabic, folded, gridCell, textCell, wholeCell } from './cells.ts';
import type { CellReader, Fault, ImportList, Placed, TypedRow } from './column.ts';

const name = textCell(textMax.name);
const unitCell = wholeCell(0, 99, /(单元|unit)$/);

const buildingKey = (text: string): string => arabic(folded(text)).replace(/(?<=\d)(?:号楼|栋|幢|座|楼|号|#)$/, '').replace(/^0+(?=\d)/, '');
const doorKey = (text: string): string => folded(text).replace(/(?<=\d)(?:室|号|户|房)$/, '');

/** A bare number is a building's: 3 is written 3栋. */
const buildingName: CellReader = (text, reading) => {
  const plain = text.normalize('NFKC').trim();
  return name(/^\d+$/.test(plain) ? `${Number(plain)}栋` : plain, reading);
};
const doorName: CellReader = (text, reading) => name(text.normalize('NFKC').trim().replace(/(?<=\d)室$/, ''), reading);

/** 3栋1单元302, 3-1-302, 3-302. */
const address = /^(?<building>.+?(?:号楼|栋|幢|座)|\d+(?=-))-?(?:(?<unit>\d+)(?:单元-?|-))?(?<door>\d+[a-z]?)室?$/;

const addressCell: CellReader = (text, reading) => {
  const { building, unit, door } = address.exec(arabic(folded(text)))?.groups ?? {};
  if (building === undefined || door === undefined) return err('not-an-address');
  const named = buildingName(building, reading);
  if (!named.ok) return named;
  return ok({ building: named.value, unit: Number(unit ?? 0), door: door.toUpperCase() });
};

/** 302 is on the third floor, 1101 on the eleventh. */
function floorOf(door: string): number | undefined {
  const digits = /^(\d{1,3})\d{2}[A-Z]?$/i.exec(door)?.[1];
  return digits === undefined || Number(digits) > 120 ? undefined : Number(digits);
}

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

const sameText = (a: unknown, b: unknown): boolean => folded(String(a ?? '')) === folded(String(b ?? ''));

interface Standing {
  readonly id: string;
  readonly courtyard: unknown;
  readonly key: string;
  /** Undefined while only rows of the file name it. */
  record?: Folded;
}

/** The buildings of a grid, and those that rows put up. */
function buildingsOf(decision: Decision, grid: string) {
  const room = peopleRoom(decision.actor.community, grid);
  const known = decision.every(room, 'building');
  const standing: Standing[] = known.map((record) => ({ id: record.record, courtyard: record.fields['courtyard'], key: buildingKey(String(record.fields['name'])), record }));
  const byKey = Map.groupBy(standing, ({ key }) => key);
  const ranks = known.flatMap(({ fields }) => (typeof fields['rank'] === 'number' ? [fields['rank']] : []));
  let rank = Math.max(0, ...ranks);
  return {
    find(courtyard: unknown, text: string): Result<Standing | undefined, Fault> {
      const named = byKey.get(buildingKey(text)) ?? [];
      const fitting = courtyard === undefined ? named : named.filter((each) => sameText(each.courtyard, courtyard));
      return fitting.length > 1 ? err({ why: 'several', field: 'building' }) : ok(fitting[0]);
    },
    /** In a grid whose buildings have an order, a new one comes last. */
    putUp(courtyard: unknown, text: string) {
      const made = { id: decision.newId('bld'), courtyard, key: buildingKey(text) };
      byKey.set(made.key, [...(byKey.get(made.key) ?? []), made]);
      if (ranks.length > 0) rank += 1;
      const fields = { grid, name: text, courtyard: courtyard as string | undefined, rank: ranks.length > 0 ? rank : undefined };
      return { id: made.id, statement: birth(decision, kinds.building, made.id, fields) };
    },
  };
}

const doorIdentity = (building: string, unit: unknown, door: unknown): string => `${building}|${String(unit)}|${doorKey(String(door))}`;

function placingDoors(decision: Decision) {
  const { community } = decision.actor;
  const known = new Map<string, { buildings: ReturnType<typeof buildingsOf>; doors: ReadonlyMap<string, readonly Folded[]> }>();
  const inGrid = (grid: string) => {
    const there = known.get(grid);
    if (there) return there;
    const doors = decision.every(peopleRoom(community, grid), 'household');
    const made = {
      buildings: buildingsOf(decision, grid),
      doors: Map.groupBy(doors, ({ fields }) => doorIdentity(String(fields['building']), fields['unit'], fields['door'])),
    };
    known.set(grid, made);
    return made;
  };

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
  inGrid: true,
  columns: [
    { field: 'grid', zh: '网格', en: 'Grid', aliases: ['所属网格', '网格名称', '网格编号'], read: gridCell },
    { field: 'courtyard', zh: '院落', en: 'Courtyard', aliases: ['小区', '小区名称', '院落名称', '苑'], read: name },
    { field: 'building', zh: '楼栋', en: 'Building', aliases: ['栋', '栋号', '幢', '幢号', '楼栋号', '楼号', '座'], read: buildingName },
    { field: 'unit', zh: '单元', en: 'Unit', aliases: ['单元号'], read: unitCell },
    { field: 'floor', zh: '楼层', en: 'Floor', aliases: ['层', '层数', '所在楼层'], read: wholeCell(-3, 120, /(楼|层|f)$/) },
    { field: 'door', zh: '门牌', en: 'Door', aliases: ['房号', '门牌号', '室', '室号', '房间号', '户号'], read: doorName },
    { field: 'address', zh: '地址', en: 'Address', aliases: ['住址', '详细地址', '房屋地址', '家庭住址'], read: addressCell },
    { field: 'heads', zh: '人口', en: 'People', aliases: ['人数', '家庭人口', '人口数', '常住人口', '口数'], read: wholeCell(0, 100_000, /(口人|人|口)$/) },
    { field: 'hint', zh: '门上提示', en: 'Hint', aliases: ['备注', '提示', '注意事项'], read: textCell(textMax.line) },
  ],
  required: [['address'], ['building', 'door']],
  finish({ address: read, ...fields }, { grid }) {
    const from = typeof read === 'object' && read !== null ? (read as Fields) : {};
    const whole = { grid: grid ?? '', unit: 0, ...from, ...fields };
    return whole.grid === '' ? err({ why: 'missing', field: 'grid' }) : ok(whole);
  },
  row: row as unknown as ImportList['row'],
  placing: placingDoors,
};
