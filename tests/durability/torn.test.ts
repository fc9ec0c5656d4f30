/**
 * A log cut short. A killed process can not do this, since the system has what was written; a power cut may, of what no
 * fsync covered, and a disk that lies about fsync, of more. The cut is made at every byte of the last frames.
 *
 * What is promised (ST15): each room is a beginning of what it was, never with a hole, never changed, and never of another
 * length than its chain says; what was stated together stands together; the store takes further updates where it ends.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Storage } from '../../server/storage/contract.ts';
import { openSqliteStorage } from '../../server/storage/sqlite.ts';
import { visitsOf } from '../support/community.ts';
import { startServer } from '../support/serverProcess.ts';
import { eventually, sitDown } from '../support/wire.ts';
import { appendTo } from '../contract/storageContract.ts';
import { factsOn, LoadTablet } from './load.ts';

const room = 'v1/shuangbai/log/2026-05';
let folder = '';
const file = (): string => join(folder, 'linhuo.sqlite');
/** Thousands of stores are opened here: where memory can hold them, no disk is kept busy. */
const memory = '/dev/shm';
beforeEach(() => {
  folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'linhuo-torn-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A killed process's store and log, kept to be cut again and again. */
async function killedWriter(updates: number): Promise<void> {
  const child = spawn(process.execPath, ['tests/support/appendForever.ts', file(), room], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('it ended by itself')));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (Number(printed.trimEnd().split('\n').at(-1)) >= updates) resolve();
    });
  });
  child.kill('SIGKILL');
  await closed;
  for (const end of ['', '-wal']) copyFileSync(file() + end, `${file()}.kept${end}`);
}
function cutTo(length: number): void {
  for (const end of ['-wal', '-shm']) rmSync(file() + end, { force: true });
  for (const end of ['', '-wal']) copyFileSync(`${file()}.kept${end}`, file() + end);
  truncateSync(`${file()}-wal`, length);
}
const numbersIn = async (storage: Storage, name: string): Promise<number[]> =>
  (await storage.openRoom(name)).tail.map((bytes) => Number(new TextDecoder().decode(bytes).split(' ')[1]));

/** SQLite's log: a header, then frames of a header and a page each. */
const headerBytes = 32;
const frameBytes = 24 + 4_096;
const lastFrames = 2;

test(`[ST15] the log cut at every byte of its last ${lastFrames} frames, and at every frame before: a beginning of the room, whole batches, and it goes on`, async () => {
  await killedWriter(40);
  const length = statSync(`${file()}.kept-wal`).size;
  const cuts = new Set<number>();
  for (let cut = 0; cut < length; cut += frameBytes) cuts.add(cut).add(Math.min(cut + headerBytes, length));
  for (let cut = Math.max(0, length - lastFrames * frameBytes); cut <= length; cut += 1) cuts.add(cut);

  const whole = await (async () => {
    cutTo(length);
    const storage = openSqliteStorage(file());
    const numbers = await numbersIn(storage, room);
    await storage.close();
    return numbers;
  })();
  expect(whole.length).toBeGreaterThanOrEqual(40);
  const seen = new Set<number>();
  let before = -1;
  for (const cut of [...cuts].filter((each) => each >= 0 && each <= length).sort((a, b) => a - b)) {
    cutTo(cut);
    const storage = openSqliteStorage(file());
    const [one, twin] = [await numbersIn(storage, room), await numbersIn(storage, `${room}-twin`)];
    // A prefix, and the same one of both rooms of each batch.
    expect(one, `cut at ${cut}`).toEqual(whole.slice(0, one.length));
    expect(twin, `cut at ${cut}`).toEqual(one);
    expect(one.length, `a longer log shows no less, cut at ${cut}`).toBeGreaterThanOrEqual(before);
    before = one.length;
    if (!seen.has(one.length)) {
      await storage.append([appendTo(room, one.length, 'goes on')]);
      expect((await storage.openRoom(room)).head).toBe(one.length + 1);
    }
    seen.add(one.length);
    await storage.close();
  }
  expect(before).toBe(whole.length);
  expect(seen.size, 'different ends were met').toBeGreaterThan(5);
}, 120_000);

test('[ST15, SR51] a server whose disk lost the end of its log: tablets hold what it had confirmed, and send it again', async () => {
  const dataDir = join(folder, 'data');
  const server = await startServer({ demo: 'small', dataDir });
  const tablet = new LoadTablet(await sitDown(server, 'li'), (author) => [author.visit()]);
  tablet.enter(visitsOf('g1'));
  tablet.connect(server, 30);
  await eventually(() => expect(tablet.copy.confirmed).toBe(30));
  await server.kill();
  tablet.disconnect();
  const log = join(dataDir, 'linhuo.sqlite-wal');
  const size = readFileSync(log).byteLength;
  truncateSync(log, size - 12 * frameBytes);

  const again = await startServer({ demo: 'small', dataDir, port: server.port });
  const supervisor = await sitDown(again, 'he');
  const kept = await factsOn(again, visitsOf('g1'), supervisor);
  expect(kept.size).toBeLessThan(30);
  expect([...kept.keys()]).toEqual(tablet.copy.stated.slice(0, kept.size).map(({ id }) => id));
  tablet.connect(again, 5);
  await eventually(() => expect(tablet.copy.stated.length).toBe(35));
  await tablet.settled();
  expect((await factsOn(again, visitsOf('g1'), supervisor)).size).toBe(35);
  tablet.disconnect();
  await again.dispose();
}, 60_000);
