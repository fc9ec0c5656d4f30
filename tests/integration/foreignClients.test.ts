/** Clients that know nothing of Linhuo, on lines that break, and a second implementation of the CRDT, against the running server. */
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import * as Yrs from 'ywasm';
import { readPeerMessage, stepOneMessage } from '../../server/rooms/messages.ts';
import { encodeFact } from '../../src/domain/kernel/fact.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { Author } from '../support/author.ts';
import { visitsOf } from '../support/community.ts';
import { generator, RoughWire, type Weather } from '../support/roughWire.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol, type Reachable } from '../support/wire.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function started(options: Parameters<typeof startServer>[0] = {}): Promise<ServerProcess> {
  const server = await startServer({ demo: 'small', ...options });
  ends.push(() => server.dispose());
  return server;
}
const held = <T extends { end(): void }>(client: T): T => {
  ends.push(() => client.end());
  return client;
};
async function rough(server: ServerProcess, weather: Weather): Promise<RoughWire> {
  const wire = await RoughWire.to(server.port, weather);
  ends.push(() => wire.close());
  return wire;
}

const room = visitsOf('g1');
const storm = (seed: number): Weather => ({ seed, crumbs: 95, pieceMax: 3_000, delayMaxMs: 20, cutAfterMax: 12_000 });

/** A stock client and the author who types into its document. */
async function typist(server: ServerProcess, through: Reachable, seat: string, protocols?: readonly string[]): Promise<{ readonly client: StockClient; readonly author: Author; readonly grant: TicketGrant }> {
  const grant = await sitDown(server, seat);
  const client = held(new StockClient(through, room, [...(protocols ?? []), ticketProtocol(grant)]));
  const author = new Author(grant.actor);
  author.doc = client.doc;
  return { client, author, grant };
}

async function durable(server: ServerProcess, { ticket }: TicketGrant): Promise<Record<string, unknown>> {
  const answer = await fetch(`${server.url}/api/rooms/${formatRoomName(room)}`, { headers: { authorization: `Bearer ${ticket}` } });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
  return doc.getMap(factsRoot).toJSON();
}

/** What stock clients complain about when they hear a message they do not know. */
function complaints(): string[] {
  const heard: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => void heard.push(words.join(' ')));
  ends.push(() => spy.mockRestore());
  return heard;
}

test('[SR12, SR18] a stock client alone on a line of crumbs and cuts brings everything up and gets everything down', async () => {
  const heard = complaints();
  const server = await started();
  const wire = await rough(server, storm(7));
  const { client, author } = await typist(server, wire, 'li');
  for (let count = 0; count < 60; count += 1) author.write(author.visit('hou_101', { note: `第${count}次，家里都好` }));
  await eventually(() => expect(wire.cuts).toBeGreaterThan(3));
  wire.calm();
  const reader = held(new StockClient(server, room, [ticketProtocol(await sitDown(server, 'he'))]));
  await eventually(() => expect(Object.keys(reader.facts)).toHaveLength(60));
  expect(reader.facts).toEqual(client.facts);
  expect([client.closed, wire.crumbs > 200, heard]).toEqual([undefined, true, []]);
}, 60_000);

test('[SR6, SR12] several in one process, their lines cut at every turn and the server killed between: all agree, nothing confirmed is lost', async () => {
  const heard = complaints();
  const server = await started();
  const wire = await rough(server, storm(11));
  const random = generator(23);
  const typists = await Promise.all(['li', 'li', 'li'].map((seat) => typist(server, wire, seat)));
  const supervisor = await typist(server, wire, 'he');
  const births: { readonly record: string; readonly id: string }[] = [];
  let typed = 0;
  const type = (): void => {
    const { author } = typists[Math.floor(random() * typists.length)] ?? supervisor;
    const visit = author.visit();
    author.write(visit);
    births.push(visit);
    typed += 1;
    // The supervisor corrects what has come down so far.
    const seen = births.find(({ id }) => supervisor.client.doc.getMap(factsRoot).has(id));
    if (!seen || random() < 0.5) return;
    supervisor.author.write(supervisor.author.fact(seen.record, 'visit', { note: `更正${typed}` }, [seen.id]));
    typed += 1;
  };

  while (births.length < 60 || wire.cuts < 6) {
    type();
    await new Promise((resolve) => setTimeout(resolve, random() * 20));
  }
  await eventually(async () => expect(Object.keys(await durable(server, supervisor.grant)).length).toBeGreaterThan(0));
  const confirmed = await durable(server, supervisor.grant);
  await server.kill();
  for (let count = 0; count < 20; count += 1) type();
  const again = await started({ dataDir: server.dataDir, port: server.port });
  for (let count = 0; count < 20; count += 1) type();
  wire.calm();

  const all = [...typists, supervisor].map(({ client }) => client);
  await eventually(async () => expect(Object.keys(await durable(again, supervisor.grant))).toHaveLength(typed));
  const truth = await durable(again, supervisor.grant);
  for (const client of all) await eventually(() => expect(client.facts).toEqual(truth));
  const fresh = held(new StockClient(again, room, [ticketProtocol(await sitDown(again, 'he'))]));
  await eventually(() => expect(fresh.facts).toEqual(truth));
  expect(Object.keys(confirmed).length).toBeGreaterThan(0);
  expect(truth).toMatchObject(confirmed);
  expect([all.map(({ closed }) => closed), heard]).toEqual([all.map(() => undefined), []]);
}, 90_000);

