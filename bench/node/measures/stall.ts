/**
 * 7 · The screen while 10,000 records of another tablet arrive: the longest time the page does not get its turn. The page has
 * live lists and totals open. The stock stack has no worker: its document lives where the screen does.
 */
import { launch, newDevice, type BenchPage } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { sendDoors } from '../peer.ts';
import { startOurs, startStock } from '../servers.ts';

interface Stall {
  readonly quiet: number;
  readonly stall: number;
}

async function whileArriving(system: 'ours' | 'stock', { page, calls }: BenchPage, send: () => Promise<void>): Promise<Stall> {
  await calls.watch(system);
  await calls.track(system);
  await calls.startGaps();
  await page.waitForTimeout(1_000);
  const quiet = await calls.stopGaps();
  await calls.startGaps();
  await send();
  await calls.settle(system);
  return { quiet, stall: await calls.stopGaps() };
}

async function ofOurs({ app }: World, records: number): Promise<Stall> {
  const server = await startOurs({ app, doors: 500 }, 'doors-super');
  const browser = await launch();
  try {
    const screen = await newDevice(browser, server.origin);
    await screen.calls.oursJoin({ replica: 'screen', seat: 'doors-super', url: '' }, 500);
    return await whileArriving('ours', screen, () => sendDoors(server.origin, records));
  } finally {
    await browser.close();
    await server.close();
  }
}

async function ofStock({ pageOrigin }: World, records: number): Promise<Stall> {
  const server = await startStock();
  const browser = await launch();
  const place = { replica: 'screen', seat: '', url: server.origin.replace('http', 'ws') };
  try {
    const screen = await newDevice(browser, pageOrigin);
    await screen.calls.stockJoin(place);
    const sender = await newDevice(browser, pageOrigin);
    return await whileArriving('stock', screen, async () => {
      await sender.calls.stockJoin({ ...place, replica: 'sender' });
      await sender.calls.stockFillDoors(records);
    });
  } finally {
    await browser.close();
    await server.close();
  }
}

export const stall: Measure = {
  id: '7',
  title: 'screen stall',
  async run(world): Promise<Row[]> {
    const records = world.quick ? 1_000 : 10_000;
    const ours: Stall[] = [];
    const stock: Stall[] = [];
    for (let time = 0; time < (world.quick ? 1 : 5); time += 1) {
      ours.push(await ofOurs(world, records));
      stock.push(await ofStock(world, records));
    }
    return [
      { id: '7', what: `longest screen stall while ${records.toLocaleString('en')} records arrive`, unit: 'ms', target: 50, figures: { ours: ours.map((each) => each.stall), stock: stock.map((each) => each.stall) } },
      { id: '7', what: 'the same in a quiet second before', unit: 'ms', figures: { ours: ours.map((each) => each.quiet), stock: stock.map((each) => each.quiet) } },
    ];
  },
};
