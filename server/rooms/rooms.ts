/**
 * The rooms in memory: loaded once before anybody syncs, dropped when idle or failed.
 *
 * - SR9 A room is never in memory twice, and never used before it is loaded and its chain has been checked. Who holds it
 *   keeps it there; who kept a room that was put away gets an error from it, not a second copy.
 * - SR10 An idle room with a long tail is compacted, then forgotten; its snapshot is what a cold start reads.
 */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Storage, StorageError } from '../storage/contract.ts';
import { createCommitter } from './committer.ts';
import { Room } from './room.ts';

export interface RoomsOptions {
  readonly storage: Storage;
  readonly now: () => number;
  readonly onFacts: (room: Room, facts: readonly Fact[]) => void;
  readonly onFault: (error: StorageError) => void;
  readonly onCommit: () => void;
  /** How long a room stays in memory after its last use. */
  readonly idleMs?: number;
}

export interface Rooms {
  /** The caller must join or use the room before it awaits anything else. */
  open(address: RoomAddress): Promise<Room>;
  /** @param community '' for all */
  heads(community: string): Promise<readonly { room: string; head: number }[]>;
  readonly loaded: number;
  drained(): Promise<void>;
  /** Compacts and forgets what has been idle for `idleMs`. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const compactAtUpdates = 500;
const compactAtBytes = 1_048_576;
const idleMsDefault = 30_000;

interface Slot {
  readonly loading: Promise<Room>;
  room: Room | undefined;
  usedAt: number;
}

export function createRooms({ storage, now, onFacts, onFault, onCommit, idleMs = idleMsDefault }: RoomsOptions): Rooms {
  const slots = new Map<string, Slot>();
  const committer = createCommitter(storage, onFault, onCommit);

  function load(name: string, address: RoomAddress): Slot {
    const loading = storage.openRoom(name).then((stored) => {
      const room = new Room(name, address, stored, committer, { onFacts, now });
      slot.room = room;
      return room;
    });
    const slot: Slot = { loading, room: undefined, usedAt: performance.now() };
    slots.set(name, slot);
    loading.catch(() => slots.delete(name));
    return slot;
  }

  /** Returns once the room is as good as nobody's: nothing but its slot refers to it. */
  async function retire(name: string, slot: Slot, room: Room): Promise<void> {
    const { updates, bytes } = room.tail;
    if (updates > compactAtUpdates || bytes > compactAtBytes) {
      await storage.compact(name, room.whole(), room.head);
      room.compacted();
      // Somebody may have opened it meanwhile; it then simply stays.
      if (!room.idle || performance.now() - slot.usedAt < idleMs) return;
    }
    room.retire();
    slots.delete(name);
  }

  async function sweep(): Promise<void> {
    for (const [name, slot] of [...slots]) {
      const { room } = slot;
      if (room?.idle && performance.now() - slot.usedAt >= idleMs) await retire(name, slot, room);
    }
  }

  return {
    async open(address) {
      const name = formatRoomName(address);
      let slot = slots.get(name);
      if (slot?.room?.failure) {
        slots.delete(name);
        slot = undefined;
      }
      slot ??= load(name, address);
      slot.usedAt = performance.now();
      return slot.loading;
    },
    heads: (community) => storage.heads(community === '' ? 'v1/' : `v1/${community}/`),
    get loaded() {
      return slots.size;
    },
    drained: () => committer.drained(),
    sweep,
    async stop() {
      await committer.drained();
      slots.clear();
    },
  };
}
