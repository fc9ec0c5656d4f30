/**
 * RxDB's Dexie storage with the costs taken out that this projection has no use for. Rows, revisions, conflicts and events
 * stay RxDB's own; a database written by one is read by the other.
 *
 * - A query that its index answers whole (selector and order) is read in one request. The stock storage walks a cursor: one
 *   turn of the event loop for each row.
 * - A write is one native transaction over the one table it touches.
 * - A table's database that the browser closed is opened again (JN7), in the page as in the worker.
 * - SL3 With a data key the columns of `sealedColumns` are one sealed piece, bound to collection and row. It is made before
 *   the transaction and opened after it; RxDB itself never sees one.
 * - A row that is deleted keeps its id and its revision, and nothing of what it said: the stock storage keeps all of it.
 * - The two indexes over `_meta.lwt` serve RxDB's replication and clean-up, which nothing here asks for; each costs every
 *   write about as much as an index of ours.
 */
import { categorizeBulkWriteRows, type BulkWriteRow, type PreparedQuery, type RxDocumentData, type RxStorageBulkWriteResponse } from 'rxdb';
import { DEXIE_DOCS_TABLE_NAME as table, getKeyRangeByQueryPlan, getRxStorageDexie, type RxStorageDexie, type RxStorageInstanceDexie } from 'rxdb/plugins/storage-dexie';
import { keepOpen } from '../keepOpen.ts';
import type { Sealing } from '../sealing.ts';
import { sealedColumns } from './schema.ts';
import { clearRows, RowSealing } from './sealed.ts';

/** A row as it lies in the table: IndexedDB does not index booleans, so the one that is indexed is kept as text. */
type Stored = Record<string, unknown>;
type Row = RxDocumentData<Record<string, unknown>>;
type Instance = RxStorageInstanceDexie<Record<string, unknown>>;

const toStored = (row: Row): Stored => (row._deleted ? blank(row) : { ...row, _deleted: '0' });
/** What RxDB itself reads of a deleted row. */
const blank = ({ id, _rev, _meta, _attachments }: Row): Stored => ({ id, _rev, _meta, _attachments, _deleted: '1' });
const fromStored = (stored: Stored): Row => ({ ...stored, _deleted: stored['_deleted'] === '1' }) as unknown as Row;

export function projectionStorage(sealing?: Sealing): RxStorageDexie {
  const storage = getRxStorageDexie({ onCreate: withoutTimeIndexes });
  const create = storage.createStorageInstance.bind(storage);
  storage.createStorageInstance = async <T>(params: Parameters<typeof create<T>>[0]) => {
    const instance = await create<T>(params);
    const own = instance as unknown as Instance;
    const columns = sealedColumns(params.collectionName);
    const rows = sealing && columns.length > 0 ? new RowSealing(sealing, params.collectionName, columns) : clearRows;
    const walk = own.query.bind(own);
    own.query = async (prepared) => rows.openAll(await (isRange(prepared) ? readRange(own, prepared) : walk(prepared)));
    const find = own.findDocumentsById.bind(own);
    own.findDocumentsById = async (ids, deleted) => (await rows.openAll({ documents: await find(ids, deleted) })).documents;
    own.bulkWrite = (writes, context) => writeRows(own, writes, context, rows);
    const leave = keepOpen((await own.internals).dexieDb);
    const close = own.close.bind(own);
    own.close = () => {
      leave();
      return close();
    };
    return instance;
  };
  return storage;
}

/** The stock storage hides its database's native handle behind Dexie's types. */
async function transactionOf(instance: Instance, mode: IDBTransactionMode): Promise<IDBTransaction> {
  const { dexieDb } = await instance.internals;
  const native = (dexieDb as unknown as { backendDB(): IDBDatabase | null }).backendDB();
  if (!native) throw new Error(`the browser has closed ${dexieDb.name}`);
  return native.transaction(table, mode);
}

type Prepared = PreparedQuery<Record<string, unknown>>;

const isRange = ({ query, queryPlan }: Prepared): boolean => queryPlan.selectorSatisfiedByIndex && queryPlan.sortSatisfiedByIndex && !query.skip;

