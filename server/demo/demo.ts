/**
 * The demo the server starts with: Pidu's ten communities as the published account describes them, filled with a generated
 * year. It depends on the community and on `now`'s Beijing day, and on nothing else: same input, same bytes.
 * Facts of the account carry the device tag `seed`, generated ones `gen1`.
 */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { recorderOf, writeCalendar } from './calendar.ts';
import { shuangbaiGroup } from './groups.ts';
import { writeNeeds, writeNeedStory } from './needs.ts';
import { createNotebook } from './notebook.ts';
import { writeHomes, writeMembers, writeVolunteers } from './people.ts';
import { periodAt } from './period.ts';
import { profileOf, profiles } from './profiles.ts';
import { writeResidents } from './residents.ts';
import { writeRoster } from './roster.ts';
import { writeVisits } from './rounds.ts';
import { isStoryDay, writeStory } from './story.ts';

export { personOf, seatOf, seats } from './staffing.ts';

export interface DemoCommunity {
  /** As it stands in room names. */
  readonly slug: string;
  readonly name: string;
  readonly grids: readonly string[];
}

export const communities: readonly DemoCommunity[] = profiles.map(({ slug, name, grids }) => ({ slug, name, grids }));

/** Within a room no fact precedes one it is based on. @throws for a community the demo does not have */
export function seedCommunity(community: string, now: number): { room: RoomAddress; facts: Fact[] }[] {
  const profile = profileOf(community);
  const period = periodAt(now);
  const notebook = createNotebook(profile.slug);
  writeRoster(notebook, profile, period);
  const homes = writeHomes(notebook, profile, period);
  writeResidents(notebook, profile, period, homes);
  const people = writeVolunteers(notebook, profile, period);
  const cast = { people, members: writeMembers(notebook, profile, people) };
  const hasStory = profile.slug === 'shuangbai';
  writeCalendar(notebook, profile, period, cast, (partner, day) => hasStory && isStoryDay(period, partner, day));
  if (hasStory) writeStory(notebook, profile, period, cast);
  writeVisits(notebook, profile, period, homes);
  writeNeeds(notebook, profile, period, homes, people);
  if (hasStory) writeNeedStory(notebook, period, homes, recorderOf(profile)(shuangbaiGroup));
  return notebook.rooms();
}
