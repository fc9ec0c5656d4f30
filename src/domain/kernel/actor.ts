/** Who states a fact: a person in a role, on a device, within a scope. */
export const roles = ['gridWorker', 'groupLeader', 'supervisor', 'redemptionPoint', 'monitor', 'district'] as const;
export type Role = (typeof roles)[number];

export interface Actor {
  /** `per_…`, the staff record in the roster. */
  readonly person: string;
  /** `authority` is the server itself: the one writer of ledgers. No ticket carries it. */
  readonly role: Role | 'authority';
  readonly community: string;
  readonly grids: readonly string[];
  readonly partners: readonly string[];
  /** 4–8 characters of [a-z0-9]; every fact id of the device starts with it. */
  readonly device: string;
}

export const isAuthority = (actor: Actor): boolean => actor.role === 'authority';
export const isSupervisor = (actor: Actor): boolean => actor.role === 'supervisor';
