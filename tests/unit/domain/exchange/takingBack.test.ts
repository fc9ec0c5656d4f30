import { expect, test } from 'vitest';
import { foreseeTakingBack, roomsOfTakingBack, takeBackDays } from '../../../../src/domain/exchange/takingBack.ts';
import type { TakeBackImport } from '../../../../src/domain/exchange/inputs.ts';
import type { IntakeFields } from '../../../../src/domain/exchange/schema.ts';
import type { Actor } from '../../../../src/domain/kernel/actor.ts';
import { dayMs } from '../../../../src/domain/kernel/time.ts';
import { anna, group, leader, logOf, monitor, morning, otherWorker, peopleOf, ref, roster, seeded, supervisor, tabletOf, today, worker } from '../../../support/community.ts';
import { importOf, readTable } from '../../../support/rosterFiles.ts';
import { meet, refused, type Tablet } from '../../../support/tablet.ts';

type List = Parameters<typeof importOf>[0];
const minute = 60_000;
const people = peopleOf('g1');

/** Imports a table and says what takes that back. */
function imported(tablet: Tablet, list: List, table: readonly (readonly string[])[]): TakeBackImport {
  const stated = tablet.run('importRows', importOf(list, readTable(list, table).rows, list === 'members' ? { groups: [group] } : list === 'partners' ? {} : { grids: ['g1'] }));
  const own = stated.at(-1)!.ref;
  const { grids, groups } = tablet.find(own.room, own.record)?.fields as IntakeFields;
  // Whatever happens afterwards, happens later.
  tablet.now += minute;
  return { ref: own, list, grids, groups };
}
const foreseen = (tablet: Tablet, input: TakeBackImport) => tablet.foresee((decision) => foreseeTakingBack(input, decision), roomsOfTakingBack(input, tablet.actor, tablet.now));
const seen = (tablet: Tablet, input: TakeBackImport) => {
  const found = foreseen(tablet, input);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return { ...found.value, shown: found.value.shown.map(({ fields, kind, why }) => [kind, fields['name'] ?? fields['door'] ?? fields['purpose'], why]) };
};
const doorsOf = (tablet: Tablet) => tablet.every(people, 'household').map(({ fields }) => fields['door']).sort();
const later = (who: Actor, from: Tablet) => tabletOf(who, from, from.now);

const doors = [['楼栋', '单元', '楼层', '门牌', '人口'], ['1栋', '1', '1', '101', '4'], ['8栋', '1', '3', '301', '2'], ['8栋', '1', '3', '302', ''], ['9栋', '1', '1', '101', '']];

test('[IM14] an import leaves one record that says which list, where and how much, and names nobody', () => {
  const tablet = tabletOf(worker, seeded());
  const { ref: own } = imported(tablet, 'doors', doors);
  expect(own.room).toEqual(logOf());
  expect(tablet.find(own.room, own.record)?.fields).toEqual({ list: 'doors', grids: ['g1'], groups: [], born: 3, changed: 1, facts: 7 });
  expect(refused(tablet.decide('importRows', importOf('doors', readTable('doors', doors).rows, { grids: ['g1'] })))).toEqual({ type: 'NothingChanged' });
  expect(tablet.every(logOf(), 'intake')).toHaveLength(1);
});

test('[IM15, IM16] taken back, an import leaves what was there before it, and done again it states nothing', () => {
  const tablet = tabletOf(worker, seeded());
  tablet.run('reviseHousehold', { ref: ref(people, 'hou_101'), heads: 3 });
  tablet.now += minute;
  const back = imported(tablet, 'doors', doors);
  // Of the same person and device, a moment before and a moment after.
  tablet.run('addHousehold', { grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '201' });
  expect(seen(tablet, back)).toEqual({ gone: 5, restored: 1, kept: 0, shown: [] });
  tablet.run('takeBackImport', back);
  expect(doorsOf(tablet)).toEqual(['101', '102', '201']);
  expect(tablet.every(people, 'building').map(({ record }) => record)).toEqual(['bld_1']);
  expect(tablet.find(people, 'hou_101')?.fields['heads']).toBe(3);
  expect(seen(tablet, back)).toEqual({ gone: 0, restored: 0, kept: 0, shown: [] });
  expect(refused(tablet.decide('takeBackImport', back))).toEqual({ type: 'NothingChanged' });
  // The file can come in again.
  imported(tablet, 'doors', doors);
  expect(doorsOf(tablet)).toHaveLength(6);
});

