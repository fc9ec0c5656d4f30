import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { importRowsMax } from '../../../src/domain/exchange/inputs.ts';
import { checked, opened } from '../../../src/exchange/reading/check.ts';
import { readFile, type Table } from '../../../src/exchange/reading/file.ts';
import { twoGrids } from '../../support/rosterFiles.ts';
import { toGb18030 } from '../../support/gb18030.ts';

const quiet = () => undefined;
const read = (...parts: BlobPart[]) => readFile(new Blob(parts), quiet);
async function tableOf(...parts: BlobPart[]): Promise<Table> {
  const table = await read(...parts);
  if (!table.ok) throw new Error(table.error);
  return table.value;
}

const roster = '楼栋,门牌,备注\r\n3栋,302,"按铃, 两次"\r\n𠮷栋,101,她说""\r\n';
const rows = [['楼栋', '门牌', '备注'], ['3栋', '302', '按铃, 两次'], ['𠮷栋', '101', '她说""']];

test('[IM8] the same roster is the same table in UTF-8 with and without a mark, in UTF-16 and in GB18030', async () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, ...[...roster].flatMap((each) => [...each].flatMap((unit) => Array.from({ length: unit.length }, (_, index) => unit.charCodeAt(index))).flatMap((code) => [code & 255, code >> 8]))]);
  expect(await tableOf(roster)).toEqual({ kind: 'utf-8', rows });
  expect(await tableOf('\ufeff', roster)).toEqual({ kind: 'utf-8', rows });
  expect(await tableOf(utf16)).toEqual({ kind: 'utf-16', rows });
  expect(await tableOf(toGb18030(roster))).toEqual({ kind: 'gb18030', rows });
});

test('[IM8] tabs and semicolons separate cells, too, and a line break inside quotes ends no row', async () => {
  expect((await tableOf('楼栋\t门牌\n3栋\t302\n')).rows).toEqual([['楼栋', '门牌'], ['3栋', '302']]);
  expect((await tableOf('楼栋;门牌\n3栋;302\n')).rows).toEqual([['楼栋', '门牌'], ['3栋', '302']]);
  expect((await tableOf('楼栋,备注\n3栋,"一\n二"\n')).rows).toEqual([['楼栋', '备注'], ['3栋', '一\n二']]);
});

test('[IM8] what is no table is told by what it is', async () => {
  expect(await read('')).toEqual({ ok: false, error: 'empty' });
  expect(await read(' ,\n,\n')).toEqual({ ok: false, error: 'empty' });
  expect(await read(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toEqual({ ok: false, error: 'old-excel' });
  expect(await read(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13))).toEqual({ ok: false, error: 'not-text' });
  expect(await read(Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9))).toEqual({ ok: false, error: 'broken' });
  expect(await read(zipSync({ 'word/document.xml': strToU8('<a/>') }))).toEqual({ ok: false, error: 'broken' });
  expect(await read('甲,乙\n'.repeat(importRowsMax + 2_000))).toEqual({ ok: false, error: 'too-many-rows' });
});

/** A workbook as other programs write them: prefixes, shared strings with sound beside them, days by style, merged cells, a hidden sheet. */
const workbook = (sheet: string, shared = ''): Uint8Array<ArrayBuffer> => zipSync({
  'xl/workbook.xml': strToU8('<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="旧" state="hidden" sheetId="1" r:id="rId7"/><x:sheet name="空" sheetId="2" r:id="rId8"/><x:sheet name="户" sheetId="3" r:id="rId9"/></x:sheets></x:workbook>'),
  'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="rId7" Target="worksheets/a.xml"/><Relationship Id="rId8" Target="worksheets/b.xml"/><Relationship Id="rId9" Target="/xl/worksheets/c.xml"/></Relationships>'),
  'xl/worksheets/a.xml': strToU8('<worksheet><sheetData><row><c t="inlineStr"><is><t>不该看见</t></is></c></row></sheetData></worksheet>'),
  'xl/worksheets/b.xml': strToU8('<worksheet><sheetData/></worksheet>'),
  'xl/worksheets/c.xml': strToU8(`<x:worksheet xmlns:x="m">${sheet}</x:worksheet>`),
  'xl/sharedStrings.xml': strToU8(`<sst>${shared}</sst>`),
  'xl/styles.xml': strToU8('<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="177" formatCode="0.00&quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="22"/></cellXfs></styleSheet>'),
}) as Uint8Array<ArrayBuffer>;

