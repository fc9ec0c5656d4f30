/** Stock y-websocket clients and our own against the running server. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeFact } from '../../src/domain/kernel/fact.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { Author } from '../support/author.ts';
import { logOf, roster, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ demo: 'small' });
});
afterAll(() => server.dispose());

const open: { end(): void }[] = [];
const held = <T extends { end(): void }>(client: T): T => {
  open.push(client);
  return client;
};
afterEach(() => {
  for (const client of open.splice(0)) client.end();
});

test('[SR12] two stock clients converge through the server, with the ticket as their only subprotocol or with both', async () => {
  const [one, two] = [await sitDown(server, 'li'), await sitDown(server, 'he')];
  const room = visitsOf('g1');
  const a = held(new StockClient(server, room, [ticketProtocol(one)]));
  const b = held(new StockClient(server, room, [subprotocol, ticketProtocol(two)]));
  await Promise.all([a.synced(), b.synced()]);
  const author = new Author(one.actor);
  author.doc = a.doc;
  for (let count = 0; count < 20; count += 1) author.write(author.visit());
  await eventually(() => expect(Object.keys(b.facts).length).toBe(20));
  expect(b.facts).toEqual(a.facts);

  const late = held(new StockClient(server, room, [ticketProtocol(await sitDown(server, 'he'))]));
  await late.synced();
  expect(late.facts).toEqual(a.facts);
});

test('[SR12] work done offline goes up with the first sync and comes down to whoever was there', async () => {
  const grant = await sitDown(server, 'li');
  const room = visitsOf('g1', Date.parse('2026-06-10T00:00:00Z'));
  const witness = held(new StockClient(server, room, [ticketProtocol(await sitDown(server, 'he'))]));
  await witness.synced();
  const offline = held(new StockClient(server, room, [ticketProtocol(grant)]));
  offline.provider.disconnect();
  const author = new Author(grant.actor);
  author.doc = offline.doc;
  const stamp = Date.parse('2026-06-10T00:00:00Z').toString(36).padStart(9, '0');
  for (let count = 0; count < 200; count += 1) author.write({ ...author.visit(), record: `vis_${stamp}${grant.actor.device}${count.toString(36)}` });
  offline.provider.connect();
  await eventually(() => expect(Object.keys(witness.facts).length).toBe(200));
});

test('[SR12] a step 1 is answered with step 2, then step 1; live frames come after', async () => {
  const peer = held(await Peer.into(server, roster, await sitDown(server, 'li')));
  expect(peer.heard).toEqual([]);
  await peer.sync();
  expect(peer.heard).toEqual(['stepTwo', 'stepOne']);
});

test('[SR13] an acknowledgement follows each update and names its clock; a stock client never sees one', async () => {
  const grant = await sitDown(server, 'li');
  const peer = held(await Peer.into(server, visitsOf('g1'), grant));
  await peer.sync();
  const author = new Author(grant.actor);
  for (let clock = 1; clock <= 5; clock += 1) {
    peer.update(author.write(author.visit()));
    await peer.acked(author.doc.clientID, clock);
  }
  const stock = held(new Peer(server, 'v1/shuangbai/visits/g1/2026-05', [ticketProtocol(grant)]));
  await stock.opened();
  await stock.sync();
  stock.update(author.write(author.visit()));
  await peer.sync();
  await eventually(() => expect(peer.doc.getMap('facts').has(`${grant.actor.device}-5`)).toBe(true));
  expect(stock.heard).not.toContain('acknowledgement');
});

test('[SR13] what reached the disk while the line was down is acknowledged on the next connection, and on a repeat', async () => {
  const grant = await sitDown(server, 'li');
  const author = new Author(grant.actor);
  const first = held(await Peer.into(server, visitsOf('g1'), grant));
  await first.sync();
  const update = author.write(author.visit(), author.visit());
  first.update(update);
  await first.acked(author.doc.clientID, 2);
  first.end();

  const second = held(await Peer.into(server, visitsOf('g1'), grant));
  await second.sync();
  await second.acked(author.doc.clientID, 2);
  second.clocks.clear();
  second.update(update);
  await second.acked(author.doc.clientID, 2);
});

test('[SR7] the author of a frame does not get it back', async () => {
  const grant = await sitDown(server, 'li');
  const [peer, witness] = [held(await Peer.into(server, visitsOf('g1'), grant)), held(await Peer.into(server, visitsOf('g1'), await sitDown(server, 'he')))];
  await Promise.all([peer.sync(), witness.sync()]);
  const author = new Author(grant.actor);
  peer.update(author.write(author.visit()));
  await eventually(() => expect(witness.heard).toContain('update'));
  expect(peer.heard).not.toContain('update');
});

test('[SR15] a live update that runs ahead of the first sync step is passed over, and arrives with that step', async () => {
  const grant = await sitDown(server, 'li');
  const peer = held(await Peer.into(server, visitsOf('g1'), grant));
  const author = new Author(grant.actor);
  const birth = author.visit();
  author.write(birth);
  peer.update(author.write(author.visit('hou_102')));
  const elsewhere = new Author(grant.actor);
  peer.update(elsewhere.write({ ...author.fact(birth.record, 'visit', { note: '补' }, [birth.id]), id: `${grant.actor.device}-zz` }));
  await peer.sync();
  peer.stepTwo(Y.mergeUpdates([Y.encodeStateAsUpdate(author.doc), Y.encodeStateAsUpdate(elsewhere.doc)]));
  await peer.acked(author.doc.clientID, 2);
  await peer.acked(elsewhere.doc.clientID, 1);
  expect(peer.closed).toBeUndefined();
});

test('[SR15] after that step nothing is passed over any more', async () => {
  const grant = await sitDown(server, 'li');
  const peer = held(await Peer.into(server, visitsOf('g1'), grant));
  await peer.sync();
  peer.stepTwo(Y.encodeStateAsUpdate(new Y.Doc()));
  const author = new Author(grant.actor);
  author.write(author.visit());
  peer.update(author.write(author.visit()));
  expect(await peer.ended()).toEqual({ code: 4409, reason: 'gap' });
  expect(peer.refusal).toMatchObject({ reason: 'gap' });
});

test('[SR17] awareness goes nowhere', async () => {
  const [one, two] = [await sitDown(server, 'li'), await sitDown(server, 'he')];
  const a = held(new StockClient(server, logOf(), [ticketProtocol(one)]));
  const b = held(new StockClient(server, logOf(), [ticketProtocol(two)]));
  await Promise.all([a.synced(), b.synced()]);
  a.provider.awareness.setLocalState({ name: 'li' });
  const author = new Author(one.actor);
  author.doc = a.doc;
  const activity = author.activity();
  author.change((facts) => facts.set(activity.id, encodeFact(activity)));
  await eventually(() => expect(Object.keys(b.facts).length).toBeGreaterThan(0));
  expect([...b.provider.awareness.getStates().keys()]).toEqual([b.doc.clientID]);
});

test('[SR12] five thousand facts of a month offline go up in one step and are all confirmed', async () => {
  const grant = await sitDown(server, 'li');
  const room = visitsOf('g1', Date.parse('2026-07-10T00:00:00Z'));
  const peer = held(await Peer.into(server, room, grant));
  await peer.sync();
  const author = new Author(grant.actor);
  const stamp = Date.parse('2026-07-10T00:00:00Z').toString(36).padStart(9, '0');
  const facts = Array.from({ length: 5_000 }, (_, count) => ({ ...author.visit('hou_101', { note: '家里都好，下周再来看看' }), record: `vis_${stamp}${grant.actor.device}${count.toString(36)}` }));
  author.write(...facts);
  peer.stepTwo(Y.encodeStateAsUpdate(author.doc));
  await peer.acked(author.doc.clientID, 5_000);
  const witness = held(new StockClient(server, room, [ticketProtocol(await sitDown(server, 'he'))]));
  await witness.synced();
  expect(Object.keys(witness.facts).length).toBe(5_000);
});
