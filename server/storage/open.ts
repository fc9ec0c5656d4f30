/** Chooses the storage a setting names: `:memory:`, else a folder that holds `linhuo.sqlite`. */
import { mkdirSync } from 'node:fs';
import { StorageError, type Storage } from './contract.ts';
import { refuseHalfRestored, storeFile } from './folder.ts';
import { openMemoryStorage } from './memory.ts';
import { openSqliteStorage } from './sqlite.ts';

export const memoryData = ':memory:';

/** @throws StorageError with a sentence that names the folder */
export function openStorage(data: string): Storage {
  if (data === memoryData) return openMemoryStorage();
  try {
    mkdirSync(data, { recursive: true });
    refuseHalfRestored(data);
    return openSqliteStorage(storeFile(data));
  } catch (error) {
    throw explained(data, error);
  }
}

/** Says what a person can do about it. */
export function explained(data: string, error: unknown): StorageError {
  const known = error instanceof StorageError ? error : new StorageError('broken', error instanceof Error ? error.message : String(error), { cause: error });
  return new StorageError(known.fault, sentences[known.fault](data, known.message), { cause: error });
}

const sentences: Readonly<Record<StorageError['fault'], (data: string, reason: string) => string>> = {
  locked: (data) => `Another Linhuo server is using the data folder ${data}. Stop it first, or set LINHUO_DATA to another folder.`,
  full: (data) => `The disk of the data folder ${data} is full. Make room on it, then start again.`,
  version: (data, reason) => `The data folder ${data} can't be opened. ${reason}`,
  damaged: (data, reason) => `The store in the data folder ${data} is damaged (${reason}). Keep the folder as it is, and restore a backup: npm run restore -- <file>.`,
  conflict: (data, reason) => `The data folder ${data} can't be used. ${reason}`,
  broken: (data, reason) => `The data folder ${data} can't be used (${reason}). Set LINHUO_DATA to a folder this user may write.`,
};
