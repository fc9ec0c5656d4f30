/** The running server with TLS of its own, and behind a proxy that it was told of. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readCertificate } from '../../server/http/certificate.ts';
import { ask as askJson, EnrolledTablet } from '../support/enrolled.ts';
import { firstCode } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, newDevice, sitDown, ticketProtocol } from '../support/wire.ts';
import { subprotocol } from '../../src/protocol/version.ts';

const folder = mkdtempSync(join(tmpdir(), 'linhuo-tls-'));
const [cert, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
const own = (name: string): string => `tests/support/tls/${name}`;
const issue = (name: string): void => {
  copyFileSync(own(`${name}.crt`), cert);
  copyFileSync(own(`${name}.key`), key);
};
const certificateOf = (name: string): string => readFileSync(own(`${name}.crt`), 'utf8');

let server: ServerProcess;
beforeAll(async () => {
  issue('first');
  server = await startServer({ demo: 'small', env: { LINHUO_TLS_CERT: cert, LINHUO_TLS_KEY: key } });
});
afterAll(async () => {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
const ask = (port: number, { path = '/healthz', method = 'GET', body = '', ca }: { path?: string; method?: string; body?: string; ca?: string }, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false as const };
    const asked = ca === undefined ? request(options) : secureRequest({ ...options, ca });
    asked.on('response', (response) => {
      let heard = '';
      response.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: heard }));
    });
    asked.on('error', reject).end(body);
  });

test('[TL1] with a certificate the server speaks https and wss, and says so', async () => {
  const ca = certificateOf('first');
  expect(server.output()).toContain(`is running at https://127.0.0.1:${server.port}/`);
  const { status, headers } = await ask(server.port, { ca });
  expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
  expect(headers['content-security-policy']).toContain(`connect-src 'self' wss://127.0.0.1:${server.port};`);
  const seat = await ask(server.port, { ca, path: '/api/tickets', method: 'POST', body: JSON.stringify({ seat: 'li', device: newDevice(), secret: 'ab'.repeat(16) }) });
  const grant = JSON.parse(seat.body) as { ticket: string };
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}/sync/v1/shuangbai/roster`, [subprotocol, ticketProtocol(grant)], { ca });
  await eventually(() => expect(socket.readyState).toBe(WebSocket.OPEN));
  socket.terminate();
  await expect(ask(server.port, {})).rejects.toThrow();
});

const servedNow = (ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port: server.port, ca }, () => {
      resolve(socket.authorized);
      socket.end();
    });
    socket.on('error', () => resolve(false));
  });

test('[TL2] a renewed certificate is taken over on SIGHUP without closing anything; one that cannot be used changes nothing', async () => {
  const held = connect({ host: '127.0.0.1', port: server.port, ca: certificateOf('first') });
  await eventually(() => expect(held.authorized).toBe(true));
  issue('second');
  process.kill(server.pid, 'SIGHUP');
  await eventually(() => expect(server.output()).toContain('The certificate was read again; it is valid until 2126-'));
  expect([await servedNow(certificateOf('second')), await servedNow(certificateOf('first')), held.readyState]).toEqual([true, false, 'open']);
  held.destroy();

  writeFileSync(cert, 'half a renewal');
  process.kill(server.pid, 'SIGHUP');
  await eventually(() => expect(server.output()).toContain('which holds no certificate'));
  expect(server.output()).toContain('The certificate in use stays.');
  expect(await servedNow(certificateOf('second'))).toBe(true);
  issue('first');
});

test('[TL1] a certificate that cannot be used is named with its setting and what to do', async () => {
  const files = (certificate: string, secret: string, now = 0) => readCertificate({ certificate, key: secret }, now);
  const missing = join(folder, 'nowhere.pem');
  const cases: readonly (readonly [ReturnType<typeof files>, ...string[]])[] = [
    [files(missing, own('first.key')), 'LINHUO_TLS_CERT', 'is not there', 'PEM'],
    [files(own('first.crt'), missing), 'LINHUO_TLS_KEY', 'is not there', 'PEM'],
    [files(folder, own('first.key')), 'LINHUO_TLS_CERT', 'can not be read'],
    [files(own('first.key'), own('first.key')), 'LINHUO_TLS_CERT', 'holds no certificate', 'fullchain.pem'],
    [files(own('first.crt'), own('first.crt')), 'LINHUO_TLS_KEY', 'holds no key', 'privkey.pem'],
    [files(own('first.crt'), own('second.key')), 'LINHUO_TLS_KEY', 'is not that of the certificate', 'same issue'],
    [files(own('first.crt'), own('first.key'), Date.UTC(2200, 0)), 'ran out on 2126-', 'Renew it'],
  ];
  for (const [read, ...said] of cases) for (const part of said) expect(read.ok ? '' : read.error).toContain(part);
  expect(files(own('first.crt'), own('first.key')).ok).toBe(true);
  await expect(startServer({ demo: 'small', env: { LINHUO_TLS_CERT: missing, LINHUO_TLS_KEY: key } })).rejects.toThrow(/ended with 2 .*LINHUO_TLS_CERT names/s);
});

test('[TL3] behind a named proxy a request counts as it came to the proxy; nobody else is believed', async () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'linhuo.example' };
  for (const [proxies, hsts, sockets] of [['127.0.0.1', 'max-age=31536000', 'wss://linhuo.example'], ['10.9.9.9', undefined, 'ws://127.0.0.1:']] as const) {
    const behind = await startServer({ demo: 'small', env: { LINHUO_PROXY: proxies } });
    const { headers } = await ask(behind.port, {}, forwarded);
    expect([headers['strict-transport-security'], headers['content-security-policy']?.includes(`connect-src 'self' ${sockets}`)]).toEqual([hsts, true]);
    await behind.dispose();
  }
});

test('[TL4] in real mode no page may be framed, by anybody', async () => {
  const real = await startServer({ demo: false });
  const { headers } = await ask(real.port, { path: '/' });
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' });
  await real.dispose();
});

test('[AU7] a page of the public origin may ask, whatever host the proxy names', async () => {
  const behind = await startServer({ demo: 'small', env: { LINHUO_PROXY: '127.0.0.1', LINHUO_ORIGIN: 'https://linhuo.example' } });
  const status = async (origin: string) => (await ask(behind.port, { path: '/api/seats' }, { origin })).status;
  expect([await status('https://linhuo.example'), await status('https://evil.example')]).toEqual([200, 403]);
  expect((await sitDown(behind, 'li')).actor.person).toBe('per_li');
  await behind.dispose();
});

test('[TL3] behind a named proxy wrong codes count for the address they came from, and nobody else waits', async () => {
  const behind = await startServer({ demo: false, env: { LINHUO_PROXY: '127.0.0.1' } });
  const tablet = await EnrolledTablet.unpacked(behind);
  const guess = async (from: string): Promise<number> =>
    (await askJson(behind, '/api/join', { code: '0'.repeat(12), device: tablet.device, tablet: tablet.tablet, label: 'Test', key: tablet.key }, { 'x-forwarded-for': `8.8.8.8, ${from}` })).status;
  let guesses = 0;
  while ((await guess('203.0.113.9')) === 403 && guesses < 100) guesses += 1;
  expect([guesses > 0 && guesses < 100, await guess('203.0.113.9'), await guess('203.0.113.10')]).toEqual([true, 429, 403]);
  await behind.dispose();
});

test('[CF3] a tablet opens without the network for as many days as the settings say', async () => {
  const real = await startServer({ demo: false, env: { LINHUO_OFFLINE_DAYS: '7' } });
  const { unlock, serverNow } = await (await EnrolledTablet.joined(real, await firstCode(real))).ticket();
  expect(Math.abs((unlock?.until ?? 0) - serverNow - 7 * 86_400_000)).toBeLessThan(60_000);
  await real.dispose();
});
