import { expect, test } from 'vitest';
import { memberErasureId, erasureId } from '../../../../src/domain/erasure/schema.ts';
import { foreseeImport, roomsOfImport } from '../../../../src/domain/exchange/rules.ts';
import { memberId, volunteerId } from '../../../../src/domain/people/schema.ts';
import { anna, authority, bakery, bo, cai, community, group, leader, otherLeader, peopleOf, ref, seeded, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { importOf, readTable, twoGrids } from '../../../support/rosterFiles.ts';
import { refused, type Tablet } from '../../../support/tablet.ts';

const listOf = (partner: string) => ({ community, family: 'members', partner: partner.slice(4) }) as const;
const importing = (table: readonly (readonly string[])[], more = {}) => importOf('members', readTable('members', table).rows, more);
const counts = (tablet: Tablet, input: Parameters<typeof foreseeImport>[0]) => {
  const seen = tablet.foresee((decision) => foreseeImport(input, decision), roomsOfImport(input, tablet.actor));
  if (!seen.ok) throw new Error(JSON.stringify(seen.error));
  return seen.value;
};
const members = (tablet: Tablet, partner = group) => tablet.every(listOf(partner), 'member').map(({ fields }) => [fields['number'], fields['name'], fields['joinedOn']]);

test('[IM1, IM3, IM12] a list of members is read by its headings, with groups by any of their names', () => {
  const { rows, faults } = readTable('members', [
    ['合唱团成员表'],
    ['所属组织', '存折编号', '队员姓名', '入队日期'],
    ['合唱团', anna.toLowerCase(), '张 桂芳', '2025年3月1日'],
    ['', bo, '李小燕', ''],
    ['舞蹈队', cai, '王敏', ''],
    ['', '13800000000', '赵', ''],
    ['', '', '钱', ''],
  ]);
  expect(rows.map(({ fields }) => fields)).toEqual([{ partner: group, number: anna, name: '张 桂芳', joinedOn: '2025-03-01' }, { partner: group, number: bo, name: '李小燕' }]);
  expect(faults).toEqual([
    { row: 5, field: 'partner', why: 'unknown-group', text: '舞蹈队' },
    { row: 6, field: 'number', why: 'not-a-volunteer-number', text: '13800000000' },
    { row: 7, field: 'number', why: 'missing' },
  ]);
  expect(readTable('members', [['编号', '姓名'], [anna, '张']], { ...twoGrids, group: undefined }).faults).toEqual([{ row: 2, field: 'partner', why: 'missing' }]);
  const namesakes = [...(twoGrids.groups ?? []), { id: 'par_2', names: ['合唱团'] }];
  expect(readTable('members', [['组织', '编号', '姓名'], ['合唱团', anna, '张']], { ...twoGrids, groups: namesakes }).faults).toMatchObject([{ field: 'partner', why: 'several' }]);
});

test('[IM4, IM12] members are known by group and number: new ones come, a name changes, the same file again states nothing', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('addMember', { partner: group, number: anna, name: '张姐' });
  const input = importing([['编号', '姓名', '加入日期'], [anna, '张桂芳', ''], [bo, '李小燕', '2025-03-01']]);
  expect(counts(tablet, input)).toMatchObject({ born: 1, changed: 1, wrong: [] });
  tablet.run('importRows', input);
  expect(members(tablet)).toEqual([[anna, '张桂芳', '2026-05-12'], [bo, '李小燕', '2025-03-01']]);
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
});

test('[IM4, PE3] two tablets that take the same list in apart make each member once, with nothing to disagree on', () => {
  const tablets = [tabletOf(leader, seeded()), tabletOf(supervisor, seeded())] as const;
  const input = importing([['编号', '姓名'], [anna, '张桂芳'], [bo, '李小燕']]);
  for (const tablet of tablets) tablet.run('importRows', input);
  const [one, other] = tablets;
  for (const number of [anna, bo]) for (const fact of other.facts(listOf(group), memberId(group, number))) one.add(listOf(group), fact);
  expect(members(one)).toEqual([[anna, '张桂芳', undefined], [bo, '李小燕', undefined]]);
  expect(one.every(listOf(group), 'member').flatMap(({ clashes }) => clashes)).toEqual([]);
});

test('[IM5, IM12] who was dropped, who was erased and who stands there twice is named, and with the rest right nothing is taken', () => {
  const tablet = tabletOf(leader, seeded());
  for (const number of [anna, bo]) tablet.run('addMember', { partner: group, number, name: '某某' });
  tablet.run('remove', { ref: ref(listOf(group), memberId(group, anna)) });
  tablet.add(listOf(group), { id: 'server-0', record: memberErasureId(group, bo), kind: 'memberErasure', base: [], set: { partner: group, number: bo }, by: authority.person, at: tablet.now });
  const input = importing([['编号', '姓名'], [anna, '张桂芳'], [bo, '李小燕'], [cai, '王敏'], [cai, '王 敏']]);
  expect(counts(tablet, input)).toMatchObject({
    born: 1,
    wrong: [{ row: 2, why: 'removed', field: 'number' }, { row: 3, why: 'erased', field: 'number' }, { row: 5, why: 'twice', other: 4 }],
  });
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'Invalid', field: 'rows' });
  tablet.run('importRows', { ...input, leaveOutWrong: true });
  expect(members(tablet).map(([number]) => number)).toEqual([bo, cai]);
});

test('[IM5, ER5] under the number of a volunteer who was erased nobody comes in, whatever the file calls them', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.state({ room: peopleOf('g1'), record: volunteerId(anna), kind: 'volunteer', set: { grid: 'g1', number: anna, name: '张桂芳' } });
  tablet.run('erasePerson', { ref: ref(peopleOf('g1'), volunteerId(anna)), why: 'asked' });
  expect(tablet.find(peopleOf('g1'), erasureId(volunteerId(anna)))).toBeDefined();
  const input = importOf('volunteers', readTable('volunteers', [['编号', '姓名'], [anna, '张桂芳']]).rows);
  expect(counts(tablet, input).wrong).toEqual([{ row: 2, why: 'erased', field: 'number' }]);
});

test('[IM6, IM12] a leader imports into their own group alone, the office into any, a grid worker into none', () => {
  const table = [['组织', '编号', '姓名'], ['好吃兔', anna, '张桂芳']];
  expect(counts(tabletOf(leader, seeded()), importing(table)).wrong).toEqual([{ row: 2, why: 'unknown-group', field: 'partner' }]);
  for (const who of [otherLeader, supervisor]) {
    const tablet = tabletOf(who, seeded());
    tablet.run('importRows', importing(table));
    expect(members(tablet, bakery)).toEqual([[anna, '张桂芳', undefined]]);
  }
  expect(refused(tabletOf(worker, seeded()).decide('importRows', importing(table)))).toEqual({ type: 'NotAllowed' });
});
