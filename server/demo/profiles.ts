/**
 * How big each demo community is. Sizes are generated, not counted: a usual community has about 5,500 residents in
 * 9 grids with 3 grid workers; 合兴, which the account credits with the most self-organised groups, plays the largest
 * (30,000 residents, 40 grids, 6,000 attendances a month).
 */
import { communityNames, communitySlugs, type CommunitySlug } from './pidu.ts';

export interface Profile {
  readonly slug: CommunitySlug;
  readonly name: string;
  /** Two letters, lower case: in people's ids; upper case: before volunteer numbers. */
  readonly letters: string;
  readonly residents: number;
  readonly grids: readonly string[];
  readonly gridsPerWorker: number;
  readonly volunteers: number;
  /** Multiplies the team of every activity. */
  readonly teamScale: number;
}

const gridCodes = (count: number): string[] => Array.from({ length: count }, (_, index) => `g${String(index + 1).padStart(2, '0')}`);

const sizes: Readonly<Record<CommunitySlug, readonly [letters: string, residents: number, volunteers: number]>> = {
  shuyuan: ['sy', 5_800, 370],
  shuangbai: ['sb', 5_500, 350],
  shuduxincun: ['sd', 5_900, 380],
  hexing: ['hx', 30_000, 1_900],
  fulong: ['fl', 5_700, 360],
  minyang: ['my', 5_200, 330],
  boluo: ['bl', 5_100, 330],
  kuixinglou: ['kx', 5_400, 350],
  xihe: ['xh', 5_600, 340],
  dayu: ['dy', 5_500, 350],
};

function profileFor(slug: CommunitySlug): Profile {
  const [letters, residents, volunteers] = sizes[slug];
  const large = slug === 'hexing';
  return {
    slug, name: communityNames[slug], letters, residents, volunteers,
    grids: gridCodes(large ? 40 : 9), gridsPerWorker: 3, teamScale: large ? 2 : 1.15,
  };
}

export const profiles: readonly Profile[] = communitySlugs.map(profileFor);

/** @throws for a community the demo does not have. */
export function profileOf(community: string): Profile {
  const profile = profiles.find((each) => each.slug === community);
  if (!profile) throw new Error(`no demo community ${community}`);
  return profile;
}

/** A community's name without 社区, for naming what belongs to it. */
export const shortName = (profile: Profile): string => profile.name.replace(/社区$/, '');
