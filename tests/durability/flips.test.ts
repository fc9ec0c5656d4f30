/** Bits that changed while nobody looked: in any place of the store's file, and in one stored update under a real server. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StorageError, type Storage, type StoredRoom } from '../../server/storage/contract.ts';
import { storeFile } from '../../server/storage/folder.ts';
import { openSqliteStorage } from '../../server/storage/sqlite.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { logOf, roster, visitsOf } from '../support/community.ts';
import { startServer } from '../support/serverProcess.ts';
import { storeFromText } from '../support/storeAsText.ts';
import { eventually, Peer, sitDown } from '../support/wire.ts';
import { factsOn, LoadTablet } from './load.ts';

/** Thousands of stores are opened here: where memory can hold them, no disk is kept busy. */
const memory = '/dev/shm';
let folder = '';
const file = (): string => storeFile(folder);
beforeEach(() => {
  folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'linhuo-flip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = async (storage: Storage): Promise<Map<string, StoredRoom>> => {
  const rooms = new Map<string, StoredRoom>();
  for (const { room } of await storage.heads('')) rooms.set(room, await storage.openRoom(room));
  return rooms;
};

test('[ST4, ST16] one bit flipped anywhere in the file: each room is what it was or is refused by name, each value is what it was, refused or gone, and nothing is repaired', async () => {
  storeFromText(file(), readFileSync('tests/durability/fixtures/store-2.sql', 'utf8'));
  const sound = openSqliteStorage(file());
  const rooms = await everything(sound);
  const values = await sound.entries('');
  await sound.close();
  const whole = readFileSync(file());
  expect(rooms.size).toBe(4);

  let notOpened = 0;
  const outcomes = { intact: 0, refused: 0 };
  const refusedAlone: string[] = [];
  // A step that shares nothing with the sizes of rows and pages, so that all parts of a page are met.
  for (let at = 0; at < whole.length; at += 13) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << at % 8);
    for (const end of ['-wal', '-shm']) rmSync(file() + end, { force: true });
    writeFileSync(file(), bytes);
    let storage: Storage;
    try {
      storage = openSqliteStorage(file());
    } catch (error) {
      expect(error, `flip at ${at}`).toMatchObject({ fault: expect.stringMatching(/^(damaged|version)$/) });
      notOpened += 1;
      continue;
    }
    let refused = 0;
    for (const [name, expected] of rooms) {
      const found = await storage.openRoom(name).catch((error: unknown) => error);
      if (found instanceof StorageError) {
        expect(found, `flip at ${at}`).toMatchObject({ fault: 'damaged', message: expect.stringContaining(name) });
        refused += 1;
      } else expect(found, `flip at ${at}: ${name}`).toEqual(expected);
    }
    for (const [key, expected] of values) {
      const found = await storage.get(key).catch((error: unknown) => error);
      if (found instanceof StorageError) expect(found, `flip at ${at}: ${key}`).toMatchObject({ fault: 'damaged' });
      else if (found !== undefined) expect(found, `flip at ${at}: ${key}`).toBe(expected);
    }
    outcomes.refused += refused;
    outcomes.intact += rooms.size - refused;
    if (refused === 1) refusedAlone.push(String(at));
    await storage.close();
    expect(readFileSync(file()).equals(bytes), `flip at ${at}: the file was changed`).toBe(true);
  }
  expect(outcomes.refused).toBeGreaterThan(100);
  expect(refusedAlone.length, 'flips that closed one room and no other').toBeGreaterThan(100);
  console.log(`${Math.ceil(whole.length / 13)} flips: ${notOpened} stores refused, ${outcomes.refused} rooms refused, ${outcomes.intact} rooms unharmed, none changed`);
}, 120_000);

/** Flips one bit of a text, wherever it stands in the file: pages that are not in use hold old copies. */
function flipIn(path: string, text: string): void {
  const bytes = readFileSync(path);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1), found += 1) bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 4;
  expect(found).toBeGreaterThan(0);
  writeFileSync(path, bytes);
}

test('[ST4, ST16, AU14] a real server on a store with a flipped bit: that room is closed and named, others are written and get their points', async () => {
  const months = [instantOf('2026-05-12', '14:00'), instantOf('2026-06-12', '14:00')] as const;
  const server = await startServer({ demo: 'small', dataDir: folder });
  const leader = await sitDown(server, 'chen');
  const saves: Fact[][] = [];
  const tablet = new LoadTablet(leader, () => saves.shift() ?? []);
  for (const startsAt of months) {
    tablet.enter(logOf(startsAt));
    const activity = tablet.author.activity({ startsAt, endsAt: startsAt + 7_200_000, title: `标题${startsAt}` });
    saves.push([activity], [tablet.author.attendance(activity.record, 'SBA0001')]);
    tablet.connect(server, 2);
    await eventually(() => expect([tablet.copy.confirmed, tablet.complaints]).toEqual([2, []]));
    tablet.disconnect();
    await eventually(async () => expect((await factsOn(server, { ...logOf(startsAt), family: 'ledger' }, leader)).size).toBe(1));
  }
  expect(await server.stop()).toBe(0);
  flipIn(file(), `标题${months[0]}`);
  // June's points have to be made again, which May, read first, must not keep from happening.
  const db = new DatabaseSync(file());
  const june = formatRoomName({ ...logOf(months[1]), family: 'ledger' });
  for (const [table, column] of [['upd', 'room'], ['client', 'room'], ['room', 'name']]) expect(db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(june).changes).toBe(1);
  expect(db.prepare('DELETE FROM meta WHERE key LIKE ?').run('posted/%').changes).toBe(2);
  db.close();

  const again = await startServer({ demo: 'small', dataDir: folder, port: server.port });
  try {
    const damaged = await Peer.into(again, logOf(months[0]), leader);
    expect(await damaged.ended()).toEqual({ code: 1013, reason: 'room unavailable' });
    await eventually(() => expect(again.output()).toContain(`${formatRoomName(logOf(months[0]))} breaks its chain at update 1; it stays closed until it is restored.`));
    const ledger: RoomAddress = { ...logOf(months[1]), family: 'ledger' };
    await eventually(async () => expect((await factsOn(again, ledger, leader)).size).toBe(1));
    const worker = new LoadTablet(await sitDown(again, 'li'), (author) => [author.visit()]);
    worker.enter(visitsOf('g1'));
    worker.connect(again, 5);
    await eventually(() => expect(worker.copy.confirmed).toBe(5));
    worker.disconnect();
    expect((await factsOn(again, roster, leader)).size).toBeGreaterThan(3);
    expect((await fetch(`${again.url}/healthz`)).status).toBe(200);
  } finally {
    await again.dispose();
  }
}, 60_000);
