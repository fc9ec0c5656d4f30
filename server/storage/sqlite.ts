/**
 * The storage contract on SQLite: one file, WAL, `synchronous=FULL`, held exclusively (ST7).
 *
 * One `append` is one transaction, so the fsync is shared by everything that arrived in the same tick. The driver is
 * synchronous: its calls block this thread for the length of an fsync and nothing can come in between.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { chainNext, chainStart, digest, sameBytes } from './chain.ts';
import {
  keepsEverything, quarantineMax, quarantineMaxBytes, StorageError,
  type QuarantinedUpdate, type RoomAppend, type Storage, type StorageFault, type StoredRoom,
} from './contract.ts';

const schemaVersion = 1;

const schema = `
  CREATE TABLE room (
    name TEXT PRIMARY KEY, head INTEGER NOT NULL, hash BLOB NOT NULL,
    snap BLOB, snap_seq INTEGER NOT NULL DEFAULT 0, snap_digest BLOB, snap_hash BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE upd (
    room TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL,
    device TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE upd_archive (
    room TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL,
    device TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE client (room TEXT NOT NULL, client INTEGER NOT NULL, device TEXT NOT NULL, PRIMARY KEY (room, client)) STRICT, WITHOUT ROWID;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, room TEXT NOT NULL, device TEXT NOT NULL, person TEXT NOT NULL,
    reason TEXT NOT NULL, fact TEXT NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

interface RoomRow {
  head: number;
  hash: Uint8Array;
  snap: Uint8Array | null;
  snap_seq: number;
  snap_digest: Uint8Array | null;
  snap_hash: Uint8Array | null;
}
interface UpdateRow {
  seq: number;
  bytes: Uint8Array;
  hash: Uint8Array;
}

/** SQLite's primary result codes; extended ones carry them in their low byte. */
const codes = { busy: 5, locked: 6, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 } as const;

function faultOf(error: unknown): StorageFault {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === codes.busy || code === codes.locked) return 'locked';
  if (code === codes.full) return 'full';
  if (code === codes.corrupt || code === codes.notADatabase) return 'damaged';
  return 'broken';
}

const failure = (error: unknown): StorageError =>
  error instanceof StorageError
    ? error
    : new StorageError(faultOf(error), error instanceof Error ? error.message : String(error), { cause: error });

export interface SqliteOptions {
  /** The file may not grow beyond this many pages of 4 KiB: a quota, and how a test fills the disk. */
  readonly maxPages?: number;
}

