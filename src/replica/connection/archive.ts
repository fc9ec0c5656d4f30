/** AR1. Months that are not live, past or to come: read whole over HTTP, kept in the journal as snapshots, no socket and no document in memory. */
import { isLive } from '../../domain/access.ts';
import type { RoomAddress, RoomFamily } from '../../domain/kernel/room.ts';
import type { RoomHead } from '../../protocol/api.ts';
import { parseRoomName } from '../../protocol/roomName.ts';

export interface Closed {
  readonly address: RoomAddress;
  readonly room: string;
  readonly head: number;
}

/**
 * @param held the head of each room's copy on this tablet
 * @returns the month rooms that are not live and whose copy here is missing or older, newest month first
 */
export function outdated(
  heads: readonly RoomHead[],
  held: ReadonlyMap<string, number>,
  now: number,
  wanted: (family: RoomFamily, month: string) => boolean,
): Closed[] {
  return heads
    .flatMap(({ room, head }) => {
      const address = parseRoomName(room);
      if (!address?.month || isLive(address, now)) return [];
      // What is held is kept as the server has it, wanted or not: it may have been made anew without somebody (ER5).
      if (!held.has(room) && !wanted(address.family, address.month)) return [];
      return (held.get(room) ?? -1) < head ? [{ address, room, head }] : [];
    })
    .sort((a, b) => ((a.address.month ?? '') < (b.address.month ?? '') ? 1 : -1));
}
