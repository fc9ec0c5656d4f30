import { expect, test } from 'vitest';
import { dataAsOf, filteredArrivals, mergeSummary, needsDecision, type Arrival } from '../../../../src/domain/supervision/view.ts';
import { instantOf } from '../../../../src/domain/kernel/time.ts';

const clash = { field: 'headCount', options: [] };

test('[SV5] tablets, records by kind and fields two people changed', () => {
  const arrivals = [
    { device: 'lidev', by: 'per_li', arrivedAt: 10, born: { visit: 20 }, changed: {} },
    { device: 'lidev', by: 'per_wu', arrivedAt: 30, born: { visit: 21, activity: 1 }, changed: { household: 2 } },
    { device: 'chendev', by: 'per_chen', arrivedAt: 20, born: { activity: 1 }, changed: { household: 1 } },
  ];
  expect(mergeSummary(arrivals, [{ id: 'act_1', kind: 'activity', clashes: [clash, clash] }, { id: 'att_1', kind: 'attendance', clashes: [clash] }])).toEqual({
    tablets: 2,
    born: { activity: 2, visit: 41 },
    changed: { household: 3 },
    late: {},
    lateRecords: [],
    clashedRecords: 2,
    clashedFields: 3,
    devices: [
      { device: 'lidev', by: ['per_li', 'per_wu'], lastArrivedAt: 30, heldMs: undefined, late: {}, records: [], born: { activity: 1, visit: 41 }, changed: { household: 2 } },
      { device: 'chendev', by: ['per_chen'], lastArrivedAt: 20, heldMs: undefined, late: {}, records: [], born: { activity: 1 }, changed: { household: 1 } },
    ],
  });
});

test('[SV5] clashes stay open when nothing new came in', () => {
  expect(mergeSummary([], [{ id: 'act_1', kind: 'activity', clashes: [clash] }])).toMatchObject({ tablets: 0, born: {}, clashedRecords: 1, clashedFields: 1 });
});

const arrival = (more: Partial<Arrival>): Arrival => ({ device: 'lidev', by: 'per_li', arrivedAt: 1_000, born: { visit: 2 }, changed: {}, ...more });
const record = (id: string, late = false) => ({ record: id, kind: 'visit', room: 'v1/shuangbai/log/2026-05', late });

test('[MR2, MR4] how long a tablet had kept what it brought, which records, and what came late', () => {
  const { devices, late, lateRecords } = mergeSummary([
    arrival({ arrivedAt: 9_000, oldestAt: 4_000, records: [record('vis_3'), record('vis_2')] }),
    arrival({ arrivedAt: 5_000, oldestAt: 4_900, late: { visit: 1 }, records: [record('vis_2'), record('vis_1', true)] }),
    arrival({ device: 'ahead', oldestAt: 7_000 }),
  ], []);
  expect(devices.map(({ device, heldMs }) => [device, heldMs])).toEqual([['lidev', 5_000], ['ahead', 0]]);
  expect(devices[0]?.records.map((each) => each.record)).toEqual(['vis_3', 'vis_2', 'vis_1']);
  expect([late, lateRecords.map((each) => each.record)]).toEqual([{ visit: 1 }, ['vis_1']]);
});

test('[MR5] narrowed by person, kind and grid, the figures are exact', () => {
  const arrivals = [
    arrival({ grid: 'g1', born: { visit: 3, resident: 1 }, changed: { household: 2 } }),
    arrival({ grid: 'g2', by: 'per_wu', born: { visit: 5 } }),
    arrival({ by: 'per_chen', born: { activity: 1 }, changed: {} }),
  ];
  expect(filteredArrivals(arrivals, {})).toHaveLength(3);
  expect(filteredArrivals(arrivals, { person: 'per_wu' }).map(({ born }) => born)).toEqual([{ visit: 5 }]);
  expect(filteredArrivals(arrivals, { kind: 'visit' }).map(({ born, changed }) => [born, changed])).toEqual([[{ visit: 3 }, {}], [{ visit: 5 }, {}]]);
  expect(filteredArrivals(arrivals, { grid: 'g1', kind: 'household' }).map(({ changed }) => changed)).toEqual([{ household: 2 }]);
});

test('[MR3] consents, promises, conversions, rules and merges need a decision; a note does not', () => {
  for (const [kind, field] of [['consent', 'until'], ['consent', 'deleted'], ['partner', 'fundInFen'], ['conversion', 'to'], ['pointsRule', 'note'], ['pair', 'verdict'], ['partnerPair', 'stays']] as const) expect(needsDecision(kind, field), `${kind} ${field}`).toBe(true);
  for (const [kind, field] of [['partner', 'note'], ['activity', 'headCount'], ['constructor', 'name']] as const) expect(needsDecision(kind, field)).toBe(false);
});

test('[SV6] data as of each tablet’s last contact, the longest silent first', () => {
  const now = instantOf('2026-05-12', '09:00');
  const contact = (device: string, lastContactAt: number) => ({ device, person: 'per_x', lastContactAt });
  const tablets = [contact('now', now - 60_000), contact('skewed', now + 60_000), contact('yesterday', instantOf('2026-05-11', '23:00')), contact('gone', instantOf('2026-05-05', '08:59'))];
  expect(dataAsOf(tablets, now).map(({ device, state, silentDays }) => [device, state, silentDays])).toEqual([
    ['gone', 'silent', 7], ['yesterday', 'quiet', 0], ['now', 'today', 0], ['skewed', 'today', 0],
  ]);
});
