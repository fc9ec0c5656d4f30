/**
 * IA7: names and rights stand in the community's roster too, stated by the authority, so that tablets show who somebody is.
 * What could not be stated is tried again.
 */
import type { Authority } from '../authority/authority.ts';
import { messageOf, type Log } from '../log.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { seatKey } from './records.ts';
import type { Registry } from './registry.ts';

export interface Mirror {
  /** Resolves once the rosters say what the registry says, or the log says why they do not. */
  catchUp(): Promise<void>;
}

export function createMirror(registry: Registry, rooms: Rooms, authority: Pick<Authority, 'declare'>, log: Log): Mirror {
  /** What was declared already, so that a sweep with nothing to do costs nothing. */
  const declared = new Map<string, string>();
  let turn: Promise<void> = Promise.resolve();

  async function once(key: string, value: object, declare: () => Promise<void>): Promise<void> {
    const text = JSON.stringify(value);
    if (declared.get(key) === text) return;
    await declare();
    declared.set(key, text);
  }

  async function run(): Promise<void> {
    for (const { slug, name, district } of registry.state.communities.values()) {
      await once(slug, {}, async () => {
        const address = { community: slug, family: 'roster' } as const;
        const { facts } = await rooms.open(address);
        // From here on its page is the supervisors' own.
        if (facts.every('com_').length === 0) await authority.declare(address, 'community', `com_${slug}`, { name, district });
      });
    }
    for (const person of registry.state.people.values()) {
      const { id, community, name, role, grids, partners, active } = person;
      if (active) await once(seatKey(person), { name, role, grids, partners }, () => authority.declare({ community, family: 'roster' }, 'staff', id, { name, role, grids, partners }));
    }
  }

  return {
    catchUp() {
      turn = turn.then(run).catch((error: unknown) => log.error('a roster could not be brought up to date', { reason: messageOf(error) }));
      return turn;
    },
  };
}
