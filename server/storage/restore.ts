/**
 * ST13: a backup takes the place of the store in a data folder that no server is using. It is verified before anything is
 * touched, what was there is kept in a folder beside it, and a restore that was interrupted leaves a folder no server starts on.
 *
 * ST14: tablets may know what the server stated after the backup was made. So a restored store never says anything under
 * numbers that may have been used: its author goes on under new fact ids and new Yjs clients.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { copyStore } from './backup.ts';
import { clientsDigest, valueDigest } from './chain.ts';
import { StorageError } from './contract.ts';
import { holdStore } from './database.ts';
import { besides, restoreMarker, stampOf, storeFile, syncToDisk } from './folder.ts';
import { migrate } from './migrations.ts';
import { verifyPages, verifyStore, type Sound } from './verify.ts';

/** Under this key a store that was ever restored says when, epoch ms. */
export const restoredKey = 'restored';

/** The server as an author: what must not be used again. */
export interface ServerAuthor {
  readonly tag: string;
  /** No device can have this tag. */
  readonly retiredTag: string;
  /** The value that holds the next free number of its facts. */
  readonly numbersKey: string;
}

export interface Restored extends Sound {
  /** Where the old store went, if there was one. */
  readonly aside: string | undefined;
}

/** Further than any server counts between two backups, and not twice the same. */
const jump = (random: () => number): number => 2 ** 32 + Math.floor(random() * 2 ** 36);

export interface RestoreOptions {
  readonly data: string;
  readonly backup: string;
  readonly author: ServerAuthor;
  readonly now: number;
  readonly random: () => number;
}

/** @throws StorageError; the folder's store is the old one then, or the folder is marked as half restored */
export async function restore({ data, backup, author, now, random }: RestoreOptions): Promise<Restored> {
  if (!existsSync(backup)) throw new StorageError('conflict', `There is no file ${backup}.`);
  mkdirSync(data, { recursive: true });
  const store = storeFile(data);
  const release = holdStore(store);
  const candidate = `${store}.restoring`;
  try {
    rmSync(candidate, { force: true });
    verifyPages(backup);
    copyStore(backup, candidate);
    prepare(candidate, author, now, random);
    const sound = await verifyStore(candidate);
    syncToDisk(candidate);
    return { ...sound, aside: exchange(data, candidate, now) };
  } finally {
    rmSync(candidate, { force: true });
    release();
  }
}

function prepare(file: string, { tag, retiredTag, numbersKey }: ServerAuthor, now: number, random: () => number): void {
  const db = new DatabaseSync(file);
  try {
    migrate(db);
    db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
    const rooms = db.prepare('SELECT DISTINCT room FROM client WHERE device = ?').all(tag) as unknown as { room: string }[];
    db.prepare('UPDATE client SET device = ? WHERE device = ?').run(retiredTag, tag);
    for (const { room } of rooms) {
      const clients = db.prepare('SELECT client, device FROM client WHERE room = ?').all(room).map(({ client, device }) => [client as number, device as string] as const);
      db.prepare('UPDATE room SET clients = ? WHERE name = ?').run(clientsDigest(clients), room);
    }
    const put = (key: string, value: string): void => {
      db.prepare('INSERT INTO meta (key, value, digest) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, digest = excluded.digest').run(key, value, valueDigest(key, value));
    };
    const used = db.prepare('SELECT value FROM meta WHERE key = ?').get(numbersKey) as { value: string } | undefined;
    put(numbersKey, String(Number(used?.value ?? '0') + jump(random)));
    put(restoredKey, String(now));
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** @returns where the old store went */
function exchange(data: string, candidate: string, now: number): string | undefined {
  const store = storeFile(data);
  const old = [store, ...besides.map((end) => store + end)].filter((file) => existsSync(file));
  const aside = join(data, freeName(data, `before-restore-${stampOf(now)}`));
  writeFileSync(restoreMarker(data), aside);
  syncToDisk(restoreMarker(data));
  syncToDisk(data);
  if (old.length > 0) {
    mkdirSync(aside);
    for (const file of old) renameSync(file, join(aside, basename(file)));
    syncToDisk(aside);
  }
  renameSync(candidate, store);
  syncToDisk(data);
  rmSync(restoreMarker(data));
  syncToDisk(data);
  return old.length > 0 ? aside : undefined;
}

function freeName(folder: string, wanted: string): string {
  const taken = new Set(readdirSync(folder));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name)) return name;
  }
}
