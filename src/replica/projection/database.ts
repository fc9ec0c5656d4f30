/** The projection's RxDB database. Collections open on first use, so the first list waits for one, not for twelve. */
import { createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import type { Row } from '../contract.ts';
import { rowSchema, rowsOf, sideSchemas, type SideName, type SideRows } from './schema.ts';
import { projectionStorage } from './storage.ts';
import type { Sealing } from '../sealing.ts';

export type RowCollection = RxCollection<Row>;

export interface Projection {
  readonly rxdb: RxDatabase;
  rows(family: RoomFamily): Promise<RowCollection>;
  side<Name extends SideName>(name: Name): Promise<RxCollection<SideRows[Name]>>;
  close(): Promise<void>;
}

export const projectionName = (replica: string): string => `linhuo-${replica}-view`;

/** @param sealing of an enrolled tablet; the page and the worker open the same rows with it */
export async function openProjection(replica: string, sealing?: Sealing): Promise<Projection> {
  const rxdb = await createRxDatabase({
    name: projectionName(replica),
    storage: projectionStorage(sealing),
    multiInstance: true,
    eventReduce: true,
    closeDuplicates: true,
  });
  const opened = new Map<string, Promise<RxCollection>>();
  const collection = (name: string, schema: object): Promise<RxCollection> => {
    const known = opened.get(name);
    if (known) return known;
    const opening = rxdb.addCollections({ [name]: { schema: schema as never } }).then((made) => made[name] as RxCollection);
    opened.set(name, opening);
    // A disk that was full the first time must not close the collection for as long as the app is open (PJ4).
    opening.catch(() => opened.delete(name));
    return opening;
  };
  return {
    rxdb,
    rows: (family) => collection(rowsOf(family), rowSchema(rowsOf(family))),
    side: (name) => collection(name, sideSchemas[name]) as never,
    close: async () => void (await rxdb.close()),
  };
}
