import { expect, test } from 'vitest';
import { foreseeImport, roomsOfImport } from '../../../../src/domain/exchange/rules.ts';
import { importRowsMax } from '../../../../src/domain/exchange/inputs.ts';
import { commands } from '../../../../src/domain/commands.ts';
import { anna, bakery, group, logOf, morning, peopleOf, ref, roster, seeded, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { importOf, readTable } from '../../../support/rosterFiles.ts';
import { refused, type Tablet } from '../../../support/tablet.ts';

const doors = [
  ['楼栋', '单元', '楼层', '门牌', '人口'],
  ['1栋', '1', '1', '101', '4'],
  ['1', '1', '', '102室', ''],
  ['2栋', '1', '', '302', '2'],
  ['２幢', '1', '', '303', ''],
];
const importing = (list: 'doors' | 'volunteers' | 'partners', table: readonly (readonly string[])[]) => importOf(list, readTable(list, table).rows);
const counts = (tablet: Tablet, input: Parameters<typeof foreseeImport>[0]) => {
  const seen = tablet.foresee((decision) => foreseeImport(input, decision), roomsOfImport(input, tablet.actor));
  if (!seen.ok) throw new Error(JSON.stringify(seen.error));
  return seen.value;
};

test('[IM4] doors that are here get what differs, new ones come with their building, once', () => {
  const tablet = tabletOf(worker, seeded());
  const input = importOf('doors', readTable('doors', doors).rows, { grids: ['g1'] });
  expect(counts(tablet, input)).toMatchObject({ born: 2, changed: 1, same: 1, comesWith: 1, wrong: [] });
  const stated = tablet.run('importRows', input);
  expect(stated.map(({ ref: { record } }) => record.slice(0, 3))).toEqual(['bld', 'hou', 'hou', 'hou', 'imp']);
  expect(tablet.find(peopleOf('g1'), 'hou_101')?.fields).toMatchObject({ heads: 4, door: '101' });
  expect(tablet.every(peopleOf('g1'), 'building').map(({ fields }) => fields['name'])).toEqual(['1栋', '2栋']);
  const made = tablet.every(peopleOf('g1'), 'household').filter(({ fields }) => fields['floor'] === 3);
  expect(made.map(({ fields }) => fields['door'])).toEqual(['302', '303']);
  expect(new Set(made.map(({ fields }) => fields['building'])).size).toBe(1);
});

test('[IM4] the same file again states nothing, a changed one only what has changed, based on what was here', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.run('importRows', importing('doors', doors));
  expect(refused(tablet.decide('importRows', importing('doors', doors)))).toEqual({ type: 'NothingChanged' });
  const changed = doors.map((row) => (row[3] === '302' ? [...row.slice(0, 4), '3'] : row));
  const decided = tablet.decide('importRows', importing('doors', changed));
  expect(decided.ok && decided.value.map(({ kind, set }) => ({ kind, set }))).toMatchObject([{ kind: 'household', set: { heads: 3 } }, { kind: 'intake', set: { born: 0, changed: 1 } }]);
});

test('[IM4, IM5] a door that a file names twice, once without its floor, is wrong both times, also when the file comes again', () => {
  const tablet = tabletOf(worker, seeded());
  const { rows } = readTable('doors', [['楼栋', '楼层', '门牌', '备注'], ['1栋', '', 'A', '按两次铃'], ['1栋', '3', 'A', '']]);
  const input = importOf('doors', rows, { grids: ['g1'], leaveOutWrong: true });
  expect(counts(tablet, input)).toMatchObject({ born: 0, wrong: [{ row: 2, why: 'missing', field: 'floor' }, { row: 3, why: 'twice', other: 2 }] });
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
});

test('[IM4, IM5] a partner that a file names twice, once without its type, is wrong both times, also when the file comes again', () => {
  const tablet = tabletOf(supervisor, seeded());
  const input = { ...importing('partners', [['名称', '类型', '服务'], ['新茶馆', '', '茶'], ['新茶馆', '商企', '']]), leaveOutWrong: true };
  expect(counts(tablet, input)).toMatchObject({ born: 0, wrong: [{ row: 2, why: 'missing', field: 'type' }, { row: 3, why: 'twice', other: 2 }] });
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
});

test('[IM4] an empty cell clears nothing', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.run('importRows', importing('doors', doors));
  const bare = doors.map((row, index) => (index === 0 ? row : [...row.slice(0, 4), '']));
  expect(refused(tablet.decide('importRows', importing('doors', bare)))).toEqual({ type: 'NothingChanged' });
});

test('[IM4] volunteers are known by number, else by the one name in the grid; new ones get numbers of this tablet', () => {
  const tablet = tabletOf(worker, seeded());
  const number = String(tablet.find(peopleOf('g1'), tablet.run('addVolunteer', { grid: 'g1', name: '张桂芳' })[0]!.ref.record)?.fields['number']);
  const table = [['编号', '姓名', '特长'], [number, '张桂芳', '二胡'], ['', '李小燕', ''], ['', '王敏', '']];
  const input = { ...importing('volunteers', table), grids: ['g1'] };
  expect(counts(tablet, input)).toMatchObject({ born: 2, changed: 1, wrong: [] });
  tablet.run('importRows', input);
  const everybody = tablet.every(peopleOf('g1'), 'volunteer').map(({ fields }) => fields);
  expect(everybody.map(({ name }) => name)).toEqual(['张桂芳', '李小燕', '王敏']);
  expect(new Set(everybody.map((fields) => fields['number'])).size).toBe(3);
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
});

