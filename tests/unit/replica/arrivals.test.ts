/** What other tablets brought in, as it is kept for the report: named, counted, bounded. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { dayMs, minuteMs } from '../../../src/domain/kernel/time.ts';
import { recordsMax } from '../../../src/domain/supervision/view.ts';
import type { ArrivalRow } from '../../../src/replica/contract.ts';
import { Arrivals, rowsMax } from '../../../src/replica/projection/arrivals.ts';
import { openProjection, type Projection } from '../../../src/replica/projection/database.ts';
import { createReader } from '../../../src/replica/projection/reader.ts';
import { once } from '../../../src/client/queries/live.ts';
import { logOf, morning, visitsOf } from '../../support/community.ts';
import { aFact } from '../../support/facts.ts';

let projection: Projection | undefined;
let nth = 0;
afterEach(async () => projection?.close());

async function kept(): Promise<{ arrivals: Arrivals; rows: () => Promise<readonly ArrivalRow[]> }> {
  const open = await openProjection(`arrivals${(nth += 1)}`);
  projection = open;
  const reader = createReader(open, async () => open, (error) => expect.unreachable(String(error)));
  return { arrivals: new Arrivals(open), rows: () => once(reader.arrivals(0)) };
}

const visits = (device: string, count: number, at = morning, from = 0): Fact[] =>
  Array.from({ length: count }, (_, index) => aFact(`${device}-${(from + index).toString(36)}`, { grid: 'g1' }, [], { record: `vis_${device}${from + index}`, kind: 'visit', by: `per_${device}`, at: at + index }));

test('[SV5, MR2, MR4] a row says whose, how many, where, how old, and what of it was for a month that is over', async () => {
  const { arrivals, rows } = await kept();
  const now = morning + 20 * dayMs;
  await arrivals.note(visits('lidev', 3), visitsOf('g1'), now);
  await arrivals.note(visits('lidev', 2, now - 5, 10), visitsOf('g2', now), now);
  expect(await rows()).toMatchObject([
    { device: 'lidev', by: 'per_lidev', grid: 'g1', born: { visit: 3 }, late: { visit: 3 }, oldestAt: morning },
    { device: 'lidev', grid: 'g2', born: { visit: 2 }, late: {}, oldestAt: now - 5 },
  ].sort((a, b) => (a.grid < b.grid ? -1 : 1)));
  expect((await rows()).find(({ grid }) => grid === 'g1')?.records?.map(({ record, late, room }) => [record, late, room])).toContainEqual(['vis_lidev0', true, 'v1/shuangbai/visits/g1/2026-05']);
});

test('[MR1] a row names a bounded number of records and counts all; rows are bounded, the oldest go', async () => {
  const { arrivals, rows } = await kept();
  await arrivals.note(visits('lidev', recordsMax + 200), logOf(), morning);
  const [only] = await rows();
  expect([only?.born['visit'], only?.records?.length]).toEqual([recordsMax + 200, recordsMax]);
  const old = await projection?.side('arrivals');
  await old?.bulkInsert(Array.from({ length: rowsMax + 20 }, (_, index) => ({ id: `old${index}`, device: 'wudev', by: 'per_wu', arrivedAt: morning - index * minuteMs, born: {}, changed: {} })));
  await old?.bulkInsert([{ id: 'ancient', device: 'wudev', by: 'per_wu', arrivedAt: morning - 200 * dayMs, born: {}, changed: {} }]);
  for (let write = 1; write <= 50; write += 1) await arrivals.note(visits('chendev', 1, morning, write), logOf(), morning + write * minuteMs);
  const all = await rows();
  expect(all).toHaveLength(rowsMax);
  expect(all[0]).toMatchObject({ device: 'chendev' });
  expect(all.map(({ id }) => id)).not.toContain('ancient');
});