test('[SR13] a stock client that offers our protocol too hears messages it does not know, says so, and goes on', async () => {
  const heard = complaints();
  const server = await started();
  const { client, author } = await typist(server, server, 'li', [subprotocol]);
  await client.synced();
  for (let count = 0; count < 5; count += 1) author.write(author.visit());
  const reader = held(new StockClient(server, room, [ticketProtocol(await sitDown(server, 'he'))]));
  await eventually(() => expect(Object.keys(reader.facts)).toHaveLength(5));
  await eventually(() => expect(heard.length).toBeGreaterThan(0));
  expect([client.provider.wsconnected, new Set(heard)]).toEqual([true, new Set(['Unable to compute message'])]);
});

/** What a second implementation makes of bytes. */
function readByYrs(update: Uint8Array): unknown {
  const doc = new Yrs.YDoc({});
  Yrs.applyUpdate(doc, update, undefined);
  return doc.getMap(factsRoot).toJson(undefined);
}

test('[SR5] a second implementation of the CRDT reads the same facts from a snapshot, from its own sync and from live frames', async () => {
  const server = await started();
  const grant = await sitDown(server, 'li');
  const writer = held(await Peer.into(server, room, grant));
  await writer.sync();
  const author = new Author(grant.actor);
  const births = [author.visit(), author.visit('hou_102', { note: '𠮷 🏠 字' })];
  writer.update(author.write(...births));
  author.restart();
  writer.update(author.write(author.fact(births[0]?.record ?? '', 'visit', { note: '改' }, [births[0]?.id ?? ''])));
  await writer.acked(author.doc.clientID, 1);

  const answer = await fetch(`${server.url}/api/rooms/${formatRoomName(room)}`, { headers: { authorization: `Bearer ${grant.ticket}` } });
  const truth = await durable(server, grant);
  expect(Object.keys(truth)).toHaveLength(3);
  expect(readByYrs(new Uint8Array(await answer.arrayBuffer()))).toEqual(truth);

  const doc = new Yrs.YDoc({});
  const socket = held(await Peer.into(server, room, await sitDown(server, 'he'))).socket;
  socket.on('message', (data: Buffer) => {
    const message = readPeerMessage(data);
    if (message && 'bytes' in message) Yrs.applyUpdate(doc, message.bytes, undefined);
  });
  socket.send(stepOneMessage(Yrs.encodeStateVector(doc)));
  await eventually(() => expect(doc.getMap(factsRoot).toJson(undefined)).toEqual(truth));
  writer.update(author.write(author.visit()));
  await writer.acked(author.doc.clientID, 2);
  const later = await durable(server, grant);
  await eventually(() => expect(doc.getMap(factsRoot).toJson(undefined)).toEqual(later));
  expect(Object.keys(later)).toHaveLength(4);
});

test('[GT5, GT10] what a second implementation writes is judged by the same rules', async () => {
  const server = await started();
  const grant = await sitDown(server, 'li');
  const author = new Author(grant.actor);
  const doc = new Yrs.YDoc({});
  const facts = doc.getMap(factsRoot);
  const written = (key: string, value: unknown): Uint8Array => {
    const before = Yrs.encodeStateVector(doc);
    facts.set(key, value, undefined);
    return Yrs.encodeStateAsUpdate(doc, before);
  };
  const peer = held(await Peer.into(server, room, grant));
  await peer.sync();
  const visit = author.visit();
  const honest = written(visit.id, encodeFact(visit));
  const clientId = Y.decodeUpdate(honest).structs[0]?.id.client ?? 0;
  peer.update(honest);
  await peer.acked(clientId, 1);
  expect(await durable(server, grant)).toEqual({ [visit.id]: encodeFact(visit) });

  const alone = (key: string, value: unknown): Uint8Array => {
    const other = new Yrs.YDoc({});
    other.getMap(factsRoot).set(key, value, undefined);
    return Yrs.encodeStateAsUpdate(other);
  };
  const next = author.visit();
  const rows: readonly (readonly [reason: string, bytes: Uint8Array])[] = [
    ['overwrite', written(visit.id, encodeFact({ ...visit, set: { ...visit.set, note: '改' } }))],
    ['malformed-fact', alone('x', 42)],
    ['wrong-author', alone(next.id, encodeFact({ ...next, by: 'per_he' }))],
    ['bad-fields', alone(next.id, encodeFact({ ...next, set: { ...next.set, idCard: '510124' } }))],
    ['deletes', (() => {
      const before = Yrs.encodeStateVector(doc);
      facts.delete(visit.id, undefined);
      return Yrs.encodeStateAsUpdate(doc, before);
    })()],
  ];
  for (const [reason, bytes] of rows) {
    const attempt = held(await Peer.into(server, room, grant));
    await attempt.sync();
    attempt.stepTwo(bytes);
    expect(await attempt.ended(), reason).toEqual({ code: 4409, reason });
    expect(attempt.refusal).toMatchObject({ reason });
  }
  expect(await durable(server, grant)).toEqual({ [visit.id]: encodeFact(visit) });
});
