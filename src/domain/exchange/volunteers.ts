/** Volunteers of a grid. Known by number, and where a file has none, by the one name in the grid that is theirs. */
import * as v from 'valibot';
import type { Decision } from '../kernel/command.ts';
import { isSupervisor } from '../kernel/actor.ts';
import { birth } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import { code, day, volunteerNumber } from '../kernel/fields.ts';
import type { Folded } from '../kernel/fold.ts';
import { filledLine, filledName, listOf } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { dayOf } from '../kernel/time.ts';
import { erasureId } from '../erasure/schema.ts';
import { kinds } from '../kinds.ts';
import { nextVolunteerNumber, peopleRoom } from '../people/rules.ts';
import { volunteerId } from '../people/schema.ts';
import { dayCell, folded, gridCell, listCell, textCell } from './cells.ts';
import type { CellReader, Column, Fault, ImportList, Placed, TypedRow } from './column.ts';

const numberCell: CellReader = (text) => {
  const plain = text.normalize('NFKC').trim().toUpperCase();
  return v.is(volunteerNumber, plain) ? ok(plain) : err('not-a-volunteer-number');
};

export const numberColumn: Column = { field: 'number', zh: '志愿者编号', en: 'Volunteer number', aliases: ['编号', '志愿编号', '存折编号'], read: numberCell };

const row = v.strictObject({
  grid: code,
  number: v.optional(volunteerNumber),
  name: filledName,
  skills: v.optional(listOf(filledLine, 12)),
  joinedOn: v.optional(day),
});

function placingVolunteers(decision: Decision, grids: readonly string[]) {
  const { actor, now } = decision;
  const rooms = grids.map((grid) => peopleRoom(actor.community, grid));
  const byName = new Map<string, ReadonlyMap<string, readonly Folded[]>>();
  const namesakes = (grid: string, name: string): readonly Folded[] => {
    const known = byName.get(grid) ?? Map.groupBy(decision.every(peopleRoom(actor.community, grid), 'volunteer'), ({ fields }) => folded(String(fields['name'])));
    byName.set(grid, known);
    return known.get(folded(name)) ?? [];
  };
  const standing = (number: string) => rooms.map((room) => ({ room, record: decision.find(room, volunteerId(number)) })).find(({ record }) => record !== undefined);
  const handedOut = new Set<string>();
  const taken = (number: string): boolean => handedOut.has(number) || standing(number) !== undefined;

  function knownAs(grid: string, number: string | undefined, name: string): Result<Placed['known'], Fault> {
    if (number === undefined) {
      const [one, ...more] = namesakes(grid, name);
      if (more.length > 0) return err({ why: 'several', field: 'name' });
      return ok(one && { room: peopleRoom(actor.community, grid), record: one });
    }
    const found = standing(number);
    // ER5: the server would refuse the name.
    if (rooms.some((room) => decision.find(room, erasureId(volunteerId(number))))) return err({ why: 'erased', field: 'number' });
    if (found?.record?.deleted) return err({ why: 'removed', field: 'number' });
    // PE2: a worker brings in no number that another tablet may have made.
    if (!found && !isSupervisor(actor)) return err({ why: 'unknown-number', field: 'number' });
    return ok(found?.record && { room: found.room, record: found.record });
  }

  return ({ fields }: TypedRow): Result<Placed, Fault> => {
    const { grid, number, name, ...about } = fields as v.InferOutput<typeof row>;
    const known = knownAs(grid, number, name);
    if (!known.ok) return known;
    return ok({
      identity: known.value?.record.record ?? number ?? `${grid}|${folded(name)}`,
      ...(known.value ? { known: known.value } : {}),
      wanted: given({ name, ...about }),
      born() {
        const own = number ?? nextVolunteerNumber(actor.community, actor.device, () => decision.newSecond(), taken);
        handedOut.add(own);
        return [birth(decision, kinds.volunteer, volunteerId(own), { joinedOn: dayOf(now), ...about, grid, number: own, name })];
      },
    });
  };
}

export const volunteerList: ImportList = {
  kind: 'volunteer',
  of: 'grid',
  columns: [
    { field: 'grid', zh: '网格', en: 'Grid', aliases: ['所属网格', '网格名称', '网格编号'], read: gridCell },
    numberColumn,
    { field: 'name', zh: '姓名', en: 'Name', aliases: ['名字', '志愿者', '志愿者姓名'], read: textCell(textMax.name) },
    { field: 'skills', zh: '特长', en: 'Skills', aliases: ['技能', '专长', '擅长', '服务特长'], read: listCell(textCell(textMax.line), 12) },
    { field: 'joinedOn', zh: '加入日期', en: 'Joined on', aliases: ['注册日期', '注册时间', '登记日期', '加入时间'], read: dayCell },
  ],
  required: [['name']],
  finish: (fields, { grid }) => (fields['grid'] === undefined && grid === undefined ? err({ why: 'missing', field: 'grid' }) : ok({ grid: grid ?? '', ...fields })),
  row: row as unknown as ImportList['row'],
  placing: placingVolunteers,
};
