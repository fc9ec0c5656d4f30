import { expect, test } from 'vitest';
import { foreseeImport, roomsOfImport } from '../../../../src/domain/exchange/rules.ts';
import { importLists } from '../../../../src/domain/exchange/lists.ts';
import { proposeMapping } from '../../../../src/domain/exchange/headings.ts';
import { consentId } from '../../../../src/domain/residents/schema.ts';
import { peopleOf, seeded, supervisor, tabletOf, today, worker } from '../../../support/community.ts';
import { importOf, readTable } from '../../../support/rosterFiles.ts';
import { refused, type Tablet } from '../../../support/tablet.ts';

const heads = ['楼栋', '单元', '门牌', '姓名', '电话', '同意登记', '同意联系', '同意日期', '同意方式', '同意到期'];
const zhou = ['1栋', '1', '101', '周大爷', '138-1234 5678', '是', '是', '2026-05-01', '口头', ''];
const wu = ['１', '1单元', '101室', '吴婆婆', '', '同意', '', '2026/4/30', '书面', '2027-01-31'];
const importing = (...lines: readonly (readonly string[])[]) => ({ ...importOf('residents', readTable('residents', [heads, ...lines]).rows), grids: ['g1'] });
const counts = (tablet: Tablet, input: Parameters<typeof foreseeImport>[0]) => {
  const seen = tablet.foresee((decision) => foreseeImport(input, decision), roomsOfImport(input, tablet.actor));
  if (!seen.ok) throw new Error(JSON.stringify(seen.error));
  return seen.value;
};
const but = (line: readonly string[], changes: Readonly<Record<string, string>>): readonly string[] => line.map((cell, index) => changes[heads[index] ?? ''] ?? cell);
const residents = (tablet: Tablet) => tablet.every(peopleOf('g1'), 'resident');

test('[IM1] headings of a roster of residents are recognised in Chinese and English', () => {
  expect(proposeMapping(heads, importLists.residents)).toEqual(['building', 'unit', 'door', 'name', 'phone', 'registration', 'contact', 'givenOn', 'way', 'until']);
  expect(proposeMapping(['Building', 'Door', 'Name', 'Telephone', 'Agreed to being registered', 'Agreed on', 'Agreed how', 'Agreed until'], importLists.residents)).toEqual(['building', 'door', 'name', 'phone', 'registration', 'givenOn', 'way', 'until']);
});

test('[IM10, RS1, RS2] residents come with their consents in one step, behind the doors that are here', () => {
  const tablet = tabletOf(worker, seeded());
  const input = importing(zhou, wu);
  expect(counts(tablet, input)).toMatchObject({ born: 2, changed: 0, wrong: [] });
  expect(tablet.run('importRows', input).map(({ ref: { record } }) => record.slice(0, 3))).toEqual(['res', 'con', 'con', 'res', 'con', 'imp']);
  const [first, second] = residents(tablet);
  expect(first?.fields).toEqual({ grid: 'g1', household: 'hou_101', name: '周大爷', phone: '13812345678' });
  expect(second?.fields).toEqual({ grid: 'g1', household: 'hou_101', name: '吴婆婆' });
  const consent = (resident: string, purpose: string, on: string) => tablet.find(peopleOf('g1'), consentId(resident, purpose, on))?.fields;
  expect(consent(first!.record, 'contact', '2026-05-01')).toMatchObject({ until: '2027-05-01', way: 'spoken' });
  expect(consent(second!.record, 'registration', '2026-04-30')).toMatchObject({ until: '2027-01-31', way: 'written' });
  expect(consent(second!.record, 'contact', '2026-04-30')).toBeUndefined();
});

test('[IM4] the same residents again state nothing, by hand or by file; a new number is the only change', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.run('addResident', { grid: 'g1', household: 'hou_101', name: '周大爷', phone: '13812345678', purposes: ['registration', 'contact'], way: 'spoken' });
  expect(counts(tablet, importing(zhou, wu))).toMatchObject({ born: 1, same: 1, wrong: [] });
  tablet.run('importRows', importing(zhou, wu));
  expect(residents(tablet)).toHaveLength(2);
  expect(refused(tablet.decide('importRows', importing(zhou, wu)))).toEqual({ type: 'NothingChanged' });
  const decided = tablet.decide('importRows', importing(but(zhou, { 电话: '13900000000', 同意日期: today }), wu));
  expect(decided.ok && decided.value.map(({ kind, set }) => ({ kind, set }))).toMatchObject([{ kind: 'resident', set: { phone: '13900000000' } }, { kind: 'intake' }]);
});

