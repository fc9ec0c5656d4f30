import { expect, test } from 'vitest';
import { arabic, dayCell, holdsIdentityNumber, textCell, yuanCell } from '../../../../src/domain/exchange/cells.ts';
import * as choices from '../../../../src/domain/exchange/choices.ts';
import { headingRow, isNeverKept, mappingFrom, mappingKey, proposeMapping, sheetKey } from '../../../../src/domain/exchange/headings.ts';
import { importLists, listNames } from '../../../../src/domain/exchange/lists.ts';
import { readTable, twoGrids } from '../../../support/rosterFiles.ts';

const { doors, volunteers, partners } = importLists;

test('[IM1] headings are recognised as rosters write them, in Chinese and English, with brackets, stars and full-width letters', () => {
  expect(proposeMapping(['栋号', '单元', '房号', '常住人口（人）', '＊备注'], doors)).toEqual(['building', 'unit', 'door', 'heads', 'hint']);
  expect(proposeMapping(['Building', 'UNIT', 'Door', 'People'], doors)).toEqual(['building', 'unit', 'door', 'heads']);
  expect(proposeMapping(['序号', '志愿者姓名', '联系电话', '服务特长'], volunteers)).toEqual([null, 'name', null, 'skills']);
  expect(proposeMapping(['所在楼栋', '门牌号码'], doors)).toEqual(['building', 'door']);
});

test('[IM1] no field is filled from two columns, whatever their order: the one that fits better has it', () => {
  expect(proposeMapping(['备注', '门上提示'], doors)).toEqual(['hint', null]);
  expect(proposeMapping(['所在楼栋', '楼栋'], doors)).toEqual([null, 'building']);
});

test('[IM1] the line of headings is found below a title, and a file without any begins with its first line', () => {
  expect(headingRow([['双柏社区住户台账'], [''], ['楼栋', '门牌'], ['1栋', '101']], doors)).toBe(2);
  expect(headingRow([[''], ['甲', '乙'], ['丙', '丁']], doors)).toBe(1);
});

test('[IM1] every name of a column leads to that column and to no other of its list', () => {
  for (const list of listNames)
    for (const { field, zh, en, aliases } of importLists[list].columns)
      for (const heading of [zh, en, ...aliases]) expect(proposeMapping([heading], importLists[list]), `${list}: ${heading}`).toEqual([field]);
});

test('[IM1] a mapping is remembered by list and headings, under a name that shows none of them', () => {
  expect(mappingKey('doors', ['楼栋', '门牌'])).toBe(mappingKey('doors', ['楼栋', '门牌']));
  const others = [mappingKey('doors', ['门牌', '楼栋']), mappingKey('doors', ['楼栋门牌']), mappingKey('partners', ['楼栋', '门牌'])];
  expect(new Set([mappingKey('doors', ['楼栋', '门牌']), ...others]).size).toBe(4);
  expect(mappingKey('volunteers', ['张桂芳', '13800000000'])).toMatch(/^import-volunteers-[0-9a-z]+$/);
  expect(mappingFrom(['building', 'gone', null], ['楼栋', '甲', '乙'], doors)).toEqual(['building', null, null]);
  expect(mappingFrom(['building'], ['楼栋', '甲'], doors)).toBeUndefined();
  expect(mappingFrom(null, ['楼栋'], doors)).toBeUndefined();
});

test('[IM11] the sheet chosen is remembered by list and sheets, under a name that shows none of them', () => {
  const key = sheetKey('volunteers', ['王大爷', '张桂芳']);
  expect(key).toMatch(/^import-sheet-volunteers-[0-9a-z]+$/);
  expect(new Set([key, sheetKey('doors', ['王大爷', '张桂芳']), sheetKey('volunteers', ['张桂芳', '王大爷']), sheetKey('volunteers', ['王大爷'])]).size).toBe(4);
});

