/** SI8: at rest nothing that was erased stands on the server's disk. That no tablet holds it follows from SI2, content by content. */
import { Erasures } from '../../src/domain/erasure/erased.ts';
import { decodeFact } from '../../src/domain/kernel/fact.ts';
import type { World } from './world.ts';

export function notErased(world: World): string[] {
  return [...world.serverDisk.facts].flatMap(([room, stored]) => {
    const facts = [...stored].map(([id, { json }]) => decodeFact(id, json));
    const erasures = new Erasures();
    for (const fact of facts) erasures.note(fact);
    const born = new Map(facts.filter(({ base }) => base.length === 0).map((fact) => [fact.record, fact.set]));
    return facts.filter((fact) => erasures.remainder(fact, born.get(fact.record)) !== fact).map((fact) => `${fact.id} of ${fact.record} in ${room} says what was erased`);
  });
}
