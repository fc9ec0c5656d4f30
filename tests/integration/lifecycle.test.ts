/** Starting and stopping: what an operator sees, and what tablets are told. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { Author } from '../support/author.ts';
import { roster, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

const running: ServerProcess[] = [];
const folders: string[] = [];
const started = async (...options: Parameters<typeof startServer>): Promise<ServerProcess> => {
  const server = await startServer(...options);
  running.push(server);
  return server;
};
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-life-'));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const server of running.splice(0)) await server.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A start that is expected to fail. */
async function failedStart(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['server/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PORT: '0', LINHUO_DATA: ':memory:', ...env } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

test('[SR27] SIGTERM: what was accepted is acknowledged, sockets close with "come back", the process ends with 0', async () => {
  const server = await started({ demo: 'small' });
  const grant = await sitDown(server, 'li');
  const peer = await Peer.into(server, visitsOf('g1'), grant);
  await peer.sync();
  const author = new Author(grant.actor);
  const updates = Array.from({ length: 50 }, () => author.write(author.visit()));
  for (const update of updates) peer.update(update);
  await peer.acked(author.doc.clientID, 1);
  const begun = Date.now();
  expect(await server.stop()).toBe(0);
  expect(Date.now() - begun).toBeLessThan(4_000);
  expect(await peer.ended()).toEqual({ code: 1012, reason: 'restarting' });
  peer.end();

  const again = await started({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const reader = new StockClient(again, visitsOf('g1'), [ticketProtocol(grant)]);
  await reader.synced();
  expect(Object.keys(reader.facts).length).toBeGreaterThanOrEqual(peer.clocks.get(author.doc.clientID) ?? 0);
  reader.end();
});

test('[SR27] SIGINT ends it too, with idle connections open; a second signal ends it at once', async () => {
  const server = await started({ demo: 'small' });
  const peers = await Promise.all(Array.from({ length: 20 }, async () => Peer.into(server, roster, await sitDown(server, 'li'))));
  process.kill(server.pid, 'SIGINT');
  await eventually(() => expect(peers.every((peer) => peer.closed?.code === 1012)).toBe(true));
  for (const peer of peers) peer.end();
  // Not `stop`, which would be a second signal to a process that is still on its way out.
  expect(await server.ended()).toBe(0);

  const other = await started({ demo: 'small' });
  const deaf = await Peer.into(other, roster, await sitDown(other, 'li'));
  // A peer that reads nothing more does not answer the close.
  deaf.socket.pause();
  // Two different signals, because two alike may reach a busy process as one.
  process.kill(other.pid, 'SIGTERM');
  process.kill(other.pid, 'SIGINT');
  expect(await other.ended()).toBe(130);
  deaf.end();
});

test('[SR26] a stock client goes on by itself after a restart, and its work of the pause arrives', async () => {
  const server = await started({ demo: 'small' });
  const [one, two] = [await sitDown(server, 'li'), await sitDown(server, 'he')];
  const client = new StockClient(server, visitsOf('g1'), [ticketProtocol(one)]);
  await client.synced();
  const author = new Author(one.actor);
  author.doc = client.doc;
  author.write(author.visit());
  await eventually(async () => {
    const heads = await fetch(`${server.url}/api/rooms`, { headers: { authorization: `Bearer ${two.ticket}` } });
    expect(JSON.stringify(await heads.json())).toContain(formatRoomName(visitsOf('g1')));
  });
  await server.kill();
  await eventually(() => expect(client.provider.wsconnected).toBe(false));
  author.write(author.visit('hou_102'));
  const again = await started({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const reader = new StockClient(again, visitsOf('g1'), [ticketProtocol(two)]);
  await eventually(() => expect(Object.keys(reader.facts).length).toBe(2));
  for (const each of [client, reader]) each.end();
});

test('[ST7] a second process on the same data folder refuses to start and says what to do', async () => {
  const server = await started({ demo: 'small' });
  const { code, said } = await failedStart(['--demo'], { LINHUO_DATA: server.dataDir });
  expect(code).toBe(1);
  expect(said).toContain(`Another Linhuo server is using the data folder ${server.dataDir}`);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('[ST7] a process that hangs keeps its folder, one that was killed frees it at once, and of several that start together one wins', async () => {
  const server = await started({ demo: 'small' });
  process.kill(server.pid, 'SIGSTOP');
  expect((await failedStart(['--demo'], { LINHUO_DATA: server.dataDir })).said).toContain('Another Linhuo server is using the data folder');
  // SIGKILL ends a stopped process too.
  await server.kill();
  const after = await Promise.allSettled([1, 2, 3].map(() => started({ demo: 'small', dataDir: server.dataDir })));
  const [winner, ...others] = after.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(others).toEqual([]);
  expect(after.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([1, 2].map(() => expect.stringContaining('Another Linhuo server is using the data folder')));
  expect((await fetch(`${winner?.url}/healthz`)).status).toBe(200);
});

test('[SR20] a taken port, a foreign address and a bad setting end the start with a sentence, not with a stack', async () => {
  const server = await started({ demo: 'small' });
  const cases: readonly (readonly [args: readonly string[], env: Record<string, string>, code: number, said: string])[] = [
    [[], { PORT: String(server.port) }, 1, `PORT=${server.port + 1}`],
    [[], { HOST: '203.0.113.7' }, 1, 'Set HOST'],
    [['--demmo'], {}, 2, '--demmo is no option'],
  ];
  const answers = await Promise.all(cases.map(([args, env]) => failedStart(args, env)));
  for (const [index, [, , code, sentence]] of cases.entries()) {
    expect([answers[index]?.code, answers[index]?.said]).toEqual([code, expect.stringContaining(sentence)]);
    expect(answers[index]?.said).not.toContain('    at ');
  }
}, 60_000);

test('[AU8] without demo a demo ticket is nobody\'s: no seats, no tickets for a secret, and every socket closes with 4401; with it there is no identity', async () => {
  const demo = await started({ demo: 'small' });
  const grant = await sitDown(demo, 'li');
  const server = await started({ demo: false });
  expect((await fetch(`${server.url}/api/seats`)).status).toBe(404);
  expect((await fetch(`${server.url}/api/tickets`, { method: 'POST', body: JSON.stringify({ seat: 'li', device: 'abcd', secret: 'a'.repeat(32) }) })).status).toBe(400);
  for (const path of ['/api/challenge', '/api/admin', '/api/admin/audit', '/api/admin/review']) expect((await fetch(`${demo.url}${path}`)).status, path).toBe(404);
  for (const path of ['/api/join', '/api/join/state', '/api/handover', '/api/recovery', '/api/wiped', '/api/admin', '/api/operator']) expect((await fetch(`${demo.url}${path}`, { method: 'POST', body: '{}' })).status, path).toBe(404);
  expect((await fetch(`${server.url}/api/rooms`, { headers: { authorization: `Bearer ${grant.ticket}` } })).status).toBe(401);
  for (const protocols of [[subprotocol], [ticketProtocol(grant)], []]) {
    const peer = new Peer(server, formatRoomName(roster), protocols);
    expect((await peer.ended()).code).toBe(4401);
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('[AU11] demo data and real data never share a folder', async () => {
  const demo = await started({ demo: 'small' });
  expect(await demo.stop()).toBe(0);
  const asReal = await failedStart([], { LINHUO_DATA: demo.dataDir });
  expect([asReal.code, asReal.said]).toEqual([1, expect.stringContaining('This data folder holds demo data')]);
  const real = await started({ demo: false, dataDir: newFolder() });
  expect(await real.stop()).toBe(0);
  const asDemo = await failedStart(['--demo'], { LINHUO_DATA: real.dataDir });
  expect([asDemo.code, asDemo.said]).toEqual([1, expect.stringContaining('This data folder holds real data')]);
});

test('[SR26] the address is printed once the server takes work, and with it how to start for real', async () => {
  const server = await started({ demo: 'small' });
  await eventually(() => expect(server.output()).toContain('LINHUO_DATA='));
  expect(server.output()).toContain(`Linhuo 邻伙 is running at ${server.url}/`);
  expect(server.output()).toContain(`${server.url}/demo`);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('[SR18] a request that never ends its headers is cut off', async () => {
  const server = await started({ demo: 'small' });
  const closed = new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET /sync/v1/shuangbai/roster HTTP/1.1\r\nHost: x\r\n'));
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  await closed;
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