test('[IM2] columns for what Linhuo never keeps are known as such and proposed for nothing', () => {
  for (const heading of ['身份证号', '居民身份证', '证件号码', '民族', '宗教信仰', '健康状况', '残疾等级', 'ID card', '政治面貌']) {
    expect(isNeverKept(heading), heading).toBe(true);
    for (const list of listNames) expect(proposeMapping([heading], importLists[list]), heading).toEqual([null]);
  }
  expect(isNeverKept('备注')).toBe(false);
});

test('[IM2, VS2] an identity-card number is refused in whatever column it stands, and is not repeated', () => {
  expect(holdsIdentityNumber('身份证 510124198305121234 已核')).toBe(true);
  expect(holdsIdentityNumber('５１０１２４１９８３０５１２１２３Ｘ')).toBe(true);
  expect(holdsIdentityNumber('订单 510124999999991234')).toBe(false);
  const { rows, faults } = readTable('doors', [['楼栋', '门牌', '备注'], ['1栋', '101', '王 510124198305121234']]);
  expect(rows).toEqual([]);
  expect(faults).toEqual([{ row: 2, field: 'hint', why: 'identity-number' }]);
});

test('[IM3] numbers carry their units and full-width digits, doors their floor', () => {
  const table = [['楼栋', '单元', '楼层', '门牌', '人口'], ['３', '2单元', '', '302室', '５口人'], ['03号楼', '', '11层', '1101', '']];
  expect(readTable('doors', table).rows.map(({ fields }) => fields)).toEqual([
    { grid: 'g1', building: '3栋', unit: 2, door: '302', heads: 5 },
    { grid: 'g1', building: '03号楼', unit: 0, floor: 11, door: '1101' },
  ]);
});

test('[IM3] Chinese numerals count where they stand before what is counted, and are letters elsewhere', () => {
  expect(['三栋', '第十二网格', '二十单元', '九十九层', '两口人', '十', '一心苑', '百一栋', '张三'].map(arabic)).toEqual(['3栋', '第12网格', '20单元', '99层', '2口人', '10', '一心苑', '百1栋', '张3']);
  const { rows } = readTable('doors', [['网格', '楼栋', '单元', '楼层', '门牌'], ['第2网格', '三栋', '一单元', '十一楼', '1101']], { grids: [{ code: 'g2', name: '第二网格' }], grid: undefined });
  expect(rows[0]?.fields).toEqual({ grid: 'g2', building: '三栋', unit: 1, floor: 11, door: '1101' });
});

test('[IM3] an address in one cell is taken apart', () => {
  const read = (address: string) => readTable('doors', [['地址'], [address]]);
  expect(read('3栋1单元302室').rows[0]?.fields).toMatchObject({ building: '3栋', unit: 1, door: '302' });
  expect(read('3-1-302').rows[0]?.fields).toMatchObject({ building: '3栋', unit: 1, door: '302' });
  expect(read('12号楼1104').rows[0]?.fields).toMatchObject({ building: '12号楼', unit: 0, door: '1104' });
  expect(read('菜市场旁边').faults).toEqual([{ row: 2, field: 'address', why: 'not-an-address', text: '菜市场旁边' }]);
});

test('[IM3] a day is read in each way it is written, and a day that no calendar knows is none', () => {
  for (const text of ['2026-05-02', '2026/5/2', '2026.5.2', '2026年5月2日', '20260502', '２０２６－５－２', '2026-05-02 09:30:00']) expect(dayCell(text, twoGrids), text).toEqual({ ok: true, value: '2026-05-02' });
  for (const text of ['2026-02-30', '5月2日', '46144', '明天', '']) expect(dayCell(text, twoGrids).ok, text).toBe(false);
});