test('[IM15] in the same millisecond as the import another save of that tablet is none of it', () => {
  const tablet = tabletOf(worker, seeded());
  const input = importOf('doors', readTable('doors', doors.slice(0, 3)).rows, { grids: ['g1'] });
  tablet.run('addHousehold', { grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '201' });
  const own = tablet.run('importRows', input).at(-1)!.ref;
  tablet.run('addHousehold', { grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '202' });
  tablet.run('takeBackImport', { ref: own, list: 'doors', grids: ['g1'], groups: [] });
  expect(doorsOf(tablet)).toEqual(['101', '102', '201', '202']);
});

test('[IM15] what was changed since stays and is named, also where only the value of before would come back', () => {
  const tablet = tabletOf(worker, seeded());
  const back = imported(tablet, 'doors', doors);
  const of = (door: string) => ref(people, tablet.every(people, 'household').find(({ fields }) => fields['door'] === door && fields['floor'] === 3)!.record);
  tablet.run('reviseHousehold', { ref: of('301'), hint: '按两次铃' });
  tablet.run('reviseHousehold', { ref: ref(people, 'hou_101'), heads: 5 });
  const eight = ref(people, of('301').record);
  // The building stays because a door in it does.
  expect(seen(tablet, back)).toEqual({ gone: 3, restored: 0, kept: 3, shown: expect.arrayContaining([['household', '101', 'changed'], ['household', '301', 'changed'], ['building', '8栋', 'used']]) });
  tablet.run('takeBackImport', back);
  expect(doorsOf(tablet)).toEqual(['101', '102', '301']);
  expect(tablet.find(people, 'hou_101')?.fields['heads']).toBe(5);
  expect(tablet.find(eight.room, eight.record)?.deleted).toBe(false);
  expect(refused(tablet.decide('takeBackImport', back))).toEqual({ type: 'NothingChanged' });
});

test('[IM15] what somebody built on stays: a door that was visited, a resident, a partner who held an activity, a volunteer who came', () => {
  const tablet = tabletOf(worker, seeded());
  const back = imported(tablet, 'doors', doors);
  const at = (floor: number, door: string) => tablet.every(people, 'household').find(({ fields }) => fields['door'] === door && fields['floor'] === floor && fields['building'] !== 'bld_1')!.record;
  tablet.run('recordVisit', { grid: 'g1', household: at(3, '301'), visitedAt: tablet.now, outcome: 'notHome' });
  tablet.run('addResident', { grid: 'g1', household: at(1, '101'), name: '周大爷', purposes: ['registration'], way: 'spoken' });
  expect(seen(tablet, back)).toMatchObject({ gone: 1, shown: expect.arrayContaining([['household', '301', 'used'], ['household', '101', 'used'], ['building', '8栋', 'used'], ['building', '9栋', 'used']]) });

  const office = later(supervisor, tablet);
  const partners = imported(office, 'partners', [['名称', '类型'], ['新茶馆', '商企'], ['太极队', '社群']]);
  const team = office.every(roster, 'partner').find(({ fields }) => fields['name'] === '太极队')!.record;
  office.run('convertPartner', { partner: ref(roster, team), to: 'business', on: today });
  expect(seen(office, partners)).toMatchObject({ gone: 1, kept: 1, shown: [['partner', '太极队', 'used']] });

  const volunteers = imported(office, 'volunteers', [['编号', '姓名'], [anna, '张桂芳'], ['', '李小燕']]);
  office.run('logActivity', { organiser: group, title: '合唱', activityKind: 'class', startsAt: morning, endsAt: morning + 60 * minute, feeClass: 'free', serviceClass: 'general', attendances: [{ volunteer: anna, hoursTenths: 10 }] });
  expect(seen(office, volunteers)).toMatchObject({ gone: 1, shown: [['volunteer', '张桂芳', 'used']] });
});