/** @throws StorageError `locked` when another process holds the file, `broken` when it can't be opened */
export function openSqliteStorage(file: string, { maxPages }: SqliteOptions = {}): Storage {
  const db = openDatabase(file);
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const made = db.prepare(text);
    statements.set(text, made);
    return made;
  };

  /** All or nothing, and every failure leaves as a StorageError. */
  function transaction<T>(work: () => T): T {
    try {
      db.exec('BEGIN IMMEDIATE');
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after a full disk or an I/O error; a second ROLLBACK would hide the cause.
      if (db.isTransaction) db.exec('ROLLBACK');
      throw failure(error);
    }
  }

  function read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw failure(error);
    }
  }

  const roomRow = (name: string): RoomRow | undefined =>
    sql('SELECT head, hash, snap, snap_seq, snap_digest, snap_hash FROM room WHERE name = ?').get(name) as unknown as RoomRow | undefined;

  function appendRoom({ room, after, updates, clients }: RoomAppend): void {
    const known = roomRow(room);
    const head = known?.head ?? 0;
    if (head !== after) throw new StorageError('conflict', `${room} stands at ${head}, not at ${after}.`);
    let hash = known?.hash ?? chainStart(room);
    let seq = head;
    const insert = sql('INSERT INTO upd (room, seq, bytes, hash, device, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const { bytes, device, person, at } of updates) {
      hash = chainNext(hash, bytes);
      seq += 1;
      insert.run(room, seq, bytes, hash, device, person, at);
    }
    sql('INSERT INTO room (name, head, hash) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET head = excluded.head, hash = excluded.hash').run(room, seq, hash);
    for (const [client, device] of clients) sql('INSERT INTO client (room, client, device) VALUES (?, ?, ?)').run(room, client, device);
  }

  /** @returns the chain's value after the rows */
  function walk(room: string, start: Uint8Array, first: number, rows: readonly UpdateRow[]): Uint8Array {
    let hash = start;
    for (const [index, row] of rows.entries()) {
      hash = chainNext(hash, row.bytes);
      if (row.seq !== first + index || !sameBytes(hash, row.hash))
        throw new StorageError('damaged', `${room} breaks its chain at update ${first + index}; it stays closed until it is restored.`);
    }
    return hash;
  }

  const tailOf = (room: string): UpdateRow[] =>
    sql('SELECT seq, bytes, hash FROM upd WHERE room = ? ORDER BY seq').all(room) as unknown as UpdateRow[];

  function checkEnd(room: string, row: RoomRow, last: number, hash: Uint8Array): void {
    if (last !== row.head || !sameBytes(hash, row.hash))
      throw new StorageError('damaged', `${room} should end at update ${row.head} and ends at ${last}; it stays closed until it is restored.`);
  }

  return {
    async openRoom(name): Promise<StoredRoom> {
      return read(() => {
        const row = roomRow(name);
        if (!row) return { head: 0, snapshot: undefined, tail: [], clients: new Map() };
        if (row.snap && !sameBytes(digest(row.snap), row.snap_digest ?? new Uint8Array()))
          throw new StorageError('damaged', `The snapshot of ${name} does not match its digest; the room stays closed until it is restored.`);
        const tail = tailOf(name);
        const hash = walk(name, row.snap_hash ?? chainStart(name), row.snap_seq + 1, tail);
        checkEnd(name, row, row.snap_seq + tail.length, hash);
        const clients = sql('SELECT client, device FROM client WHERE room = ?').all(name) as unknown as { client: number; device: string }[];
        return {
          head: row.head,
          snapshot: row.snap ?? undefined,
          tail: tail.map((update) => update.bytes),
          clients: new Map(clients.map(({ client, device }) => [client, device])),
        };
      });
    },

    async append(batch) {
      transaction(() => {
        for (const each of batch) appendRoom(each);
      });
    },

    async compact(name, snapshot, upTo) {
      transaction(() => {
        const row = roomRow(name);
        const last = sql('SELECT hash FROM upd WHERE room = ? AND seq = ?').get(name, upTo) as unknown as { hash: Uint8Array } | undefined;
        if (!row || !last) throw new StorageError('conflict', `${name} can't be compacted at ${upTo}.`);
        if (keepsEverything(name)) sql('INSERT INTO upd_archive SELECT * FROM upd WHERE room = ? AND seq <= ?').run(name, upTo);
        sql('DELETE FROM upd WHERE room = ? AND seq <= ?').run(name, upTo);
        sql('UPDATE room SET snap = ?, snap_seq = ?, snap_digest = ?, snap_hash = ? WHERE name = ?').run(snapshot, upTo, digest(snapshot), last.hash, name);
      });
    },

    async heads(prefix) {
      return read(() => {
        // Room names are ASCII, so the range up to the last ASCII character holds exactly those with the prefix.
        const rows = sql('SELECT name, head FROM room WHERE name >= ? AND name < ? AND head > 0 ORDER BY name').all(prefix, `${prefix}\u007f`);
        return (rows as unknown as { name: string; head: number }[]).map(({ name, head }) => ({ room: name, head }));
      });
    },

    async audit(name) {
      return read(() => {
        const row = roomRow(name);
        if (!row) return 0;
        const archive = sql('SELECT seq, bytes, hash FROM upd_archive WHERE room = ? ORDER BY seq').all(name) as unknown as UpdateRow[];
        const tail = tailOf(name);
        if (archive.length > 0) {
          const end = walk(name, chainStart(name), 1, archive);
          if (archive.length !== row.snap_seq || !sameBytes(end, row.snap_hash ?? new Uint8Array()))
            throw new StorageError('damaged', `The archive of ${name} ends at ${archive.length}, its snapshot stands for ${row.snap_seq}.`);
        }
        checkEnd(name, row, row.snap_seq + tail.length, walk(name, row.snap_hash ?? chainStart(name), row.snap_seq + 1, tail));
        return archive.length + tail.length;
      });
    },

    async quarantine({ room, device, person, reason, fact, bytes, at }) {
      transaction(() => {
        const { lastInsertRowid } = sql('INSERT INTO quarantine (room, device, person, reason, fact, bytes, at) VALUES (?, ?, ?, ?, ?, ?, ?)').run(room, device, person, reason, fact, bytes, at);
        sql('DELETE FROM quarantine WHERE id <= ?').run(Number(lastInsertRowid) - quarantineMax);
        sql(`DELETE FROM quarantine WHERE id <= (
          SELECT max(id) FROM (SELECT id, sum(length(bytes)) OVER (ORDER BY id DESC) AS total FROM quarantine) WHERE total > ?)`).run(quarantineMaxBytes);
      });
    },

    async quarantined(limit) {
      return read(() => sql('SELECT room, device, person, reason, fact, bytes, at FROM quarantine ORDER BY id DESC LIMIT ?').all(limit) as unknown as QuarantinedUpdate[]);
    },

    async get(key) {
      return read(() => (sql('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined)?.value);
    },

    async put(key, value) {
      transaction(() => {
        sql('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
      });
    },

    async entries(prefix) {
      return read(() => {
        const rows = sql('SELECT key, value FROM meta WHERE key >= ? AND key < ?').all(prefix, `${prefix}\u007f`) as unknown as { key: string; value: string }[];
        return new Map(rows.map(({ key, value }) => [key, value]));
      });
    },

    async close() {
      statements.clear();
      db.close();
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    // The exclusive lock is taken by the first transaction and given back by close or by the process's end.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE;');
    const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (row.user_version > schemaVersion)
      throw new StorageError('broken', `${file} was written by a newer Linhuo (schema ${row.user_version}, this one knows ${schemaVersion}): start that one.`);
    if (row.user_version === 0) db.exec(`${schema} PRAGMA user_version = ${schemaVersion};`);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db?.close();
    throw failure(error);
  }
}
