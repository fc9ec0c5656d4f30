/**
 * The same old backup under real tablets: whole replicas with journal, projection and the stock provider, in a simulated world
 * (`tests/simulation`). What a tablet has to do after a restore is nothing, and this is what holds it to that.
 */
import { World } from '../simulation/world.ts';
import { expect, test } from 'vitest';
import { authorityTag, retiredAuthorityTag } from '../../server/authority/actor.ts';
import { numbersKey } from '../../server/authority/numbers.ts';
import { randomOf } from '../../server/demo/random.ts';
import type { RoomAppend, Storage } from '../../server/storage/contract.ts';
import { Machine } from '../simulation/machine.ts';
import { unequalJournals, unequalRows } from '../simulation/checkContent.ts';
import { inexact, unbalanced } from '../simulation/checkLedger.ts';
import { nextAct } from '../simulation/acts.ts';
import { rest } from '../simulation/rest.ts';
import { ServerDisk } from '../simulation/serverDisk.ts';
import type { Tablet } from '../simulation/tablet.ts';

/** What a backup holds. */
interface Copy {
  readonly rooms: readonly RoomAppend[];
  readonly values: ReadonlyMap<string, string>;
}

/** Reading and writing takes simulated time. */
async function inTime<T>(world: World, work: (storage: Storage) => Promise<T>, disk = world.serverDisk): Promise<T> {
  const machine = new Machine('operator', world.clock, `operator ${world.clock.now}`);
  let done: { readonly value: T } | undefined;
  void machine.run(() => work(disk.mount(machine))).then((value) => {
    done = { value };
  });
  for (let waited = 0; !done && waited < 60; waited += 1) await world.clock.advance(1_000);
  machine.stop();
  if (!done) throw new Error('the operator did not come to an end');
  return (done as { readonly value: T }).value;
}

const copyOf = (storage: Storage): Promise<Copy> => storage.heads('').then(async (heads) => {
  const rooms: RoomAppend[] = [];
  for (const { room } of heads) {
    const { snapshot, tail, clients } = await storage.openRoom(room);
    expect(snapshot).toBeUndefined();
    rooms.push({ room, after: 0, updates: tail.map((bytes) => ({ bytes, device: 'copy', person: 'per_copy', at: 1 })), clients: [...clients] });
  }
  return { rooms, values: await storage.entries('') };
});

/** What `server/storage/restore.ts` does to a store of SQLite. */
async function restoreInto(storage: Storage, { rooms, values }: Copy): Promise<void> {
  for (const each of rooms) await storage.append([{ ...each, clients: each.clients.map(([client, tag]) => [client, tag === authorityTag ? retiredAuthorityTag : tag] as const) }]);
  for (const [key, value] of values) await storage.put(key, key === numbersKey ? String(Number(value) + 2 ** 33) : value);
}

async function work(world: World, acts: number): Promise<number> {
  let saved = 0;
  for (let count = 0; count < acts; count += 1) {
    const tablet = world.tablets[count % world.tablets.length];
    const act = tablet?.replica && nextAct(tablet.screens(), tablet.random, world.town);
    // A backup older than an erasure has a test of its own (ER9), and a gap that docs/FAILURES.md names.
    if (act && act.command !== 'erasePerson') tablet.run(act, (outcome) => (saved += outcome === 'saved' ? 1 : 0));
    await world.clock.advance(700);
  }
  return saved;
}

/** What tablets stated. The ledger is the server's to make again. */
const stated = (world: World): string[] =>
  [...world.serverDisk.facts].filter(([room]) => !room.includes('/ledger/')).flatMap(([room, facts]) => [...facts].map(([id, { json }]) => `${room} ${id} ${json}`)).sort();

for (const seed of ['spring', 'summer', 'autumn'])
  test(`[SR51, SR52] four tablets and a server restored from an old backup (${seed}): everything is back, the tray is empty, and they go on`, async () => {
    const world = new World(`restored ${seed}`, 4);
    try {
      await world.startServer();
      // A tablet that was never here before needs the server to open.
      await world.clock.advance(300);
      expect(await rest(world)).toEqual([]);
      expect(await work(world, 100)).toBeGreaterThan(20);
      expect(await rest(world)).toEqual([]);
      const copy = await inTime(world, copyOf);

      expect(await work(world, 160)).toBeGreaterThan(40);
      expect(await rest(world)).toEqual([]);
      const before = stated(world);

      // One of them has no network while the others are back and points are posted again.
      const late = world.tablets[0] as Tablet;
      world.wire.cut(late.name, false);
      await world.crashServer(false);
      const disk = new ServerDisk(randomOf('restored disk', seed));
      await inTime(world, (storage) => restoreInto(storage, copy), disk);
      Object.assign(world, { serverDisk: disk });
      expect(stated(world).length).toBeLessThan(before.length - 20);
      await world.startServer();
      await world.clock.advance(60_000);
      expect(before.filter((each) => !stated(world).includes(each)).length, 'its own facts came with it').toBeGreaterThan(0);
      expect(await work(world, 80)).toBeGreaterThan(20);
      expect(await rest(world)).toEqual([]);
      const after = new Set(stated(world));
      expect(before.filter((each) => !after.has(each))).toEqual([]);
      expect([...unbalanced(world), ...inexact(world, randomOf('order', seed))]).toEqual([]);
      expect(world.tablets.flatMap((tablet) => tablet.tray())).toEqual([]);
      const unequal = world.tablets.flatMap((tablet) => [...unequalRows(world, tablet), ...unequalJournals(world, tablet)]);
      expect(unequal).toEqual([]);

      expect(world.surprises).toEqual([]);
    } finally {
      world.end();
    }
  }, 120_000);
