/** SI1: what a tablet called saved stands in its outbox, in its tray or on the server's disk; what left the outbox stands on that disk. */
import type { RequestRow } from '../../src/replica/journal/database.ts';
import type { SavedFact, Tablet } from './tablet.ts';
import type { World } from './world.ts';

/** Facts that have not been seen on the server's disk yet. What stands there stays, which `checkDisk` holds it to. */
const open = new WeakMap<Tablet, { seen: number; facts: SavedFact[] }>();

export function lostFacts(world: World): string[] {
  return world.tablets.flatMap((tablet) => {
    const known = open.get(tablet) ?? { seen: 0, facts: [] };
    open.set(tablet, known);
    const kept = new Set([...tablet.outbox().flatMap(({ facts }) => facts.map(({ id }) => id)), ...tablet.tray().map(({ fact }) => fact)]);
    // A command that a crash interrupted is in the journal whole or not at all, answered or not.
    const requested = tablet.disk.rows<RequestRow>('requests').flatMap(({ facts }) => facts);
    const facts = [...known.facts, ...tablet.saved.slice(known.seen)].filter(({ room, fact }) => !world.serverDisk.has(room, fact));
    open.set(tablet, { seen: tablet.saved.length, facts });
    return [...facts, ...requested]
      .filter(({ room, fact }) => !kept.has(fact) && !world.serverDisk.has(room, fact))
      .map(({ room, fact }) => `${tablet.name} saved ${fact} in ${room}, and it stands neither on the tablet nor on the server`);
  });
}

/** What reached the server's disk is what a restart reads from it. */
export async function forgottenOnDisk(world: World): Promise<string[]> {
  const wrong: string[] = [];
  for (const [room, facts] of world.serverDisk.facts) {
    const read = await world.serverDisk.reread(room);
    for (const [id, { json }] of facts) if (read.get(id) !== json) wrong.push(`${room} holds ${id} no more, or another`);
    if (read.size !== facts.size) wrong.push(`${room} holds ${read.size} facts, ${facts.size} were written`);
  }
  return wrong;
}
