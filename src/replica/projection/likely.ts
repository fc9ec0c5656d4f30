/**
 * Which records of this tablet may be one, for whoever may say so.
 *
 * - DU15 Each record that arrived or changed is compared with the list of its kind, not all with all; in slices, and what was
 *   found is kept. A room is compared up to the journal seq that is written after its pairs: whatever lies past it on open is
 *   compared again.
 * - DU16 A pair is kept while both records are there and alike; what was said about it is asked where it is shown.
 */
import { isPaired, pairedBy, pairId, partnerPairId, sortedPair, type PairedKind } from '../../domain/duplicates/schema.ts';
import type { Folded } from '../../domain/kernel/fold.ts';
import type { LikelyRow, SimilarRecord } from '../contract.ts';
import type { Projection } from './database.ts';
import type { NamedRoom, NameIndex } from './search.ts';
import type { SimilarIndex } from './similar.ts';
import { Slices } from './slices.ts';

const kinds = Object.keys(pairedBy) as readonly PairedKind[];
/** A record that is like more than these is one of a heap that nobody settles pair by pair. */
const mostOfOne = 12;
/** Rows of one write. */
const writeMax = 500;

interface Work {
  room: NamedRoom;
  readonly records: Set<string>;
  seq: number;
}

type Row = LikelyRow & { readonly seq: number };

export interface LikelyParts {
  readonly projection: Projection;
  readonly similar: SimilarIndex;
  /** Whether anybody at this tablet may say that two records are one. */
  wanted(): boolean;
  /** The rooms that are open, with the end of their journal. */
  rooms(): Iterable<{ readonly room: NamedRoom; readonly seq: number }>;
  fail(error: unknown): void;
}

export class Likely implements NameIndex {
  readonly #parts: LikelyParts;
  readonly #work = new Map<string, Work>();
  /** Rooms that joined, with the end of their journal: compared if that lies past what is written. */
  readonly #joined = new Map<string, { readonly room: NamedRoom; readonly seq: number }>();
  readonly #pairsOf = new Map<string, Set<string>>();
  readonly #rows = new Map<string, Row>();
  readonly #marks = new Map<string, number>();
  #read: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #closed = false;

  constructor(parts: LikelyParts) {
    this.#parts = parts;
  }

