/** Stores of other versions. `fixtures/store-<n>.sql` was made by the server of that version, as text (`support/storeAsText.ts`). */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, versionOf, type Step } from '../../server/storage/migrations.ts';
import { openSqliteStorage } from '../../server/storage/sqlite.ts';
import { verifyStore } from '../../server/storage/verify.ts';
import { visitsOf, logOf } from '../support/community.ts';
import { startServer } from '../support/serverProcess.ts';
import { storeAsText, storeFromText } from '../support/storeAsText.ts';
import { eventually, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

const fixtures = 'tests/durability/fixtures';
const versions = readdirSync(fixtures).flatMap((name) => /^store-(\d+)\.sql$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
let folder = '';
const file = (): string => join(folder, 'linhuo.sqlite');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-version-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const currentVersion = (): number => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const version = versionOf(db);
  db.close();
  return version;
};
const fixture = (version: number): void => storeFromText(file(), readFileSync(join(fixtures, `store-${version}.sql`), 'utf8'));

test('[ST9] there is a store of every version up to this one', () => {
  expect(versions).toEqual(Array.from({ length: currentVersion() }, (_, index) => index + 1));
});

test('[ST9] a store of any version opens, sound, with everything it held', async () => {
  for (const version of versions) {
    rmSync(file(), { force: true });
    fixture(version);
    const storage = openSqliteStorage(file());
    expect((await storage.heads('')).map(({ head }) => head)).toEqual([1, 2, 1, 3]);
    expect([(await storage.entries('device/')).size, (await storage.quarantined(9)).length]).toEqual([2, 1]);
    expect((await storage.openRoom('v1/shuangbai/log/2026-05')).clients).toEqual(new Map([[3_920_532_072, 'chentab']]));
    await storage.close();
    expect(await verifyStore(file())).toEqual({ rooms: 4, updates: 7, photos: 0 });
  }
});

test('[ST18] what a store of an earlier version had deleted without overwriting it is gone once it was opened', async () => {
  fixture(2);
  const db = new DatabaseSync(file());
  db.exec('PRAGMA secure_delete = OFF');
  const put = db.prepare("INSERT INTO quarantine (room, device, person, reason, fact, bytes, at) VALUES ('r', 'd', 'p', 'gap', '', ?, 1)");
  for (let count = 0; count < 50; count += 1) put.run(new TextEncoder().encode('欧阳修竹'.repeat(100)));
  db.exec("DELETE FROM quarantine WHERE room = 'r'");
  db.close();
  expect(readFileSync(file()).includes('欧阳修竹')).toBe(true);
  await openSqliteStorage(file()).close();
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes('欧阳修竹'), name).toBe(false);
});

test('[ST9] a server of today serves a store of the first version: facts, points, and the devices it knew', async () => {
  fixture(1);
  const server = await startServer({ demo: 'small', dataDir: folder });
  try {
    const grant = await sitDown(server, 'li', 'litab');
    const supervisor = await sitDown(server, 'he');
    const visits = new StockClient(server, visitsOf('g1'), [ticketProtocol(grant)]);
    const ledger = new StockClient(server, { ...logOf(), family: 'ledger' }, [ticketProtocol(supervisor)]);
    await Promise.all([visits.synced(), ledger.synced()]);
    await eventually(() => expect([Object.keys(visits.facts).length, Object.keys(ledger.facts).length]).toEqual([3, 2]));
    visits.end();
    ledger.end();
  } finally {
    await server.dispose();
  }
});

test('[ST9] a step that fails, as the second of two, leaves the old store to the last byte', () => {
  fixture(1);
  const before = storeAsText(file());
  const db = new DatabaseSync(file());
  const two: Step = (each) => each.exec('ALTER TABLE room ADD COLUMN more TEXT; UPDATE room SET more = name; DELETE FROM quarantine');
  const three: Step = (each) => each.exec('INSERT INTO room (name, head, hash) SELECT name, head, hash FROM room');
  expect(() => migrate(db, [() => undefined, two, three])).toThrow('UNIQUE');
  expect(versionOf(db)).toBe(1);
  db.close();
  expect(storeAsText(file())).toBe(before);
  const again = new DatabaseSync(file());
  migrate(again, [() => undefined, two]);
  expect(versionOf(again)).toBe(2);
  again.close();
});

test('[ST9] a store of a newer version is refused in words that say what to start, and left as it is', async () => {
  fixture(1);
  const db = new DatabaseSync(file());
  db.exec('PRAGMA user_version = 99');
  db.close();
  const before = storeAsText(file());
  await expect(startServer({ demo: 'small', dataDir: folder })).rejects.toThrow(/newer Linhuo \(version 99 of the store/);
  expect(storeAsText(file())).toBe(before);
});
