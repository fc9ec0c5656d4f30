/**
 * ST12: a backup is one moment of the store in one file, made beside a running server and without stopping it.
 * It has its name only once it has been verified and synced: what was interrupted is not mistaken for a backup.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from './contract.ts';
import { openReader } from './database.ts';
import { refuseHalfRestored, storeFile, syncToDisk } from './folder.ts';
import { failure } from './sqliteErrors.ts';
import { verifyStore, type Sound } from './verify.ts';

/** Copies one moment of a store, its log included, into a new file. @throws StorageError */
export function copyStore(from: string, to: string): void {
  const db = openReader(from);
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    throw failure(error);
  } finally {
    db.close();
  }
  // The tickets' secret is in it.
  chmodSync(to, 0o600);
}

/** @throws StorageError; nothing has the name `file` then that did not have it before */
export async function backUp(data: string, file: string): Promise<Sound> {
  refuseHalfRestored(data);
  const store = storeFile(data);
  if (!existsSync(store)) throw new StorageError('conflict', `There is no store in ${data}: nothing to back up.`);
  if (existsSync(file)) throw new StorageError('conflict', `${file} exists, and a backup replaces nothing. Choose another name.`);
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  try {
    copyStore(store, unfinished);
    const sound = await verifyStore(unfinished);
    syncToDisk(unfinished);
    renameSync(unfinished, file);
    syncToDisk(dirname(file));
    return sound;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
