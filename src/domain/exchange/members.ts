/**
 * Members of a self-organised group, known by volunteer number (PE3): a name alone says nothing about who somebody is (DU5), and
 * whoever leads a group does not see the community's volunteers to look it up.
 *
 * IM12 A member is imported into a group that this person may name, with number and name; one that the group dropped or that was erased
 * is named as such and does not come back by a file.
 */
import * as v from 'valibot';
import type { Decision } from '../kernel/command.ts';
import { birth } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import { day, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { filledName } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { memberErasureId } from '../erasure/schema.ts';
import { kinds } from '../kinds.ts';
import { membersRoom } from '../people/rules.ts';
import { memberId } from '../people/schema.ts';
import { dayCell, folded, textCell } from './cells.ts';
import type { CellReader, Fault, ImportList, Placed, Read, TypedRow } from './column.ts';
import { numberColumn } from './volunteers.ts';

/** A group by any name it goes by. */
const groupCell: CellReader = (text, { groups = [] }): Read => {
  const wanted = folded(text);
  const [one, ...more] = groups.filter(({ names }) => names.some((name) => folded(name) === wanted));
  return one && more.length === 0 ? ok(one.id) : err(one ? 'several' : 'unknown-group');
};

const row = v.strictObject({ partner: recordRef('par'), number: volunteerNumber, name: filledName, joinedOn: v.optional(day) });

function placingMembers(decision: Decision) {
  return ({ fields }: TypedRow): Result<Placed, Fault> => {
    const { partner, number, name, joinedOn } = fields as v.InferOutput<typeof row>;
    const room = membersRoom(decision.actor.community, partner);
    const id = memberId(partner, number);
    if (decision.find(room, memberErasureId(partner, number))) return err({ why: 'erased', field: 'number' });
    const known = decision.find(room, id);
    if (known?.deleted) return err({ why: 'removed', field: 'number' });
    return ok({
      identity: id,
      ...(known ? { known: { room, record: known } } : {}),
      wanted: given({ name, joinedOn }),
      born: () => [birth(decision, kinds.member, id, { partner, number, name, joinedOn })],
    });
  };
}

export const memberList: ImportList = {
  kind: 'member',
  of: 'group',
  columns: [
    { field: 'partner', zh: '组织', en: 'Group', aliases: ['所属组织', '自组织', '组织名称', '所属团队', '团队', '社群'], read: groupCell },
    numberColumn,
    { field: 'name', zh: '姓名', en: 'Name', aliases: ['名字', '成员', '成员姓名', '队员', '队员姓名'], read: textCell(textMax.name) },
    { field: 'joinedOn', zh: '加入日期', en: 'Joined on', aliases: ['加入时间', '入队日期', '入队时间'], read: dayCell },
  ],
  required: [['number', 'name']],
  finish: (fields, { group }) => (fields['partner'] === undefined && group === undefined ? err({ why: 'missing', field: 'partner' }) : ok({ partner: group ?? '', ...fields })),
  row: row as unknown as ImportList['row'],
  placing: placingMembers,
};
