/**
 * The power cut. A killed process leaves everything it had written, since the system holds it; a machine without power
 * leaves what was synced. Where a C compiler is at hand, each file is copied when it is synced (`support/failingDisk.c`), and
 * the next server starts on nothing but those copies. Elsewhere it starts on what the killed one left.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomOf } from '../../server/demo/random.ts';
import { visitsOf } from '../support/community.ts';
import { keepingSynced } from '../support/failingDisk.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown } from '../support/wire.ts';
import { factsOn, LoadTablet, lost, unseen } from './load.ts';

const cuts = 12;
let folder = '';
let server: ServerProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-power-'));
});
afterEach(async () => {
  await server?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const keeps = keepingSynced(folder) !== undefined;
const synced = (life: number): string => join(folder, `synced-${life}`);

/** The folder a life works in: of what the one before had, only what it had synced. */
async function live(life: number): Promise<ServerProcess> {
  const dataDir = join(folder, keeps ? `life-${life}` : 'life');
  mkdirSync(synced(life));
  if (keeps && life > 0) {
    cpSync(synced(life - 1), dataDir, { recursive: true });
    // Half a copy is what a kill interrupted; the whole one before it is there.
    for (const name of readdirSync(dataDir)) if (name.startsWith('.')) rmSync(join(dataDir, name));
    // What is opened and not written again is on the disk as it was.
    cpSync(dataDir, synced(life), { recursive: true });
  }
  return startServer({ demo: 'small', dataDir, env: keepingSynced(synced(life)) ?? {}, ...(server ? { port: server.port } : {}) });
}

test(`[ST1, SR6, SR13] ${cuts} power cuts under load (${keeps ? 'only what was synced is left' : 'a kill, what was written is left'}): everything confirmed and everything passed on is there`, async () => {
  const random = randomOf('power');
  server = await live(0);
  const supervisor = await sitDown(server, 'he');
  const room = visitsOf('g1');
  const tablets = [await sitDown(server, 'li'), await sitDown(server, 'li')].map((grant) => new LoadTablet(grant, (author) => [author.visit('hou_101', { note: '字'.repeat(300) })]));
  for (const tablet of tablets) tablet.enter(room);

  for (let cut = 0; cut < cuts; cut += 1) {
    const witness = await Peer.into(server, room, supervisor);
    await witness.sync();
    const before = tablets.map(({ copy }) => copy.confirmed);
    const more = random.between(5, 60);
    for (const tablet of tablets) tablet.connect(server, 1_000);
    await eventually(() => expect(tablets.every(({ copy }, index) => copy.confirmed >= (before[index] ?? 0) + more)).toBe(true));
    await server.kill();
    for (const tablet of tablets) tablet.disconnect();

    server = await live(cut + 1);
    const kept = await factsOn(server, room, supervisor);
    for (const { copy, complaints } of tablets) expect([lost(copy, kept), complaints], `cut ${cut}`).toEqual([[], []]);
    expect(unseen(witness.doc, kept), `cut ${cut}: passed on`).toEqual([]);
    expect(witness.doc.getMap('facts').size).toBeGreaterThan(0);
    witness.end();
  }
  for (const tablet of tablets) tablet.connect(server, 0);
  await Promise.all(tablets.map((tablet) => tablet.settled()));
  expect((await factsOn(server, room, supervisor)).size).toBe(tablets.reduce((sum, { copy }) => sum + copy.stated.length, 0));
  for (const tablet of tablets) tablet.disconnect();
}, 120_000);
