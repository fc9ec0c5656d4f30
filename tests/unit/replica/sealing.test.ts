/** What an enrolled tablet leaves on its disk. IndexedDB in memory; the real browser's files are read in tests/browser/sealing.spec.ts. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { openJournalDatabase, type JournalDatabase } from '../../../src/replica/journal/database.ts';
import { JournalWriter } from '../../../src/replica/journal/journal.ts';
import { JournalSealing } from '../../../src/replica/journal/sealed.ts';
import { openReader } from '../../../src/replica/open.ts';
import { Replica } from '../../../src/replica/replica.ts';
import { openJson, sealingOf, sealJson } from '../../../src/replica/sealing.ts';
import type { Live } from '../../../src/replica/contract.ts';
import { worker } from '../../support/community.ts';

const newKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const dataKey = await newKey();
const marker = 'ZQXJVKWPYGFB';
let opened: Replica[] = [];
let nth = 0;

async function seated(): Promise<string> {
  const name = `p-sealed${(nth += 1)}`;
  const journal = await openJournalDatabase(name);
  await journal.device.put({ key: 'identity', value: { tag: worker.device, secret: '' } });
  await journal.device.put({ key: 'known', value: { actor: { ...worker }, communityGrids: ['g1'] } as never });
  journal.close();
  return name;
}
async function tablet(replica: string, key: CryptoKey | undefined): Promise<Replica> {
  const seating = { replica, seat: worker.device, server: 'http://127.0.0.1:9', ...(key ? { enrolled: { tag: worker.device, dataKey: key } } : {}) };
  const result = await Replica.open(seating, () => undefined);
  if (!result.ok) throw new Error(result.error);
  opened.push(result.value);
  return result.value;
}
async function close(): Promise<void> {
  for (const each of opened) await each.leave();
  opened = [];
}
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});

const first = <T>(live: Live<T>, test: (value: T) => boolean): Promise<T> =>
  new Promise((resolve) => {
    let stop = (): void => undefined;
    stop = live.subscribe((value) => {
      if (!test(value)) return;
      resolve(value);
      queueMicrotask(() => stop());
    });
  });

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Everything in the databases of a replica as text; bytes as the letters they may be. */
async function onDisk(replica: string): Promise<string> {
  let all = '';
  for (const { name = '' } of await indexedDB.databases()) {
    // What realms tell each other goes through a database here; a browser has channels for that.
    if (!name.includes(replica) || name.startsWith('pubkey.broadcast-channel')) continue;
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows: unknown[] = await answer(database.transaction(store).objectStore(store).getAll());
      all += JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
    }
    database.close();
  }
  return all;
}

/** A building, a household with a hint, a visit with a note, a draft, and something for the tray and the quarantine. */
async function work(replica: Replica): Promise<void> {
  const done = async (request: string, command: string, input: unknown): Promise<string> => {
    const saved = await replica.run(request, command, input);
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    return saved.value.facts[0]?.ref.record ?? '';
  };
  const building = await done('1', 'addBuilding', { grid: 'g1', name: `1栋${marker}` });
  const household = await done('2', 'addHousehold', { grid: 'g1', building, unit: 1, floor: 2, door: '201', hint: marker });
  await done('3', 'recordVisit', { grid: 'g1', household, visitedAt: Date.now(), outcome: 'met', note: marker });
  await replica.saveDraft({ id: 'd1', form: 'visit', title: `老王${marker}`, value: { note: marker }, changedAt: 1 });
  // Waits until the rows are written.
  await replica.rebuild();
}

/** What a page reads. The tablets are closed first: a second view of one realm closes the first. */
async function shown(replica: string, key?: CryptoKey) {
  await close();
  const reader = await openReader(replica, () => undefined, key);
  const [visits, households, rollups] = await Promise.all([
    first(reader.list('visits', { kind: 'visit' }), () => true),
    first(reader.list('people', { kind: 'household' }), () => true),
    first(reader.rollups('visits'), () => true),
  ]);
  await reader.close();
  expect([visits.length, households.length, rollups.length]).toEqual([1, 1, 1]);
  return { visits, households, rollups };
}

test('[SL3] nothing that was typed lies clear in the journal or the view; without a data key it does', async () => {
  const [sealedName, clearName] = [await seated(), await seated()];
  await work(await tablet(sealedName, dataKey));
  await close();
  await work(await tablet(clearName, undefined));
  const [rows, plain] = [await shown(sealedName, dataKey), await shown(clearName)];
  expect(rows.visits[0]?.fields['note']).toBe(marker);
  expect(rows.households[0]?.fields).toEqual({ ...plain.households[0]?.fields, building: rows.households[0]?.fields['building'] });
  expect(rows.rollups[0]?.tallies).toEqual(plain.rollups[0]?.tallies);
  // Folded into snapshots too.
  await close();
  const journal = await openJournalDatabase(sealedName);
  const writer = new JournalWriter(journal, new JournalSealing(sealingOf(dataKey)));
  for (const room of await writer.rooms()) {
    const { updates } = await writer.load(room);
    const [last] = updates;
    if (last) await writer.compact(room, 0, last.bytes);
  }
  journal.close();
  expect((await onDisk(clearName)).split(marker).length).toBeGreaterThan(6);
  expect(await onDisk(sealedName)).not.toContain(marker);
});

