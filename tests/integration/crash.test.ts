/** The power cord: SIGKILL under load, again and again. What was acknowledged is there afterwards, once. */
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeFact } from '../../src/domain/kernel/fact.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author } from '../support/author.ts';
import { logOf, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

let server: ServerProcess | undefined;
afterEach(async () => {
  await server?.dispose();
  server = undefined;
});

interface Tablet {
  readonly grant: TicketGrant;
  readonly author: Author;
  readonly stated: Map<string, string>;
  peer: Peer | undefined;
  /** Facts below this clock have been acknowledged at some time. */
  confirmed: number;
}

function stateOne(tablet: Tablet): Uint8Array {
  const fact = tablet.author.visit('hou_101', { note: `第${tablet.stated.size + 1}次` });
  tablet.stated.set(fact.id, encodeFact(fact));
  return tablet.author.write(fact);
}

/** Connects, brings up what the server lacks and goes on stating until the line is cut. */
async function work(running: ServerProcess, tablet: Tablet): Promise<void> {
  const peer = await Peer.into(running, visitsOf('g1'), tablet.grant);
  tablet.peer = peer;
  await peer.sync();
  peer.stepTwo(Y.encodeStateAsUpdate(tablet.author.doc));
  const more = (): void => {
    if (tablet.peer !== peer || peer.closed) return;
    for (let count = 0; count < 3; count += 1) peer.update(stateOne(tablet));
    setImmediate(() => void eventually(() => expect(peer.closed ?? (peer.clocks.get(tablet.author.doc.clientID) ?? 0) > tablet.stated.size - 30).toBeTruthy()).then(more));
  };
  more();
}

const harvest = (tablet: Tablet): void => {
  tablet.confirmed = Math.max(tablet.confirmed, tablet.peer?.clocks.get(tablet.author.doc.clientID) ?? 0);
};

test('[SR13, SR6] ten times SIGKILL under load: nothing acknowledged is lost, nothing is there twice, nobody saw what is gone', async () => {
  server = await startServer({ demo: 'small' });
  const grants = [await sitDown(server, 'li'), await sitDown(server, 'li'), await sitDown(server, 'li')];
  const tablets = grants.map((grant): Tablet => ({ grant, author: new Author(grant.actor), stated: new Map(), peer: undefined, confirmed: 0 }));
  const supervisor = await sitDown(server, 'he');

  for (let round = 0; round < 10; round += 1) {
    const witness = new StockClient(server, visitsOf('g1'), [ticketProtocol(supervisor)]);
    await witness.synced();
    await Promise.all(tablets.map((tablet) => work(server as ServerProcess, tablet)));
    const before = tablets.reduce((sum, tablet) => sum + tablet.confirmed, 0);
    await eventually(() => {
      tablets.forEach(harvest);
      expect(tablets.reduce((sum, tablet) => sum + tablet.confirmed, 0)).toBeGreaterThan(before + 20 + round * 7);
    });
    await server.kill();
    tablets.forEach(harvest);
    for (const tablet of tablets) {
      tablet.peer?.end();
      tablet.peer = undefined;
    }
    const seen = witness.facts;
    witness.end();

    server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
    const reader = new StockClient(server, visitsOf('g1'), [ticketProtocol(supervisor)]);
    await reader.synced();
    const kept = reader.facts;
    reader.end();
    for (const { stated, confirmed } of tablets)
      for (const [index, [id, json]] of [...stated].entries()) if (index < confirmed) expect(kept[id], `${id} was acknowledged`).toBe(json);
    for (const id of Object.keys(seen)) expect(kept[id], `${id} was passed on`).toBe(seen[id]);
  }

  for (const tablet of tablets) {
    const peer = await Peer.into(server, visitsOf('g1'), tablet.grant);
    await peer.sync();
    peer.stepTwo(Y.encodeStateAsUpdate(tablet.author.doc));
    await peer.acked(tablet.author.doc.clientID, tablet.stated.size);
    peer.end();
  }
  const last = new StockClient(server, visitsOf('g1'), [ticketProtocol(supervisor)]);
  await last.synced();
  expect(last.facts).toEqual(Object.fromEntries(tablets.flatMap(({ stated }) => [...stated])));
  last.end();
}, 120_000);

test('[AU13, AU14, AU15] points of a killed server are posted once, whatever moment it was killed at', async () => {
  server = await startServer({ demo: 'small' });
  const grant = await sitDown(server, 'chen');
  const supervisor = await sitDown(server, 'he');
  const author = new Author(grant.actor);
  const ledger = { ...logOf(), family: 'ledger' } as const;
  const activity = author.activity();
  author.write(activity);
  let people = 0;
  for (let round = 0; round < 6; round += 1) {
    const peer = await Peer.into(server, logOf(), grant);
    await peer.sync();
    for (let count = 0; count < 5; count += 1) author.write(author.attendance(activity.record, `SBA${String(people++).padStart(4, '0')}`));
    peer.stepTwo(Y.encodeStateAsUpdate(author.doc));
    await peer.acked(author.doc.clientID, 1 + people);
    // The facts are on disk; their points may or may not be.
    await server.kill();
    peer.end();
    server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  }
  const reader = new StockClient(server, ledger, [ticketProtocol(supervisor)]);
  await reader.synced();
  await eventually(() => expect(Object.keys(reader.facts).length).toBe(people));
  const entries = Object.values(reader.facts).map((json) => JSON.parse(String(json)) as { record: string; set: { volunteer: string; points: number; reason: string } });
  expect(new Set(entries.map(({ record }) => record)).size).toBe(people);
  expect(new Set(entries.map(({ set }) => set.volunteer)).size).toBe(people);
  expect(entries.every(({ set }) => set.points === 20 && set.reason === 'service')).toBe(true);
  reader.end();

  await server.stop();
  server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const snapshot = await fetch(`${server.url}/api/rooms/${formatRoomName(ledger)}`, { headers: { authorization: `Bearer ${supervisor.ticket}` } });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await snapshot.arrayBuffer()));
  expect(doc.getMap('facts').size).toBe(people);
}, 60_000);
