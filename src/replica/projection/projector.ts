/**
 * Keeps the projection equal to the rooms.
 *
 * - PJ1 Projecting is idempotent: the same records give the same rows, roll-ups and clash rows again.
 * - PJ2 A room's watermark (the journal seq it is projected up to) is written with its roll-up, after its rows. Whatever
 *   lies past the watermark on open is projected again, and the roll-up is folded from the room.
 * - PJ3 A projection folded anew from the journal equals the live one.
 * - PJ4 A write that fails is tried again with the next one that succeeds, and every few seconds; nothing of it is forgotten
 *   while the replica is open, and the other rooms do not wait for it.
 *
 * The only place that writes RxDB rows of records.
 */
import type { Folded } from '../../domain/kernel/fold.ts';
import { roomFamilies, type RoomFamily } from '../../domain/kernel/room.ts';
import { kindNamed } from '../../domain/kinds.ts';
import { rowsOf } from './schema.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import type { ClashRow, Row } from '../contract.ts';
import type { Room } from '../rooms/room.ts';
import type { Projection } from './database.ts';
import { foldRollup, type Rollup } from './rollup.ts';
import { toRow } from './row.ts';

interface Projected {
  readonly room: Room;
  readonly rollup: Rollup;
  /** What each record was when it was last counted; the fold is immutable, so holding it costs a reference. */
  readonly counted: Map<string, Folded>;
  seq: number;
}

interface Work {
  room: Room;
  readonly records: Set<string>;
  seq: number;
}

/** More rows than this in one write hold up a person's own save behind them. */
const sliceMax = 1_000;

/** Rows that could not be written are missing on screen until they are, whether or not anybody saves something else. */
const retryMsDefault = 5_000;

