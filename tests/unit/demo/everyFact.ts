/** Shared by the demo's tests: what is wrong with a set of rooms, as the server would see it. */
import { checkFact } from '../../../src/domain/check.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { encodeFact, parseFact } from '../../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../../src/domain/kernel/fold.ts';
import type { RoomAddress } from '../../../src/domain/kernel/room.ts';
import { kindNamed } from '../../../src/domain/kinds.ts';
import { mayState } from '../../../src/domain/permission.ts';
import { formatRoomName, parseRoomName } from '../../../src/protocol/roomName.ts';

export type Rooms = readonly { readonly room: RoomAddress; readonly facts: readonly Fact[] }[];

/** @param actorOf the author of a fact, to be asked whether they might have stated it */
export function faultsOf(community: string, rooms: Rooms, actorOf?: (person: string) => Actor | undefined): string[] {
  const faults: string[] = [];
  const factIds = new Set<string>();
  const roomOfRecord = new Map<string, string>();
  const authority: Actor = { person: 'per_authority', role: 'authority', community, grids: [], partners: [], device: 'auth' };
  for (const { room, facts } of rooms) {
    const roomName = formatRoomName(room);
    if (!parseRoomName(roomName)) faults.push(`${roomName}: not a room`);
    const factsByRecord = new Map<string, Fact[]>();
    const recordOf = new Map<string, string>();
    for (const fact of facts) {
      const where = `${roomName} ${fact.id} ${fact.record}`;
      const known = factsByRecord.get(fact.record) ?? [];
      const before = foldRecord(known);
      const problem = checkFact(authority, room, fact, before, (id, record) => recordOf.get(id) === record);
      if (problem) faults.push(`${where}: ${problem.fault} ${problem.field ?? ''}`);
      if (!parseFact(fact.id, encodeFact(fact))) faults.push(`${where}: malformed`);
      if (factIds.has(fact.id)) faults.push(`${where}: fact id used twice`);
      if (fact.base.length === 0 && roomOfRecord.has(fact.record)) faults.push(`${where}: born twice`);
      if (actorOf) {
        const [actor, kind] = [actorOf(fact.by), kindNamed(fact.kind)];
        if (!actor) faults.push(`${where}: ${fact.by} is nobody`);
        else if (!kind || !mayState(actor, kind, fact, before)) faults.push(`${where}: ${fact.by} may not state a ${fact.kind}`);
      }
      factIds.add(fact.id);
      recordOf.set(fact.id, fact.record);
      roomOfRecord.set(fact.record, roomName);
      known.push(fact);
      factsByRecord.set(fact.record, known);
    }
  }
  return faults;
}

export const factsIn = (rooms: Rooms): Fact[] => rooms.flatMap(({ facts }) => facts);
export const births = (rooms: Rooms, kind: string): Fact[] => factsIn(rooms).filter((fact) => fact.kind === kind && fact.base.length === 0);
/** The records of a kind as they stand. */
export function standing(rooms: Rooms, kind: string) {
  const byRecord = new Map<string, Fact[]>();
  for (const fact of factsIn(rooms)) if (fact.kind === kind) byRecord.set(fact.record, [...(byRecord.get(fact.record) ?? []), fact]);
  return [...byRecord.values()].flatMap((facts) => foldRecord(facts) ?? []);
}
