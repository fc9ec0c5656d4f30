/**
 * A room's facts in memory: by Yjs client and clock for sync, by id and by record for the gate.
 *
 * - SR1 What is staged (accepted, not yet on disk) is seen by the gate only; sync answers describe durable state.
 * - SR2 Facts are only ever added; what was erased is left out when the room is made anew (ER2). A room whose commit failed is
 *   dropped as a whole and read again from disk.
 */
import { erasurePrefixes, Erasures } from '../../src/domain/erasure/erased.ts';
import { decodeFact, encodeFact, type Fact, type Fields } from '../../src/domain/kernel/fact.ts';
import { photosIn } from '../../src/domain/photos/photo.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { encodeRuns, type Cell, type Run } from '../../src/protocol/updateCodec.ts';

/** The start of every fact's JSON, which lets a record's id be read without parsing (FC1, GT9). */
const recordStart = '{"record":"'.length;

export const recordOf = (json: string): string => json.slice(recordStart, json.indexOf('"', recordStart));

export class FactSet {
  readonly #byClient = new Map<number, Cell[]>();
  readonly #jsonById = new Map<string, string>();
  readonly #idsByRecord = new Map<string, string | string[]>();
  readonly #durable = new Map<number, number>();
  /** GT13: one birth of each record that was asked for, as it stood then. */
  readonly #births = new Map<string, Folded>();
  /** Folded once, until a fact of the record comes in. */
  readonly #folded = new Map<string, Folded>();
  readonly #erasures = new Erasures();
  #bytes = 0;
  #staged = 0;

  /** Facts, staged ones included. */
  get size(): number {
    return this.#jsonById.size;
  }
  /** UTF-16 length of all facts: what the memory for them grows with. */
  get weight(): number {
    return this.#bytes;
  }
  get hasStaged(): boolean {
    return this.#staged > 0;
  }
  get clientCount(): number {
    return this.#byClient.size;
  }

  has(id: string): boolean {
    return this.#jsonById.has(id);
  }

  /** Whether the room holds this fact, and of this record. */
  knows(id: string, record: string): boolean {
    const json = this.#jsonById.get(id);
    return json !== undefined && recordOf(json) === record;
  }

  /** The next clock of a client, staged facts included. */
  clockOf(client: number): number {
    return this.#byClient.get(client)?.length ?? 0;
  }

  cellAt(client: number, clock: number): Cell | undefined {
    return this.#byClient.get(client)?.[clock];
  }

  durableClockOf(client: number): number {
    return this.#durable.get(client) ?? 0;
  }

  /** SR1: what a sync step 1 says. */
  get durableClocks(): ReadonlyMap<number, number> {
    return this.#durable;
  }

