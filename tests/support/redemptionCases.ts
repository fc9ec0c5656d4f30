/** A counter beside the office, each with a tablet, for tests of single decisions. */
import type { CommandName, InputOf } from '../../src/domain/commands.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { roster, seeded, supervisor, tabletOf } from './community.ts';
import type { Tablet } from './tablet.ts';

export { anna, counter, morning } from './community.ts';

export interface CounterBeside extends Tablet {
  readonly counter: Tablet;
  /** The office states it and the counter hears of it. @returns the record */
  asOffice<Name extends CommandName>(name: Name, input: InputOf<Name>): string;
}

export function seededFor(who: Actor): CounterBeside {
  const office = tabletOf(supervisor, seeded());
  const counter = tabletOf(who, office);
  return Object.assign(counter, {
    counter,
    asOffice<Name extends CommandName>(name: Name, input: InputOf<Name>): string {
      const [stated] = office.run(name, input);
      const record = stated?.ref.record ?? '';
      for (const fact of office.facts(roster, record)) counter.add(roster, fact);
      return record;
    },
  });
}
