/**
 * Brings photos to the server, one after the other, each from where the server stands (PH6). A photo follows the record that
 * names it: before that is confirmed the server knows of no photo.
 */
import { formatPhotoPlace, photoPartMaxBytes } from '../../protocol/photos.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import { ApiError } from '../connection/api.ts';
import type { PhotoRow } from '../journal/database.ts';
import type { Naming } from '../journal/photoRow.ts';
import type { Bytes } from '../sealing.ts';
import { askUpload, sendPart } from './api.ts';
import type { KeptPhotos } from './kept.ts';

const againMs = 5_000;
const againMaxMs = 5 * 60_000;
/** A server that answers without coming further is asked again later. */
const stepsMax = 32;

export interface UploadParts {
  readonly server: string;
  readonly kept: KeptPhotos;
  /** @throws ApiError */
  ticket(): Promise<string>;
  /** False while the statement that names it is on its way itself. */
  mayGo(naming: Naming): boolean;
  changed(): void;
  failed(error: unknown): void;
}

type Outcome = 'confirmed' | 'later';

export class Uploads {
  readonly #parts: UploadParts;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = againMs;
  #closed = false;

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  /** Something may have become possible: the wire is back, a record was confirmed. */
  look(): void {
    if (this.#closed || this.#parts.kept.waiting().length === 0) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#round().finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.look();
      } else if (this.#parts.kept.waiting().length > 0) this.#later();
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.look(), this.#waitMs);
    this.#waitMs = Math.min(againMaxMs, this.#waitMs * 2);
  }

  async #round(): Promise<void> {
    const { kept, changed, failed } = this.#parts;
    try {
      for (const row of kept.waiting()) {
        if (this.#closed) return;
        if ((await this.#bring(row)) !== 'confirmed') continue;
        await kept.confirm(row.photo);
        this.#waitMs = againMs;
        changed();
      }
    } catch (error) {
      // The line, or a disk that cannot note it now: the next round asks the server, which knows.
      if (!(error instanceof ApiError) && !this.#closed) failed(error);
    }
  }

  async #bring({ photo, named }: PhotoRow): Promise<Outcome> {
    const ready = named.filter((naming) => this.#parts.mayGo(naming));
    if (ready.length === 0) return 'later';
    const bytes = await this.#parts.kept.bytes(photo, 'whole');
    if (!bytes) return 'later';
    for (const { room: name, record } of ready) {
      const room = parseRoomName(name);
      if (room && (await this.#send(formatPhotoPlace({ photo, record, room }), bytes)) === 'confirmed') return 'confirmed';
    }
    return 'later';
  }

  async #send(place: string, bytes: Bytes): Promise<Outcome> {
    const { server, ticket } = this.#parts;
    let offset: number | undefined;
    for (let step = 0; step < stepsMax && !this.#closed; step += 1) {
      // Asked for each part: a wire that was cut on purpose stays cut.
      const good = await ticket();
      const answer = offset === undefined
        ? await askUpload(server, good, place)
        : await sendPart(server, good, place, offset, bytes.length, bytes.slice(offset, offset + photoPartMaxBytes));
      if (typeof answer === 'object') {
        if (answer.confirmed) return 'confirmed';
        offset = answer.offset;
      } else if (answer === 'offset' || (answer === 'wrong' && offset !== 0)) offset = undefined;
      else return 'later';
    }
    return 'later';
  }
}