test('[IM10, IM5] without consent, way, day, name or a telephone number that is one, a row is no row', () => {
  const lines = [but(zhou, { 同意登记: '' }), but(zhou, { 同意登记: '否' }), but(zhou, { 同意方式: '' }), but(zhou, { 同意日期: '' }), but(zhou, { 姓名: '' }), but(zhou, { 电话: '问儿子' }), but(zhou, { 电话: '510124198305121234' })];
  const { rows, faults } = readTable('residents', [heads, ...lines]);
  expect(rows).toEqual([]);
  expect(faults).toEqual([
    { row: 2, field: 'registration', why: 'no-consent' },
    { row: 3, field: 'registration', why: 'no-consent' },
    { row: 4, field: 'way', why: 'missing' },
    { row: 5, field: 'givenOn', why: 'missing' },
    { row: 6, field: 'name', why: 'missing' },
    { row: 7, field: 'phone', why: 'not-a-phone-number', text: '问儿子' },
    { row: 8, field: 'phone', why: 'not-a-phone-number' },
  ]);
});

test('[IM10, IM5, IM6] doors that are not here, numbers without consent, consents that do not count and people named twice are told; nothing is taken', () => {
  const tablet = tabletOf(worker, seeded());
  const input = importing(
    zhou, but(zhou, { 楼栋: '9栋' }), but(zhou, { 门牌: '909' }), but(zhou, { 姓名: '甲', 同意联系: '否' }), but(zhou, { 姓名: '乙', 同意日期: '2026-06-01' }),
    but(zhou, { 姓名: '丙', 同意日期: '2024-01-01' }), but(zhou, { 姓名: '丁', 同意到期: '2026-05-11' }), but(zhou, { 姓名: '戊', 同意到期: '2039-01-01' }), but(zhou, { 姓名: ' 周大爷 ' }),
  );
  expect(counts(tablet, input).wrong).toEqual([
    { row: 3, why: 'no-door', field: 'building' },
    { row: 4, why: 'no-door', field: 'door' },
    { row: 5, why: 'no-consent', field: 'phone' },
    { row: 6, why: 'out-of-range', field: 'givenOn' },
    { row: 7, why: 'no-consent', field: 'givenOn' },
    { row: 8, why: 'no-consent', field: 'until' },
    { row: 9, why: 'out-of-range', field: 'until' },
    { row: 10, why: 'twice', other: 2 },
  ]);
  expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'Invalid', field: 'rows' });
  expect(tablet.run('importRows', { ...input, leaveOutWrong: true })).toHaveLength(4);
});

test('[IM10, RS3] no file brings back a number or a consent that was withdrawn', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = tablet.run('importRows', importing(zhou))[0]!.ref;
  tablet.run('withdrawConsent', { resident, purpose: 'contact' });
  expect(counts(tablet, importing(zhou)).wrong).toEqual([{ row: 2, why: 'no-consent', field: 'phone' }]);
  tablet.run('withdrawConsent', { resident, purpose: 'registration' });
  expect(refused(tablet.decide('importRows', importing(but(zhou, { 电话: '' }))))).toEqual({ type: 'NothingChanged' });
});

test('[IM10] a resident whose record is gone is somebody new', () => {
  const tablet = tabletOf(supervisor, seeded());
  const gone = tablet.run('importRows', importing(zhou))[0]!.ref;
  tablet.run('remove', { ref: gone });
  const again = tablet.run('importRows', importing(zhou))[0]!.ref;
  expect(again.record).not.toBe(gone.record);
});

test('[IM6, IM10] a worker imports residents of their own grids alone; a row without its consent is refused whole even when no file was read', () => {
  const tablet = tabletOf(worker, seeded());
  const elsewhere = importOf('residents', readTable('residents', [['网格', ...heads], ['第二网格', ...zhou]]).rows);
  expect(counts(tablet, elsewhere).wrong).toEqual([{ row: 2, why: 'unknown-grid', field: 'grid' }]);
  const [row] = readTable('residents', [heads, zhou]).rows;
  const { registration: _registration, ...without } = row!.fields;
  expect(refused(tablet.decide('importRows', importOf('residents', [{ row: 2, fields: without }])))).toEqual({ type: 'Invalid', field: 'rows' });
});