test('[IM3, NU1] money is exact to the fen', () => {
  const fen = (text: string) => yuanCell(text, twoGrids);
  expect(['224000', '22.4万', '¥25,000.00', '0.07元', '1234567.89'].map(fen)).toEqual([22_400_000, 22_400_000, 2_500_000, 7, 123_456_789].map((value) => ({ ok: true, value })));
  for (const text of ['0.075', '约2万', '-3', '99999999999999', '']) expect(fen(text).ok, text).toBe(false);
});

test('[IM3] a cell that is too long is said to be, never cut', () => {
  expect(textCell(3)('𠮷𠮷𠮷', twoGrids)).toEqual({ ok: true, value: '𠮷𠮷𠮷' });
  expect(textCell(3)('𠮷𠮷𠮷𠮷', twoGrids)).toEqual({ ok: false, error: 'too-long' });
});

test('[IM3] no word of a choice stands for two values', () => {
  for (const [name, table] of Object.entries(choices)) {
    const words = Object.values(table).flat();
    expect(new Set(words).size, name).toBe(words.length);
  }
});

test('[IM5] every fault of a line is named, by row, column and what stood there; empty lines are no rows', () => {
  const table = [['楼栋', '单元', '楼层', '门牌', '人口'], ['', '', '', '', ''], ['1栋', '甲', '九百', '', '2'], ['2栋', '1', '1', '101', '']];
  const { rows, faults } = readTable('doors', table);
  expect(rows).toEqual([{ row: 4, fields: { grid: 'g1', building: '2栋', unit: 1, floor: 1, door: '101' } }]);
  expect(faults).toEqual([
    { row: 3, field: 'unit', why: 'not-a-number', text: '甲' },
    { row: 3, field: 'floor', why: 'not-a-number', text: '九百' },
    { row: 3, field: 'door', why: 'missing' },
  ]);
});

test('[IM5] of a row that is filled in neither way the first gap of the fuller one is named, and where nothing stands, one in a column of the file', () => {
  const missing = (...table: string[][]) => readTable('doors', table).faults.map(({ field, why }) => [field, why]);
  expect(missing(['地址', '楼栋', '门牌'], ['', '3栋', ''], ['', '', '302'])).toEqual([['door', 'missing'], ['building', 'missing']]);
  // The longer way with more of it missing was named before: a column that such a file does not even have.
  expect(missing(['地址', '人口'], ['', '2'])).toEqual([['address', 'missing']]);
  expect(missing(['楼栋', '门牌', '人口'], ['', '', '2'])).toEqual([['building', 'missing']]);
  expect(missing(['地址', '楼栋', '门牌', '人口'], ['', '', '', '2'])).toEqual([['address', 'missing']]);
});

test('[IM5] a grid is named by name or code, and one that is not this person’s is unknown', () => {
  const table = [['网格', '姓名'], ['第二网格', '张'], ['g1', '李'], ['第九网格', '王'], ['', '赵']];
  const { rows, faults } = readTable('volunteers', table);
  expect(rows.map(({ fields }) => fields['grid'])).toEqual(['g2', 'g1', 'g1']);
  expect(faults).toEqual([{ row: 4, field: 'grid', why: 'unknown-grid', text: '第九网格' }]);
  expect(readTable('volunteers', [['姓名'], ['张']], { ...twoGrids, grid: undefined }).faults).toEqual([{ row: 2, field: 'grid', why: 'missing' }]);
});

test('[IM3] partners are read with their choices, lists and rhythm', () => {
  const table = [['合伙人名称', '类别', '资源', '承诺资金', '签约日期', '服务内容'], ['邻聚e站', '商家', '资金、场地', '2.5万', '2025年3月1日', '义剪；理发、修脚']];
  expect(readTable('partners', table).rows[0]?.fields).toEqual({
    name: '邻聚e站', type: 'business', resources: ['money', 'place'], fundInFen: 2_500_000, fundInFrequency: 'one_off', sinceOn: '2025-03-01', services: ['义剪', '理发', '修脚'],
  });
  expect(proposeMapping(['名称'], partners)).toEqual(['name']);
});
