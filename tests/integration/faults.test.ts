/** A server in this process, on a disk that fails when it is told to, and with peers that stop listening. */
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createServer, type Server } from '../../server/createServer.ts';
import type { StorageError } from '../../server/storage/contract.ts';
import { contactsSchema } from '../../src/protocol/api.ts';
import { Author } from '../support/author.ts';
import { visitsOf } from '../support/community.ts';
import { FaultyStorage } from '../support/faultyStorage.ts';
import * as smallDemo from '../support/smallDemo.ts';
import { stepOneMessage } from '../../server/rooms/messages.ts';
import { eventually, Peer, sitDown, type Reachable } from '../support/wire.ts';

interface Local extends Reachable {
  readonly storage: FaultyStorage;
  readonly broken: StorageError[];
  readonly server: Server;
  /** Events of level ERROR. */
  readonly logged: string[];
}
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function local(options: { readonly beatMs?: number } = {}): Promise<Local> {
  const storage = new FaultyStorage();
  const broken: StorageError[] = [];
  const logged: string[] = [];
  const log = { info: () => undefined, error: (event: string) => void logged.push(event) };
  const server = await createServer({
    config: { host: '127.0.0.1', port: 0, origins: [], app: 'nowhere' }, storage, log, demo: smallDemo,
    onBroken: (error) => broken.push(error), ...options,
  });
  const url = await server.listen();
  ends.push(() => server.stop());
  return { storage, broken, logged, server, url, wsUrl: `${url.replace('http', 'ws')}/sync` };
}

async function tablet(server: Local, seat = 'li') {
  const grant = await sitDown(server, seat);
  const peer = await Peer.into(server, visitsOf('g1'), grant);
  ends.push(() => peer.end());
  await peer.sync();
  return { grant, peer, author: new Author(grant.actor) };
}
const health = async (server: Local): Promise<unknown> => {
  const answer = await fetch(`${server.url}/healthz`);
  return [answer.status, await answer.text()];
};

test('[SR28] a full disk: nothing is acknowledged, the server says so and goes on by itself once there is space', async () => {
  const server = await local();
  const { grant, peer, author } = await tablet(server);
  server.storage.failWith = 'full';
  peer.update(author.write(author.visit()));
  expect(await peer.ended()).toEqual({ code: 1013, reason: 'disk full' });
  expect(peer.clocks.size).toBe(0);
  expect(await health(server)).toEqual([503, 'disk full']);
  expect(server.broken).toEqual([]);

  server.storage.failWith = undefined;
  const again = await Peer.into(server, visitsOf('g1'), grant);
  ends.push(() => again.end());
  await again.sync();
  again.stepTwo(Y.encodeStateAsUpdate(author.doc));
  await again.acked(author.doc.clientID, 1);
  await eventually(async () => expect(await health(server)).toEqual([200, 'ok']));
});

test('[SR28] a disk that fails ends the server without a retry and without an acknowledgement', async () => {
  const server = await local();
  const { peer, author } = await tablet(server);
  server.storage.failWith = 'broken';
  const appends = server.storage.batches.length;
  peer.update(author.write(author.visit()));
  await eventually(() => expect(server.broken.map(({ fault }) => fault)).toEqual(['broken']));
  expect((await peer.ended()).code).toBe(1013);
  expect([peer.clocks.size, server.storage.batches.length]).toEqual([0, appends + 1]);
  expect(await health(server)).toEqual([503, 'stopping']);
});

test('[SR6] a slow disk makes acknowledgements late and nothing else: no frame, no repeat, no second append', async () => {
  const server = await local();
  const [one, two] = [await tablet(server), await tablet(server, 'he')];
  server.storage.hold();
  one.peer.update(one.author.write(one.author.visit()));
  await eventually(() => expect(server.storage.appending).toBe(1));
  await two.peer.sync();
  expect([one.peer.clocks.size, two.peer.doc.getMap('facts').size]).toEqual([0, 0]);
  server.storage.release();
  await one.peer.acked(one.author.doc.clientID, 1);
  await eventually(() => expect(two.peer.doc.getMap('facts').size).toBe(1));
});

test('[SR25] a bug in one answer is a 500 for its asker and a line in the log, and the next answer is served', async () => {
  const server = await local();
  const { grant } = await tablet(server);
  const { heads } = server.storage;
  server.storage.heads = () => Promise.reject(new Error('a bug'));
  const ask = (): Promise<Response> => fetch(`${server.url}/api/rooms`, { headers: { authorization: `Bearer ${grant.ticket}` } });
  const answer = await ask();
  expect([answer.status, await answer.json()]).toMatchObject([500, { error: 'internal' }]);
  expect(server.logged).toContain('a request failed');
  server.storage.heads = heads;
  expect((await ask()).status).toBe(200);
});

