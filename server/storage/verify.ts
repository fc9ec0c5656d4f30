/** ST12: a store is sound when SQLite finds its pages whole and every room, snapshot, archive, value and photo matches its digest. */
import { StorageError } from './contract.ts';
import { openReader } from './database.ts';
import { openSqliteReader } from './sqlite.ts';
import { failure } from './sqliteErrors.ts';

export interface Sound {
  readonly rooms: number;
  /** Updates ever stored, those inside snapshots included. */
  readonly updates: number;
  readonly photos: number;
}

/** The pages only, of a store of any version. @throws StorageError */
export function verifyPages(file: string): void {
  const db = openReader(file);
  try {
    const found = db.prepare('PRAGMA integrity_check(10)').all().map((row) => String(Object.values(row)[0]));
    if (found.length !== 1 || found[0] !== 'ok') throw new StorageError('damaged', `${file} is damaged: ${found.join('; ')}`);
  } catch (error) {
    throw failure(error);
  } finally {
    db.close();
  }
}

/** @throws StorageError that names the first place at fault */
export async function verifyStore(file: string): Promise<Sound> {
  verifyPages(file);
  const storage = openSqliteReader(file);
  try {
    await storage.entries('');
    const rooms = await storage.heads('');
    for (const { room } of rooms) {
      await storage.openRoom(room);
      await storage.audit(room);
    }
    const photos = await storage.photos();
    for (const key of photos) await storage.photo(key);
    return { photos: photos.length, rooms: rooms.length, updates: rooms.reduce((sum, { head }) => sum + head, 0) };
  } finally {
    await storage.close();
  }
}
