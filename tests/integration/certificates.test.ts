/** Certificates at the server: who may state one, and what anybody who holds the paper is told. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { certificateId } from '../../src/domain/certificates/schema.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import { verifiedSchema, type Verified } from '../../src/protocol/verify.ts';
import { Author } from '../support/author.ts';
import { anna, logOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { Peer, sitDown } from '../support/wire.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ demo: 'small' });
});
afterAll(async () => {
  await server.dispose();
  // The folder outlived the first process.
  rmSync(server.dataDir, { recursive: true, force: true });
});

const code = '7KQ2M8X4T1P6V9ZB';
const paper = (serial: string): Fields => ({
  serial, code, volunteer: anna, from: '2026-01-01', through: '2026-05-11', hoursTenths: 125, times: 4, services: ['care'],
  issuer: '双柏社区居民委员会', inCharge: '何书记', handler: '陈晓琴', contact: '028-8700 0000', issuedOn: '2026-05-12', note: '入党积极分子考察用',
});

async function ask(body: unknown): Promise<Response> {
  return fetch(`${server.url}/api/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
async function verify(serial: string, tried = code): Promise<Verified> {
  const answer = await ask({ serial, code: tried });
  expect(answer.status).toBe(200);
  return v.parse(verifiedSchema, await answer.json());
}

async function state(seat: string, ...facts: readonly ((author: Author) => Fact)[]): Promise<Peer> {
  const grant = await sitDown(server, seat);
  const author = new Author(grant.actor);
  const peer = await Peer.into(server, logOf(), grant);
  await peer.sync();
  peer.update(author.write(...facts.map((make) => make(author))));
  if (seat === 'he') await peer.acked(author.doc.clientID, facts.length);
  return peer;
}
const issued = (serial: string) => (author: Author) => author.fact(certificateId(serial), 'certificate', paper(serial));

test('[CE4] with serial and code anybody learns what stands on the paper, and no name, contact or note', async () => {
  const serial = 'SH202605-HEDEV00001';
  expect(await verify(serial)).toEqual({ state: 'unknown' });
  (await state('he', issued(serial))).end();
  expect(await verify(serial)).toEqual({
    state: 'valid', serial, volunteer: anna, from: '2026-01-01', through: '2026-05-11', hoursTenths: 125, times: 4, services: ['care'],
    issuer: '双柏社区居民委员会', issuedOn: '2026-05-12', demonstration: true,
  });
  // Each answer as one that was never given: another code, another serial, another month, another community.
  for (const [one, tried] of [[serial, '7KQ2M8X4T1P6V9ZC'], ['SH202605-HEDEV00002', code], ['SH202604-HEDEV00001', code], ['XX202605-HEDEV00001', code]] as const)
    expect(await verify(one, tried), one).toEqual({ state: 'unknown' });
});

test('[CE5] one that was withdrawn tells nothing but that and when; a restart changes nothing', async () => {
  const serial = 'SH202605-HEDEV00003';
  let born: Fact | undefined;
  const peer = await state(
    'he',
    (author) => (born = issued(serial)(author)),
    (author) => author.fact(certificateId(serial), 'certificate', { withdrawnOn: '2026-05-12', withdrawnWhy: 'mistake' }, [born?.id ?? '']),
  );
  peer.end();
  const withdrawn = { state: 'withdrawn', serial, issuer: '双柏社区居民委员会', issuedOn: '2026-05-12', withdrawnOn: '2026-05-12' };
  expect(await verify(serial)).toEqual(withdrawn);
  expect(await verify(serial, 'AAAAAAAAAAAAAAAA')).toEqual({ state: 'unknown' });
  const { port, dataDir } = server;
  await server.kill();
  server = await startServer({ demo: 'small', port, dataDir });
  expect(await verify(serial)).toEqual(withdrawn);
});

test('[CE4] nobody but a supervisor certifies anything', async () => {
  const serial = 'SH202605-LIDEV00001';
  for (const seat of ['li', 'chen']) {
    const peer = await state(seat, issued(serial));
    await peer.ended();
    expect(peer.refusal, seat).toMatchObject({ reason: 'not-allowed' });
    peer.end();
  }
  expect(await verify(serial)).toEqual({ state: 'unknown' });
});

test('[CE6] what is no question is named, and whoever tries many is told to come back', async () => {
  for (const [status, body] of [[400, {}], [400, { serial: 'SH202613-HEDEV00001', code }], [400, { serial: '../x', code }], [400, { serial: 'SH202605-HEDEV00001', code: 'short' }], [413, { serial: 'x'.repeat(2_000), code }]] as const)
    expect((await ask(body)).status, JSON.stringify(body).slice(0, 50)).toBe(status);
  expect((await fetch(`${server.url}/api/verify`)).status).toBe(405);
  const statuses = await Promise.all(Array.from({ length: 60 }, async (_each, index) => (await ask({ serial: `SH202605-TRY${String(index).padStart(5, '0')}`, code })).status));
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(30);
  // Everything else is answered as before.
  expect((await fetch(`${server.url}/api/seats`)).status).toBe(200);
});
