/**
 * What must survive: updates in order, what is not confirmed yet, and what was done for whom.
 *
 * - JN1 `append` resolves when the IndexedDB transaction that holds the update is complete, never before.
 * - JN2 All appends that wait at the same time share one transaction; it holds all of them or none.
 * - JN3 After a failed append nothing of that batch is kept, and everything queued behind it fails too: the caller's rooms
 *   start again from what is durable.
 * - JN4 A snapshot replaces exactly the updates it contains, in one transaction.
 * - SL3 Of what it keeps the journal seals what facts say, before a transaction begins and not in it.
 * - BF4 What a file brought is on the disk, whole, before anybody hears of it.
 * - JN6 Fetching a closed month never touches what this tablet still has to send for it.
 */
import type { BroughtRow, BundleRow, OutboxRow, JournalDatabase, RequestRow, RoomRow, SnapshotRow, UpdateRow } from './database.ts';
import type { TrayEntry } from '../contract.ts';
import { lastSecondKey } from './device.ts';
import { JournalSealing } from './sealed.ts';
import { withNaming } from './photoRow.ts';

export interface Append {
  readonly room: string;
  readonly bytes: Uint8Array;
  /** For what this tablet states itself. */
  readonly outbox?: Omit<OutboxRow, 'seq' | 'room'>;
  readonly request?: RequestRow;
  /** How far the seconds behind volunteers' numbers ran ahead of the clock (PE2): a tablet that is opened again goes on from there. */
  readonly lastSecond?: number;
  /** PH4: photos that its facts name, which learn their record in the same transaction. */
  readonly photos?: readonly Named[];
  /**
   * Called when the storage refused, before the promise is rejected and in the same breath for all that failed together:
   * nothing may be staged between a failure and the rooms' retreat.
   */
  readonly failed?: () => void;
}

export interface Named {
  readonly photo: string;
  readonly record: string;
}

export interface StoredRoom {
  readonly row: RoomRow | undefined;
  readonly snapshot: SnapshotRow | undefined;
  readonly updates: readonly UpdateRow[];
}

/** Everything a rebuilt room is made of (RP5). */
export interface Replacement {
  readonly snapshot: Uint8Array;
  readonly head: number;
  readonly restated: Append | undefined;
  readonly tray: readonly TrayEntry[];
}

interface Waiting {
  readonly append: Append;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests older than this are forgotten: no page waits that long for an answer. */
const requestsKeptMs = 24 * 3_600_000;

export class JournalWriter {
  readonly #database: JournalDatabase;
  readonly #sealing: JournalSealing;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(database: JournalDatabase, sealing = new JournalSealing(undefined)) {
    this.#database = database;
    this.#sealing = sealing;
  }

