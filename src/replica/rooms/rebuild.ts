/**
 * After a refusal a room starts again from the server's copy (RP5): what this tablet had stated and still holds is stated
 * again, the rest goes to the tray with its reason. Nothing that was saved disappears but what was erased (ER5).
 *
 * - RP10 Where the server holds another record under the number of a fact, a copy of this tablet has stated it. What began a
 *   record is stated again under a new number, so that both are with the server: two claims at one place are found there (PN6).
 */
import type { Actor } from '../../domain/kernel/actor.ts';
import { checkFact } from '../../domain/check.ts';
import { counterOf, deviceTagOf, encodeFact, type Fact } from '../../domain/kernel/fact.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import type { Refusal, RefusalReason } from '../../protocol/closeReasons.ts';
import type { TrayEntry } from '../contract.ts';
import { mergeStaged, Room, type Staged } from './room.ts';
import type { Bring } from './rooms.ts';

export interface Rebuilt {
  readonly room: Room;
  /** What was stated again, as one update, with its facts in order. */
  readonly restated: { readonly staged: Staged; readonly facts: readonly Fact[] } | undefined;
  readonly tray: readonly TrayEntry[];
}

/**
 * @param own this tablet's facts in the order they were saved: a server that was put back to a backup may lack confirmed ones, too
 * @param blamed the refusal, if the server named one
 * @param stubborn the same room was refused before without a fact to blame: then nothing is stated again
 */
export function rebuildRoom(
  address: RoomAddress,
  server: Uint8Array,
  own: readonly Fact[],
  actor: Actor,
  blamed: Refusal | undefined,
  stubborn: boolean,
  now: number,
  bring: Bring = () => undefined,
  nextFactId?: () => string,
): Rebuilt {
  const room = new Room(address);
  room.apply(server, 'remote');
  bring(room);
  const tray: TrayEntry[] = [];
  const parts: Staged[] = [];
  const restated: Fact[] = [];
  const refuse = (fact: Fact, reason: RefusalReason): void => {
    tray.push(trayEntry(room.name, fact, reason, now));
  };
  for (const stated of own) {
    // The acknowledgement was lost, the fact was not.
    if (room.knows(stated.id, stated.record)) continue;
    const left = room.remainderOf(stated);
    // ER3: of whom there is nothing left, nothing is kept, not even among what was refused.
    if (!left) continue;
    const taken = room.has(left.id);
    if (taken && (left.base.length > 0 || !nextFactId)) {
      refuse(left, 'overwrite');
      continue;
    }
    const fact = taken && nextFactId ? { ...left, id: nextFactId() } : left;
    if (!taken && blamed && (fact.id === blamed.fact || (stubborn && blamed.fact === undefined))) {
      refuse(fact, blamed.reason);
      continue;
    }
    const problem = checkFact(actor, address, fact, room.find(fact.record), (id, record) => room.knows(id, record));
    if (problem) {
      refuse(fact, problem.fault);
      continue;
    }
    parts.push(room.stage([fact]));
    restated.push(fact);
  }
  const staged = mergeStaged(parts);
  return { room, restated: staged && { staged, facts: restated }, tray };
}

/**
 * What this device stated in a room, in the order of its counter.
 * @param waiting what it has not been acknowledged for: where a copy's fact came in under the same number, Yjs keeps one of the two
 */
export const ownFacts = (room: Room, device: string, waiting: readonly Fact[] = []): Fact[] =>
  [...[...room.records()].flatMap((record) => room.factsOf(record).filter(({ id }) => deviceTagOf(id) === device)), ...waiting.filter(({ id, record }) => !room.knows(id, record))]
    .sort((a, b) => counterOf(a.id) - counterOf(b.id));

export const trayEntry = (room: string, fact: Fact, reason: RefusalReason, now: number): TrayEntry => ({
  fact: fact.id, room, record: fact.record, kind: fact.kind, set: fact.set, base: fact.base, at: fact.at, reason, refusedAt: now,
});

export const outboxFacts = (facts: readonly Fact[]) => facts.map((fact) => ({ id: fact.id, json: encodeFact(fact) }));
