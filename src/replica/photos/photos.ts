/** The photos of this tablet: kept, brought to the server, shown. */
import type { RecordRef } from '../../domain/kernel/command.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import { photosIn } from '../../domain/photos/photo.ts';
import type { NoPhoto, PhotosWaiting, ShownPhoto, TrayEntry } from '../contract.ts';
import type { JournalDatabase } from '../journal/database.ts';
import type { Naming } from '../journal/photoRow.ts';
import type { JournalSealing } from '../journal/sealed.ts';
import type { Bytes } from '../sealing.ts';
import { KeptPhotos, type KeepFailure, type PhotoSize } from './kept.ts';
import type { Estimate } from './room.ts';
import { shrink } from './shrink.ts';
import { Uploads } from './uploads.ts';
import { Viewing } from './viewing.ts';

export interface PhotosParts {
  readonly server: string;
  readonly database: JournalDatabase;
  readonly sealing: JournalSealing;
  /** @throws ApiError */
  ticket(): Promise<string>;
  /** Whether a statement of the record is still on its way. */
  onItsWay(naming: Naming): boolean;
  /** Whether the record names it by any statement that stands. */
  stillNamed(naming: Naming, photo: string): boolean;
  changed(): void;
  failed(error: unknown): void;
}

/** Asked of the browser each time: other sites and other tabs take from the same. */
const estimate = async (): Promise<Estimate> => (await globalThis.navigator?.storage?.estimate?.().catch(() => ({}))) ?? {};

/** A photo as a file holds it, for whoever has to read it without this app. */
export interface ExportedPhoto {
  readonly photo: string;
  readonly named: readonly Naming[];
  readonly jpegBase64: string;
}

export class Photos {
  readonly kept: KeptPhotos;
  readonly #parts: PhotosParts;
  readonly #uploads: Uploads;
  readonly #viewing: Viewing;

  constructor(parts: PhotosParts) {
    const { server, database, sealing, onItsWay, changed, failed } = parts;
    const ticket = (): Promise<string> => parts.ticket();
    this.#parts = parts;
    this.kept = new KeptPhotos(database, sealing, estimate);
    this.#uploads = new Uploads({ server, kept: this.kept, ticket, mayGo: (naming) => !onItsWay(naming), changed, failed });
    this.#viewing = new Viewing({ server, kept: this.kept, ticket });
  }

  async keep(picture: Blob): Promise<Result<string, 'unreadable' | KeepFailure>> {
    const shrunk = await shrink(picture);
    if (!shrunk) return err('unreadable');
    const photo = await nameOf(shrunk.whole);
    const kept = await this.kept.keep(photo, shrunk);
    return kept.ok ? ok(photo) : kept;
  }

  show(photo: string, size: PhotoSize, ref: RecordRef | undefined): Promise<Result<ShownPhoto, NoPhoto>> {
    return this.#viewing.photo(photo, size, ref);
  }

  /** Something may have become possible. */
  look(): void {
    this.#uploads.look();
  }

  waiting(): PhotosWaiting {
    const rows = this.kept.waiting();
    return { waiting: rows.length, bytes: rows.reduce((sum, { size }) => sum + size, 0) };
  }

  /** These statements are not going to be stated any more. */
  async dropped(entries: readonly TrayEntry[]): Promise<void> {
    for (const { room, record, set } of entries) await this.kept.unname(photosIn(set).filter((photo) => !this.#parts.stillNamed({ room, record }, photo)), { room, record });
    this.#parts.changed();
  }

  /** PH8: for records that were erased. */
  async remove(photos: readonly string[]): Promise<void> {
    await this.kept.remove(photos);
    this.#viewing.forget(photos);
    this.#parts.changed();
  }

  /** Everything that is only here, of drafts too. */
  async exported(): Promise<readonly ExportedPhoto[]> {
    const exported: ExportedPhoto[] = [];
    for (const { photo, named } of this.kept.onlyHere()) {
      const bytes = await this.kept.bytes(photo, 'whole');
      if (bytes) exported.push({ photo, named, jpegBase64: base64Of(bytes) });
    }
    return exported;
  }

  close(): void {
    this.#uploads.close();
  }
}

/** PH1. */
async function nameOf(bytes: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64Of(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
