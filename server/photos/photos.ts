/**
 * Photos that records name.
 *
 * - PH6 A photo is confirmed once it is on disk, whole, and what its name says; in parts it may come over any number of
 *   connections and starts of the server.
 * - PH7 It is taken only from who may write, and shown only to who may read, a room in which a record names it.
 * - PH9 Parts, photos and what one community keeps are bounded.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { accessTo, type Access } from '../../src/domain/access.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { photoFault } from '../../src/domain/photos/jpeg.ts';
import { anyNames, photoMaxBytes } from '../../src/domain/photos/photo.ts';
import type { PhotoPlace, UploadState } from '../../src/protocol/photos.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { photoNameOf } from '../storage/chain.ts';
import type { Storage } from '../storage/contract.ts';

/** Some 10,000 photos. */
const communityMaxBytes = 2 * 1_073_741_824;
/** A tablet that was away longer than this begins again. */
const partsKeptMs = 30 * 24 * 3_600_000;
const sweepEveryMs = 3_600_000;

export type PhotoRefusal = 'forbidden' | 'not-named' | 'too-large' | 'wrong-photo' | 'quota' | 'offset';

export interface Part {
  readonly offset: number;
  /** Of the whole photo. */
  readonly length: number;
  readonly bytes: Uint8Array;
}

export interface Photos {
  state(actor: Actor, place: PhotoPlace): Promise<Result<UploadState, PhotoRefusal>>;
  take(actor: Actor, place: PhotoPlace, part: Part): Promise<Result<UploadState, PhotoRefusal>>;
  read(actor: Actor, place: PhotoPlace): Promise<Result<Uint8Array | undefined, PhotoRefusal>>;
  /** PH8: for records that were erased. */
  remove(community: string, photos: readonly string[]): Promise<void>;
  sweep(): Promise<void>;
}

export interface PhotosOptions {
  readonly storage: Storage;
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly maxBytes?: number;
}

export function createPhotos({ storage, rooms, now, maxBytes = communityMaxBytes }: PhotosOptions): Photos {
  let sweepNext = 0;

  /** PH7. */
  async function refusal(actor: Actor, { photo, record, room }: PhotoPlace, enough: readonly Access[]): Promise<PhotoRefusal | undefined> {
    if (!enough.includes(accessTo(actor, room))) return 'forbidden';
    const { facts } = await rooms.open(room);
    return anyNames(facts.factsOf(record), photo) ? undefined : 'not-named';
  }

  const uploadOf = ({ device }: Actor, { photo, room: { community } }: PhotoPlace) => ({ community, photo, device });

  async function stateOf(actor: Actor, place: PhotoPlace): Promise<UploadState> {
    const upload = uploadOf(actor, place);
    if (await storage.hasPhoto(upload)) return { offset: 0, confirmed: true };
    return { offset: (await storage.photoParts(upload)).byteLength, confirmed: false };
  }

  return {
    async state(actor, place) {
      const refused = await refusal(actor, place, ['write']);
      return refused ? err(refused) : ok(await stateOf(actor, place));
    },

    async take(actor, place, { offset, length, bytes }) {
      const refused = await refusal(actor, place, ['write']);
      if (refused) return err(refused);
      const upload = uploadOf(actor, place);
      if (length > photoMaxBytes || offset + bytes.byteLength > length) return err('too-large');
      if (await storage.hasPhoto(upload)) return ok({ offset: 0, confirmed: true });
      if ((await storage.photoBytes(upload.community)) + length > maxBytes) return err('quota');
      const before = await storage.photoParts(upload);
      if (before.byteLength !== offset) return err('offset');
      if (offset + bytes.byteLength < length) {
        await storage.addPhotoPart(upload, offset, bytes, now());
        return ok({ offset: offset + bytes.byteLength, confirmed: false });
      }
      const whole = Buffer.concat([before, bytes]);
      if (photoNameOf(whole) === upload.photo && !photoFault(whole)) {
        await storage.keepPhoto(upload, whole, now());
        return ok({ offset: length, confirmed: true });
      }
      // Whoever sent it begins again; nothing of it is of use.
      await storage.dropPhotoParts(upload);
      return err('wrong-photo');
    },

    async read(actor, place) {
      const refused = await refusal(actor, place, ['read', 'write']);
      return refused ? err(refused) : ok(await storage.photo(uploadOf(actor, place)));
    },

    remove: (community, photos) => storage.removePhotos(community, photos),
    async sweep() {
      if (now() < sweepNext) return;
      sweepNext = now() + sweepEveryMs;
      await storage.dropStalePhotoParts(now() - partsKeptMs);
    },
  };
}
