import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sheet } from '../../../src/exchange/contract.ts';
import { readFile } from '../../../src/exchange/reading/file.ts';
import { toCsv } from '../../../src/exchange/writing/csv.ts';
import { sheetNames, toWorkbook } from '../../../src/exchange/writing/xlsx.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { runs } from '../../property/settings.ts';

const sheet = (columns: Sheet['columns'], ...rows: Sheet['rows'][number][]): Sheet => ({ name: '表', columns, rows });
const text = (heading: string) => ({ heading, kind: 'text' as const });

async function readBack(content: BlobPart): Promise<readonly (readonly string[])[]> {
  const read = await readFile(new Blob([content]), () => undefined);
  if (!read.ok) throw new Error(read.error);
  return read.value.rows;
}

test('[SC10, EX2] a table opens in a spreadsheet as it is, and no cell runs as a formula', () => {
  const rows = [['1', '他说"好"，\n走了'], ['2', '=HYPERLINK("http://x")'], ['3', '-1+1'], ['4', '@SUM(A1)'], ['5', '\t=1'], ['6', '＝1+1']];
  expect(toCsv(sheet([text('编号'), text('=说')], ...rows))).toBe(
    '\uFEFF编号,\'=说\r\n1,"他说""好""，\n走了"\r\n2,"\'=HYPERLINK(""http://x"")"\r\n3,\'-1+1\r\n4,\'@SUM(A1)\r\n5,\'\t=1\r\n6,\'＝1+1\r\n',
  );
});

test('[EX1, NU1] money, hours, days and times are exact: in CSV as text, in a workbook as numbers', async () => {
  const table = sheet(
    [{ heading: '钱', kind: 'money' }, { heading: '时长', kind: 'hours' }, { heading: '日', kind: 'day' }, { heading: '时', kind: 'time' }, { heading: '数', kind: 'count' }],
    [22_400_001, 25, '2026-05-12', instantOf('2026-05-12', '23:59'), -3],
    [7, -5, '2024-02-29', instantOf('2026-01-01', '00:00'), 0],
    [-100, null, null, null, null],
  );
  const said = [['224000.01', '2.5', '2026-05-12', '2026-05-12 23:59', '-3'], ['0.07', '-0.5', '2024-02-29', '2026-01-01 00:00', '0'], ['-1.00', '', '', '', '']];
  expect(toCsv(table).split('\r\n').slice(1, 4)).toEqual(said.map((row) => row.join(',')));
  expect((await readBack(toWorkbook([table]))).slice(1)).toEqual([
    ['224000.01', '2.5', '2026-05-12', '2026-05-12 23:59:00', '-3'], ['0.07', '-0.5', '2024-02-29', '2026-01-01', '0'], ['-1'],
  ]);
});

test('[EX1, EX2] any text comes back from a file as it was, whatever it begins with', async () => {
  const cell = fc.oneof(fc.constantFrom('=1+1', '+86', '-', '@x', '_x000D_', '<b>&"\'', 'a\r\nb', '00123', '1e5', '2026-05-12', 'TRUE'), fc.string({ unit: 'grapheme', maxLength: 20 }))
    .filter((each) => each.trim() !== '' && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(each) && each.isWellFormed() && !/^'[=+\-@\t\r＝＋－＠]/.test(each));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
      const table = sheet([text('甲'), text('乙')], ...rows);
      expect(await readBack(toWorkbook([table]))).toEqual([['甲', '乙'], ...rows]);
      expect(await readBack(toCsv(table))).toEqual([['甲', '乙'], ...rows]);
    }),
    runs(100),
  );
});

test('[EX4] sheets have names that a workbook can have, each once', () => {
  const named = (...names: string[]) => sheetNames(names.map((name) => ({ name, columns: [], rows: [] })));
  expect(named('走访', '走访', 'a/b[c]', '', '长'.repeat(40))).toEqual(['走访', '走访 2', 'a b c', '4', '长'.repeat(27)]);
});
