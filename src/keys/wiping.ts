/**
 * KY7 Wiping a seat: its data key first, so that nothing of it can be read from then on, then its databases, then the rest.
 * What was interrupted goes on when it is asked again: the seat stays in the list, as ended, until nothing is left.
 */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { changeSeat, readSeat, readSeats, removeSeat } from './database.ts';
import { byDevice } from './proving.ts';
import { replicaOf } from './seat.ts';
import { askWithProof } from './server.ts';

const blockedMaxMs = 5_000;

/** @returns 'in-use' while another tab has it open; its key is gone by then all the same */
export async function wipe(server: string, tag: string): Promise<Result<null, 'in-use'>> {
  const seat = await readSeat(tag);
  await changeSeat(tag, ({ ended }) => ({ ended: ended ?? 'revoked', half: undefined, underPin: undefined, underRecovery: undefined, seatKey: undefined }));
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.includes(`linhuo-${replicaOf(tag)}-`) ? [name] : []));
  const dropped = await Promise.all(names.map(dropDatabase));
  if (dropped.includes(false)) return err('in-use');
  // Whether or not the server hears of it: it is wiped.
  if (seat?.ended) await askWithProof(server, '/api/wiped', 'wiped', byDevice(tag), v.unknown());
  if ((await removeSeat(tag)) === 0) await clearTheRest();
  return ok(null);
}

const dropDatabase = (name: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    const timer = setTimeout(() => resolve(false), blockedMaxMs);
    const done = (gone: boolean): void => {
      clearTimeout(timer);
      resolve(gone);
    };
    request.onsuccess = () => done(true);
    request.onerror = () => reject(request.error);
  });

/** What was interrupted: seats that were ended and of which no key is left that could open anything. */
export async function finishWiping(server: string): Promise<void> {
  for (const { tag, ended, underPin, underRecovery } of await readSeats())
    if (ended && ended !== 'unknown' && !underPin && !underRecovery) await wipe(server, tag);
}

/**
 * Nobody is left: the app's files, what pages remembered. Without its worker the next page fetches the app anew and whole; a
 * worker that stayed would go on without the files it has lost, and the next person's tablet would not open without a network.
 */
async function clearTheRest(): Promise<void> {
  if (typeof navigator !== 'undefined' && 'serviceWorker' in navigator)
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  if (typeof caches !== 'undefined') for (const name of await caches.keys()) await caches.delete(name);
  if (typeof localStorage !== 'undefined') localStorage.clear();
  if (typeof sessionStorage !== 'undefined') sessionStorage.clear();
}