  /** Nothing is compared before the tablet has opened what it works with. */
  start(): void {
    this.#started = true;
    this.#go();
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  join(room: NamedRoom, seq: number): void {
    this.#joined.set(room.name, { room, seq });
    this.#go();
  }

  leave(room: { readonly name: string }): void {
    this.#work.delete(room.name);
    this.#joined.delete(room.name);
    if (this.#parts.wanted()) void this.#forget(room.name).catch((error: unknown) => this.#parts.fail(error));
  }

  update(record: string, folded: Folded | undefined, room: NamedRoom, seq: number): void {
    if (folded ? !isPaired(folded.kind) : !this.#pairsOf.has(record)) return;
    this.#queue(room, [record], seq);
    this.#go();
  }

  /** Everything anew, e.g. because the rows were thrown away. */
  async again(): Promise<void> {
    if (!this.#parts.wanted()) return;
    for (const room of new Set([...this.#rows.values()].map((row) => row.room).concat([...this.#marks.keys()]))) await this.#forget(room);
    for (const { room, seq } of this.#parts.rooms()) this.#joined.set(room.name, { room, seq });
    this.#go();
    await this.#running;
  }

  #queue(room: NamedRoom, records: Iterable<string>, seq: number): void {
    const work = this.#work.get(room.name) ?? { room, records: new Set<string>(), seq };
    for (const record of records) work.records.add(record);
    work.room = room;
    work.seq = Math.max(work.seq, seq);
    this.#work.set(room.name, work);
  }

  #go(): void {
    if (!this.#started || this.#closed || this.#running || !this.#parts.wanted()) return;
    this.#running = this.#run()
      .catch((error: unknown) => (this.#closed ? undefined : this.#parts.fail(error)))
      .finally(() => {
        this.#running = undefined;
        // What came while it ended.
        if (this.#work.size + this.#joined.size > 0) this.#go();
      });
  }

  async #run(): Promise<void> {
    await this.#readOnce();
    for (const kind of kinds) await this.#parts.similar.prepare(kind, () => [...this.#parts.rooms()].map(({ room }) => room));
    for (;;) {
      this.#takeJoined();
      const [next] = this.#work.values();
      if (!next || this.#closed) return;
      this.#work.delete(next.room.name);
      await this.#compareAll(next);
    }
  }

  #readOnce(): Promise<void> {
    this.#read ??= this.#readAll().catch((error: unknown) => {
      this.#read = undefined;
      throw error;
    });
    return this.#read;
  }

  async #readAll(): Promise<void> {
    const collection = await this.#parts.projection.side('likely');
    for (const { id, room, kind, one, other, score, reasons, foundAt, seq } of await collection.find().exec()) {
      if (kind === '') this.#marks.set(room, seq);
      else this.#remember({ id, room, kind, one, other, score, reasons, foundAt, seq });
    }
  }

  #takeJoined(): void {
    for (const [name, { room, seq }] of this.#joined) {
      if ((this.#marks.get(name) ?? -1) >= seq) continue;
      this.#queue(room, kinds.flatMap((kind) => [...room.every(kind)].map(({ record }) => record)), seq);
    }
    this.#joined.clear();
  }

  async #compareAll({ room, records, seq }: Work): Promise<void> {
    const slices = new Slices();
    let put: Row[] = [];
    let gone: string[] = [];
    for (const record of this.#withDoors(room, records)) {
      if (slices.over) await slices.pause();
      if (this.#closed) return;
      const compared = this.#compare(room, record);
      put.push(...compared.put);
      gone.push(...compared.gone);
      if (put.length + gone.length < writeMax) continue;
      await this.#write(put, gone);
      [put, gone] = [[], []];
    }
    await this.#write(put, gone);
    if (records.size === 0 || seq <= (this.#marks.get(room.name) ?? -1)) return;
    await this.#write([{ id: room.name, room: room.name, kind: '', one: '', other: '', score: 0, reasons: [], foundAt: 0, seq }], []);
    this.#marks.set(room.name, seq);
  }

  /** A building that changed its name changes what its doors are called. */
  #withDoors(room: NamedRoom, records: ReadonlySet<string>): ReadonlySet<string> {
    const buildings = new Set([...records].filter((record) => room.find(record)?.kind === 'building'));
    if (buildings.size === 0) return records;
    const all = new Set(records);
    for (const door of room.every('household')) {
      if (!buildings.has(String(door.fields['building']))) continue;
      this.#parts.similar.update(door.record, door, room);
      all.add(door.record);
    }
    return all;
  }

  #compare(room: NamedRoom, record: string): { readonly put: readonly Row[]; readonly gone: readonly string[] } {
    const folded = room.find(record);
    const kind = folded?.kind ?? '';
    const standing = folded && !folded.deleted && isPaired(kind) ? kind : undefined;
    const like = standing ? this.#parts.similar.like(standing, record, mostOfOne).filter(({ id }) => stands(room.find(id))) : [];
    const put = like.map((each) => rowOf(room.name, standing as PairedKind, record, each));
    const found = new Set(put.map(({ id }) => id));
    const gone = [...(this.#pairsOf.get(record) ?? [])].filter((id) => {
      const row = this.#rows.get(id);
      return row && !found.has(id) && !(standing && this.#parts.similar.alike(standing, row.one, row.other) && stands(room.find(row.one)) && stands(room.find(row.other)));
    });
    return { put: put.filter((row) => !this.#same(row)), gone };
  }

  #same({ id, score, reasons }: Row): boolean {
    const known = this.#rows.get(id);
    return known !== undefined && known.score === score && known.reasons.join() === reasons.join();
  }

  async #write(put: readonly Row[], gone: readonly string[]): Promise<void> {
    if (put.length + gone.length === 0) return;
    const collection = await this.#parts.projection.side('likely');
    // Found once from either side.
    const rows = [...new Map(put.map((row) => [row.id, { ...row, foundAt: this.#rows.get(row.id)?.foundAt ?? row.foundAt }])).values()];
    if (rows.length > 0) {
      const { error } = await collection.bulkUpsert(rows.map((row) => ({ ...row, reasons: [...row.reasons] })));
      if (error[0]) throw new Error(`projection refused ${error.length} pairs: ${error[0].status}`);
    }
    if (gone.length > 0) await collection.bulkRemove([...gone]);
    for (const row of rows) if (row.kind !== '') this.#remember(row);
    for (const id of gone) this.#drop(id);
  }

  #remember(row: Row): void {
    this.#rows.set(row.id, row);
    for (const record of [row.one, row.other]) {
      const known = this.#pairsOf.get(record);
      if (known) known.add(row.id);
      else this.#pairsOf.set(record, new Set([row.id]));
    }
  }

  #drop(id: string): void {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    for (const record of row ? [row.one, row.other] : []) {
      const known = this.#pairsOf.get(record);
      known?.delete(id);
      if (known?.size === 0) this.#pairsOf.delete(record);
    }
  }

  async #forget(room: string): Promise<void> {
    await this.#readOnce();
    await this.#running;
    const pairs = [...this.#rows.values()].filter((row) => row.room === room).map(({ id }) => id);
    const collection = await this.#parts.projection.side('likely');
    await collection.bulkRemove([...pairs, room]);
    for (const id of pairs) this.#drop(id);
    this.#marks.delete(room);
  }
}

const stands = (folded: Folded | undefined): boolean => folded !== undefined && !folded.deleted;

function rowOf(room: string, kind: PairedKind, record: string, { id, score, reasons }: SimilarRecord): Row {
  const [one, other] = sortedPair(record, id);
  const pair = pairedBy[kind] === 'partnerPair' ? partnerPairId(one, other) : pairId(one, other);
  return { id: pair, room, kind, one, other, score, reasons, foundAt: Date.now(), seq: 0 };
}
