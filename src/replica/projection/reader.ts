/**
 * The page's side of the projection: read-only, live, and no word of RxDB beyond this file.
 *
 * - PJ5 A list names each row once, also when the page has read the row before the worker's word of it arrives.
 * - TB4 `renew` reads everything anew that a screen looks at, from a database of its own: RxDB keeps rows that it was not
 *   told about, also for those who ask by id.
 */
import { defer, retry, tap, throwError, timer, type Observable } from 'rxjs';
import type { MangoQuery, RxCollection, RxDocument, RxQuery } from 'rxdb';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import type { ListQuery, Live, Reader, Row } from '../contract.ts';
import type { Projection } from './database.ts';
import { indexesByFamily, rowsOf, type SideName, type SideRows } from './schema.ts';

interface Json {
  toJSON(): unknown;
}

/** Begins to look, and returns how to stop. */
type Look = () => () => void;

/** Subscribes once the collection is open; an unsubscribe before that cancels. */
function look<T>(open: () => Promise<Observable<unknown>>, next: (value: unknown) => T, fail: (error: unknown) => void): () => void {
  let stopped = false;
  let stop = (): void => {
    stopped = true;
  };
  open().then((source) => {
    if (stopped) return;
    const subscription = source.subscribe({ next, error: fail });
    stop = () => subscription.unsubscribe();
  }, fail);
  return () => stop();
}

class NamedTwice extends Error {}

/** More than any list holds. */
const allRows = 2 ** 31;
/** Counts the results that had to be read anew; part of each query, so that none is taken from RxDB's cache of earlier ones. */
let generation = 0;

/**
 * PJ5. RxDB works an inserted row into a result that it has. The worker's word of a row comes a moment after its commit; a
 * result read in between has the row already, and when it stands first, RxDB puts it in a second time. Such a result is
 * dropped and read anew.
 */
function eachOnce<T>(find: (query: MangoQuery<T>) => RxQuery<T>, query: MangoQuery<T>): Observable<unknown> {
  const read = defer(() => find({ ...query, limit: query.limit === undefined ? allRows - generation : query.limit + generation }).$);
  return read.pipe(
    tap((documents) => {
      const ids = new Set((documents as readonly RxDocument<T>[]).map(({ primary }) => primary));
      if (ids.size === (documents as readonly unknown[]).length) return;
      generation += 1;
      throw new NamedTwice();
    }),
    retry({ delay: (error) => (error instanceof NamedTwice ? timer(0) : throwError(() => error)) }),
  );
}

const toRows = <T>(documents: unknown, limit?: number): readonly T[] =>
  (documents as readonly Json[]).slice(0, limit).map((document) => document.toJSON() as T);

export function rowQuery(family: RoomFamily, { kind, parent, holder, limit }: ListQuery): MangoQuery<Row> {
  const by = parent !== undefined ? 'parent' : holder !== undefined ? 'holder' : undefined;
  const selector = { kind, ...(by ? { [by]: parent ?? holder } : {}) };
  const fields = by ? (['kind', by, 'order'] as const) : (['kind', 'order'] as const);
  return {
    selector,
    sort: fields.map((field) => ({ [field]: 'asc' as const })),
    // A family without this index sorts in memory; it has it wherever a screen lists that way.
    ...(indexesByFamily[rowsOf(family)].some((index) => index.join() === fields.join()) ? { index: [...fields] } : {}),
    ...(limit === undefined ? {} : { limit }),
  } as MangoQuery<Row>;
}

export interface RenewableReader extends Reader {
  /** Screens keep what they show until they are told otherwise. */
  renew(): void;
}

/**
 * @param reopen how `renew` gets another database
 * @param fail where a storage error goes: the page shows it, nothing is swallowed
 */
export function createReader(first: Projection, reopen: () => Promise<Projection>, fail: (error: unknown) => void): RenewableReader {
  let projection = Promise.resolve(first);
  const looks = new Map<Look, () => void>();
  const live = <T>(open: (from: Projection) => Promise<Observable<unknown>>, read: (value: unknown) => T): Live<T> => ({
    subscribe(run) {
      const begin: Look = () => look(async () => open(await projection), (value) => run(read(value)), fail);
      looks.set(begin, begin());
      return () => {
        looks.get(begin)?.();
        looks.delete(begin);
      };
    },
  });
  const rows = <T>(family: RoomFamily, query: (collection: RxCollection<Row>) => Observable<unknown>, read: (value: unknown) => T): Live<T> =>
    live(async (from) => query(await from.rows(family)), read);
  const side = <Name extends SideName>(name: Name, query: MangoQuery<SideRows[Name]> = {}): Live<readonly SideRows[Name][]> =>
    live(
      async (from) => {
        const collection = await from.side(name);
        return eachOnce((each) => collection.find(each) as never, query);
      },
      (documents) => toRows<SideRows[Name]>(documents),
    );
  return {
    list: <F>(family: RoomFamily, query: ListQuery) =>
      rows(family, (collection) => eachOnce((each) => collection.find(each) as never, rowQuery(family, query)), (documents) => toRows<Row<F>>(documents, query.limit)),
    one: <F>(family: RoomFamily, id: string) =>
      rows(family, (collection) => collection.findOne(id).$, (document) => (document as Json | null)?.toJSON() as Row<F> | undefined),
    many: <F>(family: RoomFamily, ids: readonly string[]) =>
      rows(family, (collection) => collection.findByIds([...ids]).$, (found) => {
        const byId = found as ReadonlyMap<string, Json>;
        return ids.flatMap((id) => (byId.get(id)?.toJSON() as Row<F> | undefined) ?? []);
      }),
    rollups: (family) => side('rollups', { selector: { family } }),
    pending: () => side('pending'),
    clashes: () => side('clashes'),
    arrivals: (since) => side('arrivals', { selector: { arrivedAt: { $gte: since } }, sort: [{ arrivedAt: 'desc' }] }),
    contacts: () => side('contacts'),
    likely: () => side('likely', { selector: { kind: { $ne: '' } } }),
    renew() {
      for (const stop of looks.values()) stop();
      const last = projection;
      projection = last.then((old) => old.close()).then(reopen);
      projection.catch(fail);
      for (const begin of looks.keys()) looks.set(begin, begin());
    },
    close: async () => (await projection).close(),
  };
}
