/**
 * One SQLite file: WAL, `synchronous=FULL`, held by one process.
 *
 * - ST7 Whoever writes holds a second, empty file beside it, which the system frees when the process ends, however it ends.
 *   Readers need no hold: a backup is made from the file of a running server.
 * - ST10 What a store holds when it is opened is brought into the main file and synced before anything is built on it:
 *   after a failed fsync the system may show what no disk holds.
 * - ST11 The log is moved into the main file by our own calls. SQLite's automatic way hides a failed fsync and syncs again,
 *   and the second one succeeds without having written anything.
 * - PH8 What is deleted is overwritten, and `scrub` empties the log it may still stand in.
 */
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from './contract.ts';
import { migrate, overwritingVersion, versionOf } from './migrations.ts';
import { failure } from './sqliteErrors.ts';

/** How long a start waits for a backup that is just reading, ms. */
const patienceMs = 5_000;
/** The log is moved when it holds this many pages that the main file lacks. */
const logMaxPages = 1_000;

export interface Held {
  readonly db: DatabaseSync;
  /** Moves the log into the main file if it is long. @throws what SQLite throws */
  relieve(): void;
  /** Moves all of the log and cuts its file: what was deleted is in no file then (ST18, PH8). @returns false while a backup is reading @throws what SQLite throws */
  scrub(): boolean;
  close(): void;
}

/** Takes the store's lock. @returns how to give it back @throws StorageError `locked` */
export function holdStore(file: string): () => void {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    // In memory, or a journal would be left beside it by every process that was killed.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw failure(error);
  }
  return () => lock.close();
}

/** @throws StorageError */
export function openHeld(file: string, maxPages?: number): Held {
  const release = holdStore(file);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: patienceMs });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON');
    const moved = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (moved.busy !== 0) throw new StorageError('conflict', 'A backup of it is being made: start again when that is done.');
    overwriteDeleted(db);
    migrate(db);
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    const held = db;
    const look = held.prepare('PRAGMA wal_checkpoint(NOOP)');
    const move = held.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    const cut = held.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
    return {
      db: held,
      relieve() {
        const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
        if (log - checkpointed > logMaxPages) move.get();
      },
      scrub() {
        // Nobody else may wait for a reader that is not done.
        held.exec('PRAGMA busy_timeout = 0');
        try {
          return (cut.get() as { busy: number }).busy === 0;
        } finally {
          held.exec(`PRAGMA busy_timeout = ${patienceMs}`);
        }
      },
      close() {
        // SQLite would do this by itself and say nothing if it failed. Nobody waits here for a backup that is just reading.
        move.get();
        held.close();
        release();
      },
    };
  } catch (error) {
    const fault = failure(error);
    // Closing would ask a disk that has failed to sync once more.
    if (fault.fault !== 'broken') db?.close();
    release();
    throw fault;
  }
}

/** ST18: a store of an earlier version may hold bytes of deleted rows, which are left out when it is written anew. */
function overwriteDeleted(db: DatabaseSync): void {
  const version = versionOf(db);
  if (version > 0 && version < overwritingVersion) db.exec('VACUUM');
}

/** For reading only, beside whoever writes. @throws StorageError */
export function openReader(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly: true, timeout: patienceMs });
  } catch (error) {
    throw failure(error);
  }
}
