/** PouchDB 9 on IndexedDB with pouchdb-find: the stack of the field's best known offline app. */
import PouchDB from 'pouchdb-browser';
import find from 'pouchdb-find';
import type { Content, Edits } from '../calls.ts';
import { docsOf, doorDocs, recordsOf, type Doc } from '../records.ts';
import { contentOf } from './content.ts';
import type { Store } from './store.ts';
import { rounds, timed } from './clock.ts';

PouchDB.plugin(find);

const stored = ({ id, ...doc }: Doc): object => ({ ...doc, _id: id });
const batchSize = 1_000;

async function write(database: PouchDB, docs: readonly Doc[]): Promise<void> {
  for (let from = 0; from < docs.length; from += batchSize) await database.bulkDocs(docs.slice(from, from + batchSize).map(stored));
}

const kindAndOrder = ['kind', 'order'];

export class PouchStore implements Store {
  readonly #database = new PouchDB('pouch-bench');

  async fill(docs: readonly Doc[]): Promise<void> {
    await write(this.#database, docs);
    await this.#database.createIndex({ index: { fields: kindAndOrder } });
    // An index is built by the first query that uses it.
    await this.newest('activity', 1);
  }

  async newest(kind: string, limit: number): Promise<readonly string[]> {
    const { docs } = await this.#database.find({ selector: { kind, order: { $gt: null } }, sort: [{ kind: 'desc' }, { order: 'desc' }], limit });
    return docs.map((doc) => String(doc['_id']));
  }

  async count(kind: string): Promise<number> {
    return (await this.#database.find({ selector: { kind }, fields: ['_id'], limit: 1e6 })).docs.length;
  }

  async points(): Promise<ReadonlyMap<string, number>> {
    const { docs } = await this.#database.find({ selector: { kind: 'pointsEntry' }, limit: 1e6 });
    const totals = new Map<string, number>();
    for (const { volunteer, points } of docs) totals.set(String(volunteer), (totals.get(String(volunteer)) ?? 0) + Number(points));
    return totals;
  }

  /** A document is acknowledged when its transaction is complete. */
  async save(docs: readonly Doc[]): Promise<void> {
    if (docs.length === 1) await this.#database.put(stored(docs[0] as Doc));
    else await this.#database.bulkDocs(docs.map(stored));
  }

  async live(kind: string, limit: number, show: (ids: readonly string[]) => void): Promise<() => void> {
    const changes = this.#database.changes({ since: 'now', live: true }).on('change', () => void this.newest(kind, limit).then(show));
    show(await this.newest(kind, limit));
    return () => changes.cancel();
  }
}

async function editDoors(database: PouchDB, ids: readonly string[], { from, to, value }: Edits): Promise<void> {
  for (let at = from; at < to; at += batchSize) {
    const { rows } = await database.allDocs({ keys: ids.slice(at, Math.min(to, at + batchSize)), include_docs: true });
    await database.bulkDocs(rows.map(({ doc }) => ({ ...doc, heads: value })));
  }
}

async function contentIn(database: PouchDB): Promise<Content> {
  const { rows } = await database.allDocs({ include_docs: true });
  return contentOf(rows.flatMap(({ id, doc }) => {
    if (!doc || doc['kind'] !== 'household') return [];
    const { _id, _rev, heads, ...rest } = doc as typeof doc & { heads: number };
    return [{ id, heads, rest: JSON.stringify(rest) }];
  }));
}

/** Two tablets and the place they meet, all in this page: favourable, as no byte crosses a wire. */
export async function merge(doors: number, edits: readonly [Edits, Edits], now: number) {
  const [hub, one, other] = ['hub', 'one', 'other'].map((name) => new PouchDB(`pouch-merge-${name}-${crypto.randomUUID()}`)) as [PouchDB, PouchDB, PouchDB];
  const docs = doorDocs(doors, now);
  const ids = docs.map(({ id }) => id).sort();
  await write(hub, docs);
  await Promise.all([PouchDB.replicate(hub, one), PouchDB.replicate(hub, other)]);
  await editDoors(one, ids, edits[0]);
  await editDoors(other, ids, edits[1]);
  const ms = await timed(async () => {
    for (let written = 1; written > 0; ) {
      const results = await Promise.all([PouchDB.sync(one, hub), PouchDB.sync(other, hub)]);
      written = results.reduce((sum, { push, pull }) => sum + push.docs_written + pull.docs_written, 0);
    }
  });
  return { ms, contents: [await contentIn(one), await contentIn(other)] as const };
}

export async function firstSync(records: number, now: number): Promise<number> {
  const hub = new PouchDB(`pouch-hub-${crypto.randomUUID()}`);
  await write(hub, docsOf(recordsOf(records, now)));
  const empty = new PouchDB(`pouch-empty-${crypto.randomUUID()}`);
  const [ms = 0] = await rounds(1, () => PouchDB.replicate(hub, empty));
  return ms;
}
