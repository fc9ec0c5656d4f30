/**
 * The rooms in memory: loaded once before anybody syncs, dropped when idle or failed.
 *
 * - SR9 A room is never in memory twice, and never used before it is loaded and its chain has been checked. Who holds it
 *   keeps it there; who kept a room that was put away gets an error from it, not a second copy.
 * - SR60 A room is made anew without what was erased: nothing is accepted until its new beginning is on disk, who asks for it
 *   waits, and who has the old one is told to build it again (4409).
 * - SR10 An idle room with a long tail is compacted, then forgotten; its snapshot is what a cold start reads.
 */
import { randomInt } from 'node:crypto';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { encodeRuns } from '../../src/protocol/updateCodec.ts';
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
  /** SR60. @returns false when nothing has to go */
  rebase(address: RoomAddress): Promise<boolean>;
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
    return put(name, fresh(name, address));
  }

  /** Whoever opens the room from here on gets what is being loaded. */
  function put(name: string, loading: Promise<Room>): Slot {
    const slot: Slot = { loading, room: undefined, usedAt: performance.now() };
    slots.set(name, slot);
    loading.then(
      (room) => (slot.room = room),
      () => slots.delete(name),
    );
    return slot;
  }

  const fresh = (name: string, address: RoomAddress): Promise<Room> =>
    storage.openRoom(name).then((stored) => new Room(name, address, stored, committer, { onFacts, now }));

  async function renewed(room: Room): Promise<Room> {
    await room.settled();
    // What was accepted meanwhile counts, too.
    const cells = room.facts.remainders() ?? [];
    const client = unusedClient(room.owners);
    await storage.rebase({ room: room.name, after: room.head, snapshot: encodeRuns(cells.length > 0 ? [{ client, clock: 0, cells }] : []), client });
    return fresh(room.name, room.address);
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

  function open(address: RoomAddress): Promise<Room> {
    const name = formatRoomName(address);
    let slot = slots.get(name);
    if (slot?.room?.failure) {
      slots.delete(name);
      slot = undefined;
    }
    slot ??= load(name, address);
    slot.usedAt = performance.now();
    return slot.loading;
  }

  return {
    open,
    async rebase(address) {
      const name = formatRoomName(address);
      const room = await open(address);
      if (!room.facts.remainders()) return false;
      const slot = put(name, renewed(room));
      try {
        await slot.loading;
      } finally {
        room.rebased();
      }
      return true;
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

/** Yjs clients are 32 bits wide. */
const clientMax = 2 ** 32;

function unusedClient(owners: ReadonlyMap<number, string>): number {
  for (;;) {
    const client = randomInt(1, clientMax);
    if (!owners.has(client)) return client;
  }
}