  /** @returns the update's seq. Rejects with the storage's error (quota, abort, closed). */
  append(append: Append): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      if (!this.#writing) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#writing = true;
    // One turn of the microtask queue lets everything that is saved in this tick join the batch (JN2).
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const appends = batch.map((waiting) => waiting.append);
        const seqs = await this.#write(this.#sealing.seals ? await this.#sealAll(appends) : appends);
        batch.forEach((waiting, index) => waiting.resolve(seqs[index] as number));
      } catch (error) {
        const behind = this.#waiting;
        this.#waiting = [];
        for (const { append } of [...batch, ...behind]) append.failed?.();
        for (const waiting of [...batch, ...behind]) waiting.reject(error);
      }
    }
    this.#writing = false;
  }

  #sealAll(batch: readonly Append[]): Promise<Append[]> {
    return Promise.all(batch.map((append) => this.#sealed(append)));
  }

  async #sealed(append: Append): Promise<Append> {
    const { room, outbox } = append;
    const [bytes, rows] = await Promise.all([
      this.#sealing.bytes('updates', room, append.bytes),
      outbox && this.#sealing.rows('outbox', [{ ...outbox, room, seq: 0 }]),
    ]);
    return rows ? { ...append, bytes, outbox: rows[0] as OutboxRow } : { ...append, bytes };
  }

  async #write(batch: readonly Append[]): Promise<number[]> {
    const { updates, outbox, requests, device, photos } = this.#database;
    const seconds = batch.flatMap(({ lastSecond }) => lastSecond ?? []);
    const named = batch.flatMap(({ room, photos: names = [] }) => names.map(({ photo, record }) => ({ photo, naming: { room, record } })));
    const tables = [updates, outbox, requests, ...(seconds.length > 0 ? [device] : []), ...(named.length > 0 ? [photos] : [])];
    const seqs = await this.#database.transaction('rw', tables, async () => {
      const rows = batch.map(({ room, bytes }) => ({ room, bytes }) as UpdateRow);
      const added = (await updates.bulkAdd(rows, { allKeys: true })) as number[];
      const stated = batch.flatMap(({ room, outbox: row }, index) => (row ? [{ ...row, room, seq: added[index] as number }] : []));
      if (stated.length > 0) await outbox.bulkAdd(stated);
      const done = batch.flatMap(({ request }) => request ?? []);
      if (done.length > 0) await requests.bulkPut(done);
      if (seconds.length > 0) await device.put({ key: lastSecondKey, value: Math.max(...seconds) });
      for (const { photo, naming } of named) {
        const row = await photos.get(photo);
        if (row) await photos.put(withNaming(row, naming));
      }
      return added;
    });
    // Nothing after the commit may fail: what is durable must be answered as saved.
    for (const { request } of batch) if (request) this.#doneNow.add(request.request);
    return seqs;
  }

  async load(room: string): Promise<StoredRoom> {
    const { updates, snapshots, rooms } = this.#database;
    const stored = await this.#database.transaction('r', [updates, snapshots, rooms], async () => {
      const [row, snapshot, tail] = await Promise.all([
        rooms.get(room),
        snapshots.get(room),
        updates.where('room').equals(room).sortBy('seq'),
      ]);
      return { row, snapshot, updates: tail };
    });
    return this.#sealing.seals ? this.#opened(room, stored) : stored;
  }

  async #opened(room: string, { row, snapshot, updates }: StoredRoom): Promise<StoredRoom> {
    const sealing = this.#sealing;
    const [whole, tail] = await Promise.all([
      snapshot && sealing.openBytes('snapshots', room, snapshot.bytes).then((bytes) => ({ ...snapshot, bytes })),
      Promise.all(updates.map(async (update) => ({ ...update, bytes: await sealing.openBytes('updates', room, update.bytes) }))),
    ]);
    return { row, snapshot: whole, updates: tail };
  }

  /** The seq of the last that is kept of a room, 0 if nothing is. */
  async end(room: string): Promise<number> {
    const { updates, snapshots } = this.#database;
    const [snapshot, last] = await Promise.all([snapshots.get(room), updates.where('room').equals(room).last()]);
    return Math.max(snapshot?.seq ?? 0, last?.seq ?? 0);
  }

  /** JN4. */
  async compact(room: string, seq: number, clear: Uint8Array): Promise<void> {
    const { updates, snapshots } = this.#database;
    const bytes = await this.#sealing.bytes('snapshots', room, clear);
    await this.#database.transaction('rw', [updates, snapshots], async () => {
      await snapshots.put({ room, seq, bytes });
      await updates.where('room').equals(room).and((row) => row.seq <= seq).delete();
    });
  }

  /**
   * JN6: keeps a closed month as one snapshot. What this tablet still has to send for it is never touched.
   * @returns false if there is such work: the room is then synced like a live one
   */
  async archive(room: string, clear: Uint8Array, head: number): Promise<boolean> {
    const { updates, outbox, snapshots, rooms } = this.#database;
    const bytes = await this.#sealing.bytes('snapshots', room, clear);
    return this.#database.transaction('rw', [updates, outbox, snapshots, rooms], async () => {
      if ((await outbox.where('room').equals(room).count()) > 0) return false;
      await updates.where('room').equals(room).delete();
      await snapshots.put({ room, seq: await this.#mark(room), bytes });
      await rooms.put({ room, head, filled: true });
      return true;
    });
  }

  /** An empty update marks the place in the order that a snapshot takes. */
  #mark(room: string): Promise<number> {
    return this.#database.updates.add({ room, bytes: new Uint8Array([0, 0]) } as UpdateRow);
  }

  /** A room rebuilt after a refusal: what was there is replaced in one transaction. */
  async replace(room: string, replacement: Replacement): Promise<number> {
    const { updates, outbox, snapshots, rooms, tray } = this.#database;
    const [snapshot, refused, restated] = await Promise.all([
      this.#sealing.bytes('snapshots', room, replacement.snapshot),
      this.#sealing.rows('tray', replacement.tray),
      replacement.restated && this.#sealed(replacement.restated),
    ]);
    return this.#database.transaction('rw', [updates, outbox, snapshots, rooms, tray], async () => {
      await updates.where('room').equals(room).delete();
      await outbox.where('room').equals(room).delete();
      const seq = await this.#mark(room);
      await snapshots.put({ room, seq, bytes: snapshot });
      await rooms.put({ room, head: replacement.head, filled: true });
      if (refused.length > 0) await tray.bulkPut(refused);
      if (!restated?.outbox) return seq;
      const restatedSeq = await updates.add({ room, bytes: restated.bytes } as UpdateRow);
      await outbox.add({ ...restated.outbox, room, seq: restatedSeq });
      return restatedSeq;
    });
  }

  /** RP7: a room that is nobody's business here any more, with what was never confirmed put into the tray. */
  async forget(room: string, entries: readonly TrayEntry[]): Promise<void> {
    const { updates, outbox, snapshots, rooms, quarantine, tray } = this.#database;
    const refused = await this.#sealing.rows('tray', entries);
    await this.#database.transaction('rw', [updates, outbox, snapshots, rooms, quarantine, tray], async () => {
      await tray.bulkPut(refused);
      await updates.where('room').equals(room).delete();
      await outbox.where('room').equals(room).delete();
      await snapshots.delete(room);
      await rooms.delete(room);
      await quarantine.filter((row) => row.room === room).delete();
    });
  }

  /** BF4. @returns for each room the place in the order from which its rows have to be shown anew */
  async takeBundles(bundles: readonly BundleRow[], brought: readonly BroughtRow[]): Promise<ReadonlyMap<string, number>> {
    const { updates, bundles: bundleTable, brought: broughtTable } = this.#database;
    const [carried, shown] = await Promise.all([this.#sealing.rows('bundles', bundles), this.#sealing.rows('brought', brought)]);
    return this.#database.transaction('rw', [updates, bundleTable, broughtTable], async () => {
      await bundleTable.bulkPut(carried);
      await broughtTable.bulkPut(shown);
      return this.#marks(brought);
    });
  }

  /** What became of a bundle, and what of it is shown no longer. */
  async settleBundle(bundle: BundleRow, gone: readonly BroughtRow[]): Promise<ReadonlyMap<string, number>> {
    const { updates, bundles, brought } = this.#database;
    const [row] = await this.#sealing.rows('bundles', [bundle]);
    return this.#database.transaction('rw', [updates, bundles, brought], async () => {
      if (row) await bundles.put(row);
      await brought.bulkDelete(gone.map(({ key }) => key));
      return this.#marks(gone);
    });
  }

  async #marks(rows: readonly BroughtRow[]): Promise<ReadonlyMap<string, number>> {
    const marks = new Map<string, number>();
    for (const room of new Set(rows.map((row) => row.room))) marks.set(room, await this.#mark(room));
    return marks;
  }

  /** The wire has brought all of it. */
  async dropBrought(rows: readonly BroughtRow[]): Promise<void> {
    await this.#database.brought.bulkDelete(rows.map(({ key }) => key));
  }

  /** Rows without facts go. */
  async replaceBrought(rows: readonly BroughtRow[]): Promise<void> {
    const { brought } = this.#database;
    const kept = await this.#sealing.rows('brought', rows.filter(({ facts }) => facts.length > 0));
    await this.#database.transaction('rw', brought, async () => {
      await brought.bulkDelete(rows.map(({ key }) => key));
      await brought.bulkPut(kept);
    });
  }

  async bundles(): Promise<{ readonly bundles: BundleRow[]; readonly brought: BroughtRow[] }> {
    const { bundles, brought } = this.#database;
    const [carried, shown] = await Promise.all([bundles.toArray(), brought.toArray()]);
    return { bundles: await this.#sealing.openRows('bundles', carried), brought: await this.#sealing.openRows('brought', shown) };
  }

  async dropBundles(ids: readonly string[], rows: readonly BroughtRow[]): Promise<void> {
    const { bundles, brought } = this.#database;
    await this.#database.transaction('rw', [bundles, brought], async () => {
      await bundles.bulkDelete([...ids]);
      await brought.bulkDelete(rows.map(({ key }) => key));
    });
  }

  async markFilled(room: string): Promise<void> {
    const { rooms } = this.#database;
    await rooms.put({ room, head: (await rooms.get(room))?.head ?? 0, filled: true });
  }

  async putOutbox(rows: readonly OutboxRow[]): Promise<void> {
    await this.#database.outbox.bulkPut(await this.#sealing.rows('outbox', rows));
  }

  confirm(seqs: readonly number[]): Promise<void> {
    return this.#database.outbox.bulkDelete([...seqs]);
  }

  /** Every room of which anything is kept. */
  async rooms(): Promise<ReadonlySet<string>> {
    const { updates, snapshots, rooms } = this.#database;
    const keys = await Promise.all([updates.orderBy('room').uniqueKeys(), snapshots.toCollection().primaryKeys(), rooms.toCollection().primaryKeys()]);
    return new Set(keys.flat() as string[]);
  }

  async outbox(): Promise<OutboxRow[]> {
    return this.#sealing.openRows('outbox', await this.#database.outbox.orderBy('seq').toArray());
  }

  readonly #doneNow = new Set<string>();
  #doneEarlier: Promise<Set<string>> | undefined;

  /** Nearly every request is new, and memory knows that without a look into the database. */
  async request(request: string): Promise<RequestRow | undefined> {
    this.#doneEarlier ??= this.#database.requests.toCollection().primaryKeys().then((keys) => new Set(keys));
    try {
      if (!this.#doneNow.has(request) && !(await this.#doneEarlier).has(request)) return undefined;
    } catch (error) {
      // A failed read is no answer to keep.
      this.#doneEarlier = undefined;
      throw error;
    }
    return this.#database.requests.get(request);
  }

  async forgetRequests(now: number): Promise<void> {
    await this.#database.requests.where('at').below(now - requestsKeptMs).delete();
  }
}