test('[IM15, RS1] consents go and stay with their resident', () => {
  const tablet = tabletOf(worker, seeded());
  const table = [['楼栋', '单元', '门牌', '姓名', '电话', '同意登记', '同意联系', '同意日期', '同意方式'], ['1栋', '1', '101', '周大爷', '13812345678', '是', '是', today, '口头'], ['1栋', '1', '102', '吴婆婆', '', '是', '', today, '书面']];
  const back = imported(tablet, 'residents', table);
  const zhou = tablet.every(people, 'resident').find(({ fields }) => fields['name'] === '周大爷')!.record;
  tablet.run('reviseResident', { ref: ref(people, zhou), phone: null });
  expect(seen(tablet, back)).toEqual({ gone: 2, restored: 0, kept: 1, shown: [['resident', '周大爷', 'changed']] });
  tablet.run('takeBackImport', back);
  expect(tablet.every(people, 'resident').map(({ record }) => record)).toEqual([zhou]);
  expect(tablet.every(people, 'consent').map(({ fields }) => [fields['resident'], fields['purpose']])).toEqual([[zhou, 'registration'], [zhou, 'contact']]);
});

test('[IM15] whoever imported and a supervisor may, nobody else, and after a month nobody', () => {
  const tablet = tabletOf(worker, seeded());
  const back = imported(tablet, 'doors', doors);
  const may = (who: Actor, days = 0) => {
    const other = later(who, tablet);
    other.now += days * dayMs;
    return foreseen(other, back).ok ? 'yes' : refused(foreseen(other, back));
  };
  expect(may(supervisor)).toBe('yes');
  expect(may({ ...worker, device: 'li2dev' })).toBe('yes');
  expect(may({ ...otherWorker, grids: ['g1', 'g2'] })).toEqual({ type: 'NotAllowed' });
  // Their own, and the grid is theirs no longer.
  expect(may({ ...worker, grids: ['g2'] })).toEqual({ type: 'NotAllowed' });
  expect(may(monitor)).toEqual({ type: 'NotAllowed' });
  expect(may(worker, takeBackDays - 1)).toBe('yes');
  expect(may(worker, takeBackDays + 1)).toEqual({ type: 'Invalid', field: 'ref', why: 'too-late' });
  // Rooms other than those of the import are no way round.
  expect(refused(foreseen(tablet, { ...back, grids: [] }))).toEqual({ type: 'NotFound', record: back.ref.record });
  expect(refused(foreseen(tablet, { ...back, list: 'volunteers' }))).toEqual({ type: 'NotFound', record: back.ref.record });
});

test('[IM15] a group’s leader takes its members back out', () => {
  const tablet = tabletOf(leader, seeded());
  const back = imported(tablet, 'members', [['编号', '姓名'], [anna, '张桂芳']]);
  tablet.run('takeBackImport', back);
  expect(tablet.every({ community: leader.community, family: 'members', partner: 'choir' }, 'member')).toEqual([]);
});

test('[IM16, FO4] two tablets that take it back apart agree, and a change that neither knew of is listed and lost nowhere', () => {
  const tablet = tabletOf(worker, seeded());
  const back = imported(tablet, 'doors', doors);
  const [office, walker] = [later(supervisor, tablet), later({ ...worker, device: 'li2dev' }, tablet)];
  const door = tablet.every(people, 'household').find(({ fields }) => fields['door'] === '302')!.record;
  walker.run('reviseHousehold', { ref: ref(people, door), hint: '按两次铃' });
  tablet.run('takeBackImport', back);
  office.run('takeBackImport', back);
  meet(tablet, office, walker);
  for (const each of [tablet, office, walker]) {
    expect(doorsOf(each)).toEqual(doorsOf(tablet));
    expect(each.find(people, door)?.clashes.map(({ field, options }) => [field, options.length])).toEqual([['deleted', expect.any(Number)]]);
    expect(each.find(people, door)?.fields['hint']).toBe('按两次铃');
    expect(refused(each.decide('takeBackImport', back))).toEqual({ type: 'NothingChanged' });
  }
});
