/** Rosters with anything in their cells: what an import makes of them does not hang on how the file is laid out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importLists } from '../../src/domain/exchange/lists.ts';
import type { ConsentFields } from '../../src/domain/residents/schema.ts';
import { consentOn } from '../../src/domain/residents/view.ts';
import { seeded, supervisor, tabletOf, today } from '../support/community.ts';
import { importOf, readTable } from '../support/rosterFiles.ts';
import { refused, type Tablet } from '../support/tablet.ts';
import { runs } from './settings.ts';

const heads = ['网格', '楼栋', '单元', '楼层', '门牌', '人口', '备注', '身份证号'];
const cell = fc.oneof(fc.constantFrom('', ' ', '一', '=1+1', '3口人'), fc.string({ unit: 'binary', maxLength: 12 }));
const line = fc.tuple(
  fc.constantFrom('', '第一网格', 'g2', '别处'),
  fc.constantFrom('1栋', '１', '2栋', '2 幢', '甲楼', ''),
  fc.constantFrom('', '1', '2单元', '一'),
  fc.constantFrom('', '1', '3楼'),
  fc.constantFrom('101', '102室', '302', '1204', 'A', ''),
  fc.oneof(fc.nat({ max: 9 }).map(String), cell),
  cell,
  cell,
);
const table = fc.array(line, { maxLength: 14 }).map((rows) => [heads, ...rows]);

const doorsOf = (tablet: Tablet) => {
  const names = new Map(['g1', 'g2'].flatMap((grid) => tablet.every({ community: supervisor.community, family: 'people', grid }, 'building')).map(({ record, fields }) => [record, fields['name']]));
  return ['g1', 'g2']
    .flatMap((grid) => tablet.every({ community: supervisor.community, family: 'people', grid }, 'household'))
    .map(({ fields }) => JSON.stringify([names.get(String(fields['building'])), fields['grid'], fields['unit'], fields['floor'], fields['door'], fields['heads'], fields['hint']]))
    .sort();
};

function imported(rows: readonly (readonly string[])[]) {
  const tablet = tabletOf(supervisor, seeded());
  const read = readTable('doors', rows);
  const input = importOf('doors', read.rows, { leaveOutWrong: true });
  const decided = tablet.decide('importRows', input);
  if (decided.ok) for (const statement of decided.value) tablet.state(statement);
  else expect(['NothingChanged']).toContain(decided.error.type);
  return { tablet, input, faults: read.faults };
}

test('[IM4] any roster, imported again, states nothing', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const { tablet, input } = imported(rows);
      expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
    }),
    runs(150),
  );
});

const residentHeads = ['楼栋', '门牌', '姓名', '电话', '同意登记', '同意联系', '同意日期', '同意方式', '同意到期'];
const residentLine = fc.tuple(
  fc.constantFrom('1栋', '１', '2栋', ''),
  fc.constantFrom('101', '101室', '999'),
  fc.constantFrom('周大爷', '周 大爷', '吴婆婆', ''),
  fc.constantFrom('', '13812345678', '138-1234 5679', '问儿子'),
  fc.constantFrom('是', '是', '否', ''),
  fc.constantFrom('是', '否', ''),
  fc.constantFrom('2026-05-01', '2026/5/2', '2024-01-01', '2027-01-01', ''),
  fc.constantFrom('口头', '书面', ''),
  fc.constantFrom('', '2026-12-31', '2026-05-02', '2040-01-01'),
);

test('[IM4, IM10] any roster of residents, imported again, states nothing, and nobody is here without the consents it takes', () => {
  fc.assert(
    fc.property(fc.array(residentLine, { maxLength: 14 }), (lines) => {
      const tablet = tabletOf(supervisor, seeded());
      const input = importOf('residents', readTable('residents', [['单元', ...residentHeads], ...lines.map((line) => ['1', ...line])]).rows, { leaveOutWrong: true });
      const decided = tablet.decide('importRows', input);
      if (decided.ok) for (const statement of decided.value) tablet.state(statement);
      expect(refused(tablet.decide('importRows', input))).toEqual({ type: 'NothingChanged' });
      const room = { community: supervisor.community, family: 'people', grid: 'g1' } as const;
      const consents = tablet.every(room, 'consent').map(({ fields }) => fields as unknown as ConsentFields);
      for (const { record, fields } of tablet.every(room, 'resident')) {
        const own = consents.filter(({ resident }) => resident === record);
        expect(consentOn(own, 'registration', today)).toBe(true);
        expect(fields['phone'] === undefined || consentOn(own, 'contact', today)).toBe(true);
      }
    }),
    runs(150),
  );
});

test('[IM1] the order of columns changes nothing', () => {
  fc.assert(
    fc.property(table, fc.shuffledSubarray(heads, { minLength: heads.length }), (rows, order) => {
      const shuffled = rows.map((row) => order.map((head) => row[heads.indexOf(head)] ?? ''));
      const [one, other] = [imported(rows), imported(shuffled)];
      expect(doorsOf(other.tablet)).toEqual(doorsOf(one.tablet));
      const said = (faults: typeof one.faults) => faults.map((fault) => JSON.stringify(fault)).sort();
      expect(said(other.faults)).toEqual(said(one.faults));
    }),
    runs(150),
  );
});

test('[IM5] any text in any column is read or refused, for every list', () => {
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(importLists) as (keyof typeof importLists)[])), fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 18 }), { maxLength: 6 }), (list, lines) => {
      const { rows, faults } = readTable(list, [importLists[list].columns.map(({ zh }) => zh), ...lines]);
      const named = new Set([...rows.map(({ row }) => row), ...faults.map(({ row }) => row)]);
      for (const [index, cells] of lines.entries()) expect(named.has(index + 2)).toBe(cells.some((each) => each.trim() !== ''));
    }),
    runs(150),
  );
});
