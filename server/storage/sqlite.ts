/**
 * The storage contract on SQLite.
 *
 * - ST1 One `append` is one transaction, so the fsync is shared by everything that arrived in the same tick. The driver is
 *   synchronous: its calls block this thread for the length of an fsync and nothing can come in between.
 * - ST11 After a disk has failed nothing more is asked of it, not even to close: every further call fails with the same fault.
 */
import type { StatementSync } from 'node:sqlite';
import { chainNext, chainStart, clientsDigest, digest, photoNameOf, sameBytes, valueDigest } from './chain.ts';
import {
  keepsEverything, photoUploadsMax, quarantineMax, quarantineMaxBytes, retiredTag, StorageError, wholeTag,
  type PhotoKey, type PhotoUpload, type QuarantinedUpdate, type RoomAppend, type Storage, type StoredRoom,
} from './contract.ts';
import { openHeld, openReader, type Held } from './database.ts';
import { failure, readFailure } from './sqliteErrors.ts';

interface RoomRow {
  head: number;
  hash: Uint8Array;
  snap: Uint8Array | null;
  snap_seq: number;
  snap_digest: Uint8Array | null;
  snap_hash: Uint8Array | null;
  clients: Uint8Array | null;
}
interface UpdateRow {
  seq: number;
  bytes: Uint8Array;
  hash: Uint8Array;
}

export interface SqliteOptions {
  /** The file may not grow beyond this many pages of 4 KiB: a quota, and how a test fills the disk. */
  readonly maxPages?: number;
}

/** @throws StorageError `locked` when another process holds the file, else says why it can't be opened */
export function openSqliteStorage(file: string, { maxPages }: SqliteOptions = {}): Storage {
  return storageOn(openHeld(file, maxPages));
}

/** For reading a store that nobody writes to, such as a copy. */
export function openSqliteReader(file: string): Storage {
  const db = openReader(file);
  return storageOn({ db, relieve: () => undefined, scrub: () => true, close: () => db.close() });
}

