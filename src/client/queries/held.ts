/** Whose data stood in the rooms a lost tablet had opened: what has to be told, by grid and by group. */
import type { HouseholdFields, MemberFields, VolunteerFields } from '../../domain/people/schema.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { combine } from './live.ts';

export interface HeldRoom {
  readonly room: string;
  readonly at: number;
}

export interface HeldData {
  /** A grid's code or a partner's id. */
  readonly scope: string;
  readonly at: number;
  readonly households: number;
  /** By number or name, as the volunteer or member stands in the list. */
  readonly people: readonly string[];
}

/** @param rooms the rooms the tablet had opened, with the last time of each */
export function heldData(reader: Reader, rooms: readonly HeldRoom[]): Live<readonly HeldData[]> {
  const personal = rooms.flatMap(({ room, at }) => {
    const address = parseRoomName(room);
    const scope = address?.family === 'people' ? address.grid : address?.family === 'members' && address.partner !== undefined ? `par_${address.partner}` : undefined;
    return scope === undefined ? [] : [{ room, at, scope }];
  });
  return combine(
    {
      households: reader.list<HouseholdFields>('people', { kind: 'household' }),
      volunteers: reader.list<VolunteerFields>('people', { kind: 'volunteer' }),
      members: reader.list<MemberFields>('members', { kind: 'member' }),
    },
    ({ households, volunteers, members }) =>
      personal.map(({ room, at, scope }) => ({
        scope,
        at,
        households: households.filter((row) => row.room === room).length,
        people: [...volunteers, ...members].filter((row) => row.room === room).map(nameOf),
      })),
  );
}

const nameOf = ({ fields }: Row<VolunteerFields | MemberFields>): string => fields.name;
