/** Photos on the wire: in parts, cut, over a killed server, and by those who should not. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { formatPhotoPlace, lengthHeader, offsetHeader, photoPartMaxBytes, type UploadState } from '../../src/protocol/photos.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { backUp } from '../../server/storage/backup.ts';
import { verifyStore } from '../../server/storage/verify.ts';
import { openStorage } from '../../server/storage/open.ts';
import { DatabaseSync } from 'node:sqlite';
import { Author } from '../support/author.ts';
import { community, logOf, visitsOf } from '../support/community.ts';
import { jpegLike, nameOf, withExif } from '../support/photos.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { Peer, sitDown } from '../support/wire.ts';

let server: ServerProcess;
let li: TicketGrant;
let author: Author;
beforeAll(async () => {
  server = await startServer({ demo: 'small' });
  li = await sitDown(server, 'li');
  author = new Author(li.actor);
});
afterAll(() => server.dispose());

/** A visit that names photos, confirmed by the server. */
async function visit(set: Fields): Promise<string> {
  const peer = await Peer.into(server, visitsOf('g1'), li);
  await peer.sync();
  const fact = author.visit('hou_101', set);
  author.write(fact);
  peer.stepTwo((await import('yjs')).encodeStateAsUpdate(author.doc));
  await peer.acked(author.doc.clientID, 1);
  await expect.poll(() => peer.clocks.get(author.doc.clientID)).toBe(author.doc.getMap('facts').size);
  peer.end();
  return fact.record;
}

const bearer = (grant: Pick<TicketGrant, 'ticket'> | undefined): Record<string, string> => (grant ? { authorization: `Bearer ${grant.ticket}` } : {});
const placeOf = (photo: Uint8Array, record: string, room: RoomAddress = visitsOf('g1')): string => formatPhotoPlace({ photo: nameOf(photo), record, room });
const ask = (place: string, grant: TicketGrant | undefined = li): Promise<Response> => fetch(`${server.url}/api/uploads/${place}`, { headers: bearer(grant) });
const state = async (place: string): Promise<UploadState> => (await ask(place)).json() as Promise<UploadState>;
const read = (place: string, grant?: TicketGrant): Promise<Response> => fetch(`${server.url}/api/photos/${place}`, { headers: bearer(grant) });
const send = (place: string, bytes: Uint8Array, offset: number, length: number, grant: TicketGrant | undefined = li): Promise<Response> =>
  fetch(`${server.url}/api/uploads/${place}`, { method: 'PATCH', headers: { ...bearer(grant), [offsetHeader]: String(offset), [lengthHeader]: String(length) }, body: Uint8Array.from(bytes) });

async function bring(place: string, photo: Uint8Array, from = 0, until = photo.length): Promise<UploadState | undefined> {
  let last: UploadState | undefined;
  for (let at = from; at < until; at += photoPartMaxBytes) {
    const answer = await send(place, photo.subarray(at, Math.min(at + photoPartMaxBytes, photo.length)), at, photo.length);
    expect(answer.status).toBe(200);
    last = (await answer.json()) as UploadState;
  }
  return last;
}

test('[PH6, PH7, PH10] a photo comes in parts, is confirmed once it is whole, and is shown to whoever may see the visit', async () => {
  const photo = jpegLike({ seed: 11 });
  const place = placeOf(photo, await visit({ photos: [nameOf(photo)] }));
  expect(await state(place)).toEqual({ offset: 0, confirmed: false });
  const he = await sitDown(server, 'he');
  expect((await read(place, he)).status).toBe(404);
  expect(await bring(place, photo)).toEqual({ offset: photo.length, confirmed: true });
  expect(await state(place)).toEqual({ offset: 0, confirmed: true });
  expect(await (await send(place, photo.subarray(0, 9), 0, photo.length)).json(), 'brought once more').toEqual({ offset: 0, confirmed: true });

  for (const grant of [li, he]) {
    const answer = await read(place, grant);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(photo);
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store', 'content-security-policy': "default-src 'none'; sandbox" });
  }
  for (const seat of ['wu', 'chen', 'far']) {
    const other = await sitDown(server, seat);
    expect((await read(place, other)).status, seat).toBe(403);
    expect((await ask(place, other)).status, seat).toBe(403);
    expect((await send(place, photo.subarray(0, 9), 0, photo.length, other)).status, seat).toBe(403);
  }
});

test('[PH6] a line that is cut in the middle of a part, and a server killed between two: it goes on where the disk says', async () => {
  const photo = jpegLike({ bytes: 200_000, seed: 12 });
  const place = placeOf(photo, await visit({ photos: [nameOf(photo)] }));
  await bring(place, photo, 0, photoPartMaxBytes);

  const socket = connect(server.port, '127.0.0.1');
  socket.write(`PATCH /api/uploads/${place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${li.ticket}\r\n${offsetHeader}: ${photoPartMaxBytes}\r\n${lengthHeader}: ${photo.length}\r\nContent-Length: ${photoPartMaxBytes}\r\n\r\n`);
  socket.write(photo.subarray(photoPartMaxBytes, photoPartMaxBytes + 1_000));
  await new Promise((resolve) => socket.once('ready', resolve));
  socket.destroy();
  expect(await state(place)).toEqual({ offset: photoPartMaxBytes, confirmed: false });

  const underWay = send(place, photo.subarray(photoPartMaxBytes, 2 * photoPartMaxBytes), photoPartMaxBytes, photo.length).catch(() => undefined);
  await server.kill();
  await underWay;
  server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const { offset, confirmed } = await state(place);
  expect([photoPartMaxBytes, 2 * photoPartMaxBytes]).toContain(offset);
  expect(confirmed).toBe(false);
  expect(await bring(place, photo, offset)).toEqual({ offset: photo.length, confirmed: true });

  await server.kill();
  server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  expect(new Uint8Array(await (await read(place, li)).arrayBuffer())).toEqual(photo);
});

