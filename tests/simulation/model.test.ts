/** The simulated parts themselves: they must behave as what they stand for, and what runs inside a machine must not see outside. */
import 'fake-indexeddb/auto';
import { Machine } from './machine.ts';
import './stage.ts';
import { getUnixTime } from 'lib0/time';
import { expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { randomOf, type Random } from '../../server/demo/random.ts';
import type { TrayEntry } from '../../src/replica/contract.ts';
import type * as database from '../../src/replica/journal/database.ts';
import { JournalWriter, type Append } from '../../src/replica/journal/journal.ts';
import { Clock } from './clock.ts';
import { openTables } from './journalTables.ts';
import { TabletDisk } from './tabletDisk.ts';

const rooms = ['v1/s/roster', 'v1/s/log/2026-05', 'v1/s/people/g1'] as const;
type Work = (journal: JournalWriter) => Promise<unknown>;

function appendOf(random: Random, nth: number): Append {
  const outbox = { client: random.between(1, 3), clockEnd: nth, facts: [{ id: `lidev-${nth}`, json: '{}' }], savedAt: nth };
  const request = { request: `r${random.between(1, 9)}`, at: nth, facts: [] };
  return { room: random.pick(rooms), bytes: Uint8Array.of(nth % 256, 1), ...(random.chance(0.6) ? { outbox } : {}), ...(random.chance(0.4) ? { request } : {}) };
}
const refused = (room: string, nth: number): TrayEntry => ({ fact: `lidev-${nth}`, room, record: 'par_x', kind: 'partner', set: {}, at: 1, reason: 'not-allowed', refusedAt: 2 });

/** Something the replica asks of its journal. */
function ask(random: Random, nth: number): Work {
  const room = random.pick(rooms);
  const append = appendOf(random, nth);
  return random.pick<Work>([
    (journal) => journal.append(append),
    (journal) => Promise.all([journal.append(append), journal.append(appendOf(randomOf(nth), nth + 1_000))]),
    (journal) => journal.load(room),
    (journal) => journal.outbox(),
    (journal) => journal.rooms(),
    (journal) => journal.request(`r${nth % 9}`),
    (journal) => journal.markFilled(room),
    (journal) => journal.confirm([nth - 3, nth - 7]),
    (journal) => journal.compact(room, nth - 5, Uint8Array.of(9)),
    (journal) => journal.archive(room, Uint8Array.of(8), nth),
    (journal) => journal.forget(room, [refused(room, nth)]),
    (journal) => journal.forgetRequests(nth + 24 * 3_600_000 - 5),
    (journal) => journal.replace(room, { snapshot: Uint8Array.of(7), head: nth, restated: append.outbox && append, tray: nth % 2 === 0 ? [refused(room, nth)] : [] }),
  ]);
}

test('[SI7] the journal’s tables answer as Dexie does, whatever they are asked', async () => {
  const { openJournalDatabase } = await vi.importActual<typeof database>('../../src/replica/journal/database.ts');
  for (const seed of ['a', 'b', 'c', 'd', 'e']) {
    const dexie = await openJournalDatabase(seed);
    const clock = new Clock(0);
    const machine = new Machine('tablet', clock, seed);
    const disk = new TabletDisk(machine.random);
    const [real, stood] = [new JournalWriter(dexie), new JournalWriter(openTables(machine, disk) as never)];
    const random = randomOf(seed);
    for (let nth = 1; nth <= 120; nth += 1) {
      const work = ask(random, nth);
      const answered = machine.run(() => work(stood));
      await clock.advance(100);
      expect(await answered, `${seed} ${nth} ${work.toString()}`).toEqual(await work(real));
    }
    for (const table of dexie.tables) expect(new Set(disk.rows(table.name)), table.name).toEqual(new Set((await table.toArray()) as object[]));
    dexie.close();
  }
});

test('[SI7] a transaction that the disk refuses leaves nothing, and one that a crash catches is there whole or not at all', async () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 20; seed += 1) {
    const clock = new Clock(0);
    const machine = new Machine('tablet', clock, String(seed));
    const disk = new TabletDisk(machine.random);
    const journal = new JournalWriter(openTables(machine, disk) as never);
    const two = (): Promise<unknown> => Promise.all([1, 2].map((nth) => journal.append({ ...appendOf(randomOf(nth), nth), outbox: { client: 1, clockEnd: nth, facts: [], savedAt: 1 } })));
    disk.trouble = 'full';
    const refusal = machine.run(two).catch((error: DOMException) => error.name);
    await clock.advance(100);
    expect([await refusal, disk.rows('updates').length, disk.rows('outbox').length]).toEqual(['QuotaExceededError', 0, 0]);
    disk.trouble = 'none';
    void machine.run(two);
    await clock.advance(1);
    machine.stop();
    disk.crash();
    expect(disk.rows('updates').length).toBe(disk.rows('outbox').length);
    seen.add(disk.rows('updates').length);
  }
  expect([...seen].sort()).toEqual([0, 2]);
});

test('[SI6] libraries see the time, the timers and the randomness of the machine they run in, and nobody else does', async () => {
  const clock = new Clock(1_000);
  const [one, two] = [new Machine('one', clock, 'x'), new Machine('two', clock, 'x', 500)];
  expect([one.run(getUnixTime), two.run(getUnixTime)]).toEqual([1_000, 1_500]);
  expect(Math.abs(getUnixTime() - performance.timeOrigin - performance.now())).toBeLessThan(86_400_000);
  const again = new Machine('one', clock, 'x');
  expect(again.run(() => new Y.Doc().clientID)).toBe(one.run(() => new Y.Doc().clientID));
  const fired: string[] = [];
  one.run(() => setTimeout(() => fired.push('late'), 20));
  two.run(() => setTimeout(() => fired.push(`early ${Date.now()}`), 10));
  await clock.advance(15);
  one.stop();
  await clock.advance(100);
  expect(fired).toEqual(['early 1510']);
});