function storageOn({ db, relieve, scrub, close }: Held): Storage {
  const statements = new Map<string, StatementSync>();
  let dead: StorageError | undefined;
  const sql = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const made = db.prepare(text);
    statements.set(text, made);
    return made;
  };

  function failed(fault: StorageError): StorageError {
    if (fault.fault === 'broken') dead = fault;
    return fault;
  }

  /** All or nothing, and every failure leaves as a StorageError. */
  function transaction(work: () => void): void {
    if (dead) throw dead;
    try {
      db.exec('BEGIN IMMEDIATE');
      work();
      db.exec('COMMIT');
    } catch (error) {
      const fault = failed(failure(error));
      // SQLite has rolled back by itself after a full disk or an I/O error; a second ROLLBACK would hide the cause.
      if (!dead && db.isTransaction) db.exec('ROLLBACK');
      throw fault;
    }
    try {
      if (logToEmpty) logToEmpty = !scrub();
      relieve();
    } catch (error) {
      const fault = failed(failure(error));
      // What was committed is durable in the log; the next transaction tries again, and says so when the log is full too.
      if (fault.fault !== 'full') throw fault;
    }
  }

  /** What was deleted is still in the log until that is cut. */
  let logToEmpty = false;
  function emptyLog(): void {
    logToEmpty = !read('The log', scrub);
  }

  function read<T>(what: string, work: () => T): T {
    if (dead) throw dead;
    try {
      return work();
    } catch (error) {
      throw failed(readFailure(error, what));
    }
  }

  const roomRow = (name: string): RoomRow | undefined =>
    sql('SELECT head, hash, snap, snap_seq, snap_digest, snap_hash, clients FROM room WHERE name = ?').get(name) as unknown as RoomRow | undefined;

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
    const owners = clientsDigest(clients, known?.clients ?? undefined);
    sql(`INSERT INTO room (name, head, hash, clients) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET head = excluded.head, hash = excluded.hash, clients = excluded.clients`).run(room, seq, hash, owners);
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

  function putValue(key: string, value: string): void {
    sql('INSERT INTO meta (key, value, digest) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, digest = excluded.digest').run(key, value, valueDigest(key, value));
  }

  const partsOf = ({ community, photo, device }: PhotoUpload): Uint8Array[] =>
    sql('SELECT bytes FROM photo_part WHERE community = ? AND photo = ? AND device = ? ORDER BY start').all(community, photo, device).map(({ bytes }) => bytes as Uint8Array);

  return {
    async openRoom(name): Promise<StoredRoom> {
      return read(name, () => {
        const row = roomRow(name);
        const clients = sql('SELECT client, device FROM client WHERE room = ?').all(name).map(({ client, device }) => [client as number, device as string] as const);
        if (!row) {
          if (clients.length > 0 || tailOf(name).length > 0) throw new StorageError('damaged', `The head of ${name} is gone; it stays closed until it is restored.`);
          return { head: 0, snapshot: undefined, tail: [], clients: new Map() };
        }
        if ((row.snap || row.snap_seq > 0) && !sameBytes(digest(row.snap ?? new Uint8Array()), row.snap_digest ?? new Uint8Array()))
          throw new StorageError('damaged', `The snapshot of ${name} does not match its digest; the room stays closed until it is restored.`);
        if (!sameBytes(clientsDigest(clients), row.clients ?? new Uint8Array()))
          throw new StorageError('damaged', `The owners of ${name} do not match their digest; the room stays closed until it is restored.`);
        const tail = tailOf(name);
        const hash = walk(name, row.snap_hash ?? chainStart(name), row.snap_seq + 1, tail);
        checkEnd(name, row, row.snap_seq + tail.length, hash);
        return { head: row.head, snapshot: row.snap ?? undefined, tail: tail.map((update) => update.bytes), clients: new Map(clients) };
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

    async rebase({ room: name, after, snapshot, client }) {
      transaction(() => {
        const row = roomRow(name);
        if (row?.head !== after || keepsEverything(name)) throw new StorageError('conflict', `${name} can't be made anew at ${after}.`);
        const hash = chainNext(row.hash, snapshot);
        sql('DELETE FROM upd WHERE room = ?').run(name);
        sql('DELETE FROM quarantine WHERE room = ?').run(name);
        sql('UPDATE client SET device = ? WHERE room = ?').run(retiredTag, name);
        sql('INSERT INTO client (room, client, device) VALUES (?, ?, ?)').run(name, client, wholeTag);
        const clients = sql('SELECT client, device FROM client WHERE room = ?').all(name).map((each) => [each['client'] as number, each['device'] as string] as const);
        sql('UPDATE room SET head = ?, hash = ?, snap = ?, snap_seq = ?, snap_digest = ?, snap_hash = ?, clients = ? WHERE name = ?')
          .run(after + 1, hash, snapshot, after + 1, digest(snapshot), hash, clientsDigest(clients), name);
      });
      emptyLog();
    },

    async heads(prefix) {
      return read('The list of rooms', () => {
        // Room names are ASCII, so the range up to the last ASCII character holds exactly those with the prefix.
        const rows = sql('SELECT name, head FROM room WHERE name >= ? AND name < ? AND head > 0 ORDER BY name').all(prefix, `${prefix}\u007f`);
        return (rows as unknown as { name: string; head: number }[]).map(({ name, head }) => ({ room: name, head }));
      });
    },

    async audit(name) {
      return read(name, () => {
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
      return read('The quarantine', () => sql('SELECT room, device, person, reason, fact, bytes, at FROM quarantine ORDER BY id DESC LIMIT ?').all(limit) as unknown as QuarantinedUpdate[]);
    },

    async get(key) {
      return read(`The value ${key}`, () => {
        const row = sql('SELECT key, value, digest FROM meta WHERE key = ?').get(key) as unknown as ValueRow | undefined;
        return row && checked(row);
      });
    },

    async put(key, value) {
      transaction(() => putValue(key, value));
    },

    async putAll(entries) {
      transaction(() => {
        for (const [key, value] of entries) putValue(key, value);
      });
    },

    async entries(prefix) {
      return read(`The values under ${prefix}`, () => {
        const rows = sql('SELECT key, value, digest FROM meta WHERE key >= ? AND key < ?').all(prefix, `${prefix}\u007f`) as unknown as ValueRow[];
        return new Map(rows.map((row) => [row.key, checked(row)]));
      });
    },

    async photoParts(upload) {
      return read('A photo on its way', () => Buffer.concat(partsOf(upload)));
    },

    async addPhotoPart(upload, offset, bytes, at) {
      const { community, photo, device } = upload;
      transaction(() => {
        const stands = partsOf(upload).reduce((sum, part) => sum + part.byteLength, 0);
        if (stands !== offset) throw new StorageError('conflict', `The photo stands at ${stands}, not at ${offset}.`);
        sql('INSERT INTO photo_part (community, photo, device, start, at, bytes) VALUES (?, ?, ?, ?, ?, ?)').run(community, photo, device, offset, at, bytes);
        sql(`DELETE FROM photo_part WHERE device = ?1 AND (community, photo) NOT IN (
          SELECT community, photo FROM photo_part WHERE device = ?1 GROUP BY community, photo ORDER BY max(id) DESC LIMIT ?2)`).run(device, photoUploadsMax);
      });
    },

    async dropPhotoParts({ community, photo, device }) {
      transaction(() => {
        sql('DELETE FROM photo_part WHERE community = ? AND photo = ? AND device = ?').run(community, photo, device);
      });
    },

    async keepPhoto({ community, photo }, bytes, at) {
      if (photoNameOf(bytes) !== photo) throw new StorageError('conflict', `A photo is not ${photo}.`);
      transaction(() => {
        sql('INSERT INTO photo (community, photo, size, at, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT (community, photo) DO NOTHING').run(community, photo, bytes.byteLength, at, bytes);
        sql('DELETE FROM photo_part WHERE community = ? AND photo = ?').run(community, photo);
      });
    },

    async hasPhoto({ community, photo }) {
      return read('A photo', () => sql('SELECT 1 FROM photo WHERE community = ? AND photo = ?').get(community, photo) !== undefined);
    },

    async photo({ community, photo }) {
      return read('A photo', () => {
        const row = sql('SELECT bytes FROM photo WHERE community = ? AND photo = ?').get(community, photo) as unknown as { bytes: Uint8Array } | undefined;
        if (row && photoNameOf(row.bytes) !== photo) throw new StorageError('damaged', `The photo ${photo} of ${community} is not what its name says: restore it from a backup, or take it again.`);
        return row?.bytes;
      });
    },

    async photos() {
      return read('The list of photos', () => sql('SELECT community, photo FROM photo ORDER BY community, photo').all().map(({ community, photo }): PhotoKey => ({ community: String(community), photo: String(photo) })));
    },

    async photoBytes(community) {
      return read('The size of photos', () => Number((sql('SELECT total(size) AS bytes FROM photo WHERE community = ?').get(community) as { bytes: number }).bytes));
    },

    async removePhotos(community, photos) {
      transaction(() => {
        for (const photo of photos) {
          sql('DELETE FROM photo WHERE community = ? AND photo = ?').run(community, photo);
          sql('DELETE FROM photo_part WHERE community = ? AND photo = ?').run(community, photo);
        }
      });
      emptyLog();
    },

    async dropStalePhotoParts(before) {
      transaction(() => {
        sql('DELETE FROM photo_part WHERE (community, photo, device) IN (SELECT community, photo, device FROM photo_part GROUP BY community, photo, device HAVING max(at) < ?)').run(before);
      });
    },

    async close() {
      if (dead) return;
      statements.clear();
      try {
        close();
      } catch (error) {
        throw failed(failure(error));
      }
    },
  };
}

interface ValueRow {
  key: string;
  value: string;
  digest: Uint8Array | null;
}

function checked({ key, value, digest: expected }: ValueRow): string {
  if (!sameBytes(valueDigest(key, value), expected ?? new Uint8Array())) throw new StorageError('damaged', `The value ${key} does not match its digest: restore the store from a backup.`);
  return value;
}
