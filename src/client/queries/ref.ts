/** Rows name their room as it stands on the wire; commands take its address. */
import type { RecordRef } from '../../domain/kernel/command.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import { formatRoomName, parseRoomName } from '../../protocol/roomName.ts';

export function addressOf(room: string): RoomAddress {
  const address = parseRoomName(room);
  // A row's room was made by this tablet itself.
  if (!address) throw new Error(`no such room: ${room}`);
  return address;
}

export const refOf = (row: { readonly id: string; readonly room: string }): RecordRef => ({ room: addressOf(row.room), record: row.id });

/** The page of any record: `/record/v1/shuangbai/log/2026-07/act_…`. */
export const recordPath = (ref: RecordRef): string => `/record/${formatRoomName(ref.room)}/${encodeURIComponent(ref.record)}`;

/** @param path what follows `/record/` */
export function refOfPath(path: string): RecordRef | undefined {
  const cut = path.lastIndexOf('/');
  const room = parseRoomName(path.slice(0, cut));
  const record = decodeURIComponent(path.slice(cut + 1));
  return room && record !== '' ? { room, record } : undefined;
}