test('[IM5] namesakes, numbers of other tablets and removed volunteers are told, not guessed', () => {
  const tablet = tabletOf(worker, seeded());
  const two = ['g1', 'g1'].map((grid) => tablet.run('addVolunteer', { grid, name: '王芳' })[0]!);
  const removed = tablet.run('addVolunteer', { grid: 'g1', name: '赵' })[0]!;
  tablet.run('remove', { ref: removed.ref });
  const table = [['编号', '姓名'], ['', '王芳'], [anna, '张'], [removed.ref.record.slice(4), '赵'], ['', '孙'], ['', ' 孙 ']];
  const { wrong, born } = counts(tablet, { ...importing('volunteers', table), grids: ['g1'] });
  expect(two).toHaveLength(2);
  expect(wrong).toEqual([
    { row: 2, why: 'several', field: 'name' },
    { row: 3, why: 'unknown-number', field: 'number' },
    { row: 4, why: 'removed', field: 'number' },
    { row: 6, why: 'twice', other: 5 },
  ]);
  expect(born).toBe(1);
});

test('[IM4] a partner is known by an alias, too, and keeps its name; a new one says its type', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.run('revisePartner', { ref: ref(roster, bakery), aliases: ['好吃兔烘焙'] });
  const table = [['名称', '类型', '服务'], ['好吃兔烘焙', '商企', '烘焙'], ['张大姐', '个体', '修补'], ['无类型', '', '']];
  const input = importing('partners', table);
  expect(counts(tablet, input)).toMatchObject({ born: 1, changed: 1, wrong: [{ row: 4, why: 'missing', field: 'type' }] });
  tablet.run('importRows', { ...input, leaveOutWrong: true });
  expect(tablet.find(roster, bakery)?.fields).toMatchObject({ name: '好吃兔', services: ['烘焙'] });
  expect(tablet.every(roster, 'partner').find(({ fields }) => fields['name'] === '张大姐')?.fields).toMatchObject({ type: 'individual', legalForm: 'person', stage: 'active' });
});

test('[IM5, PT2] what a partner is does not change by a cell, but a file that says what it is today is right', () => {
  const tablet = tabletOf(supervisor, seeded());
  const table = [['名称', '类型'], ['夕阳红合唱团', '商企']];
  expect(counts(tablet, importing('partners', table)).wrong).toEqual([{ row: 2, why: 'type-differs', field: 'type' }]);
  tablet.run('convertPartner', { partner: ref(roster, group), to: 'business', on: '2026-05-01' });
  expect(counts(tablet, importing('partners', table))).toMatchObject({ same: 1, wrong: [] });
});

test('[IM5] what two people disagree on is not settled by a file', () => {
  const tablet = tabletOf(supervisor, seeded());
  const apart = tabletOf({ ...supervisor, person: 'per_2', device: 'he2dev' }, tablet);
  apart.run('revisePartner', { ref: ref(roster, group), place: '三楼' });
  tablet.run('revisePartner', { ref: ref(roster, group), place: '二楼' });
  for (const fact of apart.facts(roster, group)) tablet.add(roster, fact);
  const shown = String(tablet.find(roster, group)?.fields['place']);
  const row = (place: string) => [['名称', '地点'], ['夕阳红合唱团', place]];
  expect(counts(tablet, importing('partners', row('一楼'))).wrong).toEqual([{ row: 2, why: 'clash', field: 'place' }]);
  expect(counts(tablet, importing('partners', row(shown)))).toMatchObject({ same: 1, wrong: [] });
});

test('[IM6] while a row is wrong nothing is taken, unless the wrong ones are left out on purpose', () => {
  const tablet = tabletOf(supervisor, seeded());
  const input = importing('doors', [...doors, ['2栋', '1', '', '302', '9']]);
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'Invalid', field: 'rows' });
  const right = importing('doors', doors);
  expect(refused(tablet.decide('importRows', { ...right, unreadable: 1 }))).toEqual({ type: 'Invalid', field: 'rows' });
  expect(tablet.run('importRows', { ...input, leaveOutWrong: true })).toHaveLength(5);
});

test('[IM6] a worker imports into their own grid alone, and nobody imports what they may not state', () => {
  const tablet = tabletOf(worker, seeded());
  const elsewhere = importing('doors', [['网格', '楼栋', '门牌'], ['第二网格', '1栋', '101']]);
  expect(counts(tablet, elsewhere).wrong).toEqual([{ row: 2, why: 'unknown-grid', field: 'grid' }]);
  expect(refused(tablet.decide('importRows', importing('partners', [['名称', '类型'], ['新', '个体']])))).toEqual({ type: 'NotAllowed' });
});

test('[IM6] what is no list of rows is refused whole', () => {
  const tablet = tabletOf(supervisor, seeded());
  const row = { row: 2, fields: { grid: 'g1', building: '1栋', unit: 1, door: '101' } };
  const bad = ['{', '{}', JSON.stringify([{ ...row, fields: { ...row.fields, idCard: '1' } }]), JSON.stringify([{ ...row, row: 0 }]), JSON.stringify(Array.from({ length: importRowsMax + 1 }, () => row))];
  for (const rows of bad) expect(refused(tablet.decide('importRows', importOf('doors', [], { rows })))).toEqual({ type: 'Invalid', field: 'rows' });
  expect(commands.importRows.rooms(importOf('doors', []), supervisor, morning)).toEqual([peopleOf('g1'), peopleOf('g2'), logOf()]);
});
