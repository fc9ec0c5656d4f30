/**
 * What other tablets brought in since this one began to listen: the raw material of "6 tablets came back: 41 visits" (SV5).
 * The first fill of a room is not news.
 *
 * - MR1 Kept for half a year and as a bounded number of rows, each naming a bounded number of records; counts stay whole.
 * - MR4 What comes in for a month that is over is counted apart.
 *
 * A row says more than its schema: that one names what is indexed, and another schema would be another collection.
 */
import { deviceTagOf, type Fact } from '../../domain/kernel/fact.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import { dayMs, minuteMs, monthOf } from '../../domain/kernel/time.ts';
import { recordsMax, type ArrivedRecord } from '../../domain/supervision/view.ts';
import { formatRoomName } from '../../protocol/roomName.ts';
import type { Projection } from './database.ts';

interface Counts {
  readonly id: string;
  readonly device: string;
  readonly by: string;
  readonly arrivedAt: number;
  readonly born: Record<string, number>;
  readonly changed: Record<string, number>;
  readonly grid: string;
  oldestAt: number;
  readonly late: Record<string, number>;
  readonly records: ArrivedRecord[];
}

const bump = (counts: Record<string, number>, kind: string): void => {
  counts[kind] = (counts[kind] ?? 0) + 1;
};

/** MR1 */
export const rowsMax = 2_000;
const keptMs = 183 * dayMs;
/** Rows are counted once in so many writes. */
const pruneEvery = 50;

export class Arrivals {
  readonly #projection: Projection;
  readonly #open = new Map<string, Counts>();
  readonly #dirty = new Set<string>();
  #running: Promise<void> | undefined;
  #writes = 0;

  constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** Resolves when what is noted so far is written. */
  async note(facts: readonly Fact[], room: RoomAddress, now: number): Promise<void> {
    const arrivedAt = Math.floor(now / minuteMs) * minuteMs;
    const late = room.month !== undefined && room.month < monthOf(now);
    const grid = room.grid ?? '';
    for (const fact of facts) {
      const device = deviceTagOf(fact.id);
      const id = `${arrivedAt}-${device}${grid === '' ? '' : `-${grid}`}`;
      const counts = this.#open.get(id) ?? { id, device, by: fact.by, arrivedAt, born: {}, changed: {}, grid, oldestAt: fact.at, late: {}, records: [] };
      bump(fact.base.length === 0 ? counts.born : counts.changed, fact.kind);
      if (late) bump(counts.late, fact.kind);
      counts.oldestAt = Math.min(counts.oldestAt, fact.at);
      if (counts.records.length < recordsMax && !counts.records.some(({ record }) => record === fact.record)) counts.records.push({ record: fact.record, kind: fact.kind, room: formatRoomName(room), late });
      this.#open.set(id, counts);
      this.#dirty.add(id);
    }
    if (facts.length > 0) await (this.#running ??= this.#write());
  }

  async #write(): Promise<void> {
    try {
      await Promise.resolve();
      const collection = await this.#projection.side('arrivals');
      while (this.#dirty.size > 0) {
        const rows = [...this.#dirty].flatMap((id) => this.#open.get(id) ?? []);
        this.#dirty.clear();
        try {
          await collection.bulkUpsert(rows.map((row) => structuredClone(row)));
        } catch (error) {
          for (const row of rows) this.#dirty.add(row.id);
          throw error;
        }
        // Yesterday's minutes are written and will not grow any more.
        const newest = Math.max(...rows.map((each) => each.arrivedAt));
        for (const row of this.#open.values()) if (row.arrivedAt < newest) this.#open.delete(row.id);
        if (this.#writes % pruneEvery === 0) await this.#prune(newest);
        this.#writes += 1;
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #prune(now: number): Promise<void> {
    const collection = await this.#projection.side('arrivals');
    const rows = (await collection.find().exec()).map(({ id, arrivedAt }) => ({ id, arrivedAt })).sort((a, b) => b.arrivedAt - a.arrivedAt);
    const gone = rows.filter(({ arrivedAt }, index) => index >= rowsMax || arrivedAt < now - keptMs).map(({ id }) => id);
    if (gone.length > 0) await collection.bulkRemove(gone);
  }
}
