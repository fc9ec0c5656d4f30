/** What a person needs to see of a statement the server sent back, and where to put it right. */
import { accessTo } from '../../domain/access.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { Value } from '../../domain/kernel/fact.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import type { TrayEntry } from '../../replica/contract.ts';
import { workPath } from './address.ts';
import type { NameById } from './staff.ts';

/** @returns undefined for a record that left the tablet with its grid or group */
export function trayPath({ kind, record, set, room }: TrayEntry, actor: Actor): string | undefined {
  const address = parseRoomName(room);
  return address && accessTo(actor, address) !== 'none' ? workPath(kind, record, set) : undefined;
}

const recordId = /^[a-z]{3}_/;

/** The fields that say something to a person: a record that is pointed to and has no name here is left out. */
export const trayFields = ({ set }: Pick<TrayEntry, 'set'>, names: NameById): [string, Value][] =>
  Object.entries(set).filter(([, value]) => typeof value !== 'string' || !recordId.test(value) || names.has(value));
