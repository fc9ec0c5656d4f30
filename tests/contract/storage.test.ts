/** The contract on each storage, and what only a disk can show. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import { openStorage } from '../../server/storage/open.ts';
import { openSqliteStorage } from '../../server/storage/sqlite.ts';
import { appendTo, bytesOf, storageContract, update } from './storageContract.ts';

const room = 'v1/shuangbai/log/2026-05';
let folder = '';
const file = (): string => join(folder, 'linhuo.sqlite');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('memory', () => {
  storageContract({ open: async () => openMemoryStorage(), reopen: undefined });
});

describe('SQLite', () => {
  storageContract({
    open: async () => openSqliteStorage(file()),
    reopen: async (storage) => {
      await storage.close();
      return openSqliteStorage(file());
    },
  });
});

describe('SQLite, as a file', () => {
  /** Changes the file behind the storage's back, as a failing disk or a curious hand would. */
  async function tamper(statement: string, ...values: readonly (string | number | Uint8Array)[]): Promise<void> {
    const db = new DatabaseSync(file());
    expect(db.prepare(statement).run(...values).changes).toBeGreaterThan(0);
    db.close();
  }
  async function filled(): Promise<void> {
    const storage = openSqliteStorage(file());
    await storage.append([appendTo(room, 0, 'a', 'b', 'c', 'd'), appendTo('v1/other/roster', 0, 'x')]);
    await storage.compact(room, bytesOf('ab'), 2);
    await storage.close();
  }

  test('[ST4] a changed, missing, swapped or added update, a changed snapshot and a cut end are noticed; other rooms open', async () => {
    const attacks: readonly (readonly [statement: string, ...values: (string | number | Uint8Array)[]])[] = [
      ['UPDATE upd SET bytes = ? WHERE room = ? AND seq = 3', bytesOf('C'), room],
      ['DELETE FROM upd WHERE room = ? AND seq = 3', room],
      ['DELETE FROM upd WHERE room = ? AND seq = 4', room],
      ['UPDATE upd SET seq = 9 - seq WHERE room = ? AND seq = 4', room],
      ["INSERT INTO upd SELECT room, 5, bytes, hash, device, person, at FROM upd WHERE room = ? AND seq = 4", room],
      ['UPDATE room SET snap = ? WHERE name = ?', bytesOf('aB'), room],
      ['UPDATE room SET head = 3 WHERE name = ?', room],
    ];
    for (const [statement, ...values] of attacks) {
      rmSync(folder, { recursive: true, force: true });
      folder = mkdtempSync(join(tmpdir(), 'linhuo-storage-'));
      await filled();
      await tamper(statement, ...values);
      const storage = openSqliteStorage(file());
      await expect(storage.openRoom(room), statement).rejects.toMatchObject({ fault: 'damaged', message: expect.stringContaining(room) });
      expect((await storage.openRoom('v1/other/roster')).head).toBe(1);
      await storage.close();
    }
  });

  test('[ST4] an untouched room passes the same check: the check itself is not what fails', async () => {
    await filled();
    const storage = openSqliteStorage(file());
    expect((await storage.openRoom(room)).head).toBe(4);
    await storage.close();
  });

  test('[ST4] one room\'s updates can not be passed off as another\'s', async () => {
    await filled();
    await tamper("INSERT INTO upd SELECT 'v1/third/roster', 1, bytes, hash, device, person, at FROM upd WHERE room = 'v1/other/roster'");
    await tamper("INSERT INTO room (name, head, hash) SELECT 'v1/third/roster', 1, hash FROM room WHERE name = 'v1/other/roster'");
    const storage = openSqliteStorage(file());
    await expect(storage.openRoom('v1/third/roster')).rejects.toMatchObject({ fault: 'damaged' });
    await storage.close();
  });

  test('[ST7] a second opener is told to keep out, in words that name the folder', async () => {
    const first = openStorage(folder);
    expect(() => openStorage(folder)).toThrow(folder);
    expect(() => openSqliteStorage(file())).toThrow(expect.objectContaining({ fault: 'locked' }));
    await first.close();
    await openStorage(folder).close();
  });

  test('[ST10] a start while somebody reads an older moment of the log does not pass over what it can not sync yet', async () => {
    const storage = openSqliteStorage(file());
    await storage.append([appendTo(room, 0, 'a')]);
    const reader = new DatabaseSync(file(), { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM upd');
    await storage.append([appendTo(room, 1, 'b')]);
    await storage.close();
    expect(() => openStorage(folder)).toThrow('A backup of it is being made');
    reader.exec('COMMIT');
    reader.close();
    const again = openStorage(folder);
    expect((await again.openRoom(room)).head).toBe(2);
    await again.close();
  });

  test('[ST1] a process killed in the middle of an append leaves whole batches only, and everything it said was durable', async () => {
    for (let round = 0; round < 6; round += 1) {
      const name = `${room}-${round}`;
      const child = spawn(process.execPath, ['tests/support/appendForever.ts', file(), name], { stdio: ['ignore', 'pipe', 'inherit'] });
      let printed = '';
      const wantedBytes = 10 + round * 40;
      const closed = once(child, 'close');
      await new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error('it ended by itself')));
        child.stdout.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
          if (printed.length > wantedBytes) resolve();
        });
      });
      child.kill('SIGKILL');
      await closed;
      const said = Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));

      const storage = openSqliteStorage(file());
      const [one, twin] = [await storage.openRoom(name), await storage.openRoom(`${name}-twin`)];
      expect(said).toBeGreaterThan(0);
      expect(one.head).toBeGreaterThanOrEqual(said);
      const numbers = one.tail.map((bytes) => Number(new TextDecoder().decode(bytes).split(' ')[1]));
      expect(numbers.findIndex((number, index) => number !== index + 1)).toBe(-1);
      expect([numbers.length, twin.head]).toEqual([one.head, one.head]);
      expect(Buffer.compare(Buffer.concat(one.tail), Buffer.concat(twin.tail))).toBe(0);
      await storage.close();
    }
  }, 60_000);

  test('[ST1] data of a newer version is left alone', async () => {
    await openSqliteStorage(file()).close();
    const db = new DatabaseSync(file());
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openSqliteStorage(file())).toThrow('newer');
  });

  test('[ST1] a full disk writes nothing, says so, and takes appends again when there is space', async () => {
    const storage = openSqliteStorage(file());
    await storage.append([appendTo(room, 0, 'a')]);
    await storage.close();
    const limited = openSqliteStorage(file(), { maxPages: 12 });
    const big = { ...update(''), bytes: new Uint8Array(200_000) };
    await expect(limited.append([{ room, after: 1, updates: [big], clients: [] }])).rejects.toMatchObject({ fault: 'full' });
    await limited.append([appendTo(room, 1, 'b')]);
    expect((await limited.openRoom(room)).head).toBe(2);
    await limited.close();
  });

  test('[ST17] values put together that do not fit are not kept by half', async () => {
    const storage = openSqliteStorage(file(), { maxPages: 12 });
    await storage.put('person/a', '1');
    await expect(storage.putAll(new Map([['person/a', '2'], ['audit/1', 'x'.repeat(200_000)]]))).rejects.toMatchObject({ fault: 'full' });
    expect(await storage.entries('')).toEqual(new Map([['person/a', '1']]));
    await storage.close();
  });

  test('[ST1] a folder that can not be used is named', async () => {
    await openStorage(folder).close();
    expect(() => openStorage(join(file(), 'below-a-file'))).toThrow('below-a-file');
  });
});
