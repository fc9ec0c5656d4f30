/**
 * - PE1 A door stands once: building, unit and door name it.
 * - VS9 A door is added with the building it stands in where that is missing: both or neither.
 * - PE2 A volunteer's number is made on the device, without a network and without anybody's identity number.
 * - PE3 A group lists a person once; one it dropped comes back as the same record.
 */
import type { Actor } from '../kernel/actor.ts';
import type { CommandError, Decision, Statement } from '../kernel/command.ts';
import { birth, birthOnce, change, decideChange, foundIn, type Decided } from '../kernel/decide.ts';
import type { Wanted } from '../kernel/edit.ts';
import type { Folded } from '../kernel/fold.ts';
import { idTail, initialsOf } from '../kernel/ids.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import type { AddBuilding, AddHousehold, AddMember, AddVolunteer, NewBuilding, ReviseHousehold, ReviseVolunteer } from './inputs.ts';
import { memberId, volunteerId } from './schema.ts';

/** A group's own list. */
export const membersRoom = (community: string, partner: string): RoomAddress => ({ community, family: 'members', partner: idTail(partner) });
export const peopleRoom = (community: string, grid: string): RoomAddress => ({ community, family: 'people', grid });

const standingOf = (buildings: readonly Folded[], { name, courtyard }: NewBuilding): Folded | undefined =>
  buildings.find(({ fields }) => fields['name'] === name && (fields['courtyard'] ?? '') === (courtyard ?? ''));

export function decideAddBuilding(input: AddBuilding, decision: Decision): Decided {
  const twin = standingOf(decision.every(peopleRoom(decision.actor.community, input.grid), 'building'), input);
  return twin ? err({ type: 'AlreadyExists', record: twin.record }) : ok([birth(decision, kinds.building, decision.newId('bld'), input)]);
}

/** In a grid whose buildings have an order, a new one comes last. */
function lastRank(buildings: readonly Folded[]): number | undefined {
  const ranks = buildings.flatMap(({ fields }) => (typeof fields['rank'] === 'number' ? [fields['rank']] : []));
  return ranks.length === 0 ? undefined : Math.max(...ranks) + 1;
}

/** VS9 The building a new door stands in: one that is here, or one that is put up for it. */
function homeOfDoor({ grid, building }: AddHousehold, decision: Decision): Result<{ readonly id: string; readonly stated: readonly Statement[] }, CommandError> {
  const room = peopleRoom(decision.actor.community, grid);
  if (typeof building === 'string') {
    const found = foundIn(decision, { room, record: building }, 'building');
    return found.ok ? ok({ id: building, stated: [] }) : found;
  }
  const buildings = decision.every(room, 'building');
  const standing = standingOf(buildings, building);
  if (standing) return ok({ id: standing.record, stated: [] });
  const made = birth(decision, kinds.building, decision.newId('bld'), { grid, ...building, rank: lastRank(buildings) });
  return ok({ id: made.record, stated: [made] });
}

function sameDoor(decision: Decision, room: RoomAddress, door: Wanted, except?: string): Folded | undefined {
  return decision
    .every(room, 'household')
    .find(({ record, fields }) => record !== except && ['building', 'unit', 'door'].every((name) => fields[name] === door[name]));
}

export function decideAddHousehold(input: AddHousehold, decision: Decision): Decided {
  const home = homeOfDoor(input, decision);
  if (!home.ok) return home;
  const { id: building, stated } = home.value;
  const twin = sameDoor(decision, peopleRoom(decision.actor.community, input.grid), { ...input, building });
  return twin ? err({ type: 'AlreadyExists', record: twin.record }) : ok([...stated, birth(decision, kinds.household, decision.newId('hou'), { ...input, building })]);
}

/** What makes a door this door. */
const doorFields = ['building', 'unit', 'floor', 'door', 'deleted'] as const;

export function decideReviseHousehold({ ref, ...wanted }: ReviseHousehold, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'household');
  if (!found.ok) return found;
  if (wanted.building !== undefined) {
    const building = foundIn(decision, { room: ref.room, record: wanted.building }, 'building');
    if (!building.ok) return building;
  }
  const statements = change(ref, found.value, wanted);
  // Looking through a whole grid is for those who move a door, not for those who count heads.
  if (!doorFields.some((name) => name in (statements[0]?.set ?? {}))) return ok(statements);
  const twin = sameDoor(decision, ref.room, { ...found.value.fields, ...statements[0]?.set }, ref.record);
  return twin ? err({ type: 'AlreadyExists', record: twin.record }) : ok(statements);
}

const tailMax = 12;

/**
 * e.g. `SHK3F91Z4QX0`: two letters of the community, the device's tag, the seconds since 2026 in base 36.
 * A plain counter would start again in the room of a grid this device had never opened; a clock does not. A number that
 * is taken, by a deleted volunteer too, is stepped over.
 *
 * @param newSecond never the same twice: a supervisor works in every grid, and a command looks into one of them
 */
export function nextVolunteerNumber(community: string, device: string, newSecond: () => number, taken: (number: string) => boolean): string {
  const initials = initialsOf(community);
  const tag = device.toUpperCase();
  const digits = tailMax - tag.length;
  for (;;) {
    const number = `${initials}${tag}${newSecond().toString(36).toUpperCase().slice(-digits)}`;
    if (!taken(number)) return number;
  }
}

/** Every grid this person works in: a number stepped over in one of them must not be given in another. */
export const roomsOfVolunteers = (grid: string, { community, grids }: Actor): readonly RoomAddress[] =>
  [...new Set([grid, ...grids])].map((each) => peopleRoom(community, each));

export function decideAddVolunteer({ grid, name, skills }: AddVolunteer, decision: Decision): Decided {
  const { actor, now } = decision;
  const rooms = roomsOfVolunteers(grid, actor);
  const taken = (number: string) => rooms.some((room) => decision.find(room, volunteerId(number)) !== undefined);
  const number = nextVolunteerNumber(actor.community, actor.device, () => decision.newSecond(), taken);
  return ok([birth(decision, kinds.volunteer, volunteerId(number), { grid, number, name, skills, joinedOn: dayOf(now) })]);
}

export const decideReviseVolunteer = ({ ref, ...wanted }: ReviseVolunteer, decision: Decision): Decided =>
  decideChange(decision, ref, kinds.volunteer, wanted);

export const decideAddMember = (input: AddMember, decision: Decision): Decided =>
  birthOnce(decision, kinds.member, memberId(input.partner, input.number), { ...input, joinedOn: dayOf(decision.now) });
