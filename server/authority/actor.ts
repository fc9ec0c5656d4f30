/** The server as an author: the one writer of ledgers. AU4 keeps its device tag from everybody else. */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Submitter } from '../rooms/gate.ts';

export const authorityTag = 'auth';
/** Who its clients belong to once a backup was restored: no tag of a device has a dot. */
export const retiredAuthorityTag = 'auth.retired';
export const authorityPerson = 'per_authority';

export const authorityIn = (community: string): Submitter => {
  const actor: Actor = { person: authorityPerson, role: 'authority', community, grids: [], partners: [], device: authorityTag };
  return { actor, access: 'write' };
};
