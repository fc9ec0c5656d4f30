/**
 * 2 · A save on one device shows on a second one, with a server process in between. Ours is on the server's disk (fsync)
 * before it is passed on and in the journal of the first device before it is sent; the stock server keeps rooms in memory.
 * Yardstick: the stock stack's 7 ms.
 */
import { launch, newDevice, type BenchPage } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { startOurs, startStock } from '../servers.ts';
import { quantile } from '../stats.ts';

/** People do not save twenty times a second; without a pause the rounds would share frames. */
const pauseMs = 40;

async function between(system: 'ours' | 'stock', from: BenchPage, to: BenchPage, rounds: number): Promise<{ visible: number[]; durable: number[] }> {
  await to.calls.watch(system);
  const visible: number[] = [];
  const durable: number[] = [];
  for (let round = -5; round < rounds; round += 1) {
    const saved = await from.calls.saveNow(system);
    const seen = await to.calls.seenAt(saved.id);
    // The first few rounds open what is opened once.
    if (round >= 0) {
      visible.push(seen - saved.startedAt);
      durable.push(saved.durableAt - saved.startedAt);
    }
    await from.page.waitForTimeout(pauseMs);
  }
  return { visible, durable };
}

async function ofOurs({ app }: World, records: number, rounds: number) {
  const server = await startOurs({ app, records }, 'bench-super');
  const browser = await launch();
  try {
    const [from, to] = [await newDevice(browser, server.origin), await newDevice(browser, server.origin)];
    await from.calls.oursJoin({ replica: 'from', seat: 'bench-grid1', url: '' }, records);
    await to.calls.oursJoin({ replica: 'to', seat: 'bench-super', url: '' }, records);
    return await between('ours', from, to, rounds);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function ofStock({ pageOrigin, now }: World, records: number, rounds: number) {
  const server = await startStock();
  const browser = await launch();
  const place = { replica: 'tablet', seat: '', url: server.origin.replace('http', 'ws') };
  try {
    const [from, to] = [await newDevice(browser, pageOrigin), await newDevice(browser, pageOrigin)];
    await from.calls.stockJoin(place);
    await from.calls.stockFillRecords(records, now);
    await to.calls.stockJoin(place);
    return await between('stock', from, to, rounds);
  } finally {
    await browser.close();
    await server.close();
  }
}

export const visible: Measure = {
  id: '2',
  title: 'save → visible on a second device',
  async run(world): Promise<Row[]> {
    const records = world.quick ? 1_000 : 10_000;
    const rounds = world.quick ? 20 : 150;
    const ours = await ofOurs(world, records, rounds);
    const stock = await ofStock(world, records, rounds);
    return [
      { id: '2', what: 'save → visible on a second device', unit: 'ms', target: 10, figures: { ours: ours.visible, stock: stock.visible }, note: 'ours durable on device and server, stock in memory on the server' },
      { id: '2', what: 'the same, p95', unit: 'ms', target: 25, figures: { ours: [quantile(ours.visible, 0.95)], stock: [quantile(stock.visible, 0.95)] } },
    ];
  },
};
