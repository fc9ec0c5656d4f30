/** A storage whose next appends can be held back or made to fail: a disk with moods. */
import type { RoomAppend, Storage, StorageFault } from '../../server/storage/contract.ts';
import { StorageError } from '../../server/storage/contract.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';

export class FaultyStorage implements Storage {
  readonly #inner = openMemoryStorage();
  readonly batches: (readonly RoomAppend[])[] = [];
  failWith: StorageFault | undefined;
  opened = 0;
  #gate: { readonly held: Promise<void>; readonly release: () => void } | undefined;
  appending = 0;
  mostAppending = 0;

  /** Appends from now on wait for `release`. */
  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = { held: promise, release: resolve };
  }
  release(): void {
    this.#gate?.release();
    this.#gate = undefined;
  }
  async append(batch: readonly RoomAppend[]): Promise<void> {
    this.batches.push(batch);
    this.appending += 1;
    this.mostAppending = Math.max(this.mostAppending, this.appending);
    try {
      await this.#gate?.held;
      if (this.failWith) throw new StorageError(this.failWith, `told to be ${this.failWith}`);
      await this.#inner.append(batch);
    } finally {
      this.appending -= 1;
    }
  }
  openRoom(room: string) {
    this.opened += 1;
    return this.#inner.openRoom(room);
  }
  compact = this.#inner.compact;
  rebase = this.#inner.rebase;
  heads = this.#inner.heads;
  audit = this.#inner.audit;
  quarantine = this.#inner.quarantine;
  quarantined = this.#inner.quarantined;
  get = this.#inner.get;
  put = this.#inner.put;
  putAll = this.#inner.putAll;
  entries = this.#inner.entries;
  photoParts = this.#inner.photoParts;
  addPhotoPart = this.#inner.addPhotoPart;
  dropPhotoParts = this.#inner.dropPhotoParts;
  keepPhoto = this.#inner.keepPhoto;
  hasPhoto = this.#inner.hasPhoto;
  photo = this.#inner.photo;
  photos = this.#inner.photos;
  photoBytes = this.#inner.photoBytes;
  removePhotos = this.#inner.removePhotos;
  dropStalePhotoParts = this.#inner.dropStalePhotoParts;
  close = this.#inner.close;
}
