/** What demo mode needs from whoever makes demo data: chairs to sit on, and the facts a community starts with. */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Seat } from '../../src/protocol/api.ts';

export interface SeededRoom {
  readonly room: RoomAddress;
  /** Each after what it is based on. */
  readonly facts: readonly Fact[];
}

export interface DemoSource {
  seats(): readonly Seat[];
  /** The staff record of whoever sits there. */
  personOf(seat: string): string;
  seedCommunity(community: string, now: number): readonly SeededRoom[];
}
