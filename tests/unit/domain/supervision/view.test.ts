import { expect, test } from 'vitest';
import { dataAsOf, mergeSummary } from '../../../../src/domain/supervision/view.ts';
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
    clashedRecords: 2,
    clashedFields: 3,
    devices: [
      { device: 'lidev', by: ['per_li', 'per_wu'], lastArrivedAt: 30, born: { activity: 1, visit: 41 }, changed: { household: 2 } },
      { device: 'chendev', by: ['per_chen'], lastArrivedAt: 20, born: { activity: 1 }, changed: { household: 1 } },
    ],
  });
});

test('[SV5] clashes stay open when nothing new came in', () => {
  expect(mergeSummary([], [{ id: 'act_1', kind: 'activity', clashes: [clash] }])).toMatchObject({ tablets: 0, born: {}, clashedRecords: 1, clashedFields: 1 });
});

test('[SV6] data as of each tablet’s last contact, the longest silent first', () => {
  const now = instantOf('2026-05-12', '09:00');
  const contact = (device: string, lastContactAt: number) => ({ device, person: 'per_x', lastContactAt });
  const tablets = [contact('now', now - 60_000), contact('skewed', now + 60_000), contact('yesterday', instantOf('2026-05-11', '23:00')), contact('gone', instantOf('2026-05-05', '08:59'))];
  expect(dataAsOf(tablets, now).map(({ device, state, silentDays }) => [device, state, silentDays])).toEqual([
    ['gone', 'silent', 7], ['yesterday', 'quiet', 0], ['now', 'today', 0], ['skewed', 'today', 0],
  ]);
});
