/**
 * What a device may do right now.
 *
 * - IR1 A ticket is good only while the registry grants its device exactly what it says.
 * - IR2 Somebody else's grid counts from its first Beijing day through its last.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { dayOf } from '../../src/domain/kernel/time.ts';
import type { Person } from '../../src/protocol/identity.ts';
import { seatKey, type DeviceRecord } from './records.ts';
import type { State } from './registry.ts';

export const seatOf = ({ people }: State, { community, person }: Pick<DeviceRecord, 'community' | 'person'>): Person | undefined => people.get(seatKey({ community, id: person }));

export const isActive = (state: State, device: DeviceRecord): boolean => device.state === 'active' && seatOf(state, device)?.active === true;

function gridsOn({ grids, substitutions }: Person, day: string): string[] {
  const lent = substitutions.filter(({ from, through }) => from <= day && day <= through).map(({ grid }) => grid);
  return [...new Set([...grids, ...lent])].sort();
}

/** @returns undefined when nothing is granted to this device */
export function actorOf(state: State, tag: string, now: number): Actor | undefined {
  const device = state.devices.get(tag);
  const person = device && isActive(state, device) ? seatOf(state, device) : undefined;
  return person && { person: person.id, role: person.role, community: person.community, grids: gridsOn(person, dayOf(now)), partners: [...person.partners].sort(), device: tag };
}

export const sameActor = (a: Actor, b: Actor): boolean =>
  a.person === b.person && a.role === b.role && a.community === b.community && a.device === b.device && a.grids.join() === b.grids.join() && a.partners.join() === b.partners.join();

/** IA10: opened from that community, and nobody has joined. */
export const waitsForFirst = (state: State, community: string, from: string): boolean =>
  [...state.invitations.values()].some((each) => each.community === community && each.from === from) && ![...state.devices.values()].some((device) => device.community === community);

/** Supervisors of a community who could undo something: people with a tablet that works. */
export const supervisorsWithTablet = (state: State, community: string): ReadonlySet<string> =>
  new Set([...state.devices.values()].filter((device) => device.community === community && isActive(state, device) && seatOf(state, device)?.role === 'supervisor').map(({ person }) => person));
