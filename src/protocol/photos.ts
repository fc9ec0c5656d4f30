/**
 * How photos travel, beside the facts that name them. `<where>` is `<photo>/<record>/<room name>`: a photo is asked for, and
 * brought, by way of a record that names it, and whoever may not open that record's room gets nothing.
 *
 * GET   /api/uploads/<where>  → UploadState       how much of it the server holds, for whoever may write the room
 * PATCH /api/uploads/<where>  → UploadState       a part, from `upload-offset` on, of a photo of `upload-length` bytes
 * GET   /api/photos/<where>   → image/jpeg        for whoever may read the room
 *
 * A part that does not begin where the server stands is answered with 409 and where it stands.
 */
import * as v from 'valibot';
import { recordIdPattern } from '../domain/kernel/fact.ts';
import type { RoomAddress } from '../domain/kernel/room.ts';
import { photoMaxBytes, photoName } from '../domain/photos/photo.ts';
import { formatRoomName, parseRoomName } from './roomName.ts';

export const photoPartMaxBytes = 65_536;
export const offsetHeader = 'upload-offset';
export const lengthHeader = 'upload-length';

export const uploadStateSchema = v.object({
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(photoMaxBytes)),
  /** On the server's disk, and what its name says. */
  confirmed: v.boolean(),
});
export type UploadState = v.InferOutput<typeof uploadStateSchema>;

export interface PhotoPlace {
  readonly photo: string;
  readonly record: string;
  readonly room: RoomAddress;
}

export const formatPhotoPlace = ({ photo, record, room }: PhotoPlace): string => `${photo}/${encodeURIComponent(record)}/${formatRoomName(room)}`;

/** @param text decoded, as it stands behind the path's first part */
export function parsePhotoPlace(text: string): PhotoPlace | undefined {
  const [photo = '', record = '', ...name] = text.split('/');
  const room = parseRoomName(name.join('/'));
  if (!room || !v.is(photoName, photo) || !recordIdPattern.test(record)) return undefined;
  return { photo, record, room };
}
