/** The way in: tickets, rooms, origins, paths, and how many may stand in the door. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createTickets, ticketLifeMs } from '../../server/identity/tickets.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import { openStorage } from '../../server/storage/open.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { roster } from '../support/community.ts';
import { startServer } from '../support/serverProcess.ts';
import { eventually, newDevice, Peer, requestTicket, ticketProtocol } from '../support/wire.ts';
import { RawSocket } from './raw.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let worker: TicketGrant;
beforeAll(async () => {
  stage = await Stage.open();
  worker = await stage.sitDown('li');
});
afterAll(() => stage.close());

const room = (): string => formatRoomName(stage.honest);
const at = async (path: string, protocols: readonly string[], headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  (await stage.held(new Peer(stage.server, path, protocols, headers)).ended()).code;

test('[AU5] without a ticket, with a forged, foreign or expired one, a socket closes with 4401', async () => {
  const [payload = '', signature = ''] = worker.ticket.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { actor: object };
  const promoted = Buffer.from(JSON.stringify({ ...claims, actor: { ...claims.actor, role: 'supervisor' } })).toString('base64url');
  const foreign = (await createTickets(openMemoryStorage(), Date.now)).issue(worker.actor).ticket;
  const rows: readonly (readonly [what: string, protocols: readonly string[]])[] = [
    ['no ticket', []], ['no ticket beside our protocol', [subprotocol]], ['an empty ticket', ['ticket.']], ['a ticket of rubbish', ['ticket.x.y']],
    ['a promoted ticket', [`ticket.${promoted}.${signature}`]], ['a ticket without its signature', [`ticket.${payload}`]], ['another server\'s ticket', [`ticket.${foreign}`]],
    ['a ticket of 12 kB', [`ticket.${'x'.repeat(12_000)}`]],
  ];
  for (const [what, protocols] of rows) await stage.attack(what, async () => expect(await at(room(), protocols)).toBe(4401));
});

test('[AU1, AU5] a ticket expires after ten minutes, to the millisecond', async () => {
  const server = await startServer({ demo: 'small' });
  await server.stop();
  const storage = openStorage(server.dataDir);
  const expired = (await createTickets(storage, () => Date.now() - ticketLifeMs)).issue(worker.actor).ticket;
  const fresh = (await createTickets(storage, () => Date.now() - ticketLifeMs + 30_000)).issue(worker.actor).ticket;
  await storage.close();
  const again = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  expect((await stage.held(new Peer(again, room(), [`ticket.${expired}`])).ended()).code).toBe(4401);
  const peer = stage.held(await Peer.into(again, stage.honest, { ticket: fresh }));
  await peer.sync();
  expect(peer.closed).toBeUndefined();
  await again.dispose();
  await server.dispose();
});

test('[AU6] a room one may not read is 4403, what is no room 4404', async () => {
  const [far, wu, zhao] = [await stage.sitDown('far'), await stage.sitDown('wu'), await stage.sitDown('zhao')];
  const forbidden: readonly (readonly [path: string, grant: TicketGrant])[] = [
    [room(), far], [formatRoomName(roster), far], [room(), wu], [room(), zhao], ['v1/shuangbai/people/g1', zhao], ['v1/shuangbai/members/choir', zhao],
    ['v1/elsewhere/roster', worker], ['v1/constructor/roster', worker], ['v1/shuangbai/people/prototype', worker],
  ];
  for (const [path, grant] of forbidden) await stage.attack(`the room ${path} of somebody else`, async () => expect(await at(path, [ticketProtocol(grant)])).toBe(4403));
  const none = [
    '', 'v1', 'v2/shuangbai/roster', 'v1/shuangbai/roster/x', 'v1/shuangbai/roster/', 'v1//roster', 'v1/shuangbai/log/2026-13', 'v1/shuangbai/secrets', 'V1/shuangbai/roster',
    'v1/__proto__/roster', 'v1/shuangbai/__proto__', 'v1/shuangbai/constructor', 'v1/shuangbai/people/__proto__', `v1/${'a'.repeat(8_000)}/roster`,
  ];
  for (const path of none) await stage.attack(`"${path.slice(0, 30)}", which is no room`, async () => expect(await at(path, [ticketProtocol(worker)])).toBe(4404));
}, 30_000);

test('[AU6] no path leads to another room or out of the rooms', async () => {
  const ticket = `Sec-WebSocket-Protocol: ${ticketProtocol(worker)}`;
  const rows: readonly (readonly [path: string, ends: number | 'not found' | 'bad request'])[] = [
    ['/sync/../etc/passwd', 4404], ['/sync/../../etc/passwd', 4404], ['/sync/v1/elsewhere/../shuangbai/roster', 4404], ['/sync/%2e%2e/etc/passwd', 4404], ['/sync/v1%2fshuangbai%2froster', 4404],
    ['/sync//v1/shuangbai/roster', 4404], ['/sync/v1/shuangbai/roster%00', 4404], ['/sync/\\..\\roster', 4404], ['/elsewhere/v1/shuangbai/roster', 'not found'], ['/', 'not found'], ['*', 'not found'],
    [`/sync/${'x'.repeat(20_000)}`, 'bad request'],
  ];
  for (const [path, ends] of rows)
    await stage.attack(`an upgrade at ${path.slice(0, 40)}`, async () => {
      const socket = stage.held(await new RawSocket(stage.server).upgrade(path, ticket));
      const code = await socket.told();
      if (ends === 'not found') expect(socket.head).toMatch(/^HTTP\/1\.1 404 /);
      else if (ends === 'bad request') expect(socket.head).toMatch(/^HTTP\/1\.1 400 /);
      else expect(code).toBe(ends);
    });
});

const upload = (origin: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ seat: 'li', device: newDevice(), secret: 'a'.repeat(32) });
    request(`${stage.server.url}/api/tickets`, { method: 'POST', headers: { origin, 'content-type': 'text/plain' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end(body);
  });

test('[AU7] a page of another origin gets nothing, over sockets and over HTTP', async () => {
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${stage.server.port + 1}`, 'nonsense', ''])
    await stage.attack(`the origin "${origin}"`, async () => {
      expect(await at(room(), [ticketProtocol(worker)], { origin })).toBe(4403);
      expect(await upload(origin)).toBe(403);
    });
  const own = stage.held(new Peer(stage.server, room(), [ticketProtocol(worker)], { origin: stage.server.url }));
  await own.opened();
  await own.sync();
  expect(await upload(stage.server.url)).toBe(200);
});

test('[AU3, AU4] a device tag belongs to whoever came first, those of the authority and of seeded facts to nobody', async () => {
  const device = newDevice();
  const body = { seat: 'li', device, secret: 'a'.repeat(32) };
  expect((await requestTicket(stage.server, body)).status).toBe(200);
  expect((await requestTicket(stage.server, body)).status).toBe(200);
  await stage.attack('another device\'s tag', async () => {
    const taken = await requestTicket(stage.server, { ...body, secret: 'b'.repeat(32) });
    expect([taken.status, await taken.json()]).toMatchObject([403, { error: 'device-taken' }]);
    for (const reserved of ['auth', 'small']) expect((await requestTicket(stage.server, { ...body, device: reserved })).status).toBe(403);
  });
});

test('[SR19] one device holds a bounded number of sockets', async () => {
  const grant = await stage.sitDown('li');
  await stage.attack('257 sockets of one device', async () => {
    const peers = Array.from({ length: 257 }, () => stage.held(new Peer(stage.server, room(), [ticketProtocol(grant)])));
    await eventually(() => expect(peers.filter((peer) => peer.closed?.code === 4429).length).toBe(1));
    await eventually(() => expect(peers.filter((peer) => peer.socket.readyState === WebSocket.OPEN).length).toBe(256));
  });
});

test('[SR33] a device that opens sockets again and again is told to come back later', async () => {
  const grant = await stage.sitDown('li');
  await stage.attack('openings of one device without end', async () => {
    const codes: number[] = [];
    while (!codes.includes(1013)) {
      const peers = Array.from({ length: 100 }, () => new Peer(stage.server, room(), [ticketProtocol(grant)]));
      await Promise.all(peers.map((peer) => peer.opened()));
      await Promise.all(peers.map(async (peer) => {
        peer.update(Uint8Array.of(1, 2, 3, 4));
        codes.push((await peer.ended()).code);
      }));
      for (const peer of peers) peer.end();
    }
    expect(new Set(codes)).toEqual(new Set([4409, 1013]));
    expect(codes.length).toBeGreaterThan(1_000);
  });
}, 60_000);

/** Also what a failed test left open. */
afterEach(async () => {
  expect((await fetch(`${stage.server.url}/healthz`)).status).toBe(200);
});
