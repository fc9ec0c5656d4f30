/** A page with nothing but replicas: what the app's pages use, without its screens. */
import { openReplica, type OpenedReplica } from '../../../src/replica/open.ts';
import * as keys from '../../../src/client/keys.ts';
import type { RoomFamily } from '../../../src/domain/kernel/room.ts';
import type { Live, Reader, Row, SyncStatus } from '../../../src/replica/contract.ts';

const opened = new Map<string, OpenedReplica>();
const troubles: string[] = [];

/** The first value that satisfies `test`, or the last one seen when the time is over. */
function when<T>(live: Live<T>, test: (value: T) => boolean, timeoutMs = 20_000): Promise<T> {
  return new Promise((resolve, reject) => {
    let last: T | undefined;
    let stop = (): void => {};
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`not reached in ${timeoutMs} ms; last: ${JSON.stringify(last)?.slice(0, 2_000)}`));
    }, timeoutMs);
    let done = false;
    stop = live.subscribe((value) => {
      last = value;
      if (done || !test(value)) return;
      done = true;
      clearTimeout(timer);
      queueMicrotask(() => stop());
      resolve(value);
    });
  });
}

/** Kinds without an index of their own are listed by the families' side indexes; a list may also be rightly empty. */
const settledList = (reader: Reader, family: RoomFamily, kind: string): Promise<readonly Row[]> => when(reader.list(family, { kind }), () => true);

const harness = {
  opened,
  troubles,
  when,
  /** Sits down on a demo seat with a replica of this name. */
  async sit(replica: string, seat: string) {
    const seating = { replica, seat, server: location.origin };
    const made = await openReplica(seating, (error) => troubles.push(String(error)));
    opened.set(replica, made);
    return made.calls.open(seating);
  },
  keys,
  /** Opens an enrolled seat with its PIN as the replica `a`. @returns what the PIN came to */
  async sitWithPin(tag: string, pin: string): Promise<string> {
    const unlocked = await keys.unlock(tag, pin);
    if (!unlocked.ok) return unlocked.error.type;
    const made = await openReplica({ replica: `p-${tag}`, seat: tag, server: location.origin, enrolled: { tag, dataKey: unlocked.value } }, (error) => troubles.push(String(error)));
    opened.set('a', made);
    const answered = await made.calls.open({ replica: `p-${tag}`, seat: tag, server: location.origin, enrolled: { tag, dataKey: unlocked.value } });
    return answered.ok ? 'open' : answered.error;
  },
  at(replica: string): OpenedReplica {
    const made = opened.get(replica);
    if (!made) throw new Error(`no replica ${replica}`);
    return made;
  },
  filled: (replica: string) => when<SyncStatus>(harness.at(replica).status, (status) => status.filled && status.link === 'online'),
  /** The first activity that is planned, with the room it stands in. */
  async plannedActivity(replica: string) {
    const rows = await when(harness.at(replica).reader.list('log', { kind: 'activity' }), (each) => each.some((row) => row.fields['status'] === 'planned'));
    const row = rows.find((each) => each.fields['status'] === 'planned');
    if (!row) throw new Error('no planned activity');
    const [, community = '', , month = ''] = row.room.split('/');
    return { ref: { room: { community, family: 'log' as const, month }, record: row.id }, organiser: String(row.fields['organiser']) };
  },
  /** In the demo's data, and the first of the list. */
  firstDoor: { grid: 'g01', household: 'hou_g01-1-1-101' },
  /** Rows come in parts; these begin with the first door. */
  async households(replica: string) {
    return when(harness.at(replica).reader.list('people', { kind: 'household' }), (rows) => rows[0]?.id === harness.firstDoor.household);
  },
  /** Everything the projection holds, by collection, sorted: two of these are equal when two projections are. */
  async dump(replica: string) {
    const { reader } = harness.at(replica);
    const kinds = [
      ['roster', 'partner'], ['roster', 'conversion'], ['people', 'household'], ['people', 'volunteer'], ['visits', 'visit'],
      ['log', 'activity'], ['log', 'attendance'], ['ledger', 'pointsEntry'],
    ] as const;
    const lists = await Promise.all(kinds.map(async ([family, kind]) => [kind, await settledList(reader, family, kind)] as const));
    const rollups = await Promise.all((['visits', 'log', 'ledger'] as const).map((family) => when(reader.rollups(family), () => true)));
    const sortKeys = (record: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      rows: Object.fromEntries(lists.map(([kind, rows]) => [kind, [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))])),
      rollups: rollups.flat().map(({ id, tallies, latest }) => ({ id, tallies: sortKeys(tallies), latest: sortKeys(latest) })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      clashes: [...(await when(reader.clashes(), () => true))].map((row) => row.id).sort(),
    };
  },
  /** The rooms of which this replica's database holds anything, read past all of our own code. */
  async journalRooms(replica: string): Promise<string[]> {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open(`linhuo-${replica}-journal`));
    const stores = ['updates', 'snapshots', 'rooms', 'outbox', 'quarantine'];
    const reading = database.transaction(stores);
    const rows = await Promise.all(stores.map((store) => answer(reading.objectStore(store).getAll() as IDBRequest<{ room: string }[]>)));
    database.close();
    return [...new Set(rows.flat().map(({ room }) => room))].sort();
  },
  /** Deletes what this replica's lists are read from; the journal stays. It must be closed. */
  async dropView(replica: string): Promise<void> {
    const names = (await indexedDB.databases()).map(({ name }) => String(name)).filter((name) => name.includes(`linhuo-${replica}-view`));
    await Promise.all(
      names.map(
        (name) =>
          new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = resolve;
            request.onerror = () => reject(request.error);
          }),
      ),
    );
  },
  /** Tells the workers what shall go wrong (replicaPage.ts), and waits until one has taken it in. */
  fault(what: { readonly full?: string; readonly shift?: number; readonly late?: number }): Promise<void> {
    const faults = new BroadcastChannel('faults');
    return new Promise((resolve) => {
      faults.onmessage = () => {
        faults.close();
        resolve();
      };
      faults.postMessage(what);
    });
  },
  /** Everything saved before this call is on the server's disk. */
  async confirmed(replica: string) {
    // The status is told in intervals: what the last save did to it is known after two of them.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return when<SyncStatus>(harness.at(replica).status, (status) => status.saved + status.sent === 0 && status.link === 'online');
  },
};

export type Harness = typeof harness;
declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
