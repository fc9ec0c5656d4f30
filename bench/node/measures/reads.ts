/**
 * 4 and 5 · What a screen asks of 50,000 records, and how soon a closed app shows its first list again.
 * Ours has synced them from the server into the real projection; each yardstick holds the same records in its own store, all
 * in one browser profile. 4 asks on open databases, every time a query nobody asked before; 5 starts a new browser each time.
 * Yardsticks: PouchDB 22 · 784 · 5,903 · 48 ms and 1,674 ms.
 */
import { launchWith, newProfile, openPage } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs } from '../servers.ts';
import type { ReadTimes, System, Yardstick } from '../../calls.ts';

const yardsticks: readonly Yardstick[] = ['pouch', 'stock', 'dexie'];
const place = { replica: 'reads', seat: 'bench-super', url: '' };

type Reads = ReadTimes & { readonly live: number[] };
const noReads = (): Reads => ({ newest: [], count: [], points: [], live: [] });

export const reads: Measure = {
  id: '4,5',
  title: 'reading and reopening 50,000 records',
  async run(world): Promise<Row[]> {
    const { app, pageOrigin, quick, now } = world;
    const records = quick ? 5_000 : 50_000;
    const rounds = quick ? 5 : 15;
    const launches = quick ? 2 : 5;
    const profile = newProfile();
    const server = await startOurs({ app, records }, 'bench-super');
    const found: Record<System, Reads> = { ours: noReads(), pouch: noReads(), stock: noReads(), dexie: noReads() };
    const cold: Record<System | 'beside', number[]> = { ours: [], beside: [], pouch: [], stock: [], dexie: [] };
    const filled: Partial<Record<System, number>> = {};
    try {
      const context = await launchWith(profile);
      const ours = await openPage(context, server.origin);
      filled.ours = (await ours.calls.oursJoin(place, records)).complete;
      found.ours.live.push(...(await ours.calls.oursLive(rounds)));
      await ours.calls.oursConfirmed();
      await ours.page.close();
      for (let time = 0; time < launches; time += 1) {
        const { page, calls } = await openPage(context, server.origin);
        const times = await calls.oursRead(place);
        found.ours.newest.push(...times.newest);
        found.ours.count.push(...times.count);
        found.ours.points.push(...times.points);
        await page.close();
      }
      for (const system of yardsticks) {
        const { page, calls } = await openPage(context, pageOrigin);
        filled[system] = await calls.fill(system, records, now);
        found[system] = { ...(await calls.read(system, rounds)), live: await calls.live(system, rounds) };
        await page.close();
      }
      await context.close();

      for (let time = 0; time < launches; time += 1)
        for (const system of ['ours', 'beside', ...yardsticks] as const) {
          const fresh = await launchWith(profile);
          const mine = system === 'ours' || system === 'beside';
          const { calls } = await openPage(fresh, mine ? server.origin : pageOrigin);
          cold[system].push(mine ? await calls.oursColdOpen(place, system === 'beside') : await calls.coldOpen(system));
          await fresh.close();
        }
    } finally {
      await server.close();
    }
    const figures = (of: keyof Reads): Row['figures'] => ({ ours: found.ours[of], pouch: found.pouch[of], stock: found.stock[of], dexie: found.dexie[of] });
    const size = records.toLocaleString('en');
    return [
      { id: '4', what: `newest 50 of ${size}`, unit: 'ms', target: 3, figures: figures('newest') },
      { id: '4', what: `count of one kind in ${size}`, unit: 'ms', target: 5, figures: figures('count') },
      { id: '4', what: `points per volunteer over ${size}`, unit: 'ms', target: 25, figures: figures('points') },
      { id: '4', what: 'save → live list shows it', unit: 'ms', target: 5, figures: figures('live'), note: 'the save included; ours saves three records, the others one' },
      { id: '4', what: `filling the store with ${size}, indexes included`, unit: 'ms', figures: Object.fromEntries(Object.entries(filled).map(([system, ms]) => [system, [ms]])), note: 'ours over the wire from the server, the others from memory' },
      { id: '5', what: `cold open to first list, ${size} records`, unit: 'ms', target: 120, figures: { ours: cold.ours, pouch: cold.pouch, stock: cold.stock, dexie: cold.dexie } },
      { id: '5', what: 'the same with the worker opening beside it', unit: 'ms', figures: { ours: cold.beside } },
    ];
  },
};
