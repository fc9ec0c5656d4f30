/**
 * Disks that are full and disks that fail, for the real process. Each test takes the strongest way this machine offers and
 * says in its name which: a small file system of its own, calls that fail below SQLite (`support/failingDisk.c`), or, where
 * there is neither, a storage that fails when it is told to.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createServer } from '../../server/createServer.ts';
import type { StorageError } from '../../server/storage/contract.ts';
import { watched } from '../../server/storage/watch.ts';
import { visitsOf } from '../support/community.ts';
import { failingCalls, smallDisk } from '../support/failingDisk.ts';
import { FaultyStorage } from '../support/faultyStorage.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import * as smallDemo from '../support/smallDemo.ts';
import { eventually, Peer, sitDown, type Reachable } from '../support/wire.ts';
import { factsOn, LoadTablet, lost } from './load.ts';

const endless = 1_000_000;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-disk-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
async function started(options: Parameters<typeof startServer>[0]): Promise<ServerProcess> {
  const server = await startServer({ demo: 'small', ...options });
  ends.push(() => server.dispose());
  return server;
}
async function stating(server: Reachable, note = '字'.repeat(400)): Promise<LoadTablet> {
  const tablet = new LoadTablet(await sitDown(server, 'li'), (author) => [author.visit('hou_101', { note })]);
  ends.push(() => tablet.disconnect());
  tablet.enter(visitsOf('g1'));
  tablet.connect(server, endless);
  await eventually(() => expect(tablet.copy.confirmed).toBeGreaterThan(5));
  return tablet;
}
const health = async (server: Reachable): Promise<unknown> => {
  const answer = await fetch(`${server.url}/healthz`);
  return [answer.status, await answer.text()];
};

/** A server on a disk whose room a test takes and gives back. */
interface Filling {
  readonly server: Reachable;
  fill(): void;
  makeRoom(): void;
  /** The same data on a new process; the same server where there is no process. */
  restarted(): Promise<Reachable>;
}
const diskMegabytes = 8;
const disk = smallDisk(diskMegabytes);
const shim = failingCalls();
const variant = disk ? `a file system of ${diskMegabytes} MiB` : shim ? 'writes that fail with ENOSPC' : 'a storage that is told to be full';

async function filling(): Promise<Filling> {
  if (disk) {
    ends.push(() => disk.remove());
    const server = await started({ dataDir: disk.path });
    return { server, fill: () => disk.fill(), makeRoom: () => disk.makeRoom(), restarted: () => again(server, disk.path) };
  }
  if (shim) {
    const dataDir = newFolder();
    const server = await started({ dataDir, env: shim.env });
    return { server, fill: () => shim.fail('write', '-wal'), makeRoom: () => shim.heal(), restarted: () => again(server, dataDir) };
  }
  const { server, storage } = await local();
  return { server, fill: () => void (storage.failWith = 'full'), makeRoom: () => void (storage.failWith = undefined), restarted: async () => server };
}
async function again(server: ServerProcess, dataDir: string): Promise<Reachable> {
  await server.kill();
  return started({ dataDir, port: server.port });
}
async function local() {
  const storage = new FaultyStorage();
  const broken: StorageError[] = [];
  const log = { info: () => undefined, error: () => undefined };
  const server = await createServer({ config: { host: '127.0.0.1', port: 0, origins: [], app: 'nowhere' }, storage, log, demo: smallDemo, onBroken: (error) => broken.push(error) });
  const url = await server.listen();
  ends.push(() => server.stop());
  return { server: { url, wsUrl: `${url.replace('http', 'ws')}/sync` }, storage, broken };
}

test(`[SR50] a full disk (${variant}): nothing is confirmed, health says so, and the same process goes on once there is room`, async () => {
  const { server, fill, makeRoom, restarted } = await filling();
  const tablet = await stating(server);
  const { copy } = tablet;
  fill();
  await eventually(() => expect(tablet.complaints).toEqual(['closed with 1013 disk full']));
  expect(await health(server)).toEqual([503, 'disk full']);
  const told = copy.confirmed;
  expect(copy.stated.length).toBeGreaterThan(told);

  // Still full: the tablet tries again, and keeps what it has to send.
  tablet.connect(server, 0);
  await eventually(() => expect(tablet.complaints.length).toBe(2));
  expect(copy.confirmed).toBe(told);
  // Who was here before gets in, and reads.
  const inside = await sitDown(server, 'li', tablet.grant.actor.device);
  expect(lost(copy, await factsOn(server, copy.address, inside))).toEqual([]);

  makeRoom();
  // By itself, before any tablet comes back.
  await expect.poll(() => health(server), { timeout: 15_000 }).toEqual([200, 'ok']);
  tablet.connect(server, 20);
  await eventually(() => expect(copy.confirmed).toBe(copy.stated.length));
  expect(tablet.complaints.length).toBe(2);
  tablet.disconnect();

  const later = await restarted();
  const kept = await factsOn(later, copy.address, await sitDown(later, 'he'));
  expect([lost(copy, kept), kept.size]).toEqual([[], copy.stated.length]);
}, 60_000);

