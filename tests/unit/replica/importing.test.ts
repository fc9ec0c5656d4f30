/** Thousands of rows as one command of a whole replica: IndexedDB in memory, no network. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { ImportRows } from '../../../src/domain/exchange/inputs.ts';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import { Replica } from '../../../src/replica/replica.ts';
import { worker } from '../../support/community.ts';
import { importOf } from '../../support/rosterFiles.ts';

/** Larger values a browser keeps in files beside its database. */
const partMaxBytes = 65_536;

let opened: Replica[] = [];
let nth = 0;
/** The nth write of an update fails as on a disk that fills up in the middle. */
let failsAt = Number.POSITIVE_INFINITY;
let writes = 0;
const real = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...args: Parameters<typeof real>) {
  if (this.name === 'updates' && (writes += 1) >= failsAt) {
    this.transaction.abort();
    throw new DOMException('no space left', 'QuotaExceededError');
  }
  return real.apply(this, args);
};

afterEach(async () => {
  failsAt = Number.POSITIVE_INFINITY;
  vi.restoreAllMocks();
  for (const each of opened) await each.leave();
  opened = [];
});

async function open(name: string): Promise<Replica> {
  const result = await Replica.open({ replica: name, seat: 'x', server: 'http://127.0.0.1:9' }, () => undefined);
  if (!result.ok) throw new Error(result.error);
  opened.push(result.value);
  return result.value;
}

async function fresh(): Promise<{ name: string; tablet: Replica }> {
  const name = `import${(nth += 1)}`;
  const journal = await openJournalDatabase(name);
  await journal.device.put({ key: 'identity', value: { tag: worker.device, secret: '0'.repeat(32) } });
  await journal.device.put({ key: 'known', value: { actor: { ...worker, grids: ['g1', 'g2'] }, communityGrids: ['g1', 'g2'] } as never });
  journal.close();
  return { name, tablet: await open(name) };
}

async function close(tablet: Replica): Promise<void> {
  await tablet.leave();
  opened = opened.filter((each) => each !== tablet);
}

const doors = (count: number): ImportRows =>
  importOf('doors', Array.from({ length: count }, (_, index) => ({
    row: index + 2, fields: { grid: 'g1', building: `${1 + (index % 20)}栋`, unit: 1, floor: 1 + (index % 30), door: `${1 + (index % 30)}${String(Math.floor(index / 600)).padStart(2, '0')}-${index}`, hint: '按两次铃' },
  })), { grids: ['g1'] });

async function outboxOf(name: string) {
  const journal = await openJournalDatabase(name);
  const rows = await journal.outbox.toArray();
  const updates = await journal.updates.toArray();
  journal.close();
  return { facts: rows.flatMap(({ facts }) => facts), sizes: updates.map(({ bytes }) => bytes.length) };
}

test('[IM7] an import is kept as several updates, each of which fits into a message, and answered in short', async () => {
  const { name, tablet } = await fresh();
  const input = doors(4_000);
  expect(await tablet.foreseeImport(input)).toMatchObject({ ok: true, value: { born: 4_000, comesWith: 20, wrong: [] } });
  expect(await tablet.importRows('once', input)).toEqual({ ok: true, value: { facts: 4_020 } });
  const { facts, sizes } = await outboxOf(name);
  expect(facts).toHaveLength(4_020);
  expect(new Set(facts.map(({ id }) => id)).size).toBe(4_020);
  expect(sizes.length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThan(partMaxBytes);
  expect(await tablet.importRows('once', input)).toEqual({ ok: true, value: { facts: 4_020 } });
  expect(await tablet.importRows('again', input)).toEqual({ ok: false, error: { type: 'NothingChanged' } });
});

test('[IM6, IM7] where the disk fills up in the middle nothing of an import is kept, and it can be done again', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const { name, tablet } = await fresh();
  writes = 0;
  failsAt = 3;
  expect(await tablet.importRows('full', doors(4_000))).toEqual({ ok: false, error: { type: 'StorageFull' } });
  expect(await outboxOf(name)).toEqual({ facts: [], sizes: [] });
  failsAt = Number.POSITIVE_INFINITY;
  expect(await tablet.foreseeImport(doors(4_000))).toMatchObject({ ok: true, value: { born: 4_000, same: 0 } });
  expect(await tablet.importRows('room', doors(4_000))).toEqual({ ok: true, value: { facts: 4_020 } });
});

test('[PE2] numbers made faster than the clock runs are not made again by a tablet that was opened anew', async () => {
  const { name, tablet } = await fresh();
  const people = (grid: string) => importOf('volunteers', Array.from({ length: 300 }, (_, index) => ({ row: index + 2, fields: { grid, name: `志愿者${index}` } })), { grids: [grid] });
  expect(await tablet.importRows('many', people('g1'))).toMatchObject({ ok: true });
  await close(tablet);
  const again = await open(name);
  const journal = await openJournalDatabase(name);
  const numbersOf = async (): Promise<string[]> => (await journal.outbox.toArray()).flatMap(({ facts }) => facts.flatMap(({ json }) => JSON.parse(json).set.number ?? []));
  const before = await numbersOf();
  expect(before).toHaveLength(300);
  // This one looks into the other grid alone, where no taken number stands: only the kept second keeps them apart.
  expect(await again.importRows('more', people('g2'))).toMatchObject({ ok: true });
  const seconds = (numbers: readonly string[]) => numbers.map((number) => Number.parseInt(number.slice(2 + worker.device.length), 36));
  expect(Math.min(...seconds((await numbersOf()).slice(300)))).toBeGreaterThan(Math.max(...seconds(before)));
  journal.close();
});
