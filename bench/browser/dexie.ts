/** Plain Dexie: what IndexedDB itself costs, without sync, history or merging. */
import { Dexie, liveQuery, type Table } from 'dexie';
import type { Doc } from '../records.ts';
import type { Store } from './store.ts';

export class DexieStore implements Store {
  readonly #docs: Table<Doc, string>;

  constructor() {
    const database = new Dexie('dexie-bench');
    database.version(1).stores({ docs: 'id, [kind+order]' });
    this.#docs = database.table('docs');
  }

  #ofKind(kind: string) {
    return this.#docs.where('[kind+order]').between([kind, Dexie.minKey], [kind, Dexie.maxKey]);
  }

  async fill(docs: readonly Doc[]): Promise<void> {
    for (let from = 0; from < docs.length; from += 1_000) await this.#docs.bulkPut(docs.slice(from, from + 1_000));
  }

  async newest(kind: string, limit: number): Promise<readonly string[]> {
    return (await this.#ofKind(kind).reverse().limit(limit).toArray()).map(({ id }) => id);
  }

  count(kind: string): Promise<number> {
    return this.#ofKind(kind).count();
  }

  async points(): Promise<ReadonlyMap<string, number>> {
    const totals = new Map<string, number>();
    for (const { holder, points } of await this.#ofKind('pointsEntry').toArray()) totals.set(holder, (totals.get(holder) ?? 0) + Number(points));
    return totals;
  }

  async save(docs: readonly Doc[]): Promise<void> {
    await this.#docs.bulkPut([...docs]);
  }

  async live(kind: string, limit: number, show: (ids: readonly string[]) => void): Promise<() => void> {
    const subscription = liveQuery(() => this.newest(kind, limit)).subscribe(show);
    return () => subscription.unsubscribe();
  }
}
