/** What a person may be given: a role, with grids for some and groups for others. */
import type { Person } from '$client/admin.ts';
import type { Role } from '$domain/kernel/actor.ts';
import { admin as words } from '$lib/i18n/words/admin.ts';

export type CommunityRole = Exclude<Role, 'district'>;
export const communityRoles: readonly CommunityRole[] = ['gridWorker', 'groupLeader', 'redemptionPoint', 'monitor', 'supervisor'];

export interface RightsForm {
  name: string;
  role: CommunityRole | undefined;
  grids: string[];
  partners: string[];
}

export const emptyRights = (): RightsForm => ({ name: '', role: undefined, grids: [], partners: [] });

export const rightsOf = ({ name, role, grids, partners }: Person): RightsForm => ({ name, role: role === 'district' ? undefined : role, grids: [...grids], partners: [...partners] });

export const needsGrids = (role: Role | undefined): boolean => role === 'gridWorker';
export const needsPartners = (role: Role | undefined): boolean => role === 'groupLeader' || role === 'redemptionPoint';

export type RightsErrors = Readonly<Partial<Record<'name' | 'role' | 'grids' | 'partners', string>>>;

export function gapsOf({ name, role, grids, partners }: RightsForm): RightsErrors {
  return {
    ...(name.trim() === '' && { name: words.needName }),
    ...(role === undefined && { role: words.needRole }),
    ...(needsGrids(role) && grids.length === 0 && { grids: words.needGrids }),
    ...(role === 'groupLeader' && partners.length === 0 && { partners: words.needPartners }),
  };
}

/** As an act takes it: what the role has no use for is not given. */
export function grantedBy({ name, role, grids, partners }: RightsForm & { role: CommunityRole }) {
  return { name: name.trim(), role, grids: needsGrids(role) ? grids : [], partners: needsPartners(role) ? partners : [] };
}
