/** What of a community's roster the registry has to know: which grids and groups there are. */
import type { Rooms } from '../rooms/rooms.ts';

export interface Roster {
  readonly grids: readonly string[];
  /** Ids, `par_…`. */
  readonly partners: ReadonlySet<string>;
}

export async function rosterOf(rooms: Rooms, community: string): Promise<Roster> {
  const { facts } = await rooms.open({ community, family: 'roster' });
  return {
    grids: facts.every('grd_').filter((grid) => !grid.deleted).map(({ fields }) => String(fields['code'])).sort(),
    partners: new Set(facts.every('par_').filter((partner) => !partner.deleted).map(({ record }) => record)),
  };
}