test('[IM8] a workbook gives texts, plain decimals, and days where the style says so', async () => {
  const cells = [
    '<x:c r="A1" t="s"><x:v>0</x:v></x:c>', '<x:c r="C1" t="s"><x:v>1</x:v></x:c>', '<x:c r="D1" s="1"><x:v>46154</x:v></x:c>', '<x:c r="E1" s="2"><x:v>46154.5</x:v></x:c>',
    '<x:c r="F1" s="3"><x:v>46154</x:v></x:c>', '<x:c r="G1"><x:v>0.30000000000000004</x:v></x:c>', '<x:c r="H1" t="str"><x:f>A1&amp;"x"</x:f><x:v>=公式</x:v></x:c>',
    '<x:c r="I1" t="b"><x:v>1</x:v></x:c>', '<x:c r="J1" t="e"><x:v>#N/A</x:v></x:c>', '<x:c r="K1" t="inlineStr"><x:is><x:t>a &amp; &#x4E2D;_x000D_</x:t></x:is></x:c>', '<x:c r="L1"><x:v>13800000000</x:v></x:c>',
  ];
  const shared = '<si><t>栋</t><rPh sb="0" eb="1"><t>dòng</t></rPh></si><si><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r></si>';
  const { kind, rows: [row] } = await tableOf(workbook(`<x:sheetData><x:row r="1">${cells.join('')}</x:row></x:sheetData>`, shared));
  expect(kind).toBe('xlsx');
  expect(row).toEqual(['栋', '', '富 文本', '2026-05-12', '2026-05-12 12:00:00', '46154', '0.3', '=公式', 'TRUE', '', 'a & 中\r', '13800000000']);
});

test('[IM8] what stands in a cell merged downwards stands in each of its rows', async () => {
  const text = (reference: string, value: string) => `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const sheet = `<sheetData><row r="2">${text('A2', '楼栋')}${text('B2', '门牌')}</row><row r="3">${text('A3', '1栋')}${text('B3', '101')}</row><row r="4">${text('B4', '102')}</row><row r="5">${text('A5', '2栋')}${text('B5', '101')}</row></sheetData><mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="A1:B1"/></mergeCells>`;
  expect((await tableOf(workbook(sheet))).rows).toEqual([[], ['楼栋', '门牌'], ['1栋', '101'], ['1栋', '102'], ['2栋', '101']]);
});

/** Three rosters, a hidden one and one that has nothing but a coloured cell. */
const threeSheets = (): Uint8Array<ArrayBuffer> => {
  const cell = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const sheet = (...doors: string[]) => strToU8(`<worksheet><sheetData><row r="1">${cell('A1', '楼栋')}${cell('B1', '门牌')}</row>${doors.map((door, index) => `<row r="${index + 2}">${cell(`A${index + 2}`, '1栋')}${cell(`B${index + 2}`, door)}</row>`).join('')}</sheetData></worksheet>`);
  const named = [['说明', 'hidden'], ['封面', 'visible'], ['一网格', 'visible'], ['二网格 &amp; 三', 'visible']];
  return zipSync({
    'xl/workbook.xml': strToU8(`<workbook xmlns:r="r"><sheets>${named.map(([name, state], index) => `<sheet name="${name}" state="${state}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': strToU8(`<Relationships>${named.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`),
    'xl/worksheets/sheet1.xml': sheet('9'), 'xl/worksheets/sheet2.xml': strToU8('<worksheet><sheetData><row r="1"><c r="A1" s="3"/></row></sheetData></worksheet>'),
    'xl/worksheets/sheet3.xml': sheet('101'), 'xl/worksheets/sheet4.xml': sheet('201', '202'),
  }) as Uint8Array<ArrayBuffer>;
};

test('[IM11] the sheets that are shown and hold anything are named; the first is read until another is chosen', async () => {
  const names = ['一网格', '二网格 & 三'];
  const doors = async (sheet?: number) => {
    const table = await readFile(new Blob([threeSheets()]), quiet, sheet);
    if (!table.ok) throw new Error(table.error);
    return { sheets: table.value.sheets, doors: table.value.rows.slice(1).map((row) => row[1]), opened: opened(table.value, 'doors').sheets };
  };
  expect(await doors()).toEqual({ sheets: { names, at: 0 }, doors: ['101'], opened: { names, at: 0 } });
  expect(await doors(1)).toEqual({ sheets: { names, at: 1 }, doors: ['201', '202'], opened: { names, at: 1 } });
  expect(await readFile(new Blob([threeSheets()]), quiet, 2)).toEqual({ ok: false, error: 'empty' });
  expect((await tableOf(roster)).sheets).toBeUndefined();
});

test('[IM1, IM2, IM5] a file is opened with its mapping proposed, and checked into rows and faults with their numbers', async () => {
  const table = await tableOf('双柏社区台账,,\n楼栋,门牌,身份证号\n1栋,101,510124198305121234\n,,\n,102,\n2栋,201,\n');
  const file = opened(table, 'doors');
  expect(file).toMatchObject({ lines: 6, headings: ['楼栋', '门牌', '身份证号'], proposed: ['building', 'door', null], neverKept: ['身份证号'] });
  const seen: number[] = [];
  const { rows: typed, count, grids, wrong } = checked(table, 'doors', file.proposed, twoGrids, (done) => seen.push(done));
  expect(JSON.parse(typed)).toEqual([
    { row: 3, fields: { grid: 'g1', unit: 0, building: '1栋', door: '101' } },
    { row: 6, fields: { grid: 'g1', unit: 0, building: '2栋', door: '201' } },
  ]);
  expect({ count, grids, wrong }).toEqual({ count: 2, grids: ['g1'], wrong: [{ row: 5, field: 'building', why: 'missing' }] });
});
