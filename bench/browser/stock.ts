/**
 * The stock stack: one Y.Doc with a Y.Map per record, y-indexeddb, y-websocket. It acknowledges nothing, so a save counts
 * as durable when an empty write transaction queued behind it on the same store is complete.
 */
import { IndexeddbPersistence } from 'y-indexeddb';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Content, Edits, FirstSync, Place, SavedAt } from '../calls.ts';
import { docsOf, doorDocs, recordsOf, type Doc } from '../records.ts';
import { epoch, rest, settled } from './clock.ts';
import { contentOf } from './content.ts';
import { saveDocs } from './saves.ts';
import { listLength, type Store } from './store.ts';

type Records = Y.Map<Y.Map<unknown>>;

const recordsIn = (doc: Y.Doc): Records => doc.getMap('records');

function write(doc: Y.Doc, docs: readonly Doc[]): void {
  doc.transact(() => {
    for (const { id, ...fields } of docs) recordsIn(doc).set(id, new Y.Map(Object.entries(fields)));
  });
}

/** IndexedDB runs overlapping transactions in order. */
async function written(persistence: IndexeddbPersistence): Promise<void> {
  const { db } = persistence;
  if (!db) throw new Error('y-indexeddb is not open');
  const transaction = db.transaction(['updates'], 'readwrite');
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = reject;
  });
}

function newestIn(records: Records, kind: string, limit: number): string[] {
  const found: [order: number, id: string][] = [];
  for (const [id, record] of records) if (record.get('kind') === kind) found.push([Number(record.get('order')), id]);
  return found.sort((a, b) => b[0] - a[0]).slice(0, limit).map(([, id]) => id);
}

export class StockStore implements Store {
  readonly #doc = new Y.Doc();
  readonly #persistence = new IndexeddbPersistence('stock-bench', this.#doc);

  async fill(docs: readonly Doc[]): Promise<void> {
    await this.#persistence.whenSynced;
    for (let from = 0; from < docs.length; from += 1_000) write(this.#doc, docs.slice(from, from + 1_000));
    await written(this.#persistence);
  }

  async newest(kind: string, limit: number): Promise<readonly string[]> {
    await this.#persistence.whenSynced;
    return newestIn(recordsIn(this.#doc), kind, limit);
  }

  async count(kind: string): Promise<number> {
    let count = 0;
    for (const [, record] of recordsIn(this.#doc)) if (record.get('kind') === kind) count += 1;
    return count;
  }

  async points(): Promise<ReadonlyMap<string, number>> {
    const totals = new Map<string, number>();
    for (const [, record] of recordsIn(this.#doc)) {
      if (record.get('kind') !== 'pointsEntry') continue;
      const holder = String(record.get('holder'));
      totals.set(holder, (totals.get(holder) ?? 0) + Number(record.get('points')));
    }
    return totals;
  }

  async save(docs: readonly Doc[]): Promise<void> {
    write(this.#doc, docs);
    await written(this.#persistence);
  }

  async live(kind: string, limit: number, show: (ids: readonly string[]) => void): Promise<() => void> {
    const records = recordsIn(this.#doc);
    const look = (): void => show(newestIn(records, kind, limit));
    records.observeDeep(look);
    look();
    return () => records.unobserveDeep(look);
  }
}

/** One tablet of the stock stack: stored, and joined to a room of the stock server. */
export class StockDevice {
  readonly #doc = new Y.Doc();
  readonly #persistence: IndexeddbPersistence;
  readonly #provider: WebsocketProvider;
  readonly #seen = new Map<string, number>();
  lastChangeAt = 0;

  constructor({ replica, url }: Place) {
    this.#doc.on('update', () => (this.lastChangeAt = epoch()));
    this.#persistence = new IndexeddbPersistence(`stock-${replica}`, this.#doc);
    this.#provider = new WebsocketProvider(url, 'bench', this.#doc, { connect: false, disableBc: true });
  }

  async join(): Promise<FirstSync> {
    await this.#persistence.whenSynced;
    const from = epoch();
    this.#provider.connect();
    await new Promise<void>((resolve) => this.#provider.once('sync', () => resolve()));
    await written(this.#persistence);
    const ms = epoch() - from;
    return { firstList: ms, usable: ms, complete: ms, records: recordsIn(this.#doc).size };
  }

  fill(docs: readonly Doc[]): void {
    for (let from = 0; from < docs.length; from += 1_000) write(this.#doc, docs.slice(from, from + 1_000));
  }

  fillDoors = (doors: number): void => this.fill(doorDocs(doors, Date.now()));
  fillRecords = (records: number, now: number): void => this.fill(docsOf(recordsOf(records, now)));

  watch(): void {
    const records = recordsIn(this.#doc);
    records.observe((event) => {
      for (const id of event.keysChanged) this.#seen.set(id, epoch());
      newestIn(records, 'activity', listLength);
    });
  }

  /** Every update is noted anyway. */
  track(): void {}

  async saveNow(): Promise<SavedAt> {
    const docs = saveDocs();
    const startedAt = epoch();
    write(this.#doc, docs);
    await written(this.#persistence);
    return { id: docs[0]?.id ?? '', startedAt, durableAt: epoch() };
  }

  async seenAt(id: string): Promise<number> {
    while (!this.#seen.has(id)) await rest(1);
    return this.#seen.get(id) ?? Number.NaN;
  }

  cut(cut: boolean): void {
    if (cut) this.#provider.disconnect();
    else this.#provider.connect();
  }

  async edit({ from, to, value }: Edits): Promise<number> {
    const records = recordsIn(this.#doc);
    const ids = [...records.keys()].sort().slice(from, to);
    const started = epoch();
    for (const [index, id] of ids.entries()) {
      records.get(id)?.set('heads', value);
      // A person's edits are not one task either; without a pause y-indexeddb could not keep up.
      if (index % 50 === 49) await written(this.#persistence);
    }
    await written(this.#persistence);
    return epoch() - started;
  }

  async content(): Promise<Content> {
    await settled(() => this.lastChangeAt, () => true);
    return contentOf([...recordsIn(this.#doc)].map(([id, record]) => {
      const { heads, ...others } = record.toJSON() as { heads: number };
      return { id, heads, rest: JSON.stringify(Object.entries(others).sort()) };
    }));
  }
}

