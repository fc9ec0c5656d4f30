/** What the replica knows of its own condition: storage that refused, work that failed with nobody waiting for it. */
import type { SyncStatus } from './contract.ts';
import { storageError } from './storageError.ts';

export class Health {
  storage: SyncStatus['storage'] = 'ok';
  readonly #changed: () => void;
  readonly #full: () => void;
  #closed = false;

  /** @param full the disk is full: whatever can be had again may make room */
  constructor(changed: () => void, full: () => void = () => undefined) {
    this.#changed = changed;
    this.#full = full;
  }

  /** Work nobody awaits: a failure is a bug or broken storage, and the badge says so instead of hiding it. */
  background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.failed(error));
  }

  failed(error: unknown): void {
    if (this.#closed) return;
    this.refused(error);
    console.error(error);
  }

  /** The storage refused a write. @returns the same in words a screen can use */
  refused(error: unknown) {
    const failure = storageError(error);
    this.storage = failure.type === 'StorageFull' ? 'full' : 'blocked';
    if (failure.type === 'StorageFull') this.#full();
    this.#changed();
    return failure;
  }

  /** The storage takes writes again. */
  recovered(): void {
    this.storage = 'ok';
    this.#changed();
  }

  close(): void {
    this.#closed = true;
  }
}
