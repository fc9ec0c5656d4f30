/** Chooses the storage a setting names: `:memory:`, else a folder that holds `linhuo.sqlite`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError, type Storage } from './contract.ts';
import { openMemoryStorage } from './memory.ts';
import { openSqliteStorage } from './sqlite.ts';

export const memoryData = ':memory:';

/** @throws StorageError with a sentence that names the folder */
export function openStorage(data: string): Storage {
  if (data === memoryData) return openMemoryStorage();
  try {
    mkdirSync(data, { recursive: true });
    return openSqliteStorage(join(data, 'linhuo.sqlite'));
  } catch (error) {
    if (error instanceof StorageError && error.fault === 'locked')
      throw new StorageError('locked', `Another Linhuo server is using the data folder ${data}. Stop it first, or set LINHUO_DATA to another folder.`, { cause: error });
    throw new StorageError('broken', `The data folder ${data} can't be used (${error instanceof Error ? error.message : String(error)}). Set LINHUO_DATA to a folder this user may write.`, { cause: error });
  }
}
