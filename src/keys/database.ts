/**
 * The keys of this tablet, in a database of their own: raw IndexedDB, because the first page loads this.
 * Every act opens the database and closes it again, so that no page stands in the way of another that wipes.
 */
import type { PublicKey } from '../protocol/identity.ts';
import type { StoredSeat } from './seat.ts';
import { randomLetters } from './bytes.ts';

export const keysName = 'linhuo-keys';

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(keysName, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('seats', { keyPath: 'tag' });
    request.result.createObjectStore('tablet');
  };
  return answer(request);
}

/** Runs `work` in one transaction and resolves with what it gave once that is on the disk. Nothing but the database may be awaited in it. */
async function within<T>(mode: IDBTransactionMode, work: (transaction: IDBTransaction) => Promise<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(['seats', 'tablet'], mode, { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const [value] = await Promise.all([work(transaction), done]);
    return value;
  } finally {
    database.close();
  }
}

export const readSeats = (): Promise<StoredSeat[]> => within('readonly', (transaction) => answer(transaction.objectStore('seats').getAll() as IDBRequest<StoredSeat[]>));

export const readSeat = (tag: string): Promise<StoredSeat | undefined> =>
  within('readonly', (transaction) => answer(transaction.objectStore('seats').get(tag) as IDBRequest<StoredSeat | undefined>));

export const addSeat = (seat: StoredSeat): Promise<unknown> => within('readwrite', (transaction) => answer(transaction.objectStore('seats').add(seat)));

/** Reads, decides and writes in one transaction. @returns the seat as it was before, undefined if there is none */
export const changeSeat = (tag: string, change: (seat: StoredSeat) => Partial<StoredSeat>): Promise<StoredSeat | undefined> =>
  within('readwrite', async (transaction) => {
    const seats = transaction.objectStore('seats');
    const before = await answer(seats.get(tag) as IDBRequest<StoredSeat | undefined>);
    if (before) await answer(seats.put({ ...before, ...change(before) }));
    return before;
  });

const goneKey = (tag: string): string => `gone/${tag}`;

/** @returns how many seats are left on this tablet */
export const removeSeat = (tag: string): Promise<number> =>
  within('readwrite', async (transaction) => {
    const seats = transaction.objectStore('seats');
    await answer(seats.delete(tag));
    // KY7: another tab may still hold it in memory.
    await answer(transaction.objectStore('tablet').put(true, goneKey(tag)));
    return answer(seats.count());
  });

/** KY8. @returns puts the seat back, if the browser has cleared it away meanwhile; refuses for one that was taken away */
export async function holdSeat(tag: string): Promise<() => Promise<void>> {
  const seat = await readSeat(tag);
  const id = await tabletId();
  return () =>
    within('readwrite', async (transaction) => {
      const [seats, tablet] = [transaction.objectStore('seats'), transaction.objectStore('tablet')];
      if ((await answer(tablet.count(goneKey(tag)))) > 0) throw new Error('this seat was taken off this tablet');
      if (seat && (await answer(seats.count(tag))) === 0) await answer(seats.add(seat));
      if ((await answer(tablet.count('id'))) === 0) await answer(tablet.put(id, 'id'));
    });
}

/** What all seats of one tablet share, made at the first joining. */
export const tabletId = (): Promise<string> =>
  within('readwrite', async (transaction) => {
    const tablet = transaction.objectStore('tablet');
    const known = await answer(tablet.get('id') as IDBRequest<string | undefined>);
    const id = known ?? randomLetters(16);
    if (known === undefined) await answer(tablet.put(id, 'id'));
    return id;
  });

/** What a tablet joins with, until the server has answered. */
export interface Joining {
  readonly code: string;
  readonly tag: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicKey;
}

/** @returns what was tried with this code before, or else what is given */
export const joiningWith = (fresh: Joining): Promise<Joining> =>
  within('readwrite', async (transaction) => {
    const tablet = transaction.objectStore('tablet');
    const tried = await answer(tablet.get('joining') as IDBRequest<Joining | undefined>);
    if (tried?.code === fresh.code) return tried;
    await answer(tablet.put(fresh, 'joining'));
    return fresh;
  });

export const dropJoining = (): Promise<unknown> => within('readwrite', (transaction) => answer(transaction.objectStore('tablet').delete('joining')));
