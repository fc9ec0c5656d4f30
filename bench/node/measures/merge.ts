/**
 * 3 · Two tablets come back after 5,000 offline edits each on the same 10,000 doors, 1,000 of them made by both on the same
 * field. Time runs from the moment both wires are back until the last row has changed on either; then contents are compared.
 * Yardstick: PouchDB 11.4 s, 1,000 edits lost, 9.4 MB.
 */
import { launch, newDevice, type BenchPage } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { startOurs, startStock } from '../servers.ts';
import { openWire, type Wire } from '../wire.ts';
import type { Content, Edits } from '../../calls.ts';

const values = [101, 102] as const;

interface Merged {
  readonly ms: number;
  readonly editMs: number;
  readonly up: number;
  readonly down: number;
  readonly downGzip: number;
  readonly contents: readonly [Content, Content];
}

function editsOf(doors: number): readonly [Edits, Edits] {
  const half = doors / 2;
  const shared = doors / 10;
  return [{ from: 0, to: half, value: values[0] }, { from: half - shared, to: doors - shared, value: values[1] }];
}

/** Edits that neither stand nor are listed anywhere. */
function lostIn({ shown, listed }: Content, edits: readonly [Edits, Edits]): number {
  const made = edits.reduce((sum, { from, to }) => sum + to - from, 0);
  const stand = values.reduce((sum, value) => sum + (shown[value] ?? 0), 0);
  // A listed clash shows one of the two values and keeps the other.
  const kept = values.reduce((sum, value) => sum + (listed[value] ?? 0), 0) / 2;
  return made - stand - kept;
}

async function comeBack(system: 'ours' | 'stock', tablets: readonly [BenchPage, BenchPage], wire: Wire, edits: readonly [Edits, Edits]): Promise<Merged> {
  const both = <T>(run: (tablet: BenchPage, index: 0 | 1) => Promise<T>): Promise<[T, T]> => Promise.all([run(tablets[0], 0), run(tablets[1], 1)]);
  await both(({ calls }) => calls.cut(system, true));
  const editMs = Math.max(...(await both(({ calls }, index) => calls.edit(system, edits[index]))));
  await both(({ calls }) => calls.track(system));
  wire.reset();
  const from = Date.now();
  await both(({ calls }) => calls.cut(system, false));
  let contents = await both(({ calls }) => calls.content(system));
  // One that was quiet may still have been waiting for the other.
  for (let again = 0; again < 10 && contents[0].hash !== contents[1].hash; again += 1) contents = await both(({ calls }) => calls.content(system));
  const until = Math.max(...(await both(({ calls }) => calls.lastChangeAt(system))));
  return { ms: until - from, editMs, ...(await wire.read()), contents };
}

async function ofOurs({ app }: World, doors: number): Promise<Merged> {
  const server = await startOurs({ app, doors }, 'doors-super');
  const wire = await openWire(server.port);
  const browser = await launch();
  try {
    const origin = `http://127.0.0.1:${wire.port}`;
    const tablets = [await newDevice(browser, origin), await newDevice(browser, origin)] as const;
    await tablets[0].calls.oursJoin({ replica: 'one', seat: 'doors-super', url: '' }, doors);
    await tablets[1].calls.oursJoin({ replica: 'other', seat: 'doors-grid1', url: '' }, doors);
    return await comeBack('ours', tablets, wire, editsOf(doors));
  } finally {
    await browser.close();
    await wire.close();
    await server.close();
  }
}

async function ofStock({ pageOrigin }: World, doors: number): Promise<Merged> {
  const server = await startStock();
  const wire = await openWire(server.port);
  const browser = await launch();
  try {
    const place = { replica: 'tablet', seat: '', url: `ws://127.0.0.1:${wire.port}` };
    const tablets = [await newDevice(browser, pageOrigin), await newDevice(browser, pageOrigin)] as const;
    await tablets[0].calls.stockJoin(place);
    await tablets[0].calls.stockFillDoors(doors);
    await tablets[1].calls.stockJoin(place);
    return await comeBack('stock', tablets, wire, editsOf(doors));
  } finally {
    await browser.close();
    await wire.close();
    await server.close();
  }
}

async function ofPouch({ pageOrigin, now }: World, doors: number) {
  const browser = await launch();
  try {
    const { calls } = await newDevice(browser, pageOrigin);
    return await calls.pouchMerge(doors, editsOf(doors), now);
  } finally {
    await browser.close();
  }
}

const megabytes = (bytes: number): number => bytes / 1e6;
const differ = ([one, other]: readonly [Content, Content]): number => (one.hash === other.hash ? 0 : 1);

export const merge: Measure = {
  id: '3',
  title: 'two tablets come back',
  async run(world): Promise<Row[]> {
    const doors = world.quick ? 1_000 : 10_000;
    const edits = editsOf(doors);
    const times = world.quick ? 1 : 3;
    const ours: Merged[] = [];
    const stock: Merged[] = [];
    for (let time = 0; time < times; time += 1) {
      ours.push(await ofOurs(world, doors));
      stock.push(await ofStock(world, doors));
    }
    const pouch = [await ofPouch(world, doors)];
    const row = (what: string, unit: Row['unit'], target: number | undefined, of: (merged: Merged) => number, ofPouch?: (merged: (typeof pouch)[number]) => number, note?: string): Row => ({
      id: '3', what, unit, ...(target === undefined ? {} : { target }), ...(note ? { note } : {}),
      figures: { ours: ours.map(of), stock: stock.map(of), ...(ofPouch ? { pouch: pouch.map(ofPouch) } : {}) },
    });
    return [
      row(`2 × ${(doors / 2).toLocaleString('en')} offline edits until equal`, 'ms', 2_000, ({ ms }) => ms, ({ ms }) => ms, 'PouchDB: both stores and the hub in one page, no wire'),
      row('contents that differ afterwards', '', 0, ({ contents }) => differ(contents), ({ contents }) => differ(contents)),
      row('edits lost', '', 0, ({ contents }) => lostIn(contents[0], edits), ({ contents }) => lostIn(contents[0], edits)),
      row(`clashes listed, of ${(doors / 10).toLocaleString('en')}`, '', undefined, ({ contents }) => values.reduce((sum, value) => sum + (contents[0].listed[value] ?? 0), 0) / 2),
      row('bytes on the wire, both tablets', 'MB', 2.6, ({ up, down }) => megabytes(up + down), undefined, 'PouchDB used no wire here; 9.4 MB was measured over HTTP in the study behind the target'),
      row('of them to the tablets, if compressed', 'MB', 0.4, ({ downGzip }) => megabytes(downGzip), undefined, 'gzip of the stream as sent; frames to the server are masked and could only be compressed inside'),
      row('making the edits, offline', 'ms', undefined, ({ editMs }) => editMs),
    ];
  },
};