if (shim) {
  const tries = (server: ServerProcess): number => server.output().split('[told to fail').length - 1;

  async function ending(dataDir: string, file: string) {
    const server = await started({ dataDir, env: shim?.env ?? {} });
    const tablet = await stating(server, '字'.repeat(2_000));
    shim?.fail('fsync', file);
    expect(await server.ended()).toBe(1);
    expect(server.output()).toContain('The disk failed (disk I/O error). The server has stopped so that nothing untrue is confirmed');
    expect(tries(server), 'asked once, and not again').toBe(1);
    return { server, tablet };
  }
  /** What the tablet was told is there, the rest is sent again and there once. */
  async function goesOn(server: ServerProcess, dataDir: string, tablet: LoadTablet): Promise<void> {
    shim?.heal();
    tablet.disconnect();
    const next = await started({ dataDir, port: server.port });
    const supervisor = await sitDown(next, 'he');
    expect(lost(tablet.copy, await factsOn(next, tablet.copy.address, supervisor))).toEqual([]);
    tablet.connect(next, 10);
    await eventually(() => expect(tablet.copy.confirmed).toBe(tablet.copy.stated.length));
    expect((await factsOn(next, tablet.copy.address, supervisor)).size).toBe(tablet.copy.stated.length);
  }

  test('[SR28, ST11] fsync of the log fails with EIO (calls that fail): nothing of it is confirmed, the process ends after one try, a restart goes on', async () => {
    const dataDir = newFolder();
    const { server, tablet } = await ending(dataDir, 'linhuo.sqlite-wal');
    expect(tablet.copy.stated.length).toBeGreaterThan(tablet.copy.confirmed);
    await goesOn(server, dataDir, tablet);
  }, 60_000);

  test('[SR28, ST11] fsync of the main file fails with EIO (calls that fail), where SQLite itself would go on and lose it: the process ends after one try', async () => {
    const dataDir = newFolder();
    const { server, tablet } = await ending(dataDir, 'linhuo.sqlite');
    await goesOn(server, dataDir, tablet);
  }, 60_000);

  test('[SR28, ST11] a disk that fails under something nobody waits for, a refusal put into quarantine (calls that fail), ends the process too', async () => {
    const dataDir = newFolder();
    const server = await started({ dataDir, env: shim.env });
    const tablet = await stating(server);
    await eventually(() => expect(tablet.copy.confirmed).toBeGreaterThan(10));
    tablet.disconnect();
    const garbage = await Peer.into(server, visitsOf('g1'), tablet.grant);
    await garbage.sync();
    shim.fail('fsync', 'linhuo.sqlite-wal');
    garbage.update(Uint8Array.of(1, 2, 3));
    expect(await server.ended()).toBe(1);
    expect(tries(server)).toBe(1);
    garbage.end();
    await goesOn(server, dataDir, tablet);
  }, 60_000);

  test('[ST10] what a killed server left is synced before a new one confirms anything (calls that fail): if that fails it does not start', async () => {
    const dataDir = newFolder();
    const server = await started({ dataDir });
    const tablet = await stating(server);
    await server.kill();
    shim.fail('fsync', 'linhuo.sqlite');
    await expect(startServer({ demo: 'small', dataDir, env: shim.env })).rejects.toThrow(/can't be used \(disk I\/O error\)/);
    await goesOn(server, dataDir, tablet);
  }, 60_000);
} else {
  test('[SR28, ST10, ST11] a disk that fails (a storage that is told to) ends the server at the first call, whoever made it', async () => {
    const { storage, broken, server } = await local();
    const tablet = await stating(server);
    storage.failWith = 'broken';
    await eventually(() => expect(broken.length).toBeGreaterThan(0));
    expect(tablet.copy.stated.length).toBeGreaterThan(tablet.copy.confirmed);
    const heard: StorageError[] = [];
    const guarded = watched(storage, (error) => heard.push(error));
    await expect(guarded.append([])).rejects.toMatchObject({ fault: 'broken' });
    expect(heard.length).toBe(1);
  });
}
