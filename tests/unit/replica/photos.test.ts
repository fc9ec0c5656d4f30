/** Photos kept on a tablet and on their way; that cameras' pictures become photos is shown in a browser. */
import 'fake-indexeddb/auto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { fitted } from '../../../src/domain/photos/fitted.ts';
import { photoMaxSide } from '../../../src/domain/photos/photo.ts';
import { photoPartMaxBytes } from '../../../src/protocol/photos.ts';
import { openJournalDatabase, type JournalDatabase } from '../../../src/replica/journal/database.ts';
import { JournalWriter } from '../../../src/replica/journal/journal.ts';
import { JournalSealing } from '../../../src/replica/journal/sealed.ts';
import { KeptPhotos } from '../../../src/replica/photos/kept.ts';
import { makingRoom, type Held } from '../../../src/replica/photos/room.ts';
import { Uploads } from '../../../src/replica/photos/uploads.ts';
import { sealingOf } from '../../../src/replica/sealing.ts';
import { jpegLike, nameOf } from '../../support/photos.ts';

const room = 'v1/shuangbai/visits/g1/2026-05';
let databases: JournalDatabase[] = [];
let servers: Server[] = [];
let names = 0;
afterEach(() => {
  for (const database of databases) database.close();
  for (const server of servers) server.close();
  [databases, servers] = [[], []];
});

async function tablet(sealing = new JournalSealing(undefined), quota?: number) {
  const database = await openJournalDatabase(`photos${(names += 1)}`);
  databases.push(database);
  const open = async (): Promise<KeptPhotos> => {
    const kept = new KeptPhotos(database, sealing, async () => ({ usage: 0, quota }));
    await kept.load();
    return kept;
  };
  return { database, open, kept: await open(), writer: new JournalWriter(database, sealing) };
}

async function keep(kept: KeptPhotos, seed: number, bytes = 3_000): Promise<string> {
  const whole = jpegLike({ seed, bytes });
  expect((await kept.keep(nameOf(whole), { whole, small: jpegLike({ seed, bytes: 300 }) })).ok).toBe(true);
  return nameOf(whole);
}

test('[PH2] a picture keeps its shape, is never made larger, and fits', () => {
  const side = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const size = fitted({ width, height }, photoMaxSide);
      expect(Math.max(size.width, size.height)).toBe(Math.min(photoMaxSide, Math.max(width, height)));
      expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      expect(size.width).toBeLessThanOrEqual(width);
      const scale = Math.min(1, photoMaxSide / Math.max(width, height));
      expect(Math.abs(size.width - width * scale)).toBeLessThanOrEqual(1);
      expect(Math.abs(size.height - height * scale)).toBeLessThanOrEqual(1);
    }),
  );
});

test('[PH5] only what is confirmed makes room, the oldest first and no more than is needed', () => {
  const photo = fc.record({ photo: fc.uuid(), size: fc.integer({ min: 1, max: 400_000 }), keptAt: fc.integer(), mayGo: fc.boolean() });
  fc.assert(
    fc.property(fc.uniqueArray(photo, { selector: (each) => each.photo, maxLength: 40 }), fc.integer({ min: 0, max: 60_000_000 }), (held: Held[], quota) => {
      const going = makingRoom(held, 200_000, { usage: 0, quota });
      const budget = quota / 2;
      const sizeOf = (photos: readonly Held[]): number => photos.reduce((sum, { size }) => sum + size, 0);
      const reserved = quota - 24 * 1_048_576 - 200_000;
      const missing = Math.max(sizeOf(held) + 200_000 - budget, -reserved);
      if (!going) {
        expect(sizeOf(held.filter(({ mayGo }) => mayGo))).toBeLessThan(missing);
        return;
      }
      const gone = held.filter(({ photo: name }) => going.includes(name));
      expect(gone.every(({ mayGo }) => mayGo)).toBe(true);
      expect(sizeOf(gone)).toBeGreaterThanOrEqual(missing);
      expect(sizeOf(gone) - Math.max(0, ...gone.map(({ size }) => size))).toBeLessThan(Math.max(1, missing));
      const newest = Math.max(...gone.map(({ keptAt }) => keptAt));
      for (const { photo: name, mayGo, keptAt } of held) if (mayGo && !going.includes(name) && gone.length > 0) expect(keptAt).toBeGreaterThanOrEqual(newest);
    }),
  );
});