async function readRange(instance: Instance, { query, queryPlan }: Prepared): Promise<{ documents: Row[] }> {
  const { booleanIndexes } = await instance.internals;
  let range: IDBKeyRange;
  try {
    range = getKeyRangeByQueryPlan(booleanIndexes, queryPlan, IDBKeyRange);
  } catch (error) {
    // Bounds that cross each other: no row can lie between them.
    if (error instanceof DOMException && error.name === 'DataError') return { documents: [] };
    throw error;
  }
  const index = (await transactionOf(instance, 'readonly')).objectStore(table).index(`[${queryPlan.index.join('+')}]`);
  const request = index.getAll(range, query.limit);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve({ documents: (request.result as Stored[]).map(fromStored) });
    request.onerror = () => reject(request.error);
  });
}

type Writes = BulkWriteRow<Record<string, unknown>>[];
type Sorted = ReturnType<typeof categorizeBulkWriteRows<Record<string, unknown>>>;

async function writeRows(instance: Instance, writes: Writes, context: string, rows: RowSealing | typeof clearRows): Promise<RxStorageBulkWriteResponse<Record<string, unknown>>> {
  if (writes.length === 0) return { error: [] };
  const toStore = await rows.sealAll(writes.map(({ document }) => document), instance.primaryPath as string);
  const { eventBulk, newestRow, errors } = await writeInto(await transactionOf(instance, 'readwrite'), instance, writes, context, toStore);
  if (newestRow && eventBulk.events.length > 0) {
    const { document } = newestRow;
    eventBulk.checkpoint = { id: String(document[instance.primaryPath as string]), lwt: document._meta.lwt };
    // Where the stock storage announces its own writes; the type keeps it to itself.
    (instance as unknown as { changes$: { next(bulk: unknown): void } }).changes$.next(eventBulk);
  }
  return { error: await rows.openConflicts(errors) };
}

/** Reads the rows as they stand, lets RxDB judge what conflicts, writes the others. Resolves when the transaction is complete. */
function writeInto(transaction: IDBTransaction, instance: Instance, writes: Writes, context: string, toStore: (document: Row) => Stored): Promise<Sorted> {
  const store = transaction.objectStore(table);
  const path = instance.primaryPath as string;
  const standing = new Map<string, Row>();
  return new Promise((resolve, reject) => {
    let sorted: Sorted | undefined;
    let left = writes.length;
    const judge = (): void => {
      sorted = categorizeBulkWriteRows(instance as never, instance.primaryPath, standing as never, writes, context);
      for (const { document } of [...sorted.bulkInsertDocs, ...sorted.bulkUpdateDocs]) store.put(toStored(toStore(document as Row) as Row));
      transaction.commit();
    };
    for (const { document } of writes) {
      const id = String(document[path]);
      const request = store.get(id);
      request.onsuccess = () => {
        if (request.result !== undefined) standing.set(id, fromStored(request.result as Stored));
        left -= 1;
        if (left > 0) return;
        try {
          judge();
        } catch (error) {
          reject(error);
          transaction.abort();
        }
      };
    }
    transaction.oncomplete = () => resolve(sorted as Sorted);
    transaction.onabort = () => reject(transaction.error);
    // A database that the browser closes mid-way fails its requests, and Chromium may never say of the transaction that it ended.
    transaction.onerror = ({ target }) => reject((target as IDBRequest).error);
  });
}

interface Versioned {
  version(number: number): { stores(tables: Record<string, string>): unknown };
}

async function withoutTimeIndexes(database: Versioned): Promise<void> {
  const version = database.version.bind(database);
  database.version = (number) => {
    const declared = version(number);
    const stores = declared.stores.bind(declared);
    declared.stores = (tables) => stores(Object.fromEntries(Object.entries(tables).map(([name, indexes]) => [name, withoutTime(indexes)])));
    return declared;
  };
}

const withoutTime = (indexes: string): string =>
  indexes.split(',').map((index) => index.trim()).filter((index) => !index.includes('_meta.lwt')).join(', ');
