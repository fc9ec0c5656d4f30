/**
 * 1 · A save becomes durable. Ours: the command `logActivity` from the page to the worker's journal and back, an activity
 * with two attendances (provisional points are worked out when shown and cost no write). The yardsticks write the same as
 * five documents, points included, in one go; "one document" is the figure PouchDB is quoted with. All on a base of records.
 */
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { startOurs } from '../servers.ts';
import type { Yardstick } from '../../calls.ts';

async function ofOurs({ app, quick }: World, records: number, rounds: number): Promise<{ offline: number[]; online: number[] }> {
  const server = await startOurs({ app, records }, 'bench-super');
  const browser = await launch();
  try {
    const { calls } = await newDevice(browser, server.origin);
    await calls.oursJoin({ replica: 'saves', seat: 'bench-super', url: '' }, records);
    await calls.cut('ours', true);
    await calls.oursSave(quick ? 5 : 20);
    const offline = await calls.oursSave(rounds);
    await calls.cut('ours', false);
    await calls.oursConfirmed();
    return { offline, online: await calls.oursSave(rounds) };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function ofYardstick(system: Yardstick, world: World, records: number, rounds: number): Promise<{ five: number[]; one: number[] }> {
  const browser = await launch();
  try {
    const { calls } = await newDevice(browser, world.pageOrigin);
    await calls.fill(system, records, world.now);
    await calls.save(system, world.quick ? 5 : 20);
    return { five: await calls.save(system, rounds), one: await calls.saveOneDocument(system, rounds) };
  } finally {
    await browser.close();
  }
}

export const saves: Measure = {
  id: '1',
  title: 'save → durable',
  async run(world): Promise<Row[]> {
    const records = world.quick ? 1_000 : 10_000;
    const rounds = world.quick ? 30 : 200;
    const ours = await ofOurs(world, records, rounds);
    const pouch = await ofYardstick('pouch', world, records, rounds);
    const stock = await ofYardstick('stock', world, records, rounds);
    const dexie = await ofYardstick('dexie', world, records, rounds);
    return [
      { id: '1', what: 'save → durable, activity with 2 attendances', unit: 'ms', target: 5, figures: { ours: ours.offline, pouch: pouch.five, stock: stock.five, dexie: dexie.five }, note: 'later target 1.5 ms' },
      { id: '1', what: 'the same while online', unit: 'ms', figures: { ours: ours.online } },
      { id: '1', what: 'one document, for comparison', unit: 'ms', figures: { pouch: pouch.one, stock: stock.one, dexie: dexie.one } },
    ];
  },
};
