import 'fake-indexeddb/auto';
import { createRxDatabase, type RxCollection, type RxStorage } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { expect, test } from 'vitest';
import type { Row } from '../../../src/replica/contract.ts';
import { rowQuery } from '../../../src/replica/projection/reader.ts';
import { rowSchema } from '../../../src/replica/projection/schema.ts';
import { projectionStorage } from '../../../src/replica/projection/storage.ts';

const row = (nth: number): Row => ({
  id: `att_${String(nth * 7919 % 400).padStart(4, '0')}`, kind: nth % 3 === 0 ? 'activity' : 'attendance', room: 'v1/x/log/2026-05', parent: `act_${nth % 5}`, holder: `vol_${nth % 4}`,
  order: String(1_000 + (nth * 31) % 400).padStart(16, '0'), fields: { nth, odd: nth % 2 === 1 }, clashes: [], bornAt: nth, changedAt: nth, changedBy: 'per_x',
});

async function filled(name: string, storage: RxStorage<unknown, unknown>): Promise<RxCollection<Row>> {
  const database = await createRxDatabase({ name, storage, multiInstance: false });
  const { log } = await database.addCollections({ log: { schema: rowSchema('log') } });
  const { error } = await (log as RxCollection<Row>).bulkInsert(Array.from({ length: 200 }, (_, nth) => row(nth)));
  expect(error).toEqual([]);
  await (log as RxCollection<Row>).bulkRemove([row(3).id, row(4).id]);
  return log as RxCollection<Row>;
}

test('lists read in one request are the lists the stock storage walks to', async () => {
  const [stock, ours] = await Promise.all([filled('stock', getRxStorageDexie()), filled('ours', projectionStorage())]);
  const queries = [
    rowQuery('log', { kind: 'attendance' }), rowQuery('log', { kind: 'attendance', limit: 7 }), rowQuery('log', { kind: 'attendance', parent: 'act_2' }),
    rowQuery('log', { kind: 'activity', holder: 'vol_1', limit: 3 }), rowQuery('log', { kind: 'nothing' }),
    { selector: { room: 'v1/x/log/2026-05', kind: 'activity' } }, { skip: 2, limit: 4, ...rowQuery('log', { kind: 'activity' }) },
  ];
  for (const query of queries) {
    const [expected, found] = await Promise.all([stock.find(query).exec(), ours.find(query).exec()]);
    expect(found.map((each) => each.toJSON()), JSON.stringify(query)).toEqual(expected.map((each) => each.toJSON()));
  }
  expect((await ours.find(rowQuery('log', { kind: 'attendance' })).exec()).length).toBeGreaterThan(100);
  expect(await ours.find(rowQuery('log', { kind: 'nothing' })).exec()).toEqual([]);
});

test('inserts, changes, removals and conflicts end as they do in the stock storage, and are announced alike', async () => {
  const outcomes = await Promise.all([filled('stockWrites', getRxStorageDexie()), filled('ownWrites', projectionStorage())].map(async (opened) => {
    const log = await opened;
    const announced: string[] = [];
    log.$.subscribe(({ operation, documentId }) => announced.push(`${operation} ${documentId}`));
    const twice = await log.bulkInsert([row(1), { ...row(3), holder: 'vol_again' }]);
    await log.bulkUpsert([{ ...row(1), fields: { changed: true } }, { ...row(301), kind: 'activity' }]);
    await log.bulkRemove([row(2).id]);
    await log.findOne(row(5).id).incrementalPatch({ holder: 'vol_9' });
    const rows = (await log.find().exec()).map((each) => each.toJSON());
    return { rows, announced, refused: twice.error.map(({ status, documentId }) => [status, documentId]) };
  }));
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[1]?.refused).toEqual([[409, row(1).id]]);
  expect(outcomes[1]?.announced.length).toBe(5);
});

test('no index is kept that nothing asks for', async () => {
  await filled('slim', projectionStorage());
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('rxdb-dexie-slim--0--log');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  expect([...opened.transaction('docs').objectStore('docs').indexNames].sort()).toEqual(
    ['[_deleted+id]', '[_deleted+kind+holder+order+id]', '[_deleted+kind+order+id]', '[_deleted+kind+parent+order+id]'],
  );
  opened.close();
});