test('[SL3] opened again with the same key everything is there: rooms, outbox, drafts, history; with another one nothing opens', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const name = await seated();
  await work(await tablet(name, dataKey));
  await shown(name, dataKey);
  await close();
  const again = await tablet(name, dataKey);
  expect(again.status()).toMatchObject({ saved: 3, refused: 0 });
  expect(await again.drafts()).toEqual([{ id: 'd1', form: 'visit', title: `老王${marker}`, value: { note: marker }, changedAt: 1 }]);
  expect(await again.exportUnconfirmed()).toContain(marker);
  const [building] = (JSON.parse(await again.exportUnconfirmed()) as { outbox: { facts: { json: string }[] }[] }).outbox.flatMap(({ facts }) => facts.map(({ json }) => (JSON.parse(json) as { record: string }).record));
  expect(await again.history({ room: { community: 'shuangbai', family: 'people', grid: 'g1' }, record: building ?? '' })).toHaveLength(1);
  await again.rebuild();
  expect(await shown(name, dataKey)).toMatchObject({ households: [{ fields: { hint: marker } }] });
  await close();
  const other = await newKey();
  expect(await Replica.open({ replica: name, seat: 'x', server: 'http://127.0.0.1:9', enrolled: { tag: worker.device, dataKey: other } }, () => undefined)).toEqual({ ok: false, error: 'storage-blocked' });
});

test('[SL1] a piece that was put in another’s place, in the journal or in the view, is noticed', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const name = await seated();
  await work(await tablet(name, dataKey));
  await shown(name, dataKey);
  await close();
  const journal: JournalDatabase = await openJournalDatabase(name);
  const writer = new JournalWriter(journal, new JournalSealing(sealingOf(dataKey)));
  const [one, two] = [...new Set((await journal.updates.toArray()).map(({ room }) => room))];
  if (!one || !two) throw new Error('two rooms are needed');
  expect((await writer.load(one)).updates.length).toBeGreaterThan(0);
  const [foreign] = await journal.updates.where('room').equals(two).toArray();
  const [own] = await journal.updates.where('room').equals(one).toArray();
  await journal.updates.update(own?.seq as number, { bytes: foreign?.bytes as Uint8Array });
  await expect(writer.load(one)).rejects.toThrow('not what this tablet sealed at updates');
  const outbox = await journal.outbox.toArray();
  await journal.outbox.bulkPut(outbox.map((row, index) => ({ ...outbox[(index + 1) % outbox.length], seq: row.seq, room: row.room, client: row.client, clockEnd: row.clockEnd }) as typeof row));
  await expect(writer.outbox()).rejects.toThrow('not what this tablet sealed at outbox');
  journal.close();

  const view = (await indexedDB.databases()).find(({ name: each }) => each?.includes(`${name}-view`) && each.endsWith('--people'))?.name ?? '';
  const database = await answer(indexedDB.open(view));
  const docs = database.transaction('docs', 'readwrite').objectStore('docs');
  const [a, b] = (await answer(docs.getAll())) as { id: string; sealed: string }[];
  await answer(docs.put({ ...a, sealed: b?.sealed }));
  database.close();
  const failures: string[] = [];
  const reader = await openReader(name, (error) => failures.push(String(error)), dataKey);
  const stop = reader.many('people', [a?.id ?? '']).subscribe(() => undefined);
  const unhandled = (error: unknown): void => void failures.push(String(error));
  process.on('unhandledRejection', unhandled);
  await vi.waitFor(() => expect(failures.join()).toContain('not what this tablet sealed at people'));
  stop();
  await reader.close();
  process.off('unhandledRejection', unhandled);
});

test('[SL1] whatever is sealed opens as it was, at its place and with its key; changed, cut, moved or under another key it does not', async () => {
  const sealing = sealingOf(dataKey);
  const other = sealingOf(await newKey());
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.string(), fc.string({ minLength: 1 }), fc.nat(), async (value, place, more, at) => {
      const piece = await sealJson(sealing, place, value);
      expect(JSON.stringify(await openJson(sealing, place, piece))).toBe(JSON.stringify(value));
      expect(await sealJson(sealing, place, value)).not.toEqual(piece);
      const flipped = Uint8Array.from(piece);
      flipped[at % piece.length] = (flipped[at % piece.length] ?? 0) ^ (1 << at % 8);
      const wrong = [() => sealing.open(place, flipped), () => sealing.open(place, piece.subarray(0, piece.length - 1)), () => sealing.open(place + more, piece), () => other.open(place, piece)];
      for (const open of wrong) await expect(open()).rejects.toThrow('not what this tablet sealed');
    }),
    { numRuns: 200 },
  );
});

test('[SL2, JN2] saves that wait together are one transaction also while they are sealed, in the order they were asked for', async () => {
  const journal = await openJournalDatabase(`sl2-${(nth += 1)}`);
  const writer = new JournalWriter(journal, new JournalSealing(sealingOf(dataKey)));
  const begun = vi.spyOn(journal, 'transaction');
  const seqs = await Promise.all(Array.from({ length: 20 }, (_each, index) => writer.append({ room: `r${index % 3}`, bytes: new Uint8Array(40_000 - index * 2_000).fill(index + 1) })));
  expect(seqs).toEqual(Array.from({ length: 20 }, (_each, index) => index + 1));
  expect(begun).toHaveBeenCalledTimes(1);
  const { updates } = await writer.load('r1');
  expect(updates.map(({ bytes }) => bytes[0])).toEqual([2, 5, 8, 11, 14, 17, 20]);
  journal.close();
});

test('[SL2] drafts of one form land in the order they were written, and one that was dropped stays dropped', async () => {
  const replica = await tablet(await seated(), dataKey);
  const draft = (letters: number) => ({ id: 'd', form: 'visit', title: 't', value: 'x'.repeat(letters), changedAt: letters });
  await Promise.all([replica.saveDraft(draft(400_000)), replica.saveDraft(draft(3))]);
  expect(await replica.drafts()).toEqual([draft(3)]);
  await Promise.all([replica.saveDraft(draft(400_000)), replica.dropDraft('d')]);
  expect(await replica.drafts()).toEqual([]);
});
