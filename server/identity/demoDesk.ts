/**
 * Demo mode: the seats, and a community's data the first time somebody sits down in it.
 *
 * - AU10 Seeding goes through the gate like every statement, fills a community once, and picks up where a crash left it.
 * - AU11 A data folder holds demo data or real data, never both (X6).
 */
import { deviceTagOf } from '../../src/domain/kernel/fact.ts';
import { stateFacts } from '../authority/state.ts';
import type { Seat } from '../../src/protocol/api.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { StorageError, type Storage } from '../storage/contract.ts';
import type { Devices } from './devices.ts';
import { rosterOf } from './roster.ts';
import type { DemoSource, SeededRoom } from './demoSource.ts';

export interface Seated {
  readonly seat: Seat;
  readonly person: string;
  readonly communityGrids: readonly string[];
}

/** What demo mode adds to the API. */
export interface DemoDesk {
  seats(): readonly Seat[];
  /** @returns undefined for a seat nobody has declared */
  sit(seat: string): Promise<Seated | undefined>;
}

export interface DemoDeskOptions {
  readonly source: DemoSource;
  readonly rooms: Rooms;
  readonly devices: Devices;
  readonly now: () => number;
  /** After a community was seeded, before anybody sits down in it. */
  readonly onSeeded: (community: string) => Promise<void>;
}

export function createDemoDesk({ source, rooms, devices, now, onSeeded }: DemoDeskOptions): DemoDesk & { seed(community: string): Promise<void> } {
  const seats = new Map(source.seats().map((seat) => [seat.id, seat]));
  const seeding = new Map<string, Promise<void>>();

  async function fill(community: string): Promise<void> {
    const roster = await rooms.open({ community, family: 'roster' });
    if (roster.facts.size > 0) return;
    const seeded = source.seedCommunity(community, now());
    await devices.reserve(new Set(seeded.flatMap(({ facts }) => facts.map(({ id }) => deviceTagOf(id)))));
    for (const { room, facts } of rosterLast(seeded)) await stateFacts(await rooms.open(room), facts);
    await onSeeded(community);
  }

  function seed(community: string): Promise<void> {
    const known = seeding.get(community);
    if (known) return known;
    const filling = fill(community);
    seeding.set(community, filling);
    // A failed attempt must not be the answer to the next one.
    filling.catch(() => seeding.delete(community));
    return filling;
  }

  return {
    seats: () => [...seats.values()],
    seed,
    async sit(id) {
      const seat = seats.get(id);
      if (!seat) return undefined;
      await seed(seat.community);
      return { seat, person: source.personOf(id), communityGrids: (await rosterOf(rooms, seat.community)).grids };
    },
  };
}

/** A roster says that its community is complete, so it comes last. */
const rosterLast = (seeded: readonly SeededRoom[]): SeededRoom[] =>
  [...seeded].sort((a, b) => Number(a.room.family === 'roster') - Number(b.room.family === 'roster'));

const modeKey = 'mode';

/** AU11. @throws StorageError with a sentence for the operator */
export async function claimFolder(storage: Storage, demo: boolean): Promise<void> {
  const mode = demo ? 'demo' : 'real';
  const known = await storage.get(modeKey);
  if (known === undefined) return storage.put(modeKey, mode);
  if (known === mode) return;
  throw new StorageError('locked', demo
    ? 'This data folder holds real data, and demo data must never mix with it. Set LINHUO_DATA to another folder, or start without --demo.'
    : 'This data folder holds demo data. Set LINHUO_DATA to another folder for real work, or start with --demo.');
}