  factsOf(record: string): Fact[] {
    const ids = this.#idsByRecord.get(record);
    if (ids === undefined) return [];
    return (typeof ids === 'string' ? [ids] : ids).map((id) => decodeFact(id, this.#jsonById.get(id) as string));
  }

  factCountOf(record: string): number {
    const ids = this.#idsByRecord.get(record);
    return ids === undefined ? 0 : typeof ids === 'string' ? 1 : ids.length;
  }

  /** GT13: the record as a birth of it said. It never changes, whatever comes in later. */
  birth(record: string): Folded | undefined {
    const known = this.#births.get(record);
    if (known) return known;
    const ids = this.#idsByRecord.get(record);
    for (const id of typeof ids === 'string' ? [ids] : (ids ?? [])) {
      const fact = decodeFact(id, this.#jsonById.get(id) as string);
      if (fact.base.length > 0) continue;
      const born = foldRecord([fact]) as Folded;
      this.#births.set(record, born);
      return born;
    }
    return undefined;
  }

  folded(record: string): Folded | undefined {
    const known = this.#folded.get(record);
    if (known) return known;
    const folded = foldRecord(this.factsOf(record));
    if (folded) this.#folded.set(record, folded);
    return folded;
  }

  /** SR1: the record as it stands on the disk, for whoever is told of it. */
  durable(record: string): Folded | undefined {
    if (!this.hasStaged) return this.folded(record);
    const staged = new Set([...this.#byClient].flatMap(([client, cells]) => cells.slice(this.durableClockOf(client)).map(({ id }) => id)));
    return foldRecord(this.factsOf(record).filter(({ id }) => !staged.has(id)));
  }

  /** Every record, deleted ones included. @param prefix of the kind's ids, e.g. `att_` */
  every(prefix: string): Folded[] {
    const found: Folded[] = [];
    for (const record of this.#idsByRecord.keys()) {
      if (!record.startsWith(prefix)) continue;
      const folded = this.folded(record);
      if (folded) found.push(folded);
    }
    return found;
  }

  /** Somebody was erased here: what is refused may be what they were. */
  get hasErasures(): boolean {
    return !this.#erasures.none;
  }

  /** ER2 What of a fact may be said here, the erasures of this room considered. @param born the record's fixed fields */
  remainderOf(fact: Fact, born: Fields | undefined): Fact | undefined {
    return this.#erasures.remainder(fact, born);
  }

  /** Every fact without what was erased, in the order in which they came. @returns undefined if nothing has to go */
  remainders(): readonly Cell[] | undefined {
    if (this.#erasures.none) return undefined;
    let gone = false;
    const cells: Cell[] = [];
    for (const [id, json] of this.#jsonById) {
      const fact = decodeFact(id, json);
      const left = this.#erasures.remainder(fact, this.birth(fact.record)?.fields);
      if (left !== fact) gone = true;
      if (left) cells.push(left === fact ? { id, json } : { id, json: encodeFact(left) });
    }
    return gone ? cells : undefined;
  }

  /** Photos that only what has to go names. */
  erasedPhotos(): readonly string[] {
    const gone = new Set<string>();
    const kept = new Set<string>();
    if (!this.#erasures.none)
      for (const [id, json] of this.#jsonById) {
        const fact = decodeFact(id, json);
        const left = this.#erasures.remainder(fact, this.birth(fact.record)?.fields);
        for (const photo of photosIn(fact.set)) gone.add(photo);
        for (const photo of photosIn(left?.set ?? {})) kept.add(photo);
      }
    return [...gone].filter((photo) => !kept.has(photo));
  }

  stage(runs: readonly Run[]): void {
    for (const { client, clock, cells } of runs) {
      const own = this.#byClient.get(client);
      if ((own?.length ?? 0) !== clock) throw new Error(`client ${client} stands at ${own?.length ?? 0}, not at ${clock}`);
      if (own) own.push(...cells);
      else this.#byClient.set(client, [...cells]);
      for (const { id, json } of cells) {
        this.#jsonById.set(id, json);
        this.#bytes += json.length;
        const record = recordOf(json);
        if (erasurePrefixes.some((prefix) => record.startsWith(prefix))) this.#erasures.note(decodeFact(id, json));
        const ids = this.#idsByRecord.get(record);
        if (ids === undefined) this.#idsByRecord.set(record, id);
        else if (typeof ids === 'string') this.#idsByRecord.set(record, [ids, id]);
        else ids.push(id);
        this.#folded.delete(record);
      }
      this.#staged += cells.length;
    }
  }

  /** The runs are on disk now. They were staged in this order. */
  promote(runs: readonly Run[]): void {
    for (const { client, clock, cells } of runs) {
      this.#durable.set(client, clock + cells.length);
      this.#staged -= cells.length;
    }
  }

  /** SR1: the durable facts that a peer with this state vector lacks. */
  durableRunsAfter(known: ReadonlyMap<number, number>): Run[] {
    const runs: Run[] = [];
    for (const [client, clock] of this.#durable) {
      const from = known.get(client) ?? 0;
      const own = this.#byClient.get(client);
      if (own && from < clock) runs.push({ client, clock: from, cells: own.slice(from, clock) });
    }
    return runs;
  }

  encodeDurable(known: ReadonlyMap<number, number> = new Map()): Uint8Array {
    return encodeRuns(this.durableRunsAfter(known));
  }
}
