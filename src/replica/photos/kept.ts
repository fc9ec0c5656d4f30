/**
 * Photos on this tablet. What is known of each is mirrored in memory, so that a save is decided without waiting; the bytes are
 * on the disk alone.
 *
 * - PH4 Durable and sealed before anybody hears the name.
 * - PH5 Only what the server has confirmed makes room.
 * - PH12 What was confirmed before the server was put back to a backup waits once more.
 */
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { JournalDatabase, PhotoRow } from '../journal/database.ts';
import { withNaming, type Naming } from '../journal/photoRow.ts';
import type { JournalSealing } from '../journal/sealed.ts';
import type { Bytes } from '../sealing.ts';
import { storageError } from '../storageError.ts';
import { makingRoom, type Estimate } from './room.ts';
import type { Shrunk } from './shrink.ts';

export type PhotoSize = 'whole' | 'small';
export type KeepFailure = 'no-room' | 'storage-broken';

/** A form that was left keeps its photos as long as its draft; one that left none, this long. */
const unnamedKeptMs = 24 * 3_600_000;
/** Given up at once when the disk is full for what people write. */
const giveWayBytes = 16 * 1_048_576;

const keyOf = (photo: string, size: PhotoSize): string => `${photo}/${size}`;
const notConfirmed = -1;

