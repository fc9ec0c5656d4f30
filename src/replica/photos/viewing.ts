/**
 * Photos for a screen: from this tablet, else from the server. What was fetched is remembered for a while in memory and is
 * written on no disk: another's photos are seen, not collected.
 */
import type { RecordRef } from '../../domain/kernel/command.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import { formatPhotoPlace } from '../../protocol/photos.ts';
import { ApiError } from '../connection/api.ts';
import type { NoPhoto, ShownPhoto } from '../contract.ts';
import type { Bytes } from '../sealing.ts';
import { fetchPhoto } from './api.ts';
import type { KeptPhotos, PhotoSize } from './kept.ts';

/** Some pages of visits; a few megabytes. */
const rememberedMax = 24;

export interface ViewingParts {
  readonly server: string;
  readonly kept: KeptPhotos;
  /** @throws ApiError */
  ticket(): Promise<string>;
}

export class Viewing {
  readonly #parts: ViewingParts;
  readonly #fetched = new Map<string, Bytes>();
  readonly #fetching = new Map<string, Promise<Result<Bytes, NoPhoto>>>();

  constructor(parts: ViewingParts) {
    this.#parts = parts;
  }

  async photo(photo: string, size: PhotoSize, ref: RecordRef | undefined): Promise<Result<ShownPhoto, NoPhoto>> {
    const { kept } = this.#parts;
    const here = await kept.bytes(photo, size);
    if (here) return ok({ bytes: here, size });
    const fetched = ref ? await this.#fetch(photo, ref) : err('not-there' as const);
    if (fetched.ok) return ok({ bytes: fetched.value, size: 'whole' });
    const small = await kept.bytes(photo, 'small');
    return small ? ok({ bytes: small, size: 'small' }) : fetched;
  }

  forget(photos: readonly string[]): void {
    for (const photo of photos) for (const place of [...this.#fetched.keys()]) if (place.startsWith(photo)) this.#fetched.delete(place);
  }

  /** By its place: the right to see it is that of the record it is asked for with. */
  async #fetch(photo: string, { room, record }: RecordRef): Promise<Result<Bytes, NoPhoto>> {
    const place = formatPhotoPlace({ photo, record, room });
    const known = this.#fetched.get(place);
    if (known) return ok(known);
    const asked = this.#fetching.get(place) ?? this.#ask(place).finally(() => this.#fetching.delete(place));
    this.#fetching.set(place, asked);
    return asked;
  }

  async #ask(place: string): Promise<Result<Bytes, NoPhoto>> {
    try {
      const answer = await fetchPhoto(this.#parts.server, await this.#parts.ticket(), place);
      if (typeof answer === 'string') return err(answer === 'forbidden' ? 'forbidden' : 'not-there');
      this.#fetched.set(place, answer);
      for (const oldest of [...this.#fetched.keys()].slice(0, -rememberedMax)) this.#fetched.delete(oldest);
      return ok(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return err('offline');
    }
  }
}
