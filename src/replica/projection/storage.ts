/**
 * RxDB's Dexie storage, with two costs taken out that a projection has no use for.
 *
 * - A query that its index answers whole, selector and order, is read in one request. The stock storage walks a cursor: one
 *   turn of the event loop for each row.
 * - The two indexes over `_meta.lwt` serve RxDB's replication and clean-up, which nothing here asks for; each costs every
 *   write about as much as an index of ours.
 */
import type { RxStorageInstanceDexie } from 'rxdb/plugins/storage-dexie';
import { DEXIE_DOCS_TABLE_NAME, getKeyRangeByQueryPlan, getRxStorageDexie, RxStorageDexie } from 'rxdb/plugins/storage-dexie';
import type { PreparedQuery, RxDocumentData } from 'rxdb';

type Rows<T> = { documents: RxDocumentData<T>[] };

export function projectionStorage(): RxStorageDexie {
  const storage = getRxStorageDexie({ onCreate: withoutTimeIndexes });
  const create = storage.createStorageInstance.bind(storage);
  storage.createStorageInstance = async <T>(params: Parameters<typeof create<T>>[0]) => {
    const instance = await create<T>(params);
    const walk = instance.query.bind(instance);
    instance.query = (prepared) => (isRange(prepared) ? readRange(instance, prepared) : walk(prepared));
    return instance;
  };
  return storage;
}

const isRange = <T>({ query, queryPlan }: PreparedQuery<T>): boolean => queryPlan.selectorSatisfiedByIndex && queryPlan.sortSatisfiedByIndex && !query.skip;

async function readRange<T>(instance: RxStorageInstanceDexie<T>, { query, queryPlan }: PreparedQuery<T>): Promise<Rows<T>> {
  const { dexieDb, dexieTable, booleanIndexes } = await instance.internals;
  let range: IDBKeyRange;
  try {
    range = getKeyRangeByQueryPlan(booleanIndexes, queryPlan, IDBKeyRange);
  } catch (error) {
    // Bounds that cross each other: no row can lie between them.
    if (error instanceof DOMException && error.name === 'DataError') return { documents: [] };
    throw error;
  }
  const found = await dexieDb.transaction('r', dexieTable, ({ idbtrans }) => {
    const index = idbtrans.objectStore(DEXIE_DOCS_TABLE_NAME).index(`[${queryPlan.index.join('+')}]`);
    const request = index.getAll(range, query.limit);
    return new Promise<Record<string, unknown>[]>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  });
  // The storage keeps the one boolean it indexes as text.
  for (const row of found) row['_deleted'] = row['_deleted'] === '1';
  return { documents: found as RxDocumentData<T>[] };
}

interface Versioned {
  version(number: number): { stores(tables: Record<string, string>): unknown };
}

async function withoutTimeIndexes(database: Versioned): Promise<void> {
  const version = database.version.bind(database);
  database.version = (number) => {
    const declared = version(number);
    const stores = declared.stores.bind(declared);
    declared.stores = (tables) => stores(Object.fromEntries(Object.entries(tables).map(([table, indexes]) => [table, withoutTime(indexes)])));
    return declared;
  };
}

const withoutTime = (indexes: string): string =>
  indexes.split(',').map((index) => index.trim()).filter((index) => !index.includes('_meta.lwt')).join(', ');
