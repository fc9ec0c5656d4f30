/** What the simulated tablets state: visits of one grid, a month for each room. */
import * as Y from 'yjs';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { factsRoot } from '../../src/protocol/messages.ts';

const community = 'shuangbai';
const firstYear = 2010;

export const actorOf = (tablet: number): Actor => ({ person: 'per_li', role: 'gridWorker', community, grids: ['g1'], partners: [], device: `b${tablet.toString(36).padStart(5, '0')}` });

const monthOf = (nth: number): string => `${firstYear + Math.floor(nth / 12)}-${String((nth % 12) + 1).padStart(2, '0')}`;
export const roomOf = (nth: number): RoomAddress => ({ community, family: 'visits', grid: 'g1', month: monthOf(nth) });

/** A visit of the room's month. @param from the device's counter */
export function visits(tablet: number, room: number, count: number, from = 0): Fact[] {
  const actor = actorOf(tablet);
  const at = Date.parse(`${monthOf(room)}-10T00:00:00Z`);
  const stamp = at.toString(36).padStart(9, '0');
  return Array.from({ length: count }, (_, index) => {
    const counter = (from + index).toString(36);
    return {
      id: `${actor.device}-${counter}`, record: `vis_${stamp}${actor.device}${counter}`, kind: 'visit', base: [],
      set: { grid: 'g1', household: `hou_${index}`, visitedAt: at, outcome: 'met', note: '家里都好，下周再来看看' }, by: actor.person, at,
    };
  });
}

/** One update of one Yjs client that says all of it. */
export function updateOf(facts: readonly Fact[]): { readonly bytes: Uint8Array; readonly client: number } {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const fact of facts) doc.getMap<string>(factsRoot).set(fact.id, encodeFact(fact));
  });
  return { bytes: Y.encodeStateAsUpdate(doc), client: doc.clientID };
}
