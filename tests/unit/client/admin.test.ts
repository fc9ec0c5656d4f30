/** What the pages of people and tablets are told when the server gives no answer they can use. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAdmin } from '../../../src/client/admin.ts';
import { ok } from '../../../src/domain/kernel/result.ts';

let [status, body] = [200, ''];
const server = createServer((_request, response) => void response.writeHead(status).end(body));
const { fetch } = globalThis;
const admin = createAdmin({ ticket: async () => ok('ticket') });

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // A page's addresses stand on its own origin; Node has none.
  globalThis.fetch = (path, init) => fetch(`${origin}${String(path)}`, init);
});
afterEach(async () => {
  globalThis.fetch = fetch;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('[SC15] busy, broken, full, barred, out of reach: each is told apart, for reading and for acting', async () => {
  const told: Record<string, string> = {};
  const cases: readonly (readonly [number, string])[] = [
    [429, '{"error":"too-many"}'], [503, '{"error":"busy"}'], [503, 'Service Unavailable'], [503, '{"error":"disk-full"}'], [500, '{"error":"internal"}'], [502, '<html>'], [504, ''],
    [401, ''], [403, '{"error":"forbidden"}'], [404, ''], [200, '<html>Sign in</html>'],
  ];
  for (const [code, text] of cases) {
    [status, body] = [code, text];
    const [read, done] = [await admin.registry(), await admin.act({ act: 'allowNewPin', device: 'tab1' })];
    expect(done, `${code} ${text}`).toEqual(read);
    told[`${code} ${text}`] = read.ok ? 'answered' : read.error;
  }
  expect(told).toEqual({
    '429 {"error":"too-many"}': 'busy', '503 {"error":"busy"}': 'busy', '503 Service Unavailable': 'busy', '503 {"error":"disk-full"}': 'full', '500 {"error":"internal"}': 'broken', '502 <html>': 'offline', '504 ': 'offline',
    '401 ': 'barred', '403 {"error":"forbidden"}': 'barred', '404 ': 'demo', '200 <html>Sign in</html>': 'offline',
  });
  [status, body] = [422, '{"error":"last-supervisor"}'];
  expect(await admin.act({ act: 'allowNewPin', device: 'tab1' })).toEqual({ ok: false, error: 'last-supervisor' });
});
