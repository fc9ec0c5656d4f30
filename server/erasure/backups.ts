/**
 * - ER9 A backup loses what was erased after it was made: each room in it is given the erasures that the store knows, and is
 *   made anew. The file is replaced only once all of it was checked; what was interrupted leaves it as it was.
 */
import { renameSync, rmSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { dirname } from 'node:path';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { erasurePrefixes } from '../../src/domain/erasure/erased.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { encodeRuns } from '../../src/protocol/updateCodec.ts';
import { authorityPerson } from '../authority/actor.ts';
import { openRegistry } from '../identity/registry.ts';
import { createReview } from '../identity/review.ts';
import { createRooms, type Rooms } from '../rooms/rooms.ts';
import { copyStore } from '../storage/backup.ts';
import { wholeTag, type Storage } from '../storage/contract.ts';
import { besides, storeFile, syncToDisk } from '../storage/folder.ts';
import { openSqliteReader, openSqliteStorage } from '../storage/sqlite.ts';
import { verifyPages, verifyStore } from '../storage/verify.ts';

export interface ErasedBackup {
  /** Rooms of the backup that were made anew. */
  readonly rooms: number;
}

const clientMax = 2 ** 32;

const roomsOn = (storage: Storage, now: () => number): Rooms =>
  createRooms({
    storage, now, onFacts: () => undefined, onCommit: () => undefined,
    onFault: (fault) => {
      throw fault;
    },
  });

/** By room. */
async function erasuresIn(store: string, now: () => number): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const storage = openSqliteReader(store);
  try {
    const rooms = roomsOn(storage, now);
    const found = new Map<string, readonly Fact[]>();
    for (const { room } of await storage.heads('')) {
      const address = parseRoomName(room);
      if (!address) continue;
      const { facts } = await rooms.open(address);
      const erasures = erasurePrefixes.flatMap((prefix) => facts.every(prefix)).flatMap(({ record }) => facts.factsOf(record));
      if (erasures.length > 0) found.set(room, erasures);
    }
    await rooms.stop();
    return found;
  } finally {
    await storage.close();
  }
}

/** @param data a data folder that knows the erasures @throws StorageError; the backup is as it was then */
export async function eraseInBackup(data: string, backup: string, now: () => number): Promise<ErasedBackup> {
  verifyPages(backup);
  const erasures = await erasuresIn(storeFile(data), now);
  const [work, candidate] = [`${backup}.erasing`, `${backup}.erased`];
  const leave = (): void => {
    for (const end of ['', ...besides, '.lock']) rmSync(work + end, { force: true });
    rmSync(candidate, { force: true });
  };
  leave();
  try {
    copyStore(backup, work);
    const rooms = await eraseIn(work, erasures, now);
    if (rooms === 0) return { rooms };
    copyStore(work, candidate);
    await verifyStore(candidate);
    syncToDisk(candidate);
    renameSync(candidate, backup);
    syncToDisk(dirname(backup));
    return { rooms };
  } finally {
    leave();
  }
}

async function eraseIn(file: string, erasures: ReadonlyMap<string, readonly Fact[]>, now: () => number): Promise<number> {
  const storage = openSqliteStorage(file);
  let made = 0;
  try {
    const rooms = roomsOn(storage, now);
    const review = createReview(await openRegistry(storage, now, () => undefined), rooms, now);
    for (const [name, facts] of erasures) {
      const address = parseRoomName(name);
      const { head } = await storage.openRoom(name);
      if (!address || head === 0) continue;
      const known = (await rooms.open(address)).facts;
      const cells = facts.filter(({ id }) => !known.has(id)).map((fact) => ({ id: fact.id, json: encodeFact(fact) }));
      if (cells.length > 0) {
        await rooms.stop();
        const client = randomInt(1, clientMax);
        const update = { bytes: encodeRuns([{ client, clock: 0, cells }]), device: wholeTag, person: authorityPerson, at: now() };
        await storage.append([{ room: name, after: head, updates: [update], clients: [[client, wholeTag]] }]);
      }
      const photos = (await rooms.open(address)).facts.erasedPhotos();
      if (photos.length > 0) await storage.removePhotos(address.community, photos);
      if (await rooms.rebase(address)) made += 1;
      await review.forget(await rooms.open(address));
    }
    await rooms.stop();
    return made;
  } finally {
    await storage.close();
  }
}