test('[PH4, SL3] a photo is durable and sealed before it has a name, and learns its record in the transaction that states it', async () => {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const { database, open, kept, writer } = await tablet(new JournalSealing(sealingOf(key)));
  const photo = await keep(kept, 1);
  const [row] = await database.photoBytes.toArray();
  expect(Buffer.from(row?.bytes ?? []).includes(Buffer.from(jpegLike({ seed: 1, bytes: 3_000 }).subarray(100, 140)))).toBe(false);
  expect(kept.waiting()).toEqual([]);
  expect(kept.onlyHere()).toHaveLength(1);

  database.requests.hook('creating', () => {
    throw new DOMException('no space', 'QuotaExceededError');
  });
  const append = { room, bytes: new Uint8Array([1]), photos: [{ photo, record: 'vis_a' }] };
  await expect(writer.append({ ...append, request: { request: 'r', at: 1, facts: [] } })).rejects.toThrow();
  expect((await open()).waiting(), 'a save that failed names nothing').toEqual([]);
  await writer.append(append);
  const again = await open();
  expect(again.waiting().map((each) => each.named)).toEqual([[{ room, record: 'vis_a' }]]);
  expect(await again.bytes(photo, 'whole')).toEqual(jpegLike({ seed: 1, bytes: 3_000 }));
});

test('[PH1, PH12] kept twice it is one; confirmed it waits no more, until the server was put back to a backup', async () => {
  const { database, open, kept } = await tablet();
  const photo = await keep(kept, 2);
  await keep(kept, 2);
  expect(await database.photoBytes.count()).toBe(2);
  kept.named([photo], { room, record: 'vis_a' });
  await database.photos.update(photo, { named: [{ room, record: 'vis_a' }] });
  kept.serverIs(0);
  await kept.confirm(photo);
  expect(kept.waiting()).toEqual([]);
  const later = await open();
  expect(later.waiting(), 'before the server has spoken').toEqual([]);
  later.serverIs(0);
  expect(later.waiting()).toEqual([]);
  later.serverIs(1_700_000_000_000);
  expect(later.waiting().map((each) => each.photo)).toEqual([photo]);
  await later.confirm(photo);
  expect(later.waiting()).toEqual([]);
});

test('[PH5] the disk is full: what the server has goes and leaves its small picture, what it lacks stays', async () => {
  const { database, open, kept } = await tablet();
  const [sent, unsent] = [await keep(kept, 3), await keep(kept, 4)];
  kept.serverIs(0);
  await kept.confirm(sent);
  await kept.giveWay();
  const again = await open();
  expect(await again.bytes(sent, 'whole')).toBeUndefined();
  expect(await again.bytes(sent, 'small')).toBeDefined();
  expect(await again.bytes(unsent, 'whole')).toBeDefined();
  let refused = 0;
  database.photoBytes.hook('creating', () => {
    refused += 1;
    throw new DOMException('no space', 'QuotaExceededError');
  });
  const third = jpegLike({ seed: 5 });
  expect(await again.keep(nameOf(third), { whole: third, small: third })).toEqual({ ok: false, error: 'no-room' });
  expect(refused).toBeGreaterThan(0);
  expect(again.holds(nameOf(third))).toBe(false);
  const small = await tablet(new JournalSealing(undefined), 25 * 1_048_576);
  expect(await small.kept.keep(nameOf(third), { whole: jpegLike({ bytes: 1_400_000 }), small: third })).toEqual({ ok: false, error: 'no-room' });
});

