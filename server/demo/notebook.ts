/**
 * Where demo facts are written down, room by room.
 *
 * A fact's device tag says where it comes from: `seed` carries what the published account states, `gen1` what we generated.
 * Fact numbers come from lanes: every grid, household and activity counts from a number of its own, so that a fact keeps
 * its id whichever day the data is made on.
 */
import { deviceTagOf, type Fact, type FactId, type Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { homeOf, kinds, type KindName } from '../../src/domain/kinds.ts';
import type { Kind } from '../../src/domain/kernel/kind.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';

export const sourceTag = 'seed';
export const generatedTag = 'gen1';
export const isGenerated = (fact: FactId): boolean => deviceTagOf(fact) === generatedTag;

/** Hands out fact ids of one tag, one after the other. */
export interface Lane {
  next(): FactId;
}

export function laneFrom(tag: string, start: number): Lane {
  let number = start;
  return {
    next() {
      const id = `${tag}-${number.toString(36)}`;
      number += 1;
      return id;
    },
  };
}

export interface RoomFacts {
  readonly room: RoomAddress;
  readonly facts: Fact[];
}

/** Who said it, when, and which lane numbers it. */
export interface Stamp {
  readonly by: string;
  readonly at: number;
  readonly lane: Lane;
}

/** What a later fact needs to build on an earlier one. */
export interface Written {
  readonly record: string;
  readonly fact: FactId;
  readonly kind: KindName;
  readonly page: RoomFacts;
}

export interface Notebook {
  /** @param record needed for kinds that do not derive their id */
  birth(kind: KindName, set: Fields, stamp: Stamp, record?: string): Written;
  /** A change that knew exactly the facts it is based on; default: the written one. */
  change(written: Written, set: Fields, stamp: Stamp, base?: readonly FactId[]): Written;
  /** By room name; within a room a fact never precedes one it is based on. */
  rooms(): RoomFacts[];
}

export function createNotebook(community: string): Notebook {
  const pages = new Map<string, RoomFacts>();

  function pageOf(room: RoomAddress): RoomFacts {
    const name = formatRoomName(room);
    const known = pages.get(name);
    if (known) return known;
    const page = { room, facts: [] };
    pages.set(name, page);
    return page;
  }

  return {
    birth(kindName, set, { by, at, lane }, given) {
      const kind: Kind = kinds[kindName];
      const record = kind.derivedId ? kind.derivedId(set) : given;
      if (record === undefined) throw new Error(`a ${kindName} needs an id`);
      const page = pageOf(homeOf(kind, community, record, set));
      const fact = lane.next();
      page.facts.push({ id: fact, record, kind: kindName, base: [], set, by, at });
      return { record, fact, kind: kindName, page };
    },
    change(written, set, { by, at, lane }, base = [written.fact]) {
      const fact = lane.next();
      written.page.facts.push({ id: fact, record: written.record, kind: written.kind, base, set, by, at });
      return { ...written, fact };
    },
    rooms: () => [...pages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, page]) => page),
  };
}