test('[PH6, PH9] wrong bytes, wrong places and too much are refused, and a right photo comes through afterwards', async () => {
  const photo = jpegLike({ bytes: 100_000, seed: 13 });
  const record = await visit({ photos: [nameOf(photo)] });
  const place = placeOf(photo, record);
  const wrong = jpegLike({ bytes: 100_000, seed: 14 });
  await bring(place, wrong, 0, photoPartMaxBytes);
  expect((await send(place, wrong.subarray(photoPartMaxBytes), photoPartMaxBytes, wrong.length)).status, 'another photo').toBe(422);
  expect(await state(place)).toEqual({ offset: 0, confirmed: false });
  expect((await send(place, photo.subarray(0, 10), 5, photo.length)).status, 'a gap').toBe(409);
  expect((await send(place, photo.subarray(0, 10), 0, 262_145)).status, 'too long').toBe(413);
  expect((await send(place, photo.subarray(0, 10), 0, 9)).status, 'more than announced').toBe(413);
  expect((await send(place, photo.subarray(0, photoPartMaxBytes + 1), 0, photo.length)).status, 'too much at once').toBe(413);
  expect((await send(place, new Uint8Array(), 0, photo.length)).status, 'nothing').toBe(413);
  for (const headers of [{}, { [offsetHeader]: '-1', [lengthHeader]: '9' }, { [offsetHeader]: '0', [lengthHeader]: '1e3' }])
    expect((await fetch(`${server.url}/api/uploads/${place}`, { method: 'PATCH', headers: { ...bearer(li), ...headers }, body: 'x' })).status).toBe(400);
  expect((await fetch(`${server.url}/api/uploads/${place}`, { method: 'DELETE', headers: bearer(li) })).status).toBe(405);
  expect((await fetch(`${server.url}/api/photos/${place}`, { method: 'PATCH', headers: bearer(li), body: 'x' })).status).toBe(405);
  expect(await bring(place, photo)).toMatchObject({ confirmed: true });
});

test('[PH3] a photo that says where it was taken is not kept, also under its right name', async () => {
  const photo = withExif(jpegLike({ bytes: 20_000, seed: 15 }));
  const place = placeOf(photo, await visit({ photos: [nameOf(photo)] }));
  expect((await send(place, photo, 0, photo.length)).status).toBe(422);
  expect(await state(place)).toEqual({ offset: 0, confirmed: false });
});

test('[PH7] without a ticket, without a record that names it, or by another way there is nothing', async () => {
  const photo = jpegLike({ bytes: 20_000, seed: 16 });
  const [record, other] = [await visit({ photos: [nameOf(photo)] }), await visit({})];
  const place = placeOf(photo, record);
  for (const grant of [undefined, { ticket: 'forged' } as TicketGrant]) {
    const headers = bearer(grant);
    expect((await fetch(`${server.url}/api/uploads/${place}`, { headers })).status).toBe(401);
    expect((await fetch(`${server.url}/api/photos/${place}`, { headers })).status).toBe(401);
    expect((await fetch(`${server.url}/api/uploads/${place}`, { method: 'PATCH', headers: { ...headers, [offsetHeader]: '0', [lengthHeader]: '9' }, body: 'x' })).status).toBe(401);
  }
  const unnamed = placeOf(jpegLike({ seed: 17 }), record);
  expect((await send(unnamed, photo.subarray(0, 9), 0, 9)).status).toBe(404);
  expect((await send(placeOf(photo, other), photo, 0, photo.length)).status).toBe(404);
  expect((await send(placeOf(photo, record, logOf()), photo, 0, photo.length)).status, 'a record of another room').toBe(404);
  await bring(place, photo);
  expect((await read(placeOf(photo, other), li)).status).toBe(404);
  const room = formatRoomName(visitsOf('g1'));
  const name = nameOf(photo);
  for (const path of [
    `${name}/${record}/v1/elsewhere/visits/g1/2026-05`, `${name}/${record}/../../${room}`, `..%2f..%2f${name}/${record}/${room}`, `${name}%00/${record}/${room}`,
    `${name.toUpperCase()}/${record}/${room}`, `${name}/${record}/${room}/..`, `${name}/%2e%2e/${room}`, `${name}`, `/etc/passwd`, `${name}/${record}/v1/${community}/visits/g1`,
  ])
    expect([403, 404], path).toContain((await read(path, li)).status);
});

test('[PH8, ST12] a backup holds the photos and finds one that was spoilt; what is removed leaves no byte behind', async () => {
  const photo = jpegLike({ bytes: 60_000, seed: 18 });
  await bring(placeOf(photo, await visit({ photos: [nameOf(photo)] })), photo);
  const file = join(server.dataDir, 'backup.sqlite');
  const { photos } = await backUp(server.dataDir, file);
  expect(photos).toBeGreaterThanOrEqual(1);
  const db = new DatabaseSync(file);
  db.prepare('UPDATE photo SET bytes = zeroblob(10) WHERE photo = ?').run(nameOf(photo));
  db.close();
  await expect(verifyStore(file)).rejects.toMatchObject({ fault: 'damaged' });

  await server.stop();
  const storage = openStorage(server.dataDir);
  const needle = Buffer.from(photo.subarray(30_000, 30_064));
  const store = join(server.dataDir, 'linhuo.sqlite');
  expect(readFileSync(store).includes(needle)).toBe(true);
  await storage.removePhotos(community, [nameOf(photo)]);
  for (const end of ['', '-wal']) expect(readFileSync(store + end).includes(needle), end).toBe(false);
  await storage.close();
});
