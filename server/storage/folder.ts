/** What lies where in a data folder. */
import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from './contract.ts';

export const storeFile = (data: string): string => join(data, 'linhuo.sqlite');
/** SQLite's log and its index beside a store: they belong to it and move with it. */
export const besides = ['-wal', '-shm'] as const;
/** Stands in a folder while its store is being replaced, and names the folder the old one went to. */
export const restoreMarker = (data: string): string => join(data, 'restore-unfinished');

/** ST13: between two stores there is a moment without one, and a server that starts then would begin with nothing. */
export function refuseHalfRestored(data: string): void {
  if (existsSync(restoreMarker(data))) throw new StorageError('conflict', 'A restore was interrupted here: run npm run restore again.');
}

/** Makes names in a folder, or a file's bytes, outlast a power cut. */
export function syncToDisk(path: string): void {
  const isFolder = statSync(path).isDirectory();
  // Windows opens no folder, and keeps names without being asked.
  if (isFolder && process.platform === 'win32') return;
  const handle = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** `2026-05-12-093000`, in UTC. */
export const stampOf = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
