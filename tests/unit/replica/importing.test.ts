/** Thousands of rows as one command of a whole replica: IndexedDB in memory, no network. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { ImportRows, TakeBackImport } from '../../../src/domain/exchange/inputs.ts';
import { idTimeMs } from '../../../src/domain/kernel/ids.ts';
import { monthOf } from '../../../src/domain/kernel/time.ts';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import type { WorkDone } from '../../../src/replica/contract.ts';
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
let committed = 0;
const real = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...args: Parameters<typeof real>) {
  if (this.name === 'updates' && (writes += 1) >= failsAt) {
    this.transaction.abort();
    throw new DOMException('no space left', 'QuotaExceededError');
  }
  if (this.name === 'updates') this.transaction.addEventListener('complete', () => (committed += 1));
  return real.apply(this, args);
};

afterEach(async () => {
  failsAt = Number.POSITIVE_INFINITY;
  committed = 0;
  vi.restoreAllMocks();
  for (const each of opened) await each.leave();
  opened = [];
});

let heard: WorkDone[] = [];

async function open(name: string): Promise<Replica> {
  heard = [];
  const result = await Replica.open({ replica: name, seat: 'x', server: 'http://127.0.0.1:9' }, () => undefined, (work) => heard.push(work));
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
  expect(await tablet.importRows('once', input)).toEqual({ ok: true, value: { facts: 4_021, record: expect.stringMatching(/^imp_/) } });
  const { facts, sizes } = await outboxOf(name);
  expect(facts).toHaveLength(4_021);
  expect(new Set(facts.map(({ id }) => id)).size).toBe(4_021);
  expect(sizes.length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThan(partMaxBytes);
  expect(await tablet.importRows('once', input)).toEqual({ ok: true, value: { facts: 4_021, record: expect.stringMatching(/^imp_/) } });
  expect(await tablet.importRows('again', input)).toEqual({ ok: false, error: { type: 'NothingChanged' } });
});

test('[IM13] who waits for an import is told the rows decided on, the write, and what is on the disk, in that order and up to the whole', async () => {
  const { name, tablet } = await fresh();
  const durable: number[] = [];
  // The first word of something taken comes when the journal holds all of it, and not before.
  const told = heard.push.bind(heard);
  heard.push = (work) => {
    if (work.phase === 'taken' && durable.length === 0) durable.push(committed);
    return told(work);
  };
  expect(await tablet.importRows('told', doors(4_000))).toMatchObject({ ok: true });
  expect(durable).toEqual([(await outboxOf(name)).sizes.length]);
  expect([...new Set(heard.map(({ phase }) => phase))]).toEqual(['deciding', 'writing', 'taken']);
  expect(heard.every(({ request }) => request === 'told')).toBe(true);
  const of = (phase: WorkDone['phase']) => heard.filter((work) => work.phase === phase);
  expect(of('deciding').map(({ done, total }) => [done, total])).toEqual(Array.from({ length: 15 }, (_, index) => [(index + 1) * 250, 4_000]));
  expect(of('writing').map(({ total }) => total)).toEqual([0]);
  const taken = of('taken').map(({ done }) => done);
  expect(taken).toEqual([...taken].sort((a, b) => a - b));
  expect(of('taken').at(-1)).toMatchObject({ done: 4_021, total: 4_021 });
  expect(taken.length).toBeGreaterThan(10);

  // A tap has no figure.
  heard = [];
  expect(await tablet.importRows('one', importOf('doors', [{ row: 2, fields: { grid: 'g2', building: '1栋', unit: 1, floor: 1, door: '101' } }], { grids: ['g2'] }))).toMatchObject({ ok: true });
  expect(heard).toEqual([]);
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
  expect(await tablet.importRows('room', doors(4_000))).toEqual({ ok: true, value: { facts: 4_021, record: expect.stringMatching(/^imp_/) } });
});

const backOf = (record: string): TakeBackImport => ({ ref: { room: { community: worker.community, family: 'log', month: monthOf(idTimeMs(record)) }, record }, list: 'doors', grids: ['g1'], groups: [] });

test('[IM15, IM16] an import is taken back whole or not at all where the disk fills up, told how far it is, and not again after the tablet was opened anew', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const { name, tablet } = await fresh();
  const taken = await tablet.importRows('in', doors(3_000));
  const back = backOf(taken.ok ? taken.value.record : '');
  expect(await tablet.foreseeTakingBack(back)).toEqual({ ok: true, value: { gone: 3_020, restored: 0, kept: 0, shown: [] } });
  const before = (await outboxOf(name)).facts.length;

  writes = 0;
  failsAt = 3;
  expect(await tablet.takeBackImport('full', back)).toEqual({ ok: false, error: { type: 'StorageFull' } });
  failsAt = Number.POSITIVE_INFINITY;
  expect((await outboxOf(name)).facts).toHaveLength(before);
  expect(await tablet.foreseeTakingBack(back)).toMatchObject({ ok: true, value: { gone: 3_020 } });

  // Opened anew it finds by their ids what the import stated before.
  await close(tablet);
  const again = await open(name);
  expect(await again.importRows('beside', importOf('doors', [{ row: 2, fields: { grid: 'g1', building: '1栋', unit: 1, floor: 1, door: '999' } }], { grids: ['g1'] }))).toMatchObject({ ok: true });
  expect(await again.foreseeTakingBack(back)).toMatchObject({ ok: true, value: { gone: 3_019, kept: 1, shown: [{ kind: 'building', fields: { name: '1栋' }, why: 'used' }] } });
  expect(await again.takeBackImport('out', back)).toEqual({ ok: true, value: { facts: 3_019 } });
  expect([...new Set(heard.filter(({ request }) => request === 'out').map(({ phase }) => phase))]).toEqual(['deciding', 'writing', 'taken']);
  const { sizes } = await outboxOf(name);
  expect(Math.max(...sizes)).toBeLessThan(partMaxBytes);
  expect(await again.takeBackImport('out', back)).toEqual({ ok: true, value: { facts: 3_019 } });
  await close(again);
  expect(await (await open(name)).takeBackImport('twice', back)).toEqual({ ok: false, error: { type: 'NothingChanged' } });
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
