/** The rooms in memory, loaded from the journal on first need. */
import type { RoomAddress } from '../../domain/kernel/room.ts';
import { formatRoomName } from '../../protocol/roomName.ts';
import type { JournalWriter, StoredRoom } from '../journal/journal.ts';
import { Room } from './room.ts';

/** A journal tail longer than this, in updates or bytes, is folded into one snapshot when the room is loaded or rests. */
const tailMaxUpdates = 200;
const tailMaxBytes = 1_000_000;

export interface LoadedRoom {
  readonly room: Room;
  /** The journal's last seq that is inside. */
  seq: number;
  filled: boolean;
  tailUpdates: number;
  tailBytes: number;
  /** Saves that are being journalled but not applied yet: a snapshot now would lack them. */
  staging: number;
}

export function roomFromStored(address: RoomAddress, stored: StoredRoom): LoadedRoom {
  const room = new Room(address);
  const parts = [...(stored.snapshot ? [stored.snapshot.bytes] : []), ...stored.updates.map((row) => row.bytes)];
  if (parts.length > 0) room.apply(parts, 'journal');
  return {
    room,
    seq: stored.updates.at(-1)?.seq ?? stored.snapshot?.seq ?? 0,
    filled: stored.row?.filled ?? false,
    tailUpdates: stored.updates.length,
    tailBytes: stored.updates.reduce((sum, row) => sum + row.bytes.length, 0),
    staging: 0,
  };
}

/** What a room holds besides its document, whenever it is made anew. */
export type Bring = (room: Room) => void;

export class Rooms {
  readonly #journal: JournalWriter;
  readonly #bring: Bring;
  readonly #loaded = new Map<string, LoadedRoom>();
  readonly #loading = new Map<string, Promise<LoadedRoom>>();

  constructor(journal: JournalWriter, bring: Bring) {
    this.#journal = journal;
    this.#bring = bring;
  }

  get(name: string): LoadedRoom | undefined {
    return this.#loaded.get(name);
  }

  all(): Iterable<LoadedRoom> {
    return this.#loaded.values();
  }

  async load(address: RoomAddress): Promise<LoadedRoom> {
    const name = formatRoomName(address);
    const loaded = this.#loaded.get(name);
    if (loaded) return loaded;
    const pending = this.#loading.get(name);
    if (pending) return pending;
    const loading = this.#journal.load(name).then((stored) => {
      const made = roomFromStored(address, stored);
      this.#bring(made.room);
      this.#loaded.set(name, made);
      return made;
    }).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  /** Puts a rebuilt room in the place of the old one. */
  replace(name: string, made: LoadedRoom): void {
    this.#loaded.get(name)?.room.destroy();
    this.#loaded.set(name, made);
  }

  release(name: string): void {
    this.#loaded.get(name)?.room.destroy();
    this.#loaded.delete(name);
  }

  async compactIfLong(loaded: LoadedRoom): Promise<void> {
    if (loaded.staging > 0 || (loaded.tailUpdates <= tailMaxUpdates && loaded.tailBytes <= tailMaxBytes)) return;
    loaded.tailUpdates = 0;
    loaded.tailBytes = 0;
    await this.#journal.compact(loaded.room.name, loaded.seq, loaded.room.encode());
  }
}
