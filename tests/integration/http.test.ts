/** The HTTP side: files of the built app, the API, snapshots. */
import { request } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import * as Y from 'yjs';
import { contactsSchema, roomHeadsSchema, seatsSchema, ticketGrantSchema, type TicketGrant } from '../../src/protocol/api.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { roster, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { Peer, requestTicket, sitDown } from '../support/wire.ts';
import { Author } from '../support/author.ts';

const app = mkdtempSync(join(tmpdir(), 'linhuo-app-'));
const script = '{ start(); }';
const shell = `<!doctype html><title>邻伙</title><script>${script}</script><script src="/_app/x.js"></script>`;
let server: ServerProcess;
let worker: TicketGrant;
let supervisor: TicketGrant;

beforeAll(async () => {
  mkdirSync(join(app, '_app/immutable'), { recursive: true });
  writeFileSync(join(app, 'index.html'), shell);
  writeFileSync(join(app, 'sw.js'), 'self.skipWaiting');
  for (const [ending, pack] of [['', (text: string) => text], ['.br', brotliCompressSync], ['.gz', gzipSync]] as const)
    writeFileSync(join(app, `_app/immutable/big.js${ending}`), pack('let x = 1;'.repeat(100)));
  writeFileSync(join(tmpdir(), 'linhuo-outside.txt'), 'secret');
  server = await startServer({ demo: 'small', env: { LINHUO_APP: app } });
  worker = await sitDown(server, 'li');
  supervisor = await sitDown(server, 'he');
});
afterAll(async () => {
  await server.dispose();
  rmSync(app, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${server.url}${path}`, { headers });
const as = (grant: TicketGrant): Record<string, string> => ({ authorization: `Bearer ${grant.ticket}` });
/** `fetch` tidies paths up; an attacker does not. */
const rawGet = (path: string): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    }).on('error', reject).end();
  });

test('[SR21] a page of the app gets the shell, a missing file is 404, and no path leads outside', async () => {
  for (const path of ['/', '/visits/hou_1', '/demo?x=1', '/partners/par_%E9%82%BB']) expect(await (await get(path)).text(), path).toBe(shell);
  expect((await get('/nothing.js')).status).toBe(404);
  for (const path of ['/../linhuo-outside.txt', '/%2e%2e/linhuo-outside.txt', '/..%2flinhuo-outside.txt', '//etc/passwd.txt', '/_app/../../linhuo-outside.txt', '/index.html/../../linhuo-outside.txt']) {
    const { status, body } = await rawGet(path);
    expect([status, body.includes('secret')], path).toEqual([404, false]);
  }
  expect((await rawGet('/%')).status).toBe(400);
  expect((await fetch(server.url, { method: 'DELETE' })).status).toBe(405);
});

test('[SR22] hashed files are kept for a year and come compressed; the shell is asked for each time', async () => {
  const big = await get('/_app/immutable/big.js', { 'accept-encoding': 'gzip, br' });
  expect([big.headers.get('cache-control'), big.headers.get('content-encoding'), big.headers.get('content-type')]).toEqual(['public, max-age=31536000, immutable', 'br', 'text/javascript; charset=utf-8']);
  expect((await big.text()).length).toBe(1_000);
  expect((await get('/_app/immutable/big.js', { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBe('gzip');
  expect((await get('/_app/immutable/big.js', { 'accept-encoding': 'identity' })).headers.get('content-encoding')).toBeNull();
  const first = await get('/');
  expect(first.headers.get('cache-control')).toBe('no-cache');
  expect((await get('/visits', { 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
  expect((await get('/sw.js')).headers.get('cache-control')).toBe('no-cache');
});

test('[SR23] every answer carries the policy, and it names the shell\'s inline script by its hash', async () => {
  const hash = createHash('sha256').update(script).digest('base64');
  for (const path of ['/', '/nothing.js', '/api/seats', '/healthz', '/api/nothing']) {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('[AU8] in demo mode seats and tickets are what the protocol says', async () => {
  const seats = v.parse(seatsSchema, await (await get('/api/seats')).json());
  expect(seats.map(({ id }) => id)).toContain('li');
  const grant = v.parse(ticketGrantSchema, worker);
  expect(grant.actor).toMatchObject({ person: 'per_li', role: 'gridWorker', grids: ['g1'] });
  expect(grant.communityGrids).toEqual(['g1', 'g2']);
  expect(grant.expiresAt - grant.serverNow).toBeGreaterThan(9 * 60_000);
});

test('[AU8] a bad ticket request is named and changes nothing', async () => {
  const good = { seat: 'li', device: 'abcd1', secret: 'a'.repeat(32) };
  const cases: readonly (readonly [number, unknown])[] = [
    [400, {}], [400, { ...good, device: 'A' }], [400, { ...good, secret: 'short' }], [400, { ...good, role: 'supervisor' }], [400, 'text'],
    [404, { ...good, seat: 'nobody' }], [404, { ...good, seat: '__proto__' }], [413, { ...good, seat: 'x'.repeat(9_000) }],
  ];
  for (const [status, body] of cases) {
    const answer = await requestTicket(server, body);
    expect([answer.status, typeof ((await answer.json()) as { hint: string }).hint], JSON.stringify(body).slice(0, 60)).toEqual([status, 'string']);
  }
});

test('[AU9] heads, snapshots and contacts are shown as far as the ticket reaches', async () => {
  const author = new Author(worker.actor);
  const peer = await Peer.into(server, visitsOf('g1'), worker);
  await peer.sync();
  peer.update(author.write(author.visit()));
  await peer.acked(author.doc.clientID, 1);
  peer.end();
  const wu = await sitDown(server, 'wu');
  const heads = async (grant: TicketGrant): Promise<string[]> => v.parse(roomHeadsSchema, await (await get('/api/rooms', as(grant))).json()).map(({ room }) => room);
  expect(await heads(worker)).toContain(formatRoomName(visitsOf('g1')));
  expect(await heads(wu)).not.toContain(formatRoomName(visitsOf('g1')));
  expect(await heads(wu)).toContain(formatRoomName(roster));

  const snapshotStatus = async (room: string, headers: Record<string, string>): Promise<number> => (await get(`/api/rooms/${room}`, headers)).status;
  expect(await snapshotStatus(formatRoomName(visitsOf('g1')), as(worker))).toBe(200);
  expect(await snapshotStatus(formatRoomName(visitsOf('g1')), as(wu))).toBe(403);
  expect(await snapshotStatus(formatRoomName(visitsOf('g1')), {})).toBe(401);
  expect(await snapshotStatus(formatRoomName(visitsOf('g1')), { authorization: 'Bearer x.y' })).toBe(401);
  expect(await snapshotStatus('v1/shuangbai', as(worker))).toBe(404);

  const contacts = await get('/api/contacts', as(supervisor));
  expect(v.parse(contactsSchema, await contacts.json())).toContainEqual(expect.objectContaining({ device: worker.actor.device, person: 'per_li', role: 'gridWorker' }));
  expect((await get('/api/contacts', as(worker))).status).toBe(403);
});

test('[SR24] a snapshot is the whole room as one update, with its head as ETag', async () => {
  const path = `/api/rooms/${formatRoomName(roster)}`;
  const answer = await get(path, as(worker));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
  expect(doc.getMap('facts').size).toBe(6);
  expect(answer.headers.get('etag')).toMatch(/^"\d+"$/);
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  const etag = answer.headers.get('etag') ?? '';
  expect((await get(path, { ...as(worker), 'if-none-match': etag })).status).toBe(304);

  const author = new Author(supervisor.actor);
  const peer = await Peer.into(server, roster, supervisor);
  await peer.sync();
  peer.update(author.write(author.fact('spa_1', 'space', { name: '议事厅' })));
  await peer.acked(author.doc.clientID, 1);
  peer.end();
  const changed = await get(path, { ...as(worker), 'if-none-match': etag });
  expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
  const empty = await get(`/api/rooms/v1/shuangbai/log/2001-01`, as(worker));
  expect([empty.status, new Uint8Array(await empty.arrayBuffer())]).toEqual([200, Uint8Array.of(0, 0)]);
});

test('[SR25] what is no HTTP is answered with 400 and everybody else is served', async () => {

  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('\u0000\u0001 nonsense\r\n\r\n'));
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect((await get('/healthz')).status).toBe(200);
});