export class KeptPhotos {
  readonly #database: JournalDatabase;
  readonly #sealing: JournalSealing;
  readonly #estimate: () => Promise<Estimate>;
  #rows = new Map<string, PhotoRow>();
  /** Whose bytes are here; of the others the small picture is. What the disk holds says it, so making room needs no write. */
  #whole = new Set<string>();
  #restoredAt: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: JournalDatabase, sealing: JournalSealing, estimate: () => Promise<Estimate>) {
    this.#database = database;
    this.#sealing = sealing;
    this.#estimate = estimate;
  }

  async load(): Promise<void> {
    const [rows, keys] = await Promise.all([this.#database.photos.toArray(), this.#database.photoBytes.toCollection().primaryKeys()]);
    this.#rows = new Map(rows.map((row) => [row.photo, row]));
    const here = new Set(keys);
    this.#whole = new Set(rows.flatMap(({ photo }) => (here.has(keyOf(photo, 'whole')) ? [photo] : [])));
  }

  /** JN8 The browser has emptied the journal: bytes are in no memory. */
  emptied(): void {
    this.#rows.clear();
    this.#whole.clear();
  }

  holds(photo: string): boolean {
    return this.#rows.has(photo);
  }

  waits(photo: string): boolean {
    const row = this.#rows.get(photo);
    return row !== undefined && this.#waits(row);
  }

  /** Named by a record and not known to be on the server's disk, the oldest first. */
  waiting(): readonly PhotoRow[] {
    return [...this.#rows.values()].filter((row) => row.named.length > 0 && this.#waits(row)).sort((a, b) => a.keptAt - b.keptAt);
  }

  /** What is only here, of drafts too. */
  onlyHere(): readonly PhotoRow[] {
    return [...this.#rows.values()].filter((row) => this.#waits(row));
  }

  #waits({ photo, confirmed }: PhotoRow): boolean {
    return confirmed === notConfirmed || (this.#whole.has(photo) && this.#restoredAt !== undefined && confirmed !== this.#restoredAt);
  }

  /** PH12. @param restoredAt as the server last said; 0 if it never was */
  serverIs(restoredAt: number): void {
    this.#restoredAt = restoredAt;
  }

  /** PH1: kept once, however often. */
  keep(photo: string, { whole, small }: Shrunk): Promise<Result<null, KeepFailure>> {
    return this.#inTurn(async () => {
      const known = this.#rows.get(photo);
      if (known && this.#whole.has(photo)) return ok(null);
      const bytes = await Promise.all([this.#seal(photo, 'whole', whole), this.#seal(photo, 'small', small)]);
      const size = bytes.reduce((sum, each) => sum + each.bytes.length, 0);
      const going = makingRoom(this.#held(), size, await this.#estimate());
      if (!going) return err('no-room');
      await this.#letGo(going);
      return this.#write({ photo, size, keptAt: Date.now(), named: known?.named ?? [], confirmed: known?.confirmed ?? notConfirmed }, bytes);
    });
  }

  async #write(row: PhotoRow, bytes: readonly { key: string; bytes: Uint8Array }[]): Promise<Result<null, KeepFailure>> {
    const { photos, photoBytes } = this.#database;
    // Browsers give less than they say; what may go goes then, and it is tried once more.
    for (let freed = false; ; freed = true) {
      try {
        await this.#database.transaction('rw', [photos, photoBytes], async () => {
          await photoBytes.bulkPut([...bytes]);
          await photos.put(row);
        });
        this.#rows.set(row.photo, row);
        this.#whole.add(row.photo);
        return ok(null);
      } catch (error) {
        if (storageError(error).type !== 'StorageFull') return err('storage-broken');
        if (freed || !(await this.#giveWay())) return err('no-room');
      }
    }
  }

  async bytes(photo: string, size: PhotoSize): Promise<Bytes | undefined> {
    const key = keyOf(photo, size);
    const row = await this.#database.photoBytes.get(key);
    return row && (this.#sealing.openBytes('photoBytes', key, row.bytes) as Promise<Bytes>);
  }

  /** The journal has written down which record names them, together with the record. */
  named(photos: readonly string[], naming: Naming): void {
    for (const photo of photos) {
      const row = this.#rows.get(photo);
      if (row) this.#rows.set(photo, withNaming(row, naming));
    }
  }

  /** A statement was dropped: its record names them no longer. */
  unname(photos: readonly string[], { room, record }: Naming): Promise<void> {
    return this.#change(photos, (row) => ({ ...row, named: row.named.filter((each) => each.room !== room || each.record !== record) }));
  }

  confirm(photo: string): Promise<void> {
    return this.#change([photo], (row) => ({ ...row, confirmed: this.#restoredAt ?? 0 }));
  }

  /** RP7: what was named only in rooms that are nobody's business here any more leaves, as soon as the server has it. */
  async leaveRooms(left: (room: string) => boolean): Promise<void> {
    const gone = [...this.#rows.values()].filter((row) => !this.#waits(row) && row.named.length > 0 && row.named.every(({ room }) => left(room)));
    await this.remove(gone.map(({ photo }) => photo));
  }

  /** PH8. */
  remove(photos: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      if (photos.length === 0) return;
      const { photos: table, photoBytes } = this.#database;
      await this.#database.transaction('rw', [table, photoBytes], async () => {
        await table.bulkDelete([...photos]);
        await photoBytes.bulkDelete(photos.flatMap((photo) => [keyOf(photo, 'whole'), keyOf(photo, 'small')]));
      });
      for (const photo of photos) {
        this.#rows.delete(photo);
        this.#whole.delete(photo);
      }
    });
  }

  /** What no record and no draft names any more. */
  async sweep(drafts: string, now: number): Promise<void> {
    const left = [...this.#rows.values()].filter(({ photo, named, keptAt }) => named.length === 0 && now - keptAt > unnamedKeptMs && !drafts.includes(photo));
    await this.remove(left.map(({ photo }) => photo));
  }

  /** The disk is full for what people write. */
  async giveWay(): Promise<void> {
    await this.#inTurn(() => this.#giveWay());
  }

  /** @returns whether anything could go */
  async #giveWay(): Promise<boolean> {
    const going: string[] = [];
    let freed = 0;
    for (const { photo, size, mayGo } of this.#held().sort((a, b) => a.keptAt - b.keptAt)) {
      if (freed >= giveWayBytes) break;
      if (!mayGo) continue;
      going.push(photo);
      freed += size;
    }
    await this.#letGo(going);
    return going.length > 0;
  }

  #held() {
    return [...this.#rows.values()].filter(({ photo }) => this.#whole.has(photo)).map((row) => ({ photo: row.photo, size: row.size, keptAt: row.keptAt, mayGo: !this.#waits(row) }));
  }

  /** PH5: the small picture stays. */
  async #letGo(photos: readonly string[]): Promise<void> {
    if (photos.length === 0) return;
    await this.#database.photoBytes.bulkDelete(photos.map((photo) => keyOf(photo, 'whole')));
    for (const photo of photos) this.#whole.delete(photo);
  }

  async #seal(photo: string, size: PhotoSize, bytes: Bytes): Promise<{ key: string; bytes: Uint8Array }> {
    const key = keyOf(photo, size);
    return { key, bytes: await this.#sealing.bytes('photoBytes', key, bytes) };
  }

  #change(photos: readonly string[], change: (row: PhotoRow) => PhotoRow): Promise<void> {
    return this.#inTurn(async () => {
      const { photos: table } = this.#database;
      // A save may name one meanwhile, on the disk first: what stands there is changed, not what memory says.
      const changed = await this.#database.transaction('rw', table, async () => {
        const rows: PhotoRow[] = [];
        for (const photo of photos) {
          const row = await table.get(photo);
          if (row) rows.push(change(row));
        }
        await table.bulkPut(rows);
        return rows;
      });
      for (const row of changed) this.#rows.set(row.photo, row);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
