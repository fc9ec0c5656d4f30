/**
 * Who works with Linhuo in each demo community, all generated, and the seats one may take in demo mode.
 * A seat's person is `per_<seat id>`; every staff member has a record in the roster, some have a seat.
 */
import type { Role } from '../../src/domain/kernel/actor.ts';
import type { Seat } from '../../src/protocol/api.ts';
import { convertedPartner, generatedGroups } from './groups.ts';
import { dayuMonitor, partnerRows, type CommunitySlug } from './pidu.ts';
import { personName } from './names.ts';
import { profiles, type Profile } from './profiles.ts';
import { randomOf } from './random.ts';
import { counters } from './rewards.ts';

export interface StaffMember {
  readonly seat: string;
  readonly person: string;
  readonly name: string;
  readonly role: Role;
  readonly grids: readonly string[];
  readonly partners: readonly string[];
  readonly seated: boolean;
}

export const personOf = (seat: string): string => `per_${seat}`;

/** Groups have members and a leader. A person who grew into a group has both by now. */
export function groupsOf(community: CommunitySlug): { readonly id: string; readonly name: string }[] {
  const rows = [...partnerRows[community], ...generatedGroups[community]];
  return rows.filter((row) => row.type === 'community_group' || row.id === convertedPartner);
}

const shuangbaiNames: Readonly<Record<string, string>> = {
  'sb-grid1': '杨敏', 'sb-grid2': '罗建军', 'sb-grid3': '曾丽娟', 'sb-lead1': '刘淑芳', 'sb-lead2': '周光明', 'sb-super': '陈晓琴',
  'sb-shop1': '邓小燕',
};

function member(profile: Profile, suffix: string, role: Role, grids: readonly string[], partners: readonly string[], seated: boolean): StaffMember {
  const seat = `${profile.letters}-${suffix}`;
  const name = shuangbaiNames[seat] ?? personName(randomOf('staff', seat));
  return { seat, person: personOf(seat), name, role, grids, partners, seated };
}

export function staffOf(profile: Profile): StaffMember[] {
  const workers: StaffMember[] = [];
  const seatedWorkers = profile.slug === 'shuangbai' ? 2 : 1;
  for (let first = 0; first < profile.grids.length; first += profile.gridsPerWorker) {
    const number = workers.length + 1;
    workers.push(member(profile, `grid${number}`, 'gridWorker', profile.grids.slice(first, first + profile.gridsPerWorker), [], number <= seatedWorkers));
  }
  const leaders = groupsOf(profile.slug).map((group, index) => member(profile, `lead${index + 1}`, 'groupLeader', [], [group.id], index === 0));
  const shops = (counters[profile.slug] ?? []).map((partner, index) => member(profile, `shop${index + 1}`, 'redemptionPoint', [], [partner], true));
  const supervisor = member(profile, 'super', 'supervisor', [], [], true);
  const monitor = profile.slug === 'dayu' ? [{ ...member(profile, 'monitor', 'monitor', [], [], false), name: dayuMonitor }] : [];
  return [...workers, ...leaders, ...shops, supervisor, ...monitor];
}

/** Who leads which group. */
export const leadersOf = (profile: Profile): ReadonlyMap<string, string> =>
  new Map(staffOf(profile).flatMap(({ role, person, partners }) => (role === 'groupLeader' ? partners.map((partner) => [partner, person] as const) : [])));

export function supervisorOf(profile: Profile): string {
  return personOf(`${profile.letters}-super`);
}

/** 双柏 first: the story starts there. */
export function seats(): Seat[] {
  const ordered = [...profiles].sort((a, b) => Number(b.slug === 'shuangbai') - Number(a.slug === 'shuangbai'));
  return ordered.flatMap((profile) =>
    staffOf(profile)
      .filter((person) => person.seated)
      .map(({ seat, name, role, grids, partners }) => ({
        id: seat, name, role, community: profile.slug, communityName: profile.name, grids: [...grids], partners: [...partners],
      })),
  );
}

/** The seat of a person, where they have one. */
export const seatOf = (person: string): Seat | undefined => seats().find((seat) => personOf(seat.id) === person);
