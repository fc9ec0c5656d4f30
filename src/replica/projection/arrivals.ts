/**
 * What other tablets brought in since this one began to listen: the raw material of "6 tablets came back: 41 visits" (SV5).
 * The first fill of a room is not news.
 */
import { deviceTagOf, type Fact } from '../../domain/kernel/fact.ts';
import { minuteMs } from '../../domain/kernel/time.ts';
import type { Projection } from './database.ts';

interface Counts {
  readonly id: string;
  readonly device: string;
  readonly by: string;
  readonly arrivedAt: number;
  readonly born: Record<string, number>;
  readonly changed: Record<string, number>;
}

const bump = (counts: Record<string, number>, kind: string): void => {
  counts[kind] = (counts[kind] ?? 0) + 1;
};

export class Arrivals {
  readonly #projection: Projection;
  readonly #open = new Map<string, Counts>();
  readonly #dirty = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** Resolves when what is noted so far is written. */
  async note(facts: readonly Fact[], now: number): Promise<void> {
    const arrivedAt = Math.floor(now / minuteMs) * minuteMs;
    for (const fact of facts) {
      const device = deviceTagOf(fact.id);
      const id = `${arrivedAt}-${device}`;
      const counts = this.#open.get(id) ?? { id, device, by: fact.by, arrivedAt, born: {}, changed: {} };
      bump(fact.base.length === 0 ? counts.born : counts.changed, fact.kind);
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
        for (const row of this.#open.values()) if (row.arrivedAt < Math.max(...rows.map((each) => each.arrivedAt))) this.#open.delete(row.id);
      }
    } finally {
      this.#running = undefined;
    }
  }
}
