/** The page's side of the projection: read-only, live, and no word of RxDB beyond this file. */
import type { Observable } from 'rxjs';
import type { MangoQuery, RxCollection } from 'rxdb';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import type { ListQuery, Live, Reader, Row } from '../contract.ts';
import type { Projection } from './database.ts';
import { indexesByFamily, type SideName, type SideRows } from './schema.ts';

interface Json {
  toJSON(): unknown;
}

/** Subscribes once the collection is open; an unsubscribe before that cancels. */
function live<T>(open: () => Promise<Observable<unknown>>, read: (value: unknown) => T, fail: (error: unknown) => void): Live<T> {
  return {
    subscribe(run) {
      let stopped = false;
      let stop = (): void => {
        stopped = true;
      };
      open().then((source) => {
        if (stopped) return;
        const subscription = source.subscribe({ next: (value) => run(read(value)), error: fail });
        stop = () => subscription.unsubscribe();
      }, fail);
      return () => stop();
    },
  };
}

const toRows = <T>(documents: unknown): readonly T[] => (documents as readonly Json[]).map((document) => document.toJSON() as T);

export function rowQuery(family: RoomFamily, { kind, parent, holder, limit }: ListQuery): MangoQuery<Row> {
  const by = parent !== undefined ? 'parent' : holder !== undefined ? 'holder' : undefined;
  const selector = { kind, ...(by ? { [by]: parent ?? holder } : {}) };
  const fields = by ? (['kind', by, 'order'] as const) : (['kind', 'order'] as const);
  return {
    selector,
    sort: fields.map((field) => ({ [field]: 'asc' as const })),
    // A family without this index sorts in memory; it has it wherever a screen lists that way.
    ...(indexesByFamily[family].some((index) => index.join() === fields.join()) ? { index: [...fields] } : {}),
    ...(limit === undefined ? {} : { limit }),
  } as MangoQuery<Row>;
}

/** @param fail where a storage error goes: the page shows it, nothing is swallowed */
export function createReader(projection: Projection, fail: (error: unknown) => void): Reader {
  const rows = <T>(family: RoomFamily, query: (collection: RxCollection<Row>) => Observable<unknown>, read: (value: unknown) => T): Live<T> =>
    live(async () => query(await projection.rows(family)), read, fail);
  const side = <Name extends SideName, T>(name: Name, query: (collection: RxCollection<SideRows[Name]>) => Observable<unknown>): Live<readonly T[]> =>
    live(async () => query(await projection.side(name)), toRows<T>, fail);
  return {
    list: <F>(family: RoomFamily, query: ListQuery) => rows(family, (collection) => collection.find(rowQuery(family, query)).$, toRows<Row<F>>),
    one: <F>(family: RoomFamily, id: string) =>
      rows(family, (collection) => collection.findOne(id).$, (document) => (document as Json | null)?.toJSON() as Row<F> | undefined),
    many: <F>(family: RoomFamily, ids: readonly string[]) =>
      rows(family, (collection) => collection.findByIds([...ids]).$, (found) => {
        const byId = found as ReadonlyMap<string, Json>;
        return ids.flatMap((id) => (byId.get(id)?.toJSON() as Row<F> | undefined) ?? []);
      }),
    rollups: (family) => side('rollups', (collection) => collection.find({ selector: { family } }).$),
    pending: () => side('pending', (collection) => collection.find().$),
    clashes: () => side('clashes', (collection) => collection.find().$),
    arrivals: (since) =>
      side('arrivals', (collection) => collection.find({ selector: { arrivedAt: { $gte: since } }, sort: [{ arrivedAt: 'desc' }] }).$),
    contacts: () => side('contacts', (collection) => collection.find().$),
    close: () => projection.close(),
  };
}
