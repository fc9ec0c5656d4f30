/** The bench page: every call of calls.ts, on `window.bench`. */
import type { PageCalls, Yardstick } from '../calls.ts';
import { docsOf, recordsOf } from '../records.ts';
import { rounds, settled, timed } from './clock.ts';
import { DexieStore } from './dexie.ts';
import { startGaps, stopGaps } from './gaps.ts';
import { balancesOf, coldReader, coldReplica, OurDevice, read, troubles } from './ours.ts';
import { firstSync, merge, PouchStore } from './pouch.ts';
import { sealing } from './sealing.ts';
import { searchAlone } from './search.ts';
import { StockDevice, StockStore } from './stock.ts';
import { listLength, lives, reads, saveOnes, saves, type Store } from './store.ts';

const makers: Readonly<Record<Yardstick, () => Store>> = {
  pouch: () => new PouchStore(),
  stock: () => new StockStore(),
  dexie: () => new DexieStore(),
};
const stores = new Map<Yardstick, Store>();
function store(system: Yardstick): Store {
  const known = stores.get(system) ?? makers[system]();
  stores.set(system, known);
  return known;
}

let ours: OurDevice | undefined;
let stock: StockDevice | undefined;
function device(system: 'ours' | 'stock'): OurDevice | StockDevice {
  const joined = system === 'ours' ? ours : stock;
  if (!joined) throw new Error(`${system} has not joined`);
  return joined;
}
function mine(): OurDevice {
  if (!ours) throw new Error('ours has not joined');
  return ours;
}
function theirs(): StockDevice {
  if (!stock) throw new Error('the stock device has not joined');
  return stock;
}

const calls: PageCalls = {
  fill: async (system, records, now) => {
    const docs = docsOf(recordsOf(records, now));
    return timed(() => store(system).fill(docs));
  },
  coldOpen: async (system) => (await rounds(1, () => store(system).newest('attendance', listLength)))[0] ?? Number.NaN,
  save: (system, count) => saves(store(system), count),
  saveOneDocument: (system, count) => saveOnes(store(system), count),
  read: (system, count) => reads(store(system), count),
  live: (system, count) => lives(store(system), count),
  pouchMerge: merge,
  pouchFirstSync: firstSync,

  stockJoin: (place) => {
    stock = new StockDevice(place);
    return stock.join();
  },
  stockFillDoors: async (doors) => theirs().fillDoors(doors),
  stockFillRecords: async (records, now) => theirs().fillRecords(records, now),

  oursJoin: async (place, records) => {
    const [joined, sync] = await OurDevice.join(place, records);
    ours = joined;
    return sync;
  },
  oursColdOpen: (place, whole) => (whole ? coldReplica(place) : coldReader(place)),
  oursSave: (count) => mine().save(count),
  oursRead: read,
  oursLive: (count) => mine().live(count),
  oursFetchYears: (years) => mine().fetchYears(years),
  oursSearch: () => mine().search(),
  searchAlone,
  oursRedeem: (count) => mine().redeem(count),
  oursBalances: balancesOf,
  oursImport: async (rows) => mine().import(rows, startGaps),
  oursConfirmed: async () => void (await mine().confirmed()),

  sealing: (doors, visits, saves, opens) => sealing(doors, visits, saves, opens, (error) => troubles.push(String(error))),

  watch: async (system) => device(system).watch(),
  track: async (system) => device(system).track(),
  saveNow: (system) => device(system).saveNow(),
  seenAt: (id) => (ours ?? theirs()).seenAt(id),
  cut: async (system, cut) => device(system).cut(cut),
  edit: (system, edits) => device(system).edit(edits),
  lastChangeAt: async (system) => device(system).lastChangeAt,
  content: (system) => device(system).content(),
  settle: (system) => {
    const joined = device(system);
    return settled(() => joined.lastChangeAt, () => true);
  },
  startGaps: async () => startGaps(),
  stopGaps: async () => stopGaps(),
  troubles: async () => troubles,
};

declare global {
  interface Window {
    bench: PageCalls;
  }
}
window.bench = calls;
