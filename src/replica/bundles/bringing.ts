/**
 * BF4, BF5 What files brought into a room is shown as far as the gate would let it in: with its author's rights, and with what it
 * stands on there. The rest waits; asked again when more has come, it may be let in.
 */
import { checkFact } from '../../domain/check.ts';
import { counterOf, decodeFact, type Fact } from '../../domain/kernel/fact.ts';
import type { BroughtRow } from '../journal/database.ts';
import type { Room } from '../rooms/room.ts';

/** @returns what is shown now and was not before */
export function bringInto(room: Room, rows: readonly Pick<BroughtRow, 'author' | 'facts'>[]): readonly Fact[] {
  const waiting = rows.flatMap(({ author, facts }) => facts.filter(({ id }) => !room.has(id)).map(({ id, json }) => ({ author, fact: decodeFact(id, json) })));
  waiting.sort((a, b) => counterOf(a.fact.id) - counterOf(b.fact.id));
  const shown: Fact[] = [];
  // Two tablets' facts may stand on one another's, in turns.
  for (let before = -1; before < shown.length; ) {
    before = shown.length;
    for (const { author, fact } of waiting) {
      // ER5: of whom the room has erased a file brings nothing back.
      if (room.has(fact.id) || room.remainderOf(fact) !== fact || checkFact(author, room.address, fact, room.find(fact.record), (id, record) => room.knows(id, record))) continue;
      room.bring(fact);
      shown.push(fact);
    }
  }
  return shown;
}
