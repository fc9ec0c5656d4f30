/**
 * The places a roster names: how their cells are read, and which building and door of a grid they are. Compared as people read them
 * (PE1): 3 is 3栋, 302 is 302室.
 */
import { birth } from '../kernel/decide.ts';
import type { Decision } from '../kernel/command.ts';
import type { Fields } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { kinds } from '../kinds.ts';
import { writtenBuilding, writtenDoor } from '../people/door.ts';
import { peopleRoom } from '../people/rules.ts';
import { arabic, folded, gridCell, textCell, wholeCell } from './cells.ts';
import type { CellReader, Column, Fault, Reading } from './column.ts';

const name = textCell(textMax.name);

export const buildingKey = (text: string): string => arabic(folded(text)).replace(/(?<=\d)(?:号楼|栋|幢|座|楼|号|#)$/, '').replace(/^0+(?=\d)/, '');
const doorKey = (text: string): string => folded(text).replace(/(?<=\d)(?:室|号|户|房)$/, '');

const buildingName: CellReader = (text, reading) => name(writtenBuilding(text), reading);
const doorName: CellReader = (text, reading) => name(writtenDoor(text), reading);

/** 3栋1单元302, 3-1-302, 3-302. */
const address = /^(?<building>.+?(?:号楼|栋|幢|座)|\d+(?=-))-?(?:(?<unit>\d+)(?:单元-?|-))?(?<door>\d+[a-z]?)室?$/;

const addressCell: CellReader = (text, reading) => {
  const { building, unit, door } = address.exec(arabic(folded(text)))?.groups ?? {};
  if (building === undefined || door === undefined) return err('not-an-address');
  const named = buildingName(building, reading);
  if (!named.ok) return named;
  return ok({ building: named.value, unit: Number(unit ?? 0), door: door.toUpperCase() });
};

export const gridColumn: Column = { field: 'grid', zh: '网格', en: 'Grid', aliases: ['所属网格', '网格名称', '网格编号'], read: gridCell };
export const courtyardColumn: Column = { field: 'courtyard', zh: '院落', en: 'Courtyard', aliases: ['小区', '小区名称', '院落名称', '苑'], read: name };
export const buildingColumn: Column = { field: 'building', zh: '楼栋', en: 'Building', aliases: ['栋', '栋号', '幢', '幢号', '楼栋号', '楼号', '座'], read: buildingName };
export const unitColumn: Column = { field: 'unit', zh: '单元', en: 'Unit', aliases: ['单元号'], read: wholeCell(0, 99, /(单元|unit)$/) };
export const doorColumn: Column = { field: 'door', zh: '门牌', en: 'Door', aliases: ['房号', '门牌号', '室', '室号', '房间号', '户号'], read: doorName };
export const addressColumn: Column = { field: 'address', zh: '地址', en: 'Address', aliases: ['住址', '详细地址', '房屋地址', '家庭住址'], read: addressCell };

/** A whole address or its parts: one of the two stands in every row. */
export const placeRequired: readonly (readonly string[])[] = [['address'], ['building', 'door']];

/** The place as its parts; what a cell of its own says counts more than the address. */
export function placeOf({ address: read, ...fields }: Fields, { grid }: Reading): Result<Fields, Fault> {
  const from = typeof read === 'object' && read !== null ? (read as Fields) : {};
  const whole = { grid: grid ?? '', unit: 0, ...from, ...fields };
  return whole.grid === '' ? err({ why: 'missing', field: 'grid' }) : ok(whole);
}

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

export const doorIdentity = (building: string, unit: unknown, door: unknown): string => `${building}|${String(unit)}|${doorKey(String(door))}`;

/** Each grid is looked through once. */
export function placesOf(decision: Decision) {
  const { community } = decision.actor;
  const known = new Map<string, { buildings: ReturnType<typeof buildingsOf>; doors: ReadonlyMap<string, readonly Folded[]> }>();
  return (grid: string) => {
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
}