test('[SR9] a room whose bytes are damaged is not served; its tablets are told to come back, the others work', async () => {
  const server = await local();
  const { grant } = await tablet(server);
  const { openRoom } = server.storage;
  const damaged = visitsOf('g1', Date.parse('2026-01-05T00:00:00Z'));
  server.storage.openRoom = (room) => (room.endsWith('2026-01') ? Promise.reject(new Error('chain')) : openRoom.call(server.storage, room));
  const peer = await Peer.into(server, damaged, grant);
  expect(await peer.ended()).toEqual({ code: 1013, reason: 'room unavailable' });
  const { peer: fine, author } = await tablet(server);
  fine.update(author.write(author.visit()));
  await fine.acked(author.doc.clientID, 1);
});

test('[SR29] a peer that gives no sign of life is cut off, one that only listens is kept, and hears the empty awareness', async () => {
  // Long enough for a peer on a busy machine to answer in time, short enough to wait for seven.
  const server = await local({ beatMs: 500 });
  const [listening, dead] = [await tablet(server), await tablet(server)];
  const { ticket } = await sitDown(server, 'he');
  const connectedAt = Date.now();
  dead.peer.socket.pause();
  await eventually(() => expect(listening.peer.heard.filter((what) => what === 'awareness').length).toBeGreaterThan(6));
  expect(listening.peer.closed).toBeUndefined();
  // A tablet that is connected is heard now, not when it connected this morning.
  const contacts = v.parse(contactsSchema, await (await fetch(`${server.url}/api/contacts`, { headers: { authorization: `Bearer ${ticket}` } })).json());
  expect(contacts.find(({ device }) => device === listening.grant.actor.device)?.lastContactAt).toBeGreaterThan(connectedAt + 300);
  dead.peer.socket.resume();
  expect((await dead.peer.ended()).code).toBe(1006);
});

test('[SR30] a reader that does not keep up is told to come back, and the writers do not wait for it', async () => {
  const server = await local();
  const slow = await tablet(server, 'he');
  slow.peer.socket.pause();
  const writers = await Promise.all(Array.from({ length: 4 }, () => tablet(server)));
  for (const { peer, author } of writers) {
    author.write(...Array.from({ length: 600 }, () => author.visit('hou_101', { note: '字'.repeat(2_000) })));
    peer.stepTwo(Y.encodeStateAsUpdate(author.doc));
  }
  await Promise.all(writers.map(({ peer, author }) => peer.acked(author.doc.clientID, 600)));
  const { peer, author } = await tablet(server);
  peer.update(author.write(author.visit()));
  await peer.acked(author.doc.clientID, 1);
  slow.peer.socket.resume();
  // 1013 if the close frame still got through, 1006 if the line was cut because it did not.
  expect([1013, 1006]).toContain((await slow.peer.ended()).code);
}, 60_000);

test('[SR30] a reader that asks for the room again and again without reading is not sent a copy for each question', async () => {
  const server = await local();
  const { peer, author } = await tablet(server);
  for (let part = 0; part < 4; part += 1) {
    author.restart();
    author.write(...Array.from({ length: 600 }, () => author.visit('hou_101', { note: '字'.repeat(2_000) })));
    peer.stepTwo(Y.encodeStateAsUpdate(author.doc));
    await peer.acked(author.doc.clientID, 600);
  }
  const grant = await sitDown(server, 'li');
  const greedy = await Peer.into(server, visitsOf('g1'), grant);
  ends.push(() => greedy.end());
  greedy.socket.pause();
  for (let question = 0; question < 20; question += 1) greedy.socket.send(stepOneMessage(Y.encodeStateVector(new Y.Doc())));
  // Another socket of the same server answers after it has read all twenty.
  const other = await Peer.into(server, visitsOf('g1'), grant);
  ends.push(() => other.end());
  await other.sync();
  greedy.socket.resume();
  // Its own acknowledgement comes after everything that was waiting for it.
  const asker = new Author(grant.actor);
  greedy.update(asker.write(asker.visit()));
  await greedy.acked(asker.doc.clientID, 1);
  expect(greedy.heard.filter((what) => what === 'stepTwo').length).toBeLessThan(5);
  expect(greedy.doc.getMap('facts').size).toBeGreaterThanOrEqual(2_400);
}, 60_000);

test('[SR26] two servers live in one process and know nothing of each other', async () => {
  const [one, two] = [await local(), await local()];
  const here = await tablet(one);
  here.peer.update(here.author.write(here.author.visit()));
  await here.peer.acked(here.author.doc.clientID, 1);
  const there = await tablet(two);
  expect(there.peer.doc.getMap('facts').size).toBe(0);
  const stranger = new Peer(two, 'v1/shuangbai/roster', [`ticket.${here.grant.ticket}`]);
  expect((await stranger.ended()).code).toBe(4401);
});
