import { expect, test } from 'vitest';
import { toCsv } from '../../../src/lib/format/csv.ts';

test('[SC10] a table opens in a spreadsheet as it is, and no cell runs as a formula', () => {
  expect(toCsv([['编号', '说'], ['1', '他说"好"，\n走了'], ['2', '=HYPERLINK("http://x")'], ['3', '-1+1'], ['4', '@SUM(A1)']])).toBe(
    '\uFEFF编号,说\r\n1,"他说""好""，\n走了"\r\n2,"\'=HYPERLINK(""http://x"")"\r\n3,\'-1+1\r\n4,\'@SUM(A1)\r\n',
  );
});
