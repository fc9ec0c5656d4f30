/**
 * The store's versions, and the way from each to the next.
 *
 * - ST9 A store of an older version is brought up to date in one transaction: killed or failing at any point, it is the
 *   old store. One of a newer version is refused and left alone.
 */
import type { DatabaseSync } from 'node:sqlite';
import { clientsDigest, valueDigest } from './chain.ts';
import { StorageError } from './contract.ts';

/** Brings a store of the version before to its own. */
export type Step = (db: DatabaseSync) => void;

const first: Step = (db) => db.exec(`
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
`);

/** What the chain does not cover, who owns a client and the kept values, gets digests of its own. */
const digests: Step = (db) => {
  db.exec('ALTER TABLE room ADD COLUMN clients BLOB; ALTER TABLE meta ADD COLUMN digest BLOB;');
  const byRoom = new Map<string, [number, string][]>();
  for (const row of db.prepare('SELECT room, client, device FROM client').all() as unknown as { room: string; client: number; device: string }[]) {
    const clients = byRoom.get(row.room);
    if (clients) clients.push([row.client, row.device]);
    else byRoom.set(row.room, [[row.client, row.device]]);
  }
  const ofRoom = db.prepare('UPDATE room SET clients = ? WHERE name = ?');
  for (const { name } of db.prepare('SELECT name FROM room').all() as unknown as { name: string }[]) ofRoom.run(clientsDigest(byRoom.get(name) ?? []), name);
  const ofValue = db.prepare('UPDATE meta SET digest = ? WHERE key = ?');
  for (const { key, value } of db.prepare('SELECT key, value FROM meta').all() as unknown as { key: string; value: string }[]) ofValue.run(valueDigest(key, value), key);
};

/** Photos and what has come of them so far. A row whose bytes are long is cheap to find only by its number. */
const photos: Step = (db) => db.exec(`
  CREATE TABLE photo (
    id INTEGER PRIMARY KEY, community TEXT NOT NULL, photo TEXT NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (community, photo)
  ) STRICT;
  CREATE INDEX photo_size ON photo (community, size);
  CREATE TABLE photo_part (
    id INTEGER PRIMARY KEY, community TEXT NOT NULL, photo TEXT NOT NULL, device TEXT NOT NULL, start INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (community, photo, device, start)
  ) STRICT;
  CREATE INDEX photo_part_device ON photo_part (device, at);
`);

const steps: readonly Step[] = [first, digests, photos];
/** ST18: since then what is deleted is overwritten; a store of before is written anew once. */
export const overwritingVersion = steps.indexOf(photos) + 1;

export function versionOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** @param known the versions there are: the first step makes version 1 out of an empty file */
export function migrate(db: DatabaseSync, known: readonly Step[] = steps): void {
  const version = versionOf(db);
  if (version > known.length)
    throw new StorageError('version', `It was written by a newer Linhuo (version ${version} of the store, this one knows ${known.length}): start that one.`);
  if (version === known.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of known.slice(version)) step(db);
    db.exec(`PRAGMA user_version = ${known.length}; COMMIT;`);
  } catch (error) {
    // A full or failing disk has ended the transaction already; a second ROLLBACK would hide the cause.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