test('[PH8, PH5] removed, left by a form, or of a room that is nobody’s business any more: gone from the disk', async () => {
  const { database, open, kept } = await tablet();
  const [erased, left, drafted, foreign] = [await keep(kept, 6), await keep(kept, 7), await keep(kept, 8), await keep(kept, 9)];
  kept.serverIs(0);
  kept.named([foreign], { room, record: 'vis_a' });
  await database.photos.update(foreign, { named: [{ room, record: 'vis_a' }] });
  await kept.leaveRooms(() => true);
  expect(kept.holds(foreign), 'only here: it stays').toBe(true);
  await kept.confirm(foreign);
  await kept.leaveRooms(() => true);
  await kept.remove([erased]);
  await kept.sweep(JSON.stringify([{ photos: [drafted] }]), Date.now());
  expect([erased, left, drafted, foreign].map((photo) => kept.holds(photo))).toEqual([false, true, true, false]);
  await kept.sweep(JSON.stringify([{ photos: [drafted] }]), Date.now() + 2 * 24 * 3_600_000);
  const again = await open();
  expect([erased, left, drafted, foreign].map((photo) => again.holds(photo))).toEqual([false, false, true, false]);
  expect(await database.photoBytes.toCollection().primaryKeys()).toEqual([`${drafted}/small`, `${drafted}/whole`]);
});

/** A server with moods: what it does with each request is told by the script, and then it behaves. */
async function moody(script: ('drop' | 'lose' | 'busy' | 'wrong')[]) {
  let held = Buffer.alloc(0);
  let confirmed = false;
  const seen: number[] = [];
  const server = createServer(async (request, response) => {
    const mood = script.shift();
    if (mood === 'drop') return void request.destroy();
    if (mood === 'busy') return void response.writeHead(429).end('{}');
    if (mood === 'lose') held = held.subarray(0, held.length / 2);
    const answer = (status: number): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ offset: held.length, confirmed }));
    if (request.method === 'GET') return answer(200);
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const offset = Number(request.headers['upload-offset']);
    if (offset !== held.length) return answer(409);
    if (mood === 'wrong') {
      held = Buffer.alloc(0);
      return answer(422);
    }
    seen.push(offset);
    held = Buffer.concat([held, body]);
    confirmed = held.length === Number(request.headers['upload-length']);
    answer(200);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, held: () => held, confirmed: () => confirmed };
}

test('[PH6] whatever the line and the server do, the photo arrives whole, from where the server stood', async () => {
  const moods = fc.array(fc.constantFrom('drop' as const, 'lose' as const, 'busy' as const, 'wrong' as const), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(moods, fc.integer({ min: 1_000, max: 200_000 }), async (script, size) => {
      const [{ kept, database }, server] = [await tablet(), await moody([...script])];
      const photo = await keep(kept, 10, size);
      kept.named([photo], { room, record: 'vis_a' });
      await database.photos.update(photo, { named: [{ room, record: 'vis_a' }] });
      kept.serverIs(0);
      const failures: unknown[] = [];
      let done = (): void => undefined;
      const confirmed = new Promise<void>((resolve) => (done = resolve));
      const uploads = new Uploads({ server: server.url, kept, ticket: async () => 'ticket', mayGo: () => true, changed: () => done(), failed: (error) => failures.push(error) });
      // What waits for time to pass on a tablet is asked again at once.
      const asking = setInterval(() => uploads.look(), 5);
      await confirmed;
      clearInterval(asking);
      uploads.close();
      expect(server.confirmed()).toBe(true);
      expect(nameOf(server.held())).toBe(photo);
      expect(kept.waiting()).toEqual([]);
      expect(failures).toEqual([]);
      expect(server.seen.every((offset) => offset % photoPartMaxBytes === 0 || script.includes('lose'))).toBe(true);
      if (script.length === 0) expect(server.seen).toHaveLength(Math.ceil(size / photoPartMaxBytes));
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('[PH6] a photo does not go before its record, and a tablet that leaves sends nothing more', async () => {
  const [{ kept, database }, server] = [await tablet(), await moody([])];
  const photo = await keep(kept, 11);
  kept.named([photo], { room, record: 'vis_a' });
  await database.photos.update(photo, { named: [{ room, record: 'vis_a' }] });
  let asked = 0;
  const uploads = new Uploads({ server: server.url, kept, ticket: async () => 'ticket', mayGo: () => (asked += 1) > 3, changed: () => undefined, failed: (error) => expect(error).toBeUndefined() });
  for (let round = 0; round < 3; round += 1) {
    uploads.look();
    await expect.poll(() => asked).toBe(round + 1);
  }
  expect(server.seen).toEqual([]);
  await expect.poll(() => (uploads.look(), server.confirmed())).toBe(true);
  uploads.close();
  uploads.look();
});
