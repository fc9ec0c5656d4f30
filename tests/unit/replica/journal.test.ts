/** The journal's order and atomicity. The browser tests run the same code on real IndexedDB, with kills. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import { openJournalDatabase, type JournalDatabase } from '../../../src/replica/journal/database.ts';
import { openDevice } from '../../../src/replica/journal/device.ts';
import { JournalWriter } from '../../../src/replica/journal/journal.ts';
import { storageError } from '../../../src/replica/storageError.ts';

let opened: JournalDatabase[] = [];
let name = 0;
async function journal(replica = `t${(name += 1)}`) {
  const database = await openJournalDatabase(replica);
  opened.push(database);
  return { database, writer: new JournalWriter(database), replica };
}
afterEach(async () => {
  for (const database of opened) database.close();
  opened = [];
});
const bytes = (value: number) => new Uint8Array([value]);
const outbox = { client: 7, clockEnd: 1, facts: [{ id: 'lidev-1', json: '{"record":"par_x","kind":"partner"}' }], savedAt: 1 };

test('[JN2] appends of one tick share a transaction: all of them or none', async () => {
  const { database, writer } = await journal();
  const transactions: string[] = [];
  const real = database.transaction.bind(database);
  database.transaction = ((...args: unknown[]) => {
    transactions.push(String(args[0]));
    return (real as (...each: unknown[]) => unknown)(...args);
  }) as typeof database.transaction;
  const seqs = await Promise.all([1, 2, 3].map((value) => writer.append({ room: 'r', bytes: bytes(value), outbox })));
  expect(seqs).toEqual([1, 2, 3]);
  expect(transactions).toEqual(['rw']);
  expect(await database.outbox.count()).toBe(3);
});

test('[JN3] after a failed append nothing of the batch is kept and what queued behind it fails too', async () => {
  const { database, writer } = await journal();
  const duplicate = { request: 'same', at: 1, facts: [] };
  await writer.append({ room: 'r', bytes: bytes(1), request: duplicate });
  database.requests.hook('creating', () => {
    throw new DOMException('no space', 'QuotaExceededError');
  });
  const first = writer.append({ room: 'r', bytes: bytes(2), outbox, request: { ...duplicate, request: 'other' } });
  const second = writer.append({ room: 'r', bytes: bytes(3), outbox });
  const failures = await Promise.all([first, second].map((each) => each.then(() => undefined, storageError)));
  expect(failures).toEqual([{ type: 'StorageFull' }, { type: 'StorageFull' }]);
  expect((await writer.load('r')).updates.map((row) => row.bytes[0])).toEqual([1]);
  expect(await writer.outbox()).toEqual([]);
});

test('[JN4] a snapshot replaces exactly the updates it contains', async () => {
  const { writer } = await journal();
  for (const value of [1, 2, 3]) await writer.append({ room: 'r', bytes: bytes(value) });
  await writer.append({ room: 'other', bytes: bytes(9) });
  await writer.compact('r', 2, bytes(100));
  const stored = await writer.load('r');
  expect(stored.snapshot?.bytes).toEqual(bytes(100));
  expect(stored.updates.map((row) => row.seq)).toEqual([3]);
  expect((await writer.load('other')).updates).toHaveLength(1);
});

test('[JN4] a replaced room keeps what was stated again, drops the old, and puts the rest in the tray', async () => {
  const { database, writer } = await journal();
  await writer.append({ room: 'r', bytes: bytes(1), outbox });
  const entry = { fact: 'lidev-1', room: 'r', record: 'par_x', kind: 'partner', set: {}, at: 1, reason: 'not-allowed' as const, refusedAt: 2 };
  const seq = await writer.replace('r', { snapshot: bytes(50), head: 4, restated: { room: 'r', bytes: bytes(2), outbox: { ...outbox, client: 8 } }, tray: [entry] });
  expect((await writer.outbox()).map((row) => [row.client, row.seq])).toEqual([[8, seq]]);
  const stored = await writer.load('r');
  expect([stored.row?.head, stored.snapshot?.bytes[0]]).toEqual([4, 50]);
  expect(stored.updates.at(-1)?.bytes).toEqual(bytes(2));
  expect(await database.tray.toArray()).toEqual([entry]);
});

test('[JN5] a device keeps its tag and secret, and no two openings share a fact id', async () => {
  const { database, replica } = await journal();
  const first = await openDevice(database);
  const ids = [first.nextFactId(), first.nextFactId()];
  database.close();
  const again = await openDevice((await journal(replica)).database);
  expect([again.tag, again.secret]).toEqual([first.tag, first.secret]);
  expect(ids).not.toContain(again.nextFactId());
  expect(new Set(ids).size).toBe(2);
  expect(first.tag).toMatch(/^[a-z0-9]{7}$/);
});

test('[JN6] a closed month replaces its older copy, but never while something of this tablet waits to be sent', async () => {
  const { writer } = await journal();
  expect(await writer.archive('month', bytes(1), 4)).toBe(true);
  expect(await writer.archive('month', bytes(2), 5)).toBe(true);
  await writer.append({ room: 'month', bytes: bytes(3), outbox });
  expect(await writer.archive('month', bytes(4), 6)).toBe(false);
  const stored = await writer.load('month');
  expect([stored.snapshot?.bytes[0], stored.row?.head, stored.updates.at(-1)?.bytes[0]]).toEqual([2, 5, 3]);
  expect(await writer.outbox()).toHaveLength(1);
});
