/** Exports opened in LibreOffice and compared cell by cell, and rosters that LibreOffice wrote. */
import { expect, test } from 'vitest';
import { instantOf } from '../../src/domain/kernel/time.ts';
import type { Sheet } from '../../src/exchange/contract.ts';
import { fromCsv } from '../../src/exchange/reading/csv.ts';
import { readFile } from '../../src/exchange/reading/file.ts';
import { toCsv } from '../../src/exchange/writing/csv.ts';
import { toWorkbook } from '../../src/exchange/writing/xlsx.ts';
import { toGb18030 } from '../support/gb18030.ts';
import { shownBy, workbookBy } from '../support/libreOffice.ts';
import { readTable } from '../support/rosterFiles.ts';

// Starting LibreOffice takes seconds, and other tests run beside.
const timeout = 120_000;

const partners: Sheet = {
  name: '合伙人',
  columns: [
    { heading: '名称', kind: 'text' }, { heading: '=备注', kind: 'text' }, { heading: '承诺资金（元）', kind: 'money' }, { heading: '时长', kind: 'hours' },
    { heading: '合作起始', kind: 'day' }, { heading: '最后更改时间', kind: 'time' }, { heading: '次数', kind: 'count' },
  ],
  rows: [
    ['𠮷祥“老茶馆”', '=1+1', 22_400_001, 25, '2026-05-12', instantOf('2026-05-12', '23:59'), 4],
    ['00123', '=HYPERLINK("http://x","y")', 7, 0, '1999-12-31', instantOf('2026-01-01', '00:00'), 0],
    ['1e5', '+86 28', 123_456_789_01, 240, '2024-02-29', instantOf('2026-06-30', '08:05'), -3],
    ['2026-05-12', '-1', 0, 5, null, null, null],
    ['TRUE', '@SUM(A1)', -150, null, null, null, 12_345],
    ['<b>&"\'_x000D_', '\t=1', null, null, null, null, null],
    ['一行\n两行', '＝1+1', null, null, null, null, null],
  ],
};
const volunteers: Sheet = { name: '志愿者', columns: [{ heading: '姓名', kind: 'text' }], rows: [['张桂芳']] };

const shownCells = [
  ['𠮷祥“老茶馆”', '=1+1', '224,000.01', '2.5', '2026-05-12', '2026-05-12 23:59', '4'],
  ['00123', '=HYPERLINK("http://x","y")', '0.07', '0.0', '1999-12-31', '2026-01-01 00:00', '0'],
  ['1e5', '+86 28', '123,456,789.01', '24.0', '2024-02-29', '2026-06-30 08:05', '-3'],
  ['2026-05-12', '-1', '0.00', '0.5', '', '', ''],
  ['TRUE', '@SUM(A1)', '-1.50', '', '', '', '12345'],
  ['<b>&"\'_x000D_', '\t=1', '', '', '', '', ''],
  ['一行\n两行', '＝1+1', '', '', '', '', ''],
];

/** Without what `fromCsv` does for files of ours. */
const cellsOf = (content: Buffer): string[][] => fromCsv(content.toString('utf8').replace(/^\uFEFF/, '')).filter((row) => row.some((cell) => cell !== ''));

test('[EX1, EX2, NU1] LibreOffice shows each cell of a workbook as it was written, and runs none of them', async () => {
  const [first, second] = await shownBy('list.xlsx', toWorkbook([partners, volunteers]));
  expect([first?.name, second?.name]).toEqual(['list-合伙人.csv', 'list-志愿者.csv']);
  expect(cellsOf(first!.content)).toEqual([partners.columns.map(({ heading }) => heading), ...shownCells]);
  expect(cellsOf(second!.content)).toEqual([['姓名'], ['张桂芳']]);
}, timeout);

test('[EX1, EX2] LibreOffice shows each cell of a CSV, and what looks like a formula is text', async () => {
  const [shown] = await shownBy('list.csv', toCsv(partners));
  const lines = cellsOf(shown!.content);
  expect(lines.slice(1).map((row) => row[1])).toEqual(shownCells.map((row) => row[1]));
  expect(lines.map((row) => row.length)).toEqual(lines.map(() => partners.columns.length));
  // What an apostrophe guards is shown with it, and so runs nowhere.
  expect(shown!.content.toString('utf8')).toContain("'=1+1");
}, timeout);

test('[IM8, IM1, IM3] a roster in GB18030 that LibreOffice saved as a workbook reads like the roster itself', async () => {
  const roster = ['姓名,特长,注册日期', '张桂芳,"二胡、书法",2026/5/2', '王𠮷,,2025-12-31', '李小燕,理发,'].join('\r\n');
  const made = await readFile(new Blob([new Uint8Array(await workbookBy(toGb18030(roster), 'gb18030'))]), () => undefined);
  if (!made.ok) throw new Error(made.error);
  expect(made.value.kind).toBe('xlsx');
  const plain = await readFile(new Blob([toGb18030(roster)]), () => undefined);
  if (!plain.ok) throw new Error(plain.error);
  expect(plain.value.kind).toBe('gb18030');
  const fromWorkbook = readTable('volunteers', made.value.rows);
  expect(fromWorkbook).toEqual(readTable('volunteers', plain.value.rows));
  expect(fromWorkbook.rows.map(({ fields }) => fields)).toEqual([
    { grid: 'g1', name: '张桂芳', skills: ['二胡', '书法'], joinedOn: '2026-05-02' },
    { grid: 'g1', name: '王𠮷', joinedOn: '2025-12-31' },
    { grid: 'g1', name: '李小燕', skills: ['理发'] },
  ]);
}, timeout);
