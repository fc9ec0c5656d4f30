/** Before anything is proved: guessing codes, from one address and from many, one by one and all at once; bodies that never end. */
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { ask, EnrolledTablet, errorOf } from '../support/enrolled.ts';
import { enrol, foundCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';
import { eventually } from '../support/wire.ts';

let server: ServerProcess | undefined;
afterEach(async () => server?.dispose());

const code = (number: number): string => `GVESS${String(number).padStart(7, '0')}`.replace('U', 'V');

/** A machine of its own on the loopback network. */
function guess(port: number, from: string, body: object, path = '/api/join'): Promise<{ status: number; retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', localAddress: from }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: Number(response.headers['retry-after'] ?? 0) }));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

test('[IE4] ten wrong codes from one address are all it gets, a right one then waits too; sixty from all of them, and a right one from elsewhere still joins', async () => {
  const community = await foundCommunity();
  server = community.server;
  const { port } = server;
  const { code: right = '' } = await community.supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const tablet = await EnrolledTablet.unpacked(server);
  const body = (typed: string) => ({ code: typed, device: 'guess1', tablet: tablet.tablet, label: 'x', key: tablet.key });

  const burst = await Promise.all(Array.from({ length: 40 }, (_, index) => guess(port, '127.0.0.2', body(code(index)))));
  expect(burst.filter(({ status }) => status === 403).length).toBe(10);
  expect(burst.filter(({ status }) => status === 429).length).toBe(30);
  const refused = await guess(port, '127.0.0.2', body(right));
  expect(refused.status).toBe(429);
  expect(refused.retryAfter).toBeGreaterThan(500);
  expect(refused.retryAfter).toBeLessThanOrEqual(600);

  // Not even its form is looked at by the limit: what is no code is not counted.
  expect((await guess(port, '127.0.0.9', { ...body(right), code: 'short' })).status).toBe(400);
  let wrong = 10;
  for (let machine = 3; machine < 12; machine += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => guess(port, `127.0.0.${machine}`, body(code(1_000 * machine + index)))));
    wrong += answers.filter(({ status }) => status === 403).length;
  }
  expect(wrong).toBe(60);
  expect((await guess(port, '127.0.0.20', body(code(99_999)))).status).toBe(429);
  expect((await tablet.join(right)).status).toBe(200);
  // Those who work already notice nothing.
  expect((await community.supervisor.askTicket()).status).toBe(200);
}, 60_000);

test('[IR7] long bodies that never end hold up nobody but those who hand over, and those only until they are cut off', async () => {
  const community = await foundCommunity();
  server = community.server;
  const { port } = server;
  const worker = await enrol(community);
  await community.supervisor.done({ act: 'revokeDevice', device: worker.device, reason: '离职' });
  const slow = Array.from({ length: 8 }, () => {
    const asked = request({ host: '127.0.0.1', port, path: '/api/handover', method: 'POST', headers: { 'content-length': 4_000_000 } });
    asked.on('error', () => undefined);
    asked.write('{"device":"');
    return asked;
  });
  const handOver = async () => ask(community.server, '/api/handover', { ...(await worker.proof('handover')), facts: [{ room: 'v1/c1/roster', id: `${worker.device}-1`, json: '{}' }] });
  await eventually(async () => expect((await handOver()).status).toBe(503));
  expect((await community.supervisor.askTicket()).status).toBe(200);
  for (const asked of slow) asked.destroy();
  await eventually(async () => expect(await handOver()).toMatchObject({ status: 200, body: { kept: [`${worker.device}-1`] } }));
  // More than fits into one, and a proof of somebody who works.
  const big = await guess(port, '127.0.0.1', { facts: 'x'.repeat(5_000_000) }, '/api/handover');
  expect(big.status).toBe(413);
  const { supervisor } = community;
  expect(errorOf(await ask(server, '/api/handover', { ...(await supervisor.proof('handover')), facts: [{ room: 'v1/c1/roster', id: `${supervisor.device}-1`, json: '{}' }] }))).toEqual([409, 'not-now']);
}, 60_000);