export class Projector {
  readonly #projection: Projection;
  readonly #projected = new Map<string, Projected>();
  readonly #work = new Map<string, Work>();
  /** Rooms that were replaced or taken away: what comes late of them is not written. */
  readonly #left = new WeakSet<Room>();
  readonly #fail: (error: unknown) => void;
  readonly #retryMs: number;
  #running: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @param fail hears of a try that nobody asked for and that failed again */
  constructor(projection: Projection, fail: (error: unknown) => void, retryMs = retryMsDefault) {
    this.#projection = projection;
    this.#fail = fail;
    this.#retryMs = retryMs;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  /** Queues records of a room whose journal now ends at `seq`; work of one tick and room is one write. */
  queue(room: Room, records: Iterable<string>, seq: number): Promise<void> {
    if (this.#left.has(room)) return Promise.resolve();
    this.#merge({ room, records: new Set(records), seq });
    this.#running ??= this.#run();
    return this.#running;
  }

  #merge(more: Work): void {
    const work = this.#work.get(more.room.name);
    if (!work) {
      this.#work.set(more.room.name, more);
      return;
    }
    // A room that rested in the journal may have been opened since: the one in memory says more.
    work.room = more.room;
    for (const record of more.records) work.records.add(record);
    work.seq = Math.max(work.seq, more.seq);
  }

  async #run(): Promise<void> {
    let failed: { readonly work: Work; readonly error: unknown }[] = [];
    try {
      await Promise.resolve();
      for (let next = this.#take(); next; next = this.#take())
        try {
          await this.#project(next);
          // PJ4: a write that succeeds says that the disk may have room again.
          for (const { work } of failed) this.#putBack(work);
          failed = [];
        } catch (error) {
          failed.push({ work: next, error });
        }
    } finally {
      for (const { work } of failed) this.#putBack(work);
      this.#running = undefined;
    }
    clearTimeout(this.#retry);
    if (!failed[0]) return;
    if (!this.#closed) this.#retry = setTimeout(() => void (this.#running ??= this.#run()).catch(this.#fail), this.#retryMs);
    throw failed[0].error;
  }

  /** Work that failed, for the room that has been queued since then. */
  #putBack(work: Work): void {
    if (!this.#left.has(work.room)) this.#merge({ ...work, room: this.#work.get(work.room.name)?.room ?? work.room });
  }

  #take(): Work | undefined {
    for (const [name, work] of this.#work) {
      this.#work.delete(name);
      return work;
    }
    return undefined;
  }

  /** What is already projected of this room, 0 if nothing is. */
  async watermark(room: string): Promise<number> {
    const rollups = await this.#projection.side('rollups');
    return (await rollups.findOne(room).exec())?.seq ?? 0;
  }

  /** PJ2: brings a freshly loaded room up to date. @returns the number of records projected. */
  async catchUp(room: Room, seq: number): Promise<number> {
    const mark = await this.watermark(room.name);
    if (mark >= seq) return 0;
    await this.queue(room, room.records(), seq);
    return room.size;
  }

  /** A room left memory; its rows stay. */
  forget(room: string): void {
    this.#projected.delete(room);
  }

  /** RP5: a rebuilt room takes the place of the refused one, whose rows go unless it holds their records too. */
  replace(old: Room, room: Room, seq: number): Promise<void> {
    this.#left.add(old);
    this.#work.delete(old.name);
    return this.queue(room, [...old.records(), ...room.records()], seq);
  }

  /**
   * RP7: every row of a room that leaves the tablet, also of records that the journal had refused. The mark is unset first:
   * should the rest be interrupted, nothing counts as projected; it goes last, because it names the room.
   */
  async leave(room: Room): Promise<void> {
    this.#left.add(room);
    this.#work.delete(room.name);
    // What is being written of it comes to its end before it is taken away; a failure is told where it was asked for.
    await this.#running?.catch(() => undefined);
    this.forget(room.name);
    await this.#mark(room, foldRollup([]), 0);
    for (const collection of [await this.#projection.rows(room.address.family), await this.#projection.side('clashes')]) {
      const stored = (await collection.find().exec()).filter((row) => row.room === room.name);
      if (stored.length > 0) await collection.bulkRemove(stored.map((row) => row.id));
    }
    await (await this.#projection.side('rollups')).bulkRemove([room.name]);
  }

  /** The rooms of which anything was projected. */
  async rooms(): Promise<string[]> {
    return (await (await this.#projection.side('rollups')).find().exec()).map((row) => row.id);
  }

  /** PJ3: the ids of all rows there are, by room: queued with it, those it does not hold go. Rows of no room go at once. */
  async stored(): Promise<Map<string, Set<string>>> {
    const stored = new Map((await this.rooms()).map((name) => [name, new Set<string>()]));
    const collect = (rows: readonly { readonly id: string; readonly room: string }[], isRoom: (name: string) => boolean): string[] => {
      for (const { id, room } of rows) if (isRoom(room)) stored.set(room, (stored.get(room) ?? new Set()).add(id));
      return rows.filter(({ room }) => !isRoom(room)).map(({ id }) => id);
    };
    for (const [name, families] of Map.groupBy(roomFamilies, rowsOf)) {
      const collection = await this.#projection.rows(name);
      const strays = collect(await collection.find().exec(), (room) => families.some((family) => parseRoomName(room)?.family === family));
      if (strays.length > 0) await collection.bulkRemove(strays);
    }
    const clashes = await this.#projection.side('clashes');
    const strays = collect(await clashes.find().exec(), (name) => parseRoomName(name) !== undefined);
    if (strays.length > 0) await clashes.bulkRemove(strays);
    return stored;
  }

  async #project({ room, records, seq }: Work): Promise<void> {
    const last = this.#projected.get(room.name);
    // What was counted of a room that this one replaced is not taken over.
    const known = last?.room === room ? last : undefined;
    const state = known ?? { room, rollup: foldRollup([]), counted: new Map<string, Folded>(), seq: 0 };
    // Without a count in memory the roll-up is folded from the whole room; rows are written for what changed only.
    const toCount = known ? records : new Set(room.records());
    const stale: string[] = [];
    for (const record of toCount) {
      const after = room.find(record);
      stale.push(...state.rollup.move(state.counted.get(record), after));
      if (after) state.counted.set(record, after);
      else state.counted.delete(record);
    }
    if (stale.length > 0) state.rollup.renew(stale, state.counted.values());
    this.#projected.set(room.name, state);

    await this.#writeRows(room, records);
    state.seq = Math.max(state.seq, seq);
    await this.#mark(room, state.rollup, state.seq);
  }

  async #mark(room: Room, rollup: Rollup, seq: number): Promise<void> {
    const rollups = await this.#projection.side('rollups');
    // Of a room that never was here nothing stays, not even its name.
    if (seq === 0 && room.size === 0 && !this.#left.has(room)) return void (await rollups.bulkRemove([room.name]));
    // Not `incrementalUpsert`: after one failure its queue refuses that row for good.
    const { error } = await rollups.bulkUpsert([{
      id: room.name,
      family: room.address.family,
      month: room.address.month ?? '',
      seq,
      tallies: Object.fromEntries(rollup.tallies),
      latest: Object.fromEntries(rollup.latest),
    }]);
    if (error[0]) throw new Error(`projection refused a roll-up: ${error[0].status}`);
  }

  async #writeRows(room: Room, records: Iterable<string>): Promise<void> {
    const rows: Row[] = [];
    const gone: string[] = [];
    const clashed: ClashRow[] = [];
    const settled: string[] = [];
    for (const record of records) {
      const folded = room.find(record);
      const kind = folded && kindNamed(folded.kind);
      if (!folded || !kind) {
        gone.push(record);
        settled.push(record);
        continue;
      }
      if (folded.deleted) gone.push(record);
      else rows.push(toRow(kind, room.name, folded));
      if (folded.clashes.length > 0) clashed.push(toClash(room, folded));
      else settled.push(record);
    }
    await this.#store(room.address.family, rows, gone);
    await this.#storeClashes(clashed, settled);
  }

  async #store(family: RoomFamily, rows: readonly Row[], gone: string[]): Promise<void> {
    const collection = await this.#projection.rows(family);
    for (let start = 0; start < rows.length; start += sliceMax) {
      const { error } = await collection.bulkUpsert(rows.slice(start, start + sliceMax));
      if (error.length > 0) throw new Error(`projection refused ${error.length} rows: ${error[0]?.status}`);
    }
    if (gone.length > 0) await collection.bulkRemove(gone);
  }

  readonly #clashed = new Set<string>();
  #clashesRead: Promise<void> | undefined;

  async #storeClashes(clashed: readonly ClashRow[], settled: readonly string[]): Promise<void> {
    const collection = await this.#projection.side('clashes');
    this.#clashesRead ??= collection.find().exec().then((rows) => rows.forEach((row) => this.#clashed.add(row.id)));
    await this.#clashesRead;
    if (clashed.length > 0) await collection.bulkUpsert([...clashed]);
    for (const row of clashed) this.#clashed.add(row.id);
    // Most records never clash; only those with a row are looked for.
    const cleared = settled.filter((record) => this.#clashed.has(record));
    if (cleared.length > 0) await collection.bulkRemove(cleared);
    for (const record of cleared) this.#clashed.delete(record);
  }
}

const toClash = (room: Room, folded: Folded): ClashRow => ({
  id: folded.record,
  room: room.name,
  family: room.address.family,
  kind: folded.kind,
  fields: folded.fields,
  clashes: folded.clashes,
  changedAt: folded.changedAt,
});
