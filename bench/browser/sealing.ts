/** The same tablet twice in one page, with a data key and without one, turn by turn; nothing but that differs. No server. */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Seating } from '../../src/replica/contract.ts';
import { openJournalDatabase } from '../../src/replica/journal/database.ts';
import { openReader, openReplica, type OpenedReplica } from '../../src/replica/open.ts';
import type { SealingTimes } from '../calls.ts';
import { rest, rounds, timed, when } from './clock.ts';
import { listLength } from './store.ts';

const note = '老人独居，腿脚不便，药放在鞋柜上面第二格，周三女儿来；门铃坏了要敲门，下次带血压计。';
const batch = 50;

interface Twin {
  readonly seating: Seating;
  readonly replica: OpenedReplica;
  building: string;
  readonly doors: string[];
}

async function sitDown(name: string, tag: string, dataKey: CryptoKey | undefined, fail: (error: unknown) => void): Promise<Twin> {
  const actor: Actor = { person: 'per_bench', role: 'gridWorker', community: 'bench', grids: ['g1'], partners: [], device: tag };
  const journal = await openJournalDatabase(name);
  await journal.device.put({ key: 'identity', value: { tag, secret: '0'.repeat(32) } });
  await journal.device.put({ key: 'known', value: { actor, communityGrids: ['g1'] } as never });
  journal.close();
  const seating: Seating = { replica: name, seat: tag, server: location.origin, ...(dataKey ? { enrolled: { tag, dataKey } } : {}) };
  const replica = await openReplica(seating, fail);
  const opened = await replica.calls.open(seating);
  if (!opened.ok) throw new Error(`could not sit down: ${opened.error}`);
  await replica.calls.cutWire(true);
  return { seating, replica, building: '', doors: [] };
}

async function done({ replica }: Twin, command: string, input: unknown): Promise<string> {
  const saved = await replica.calls.run(crypto.randomUUID(), command, input);
  if (!saved.ok) throw new Error(`not saved: ${JSON.stringify(saved.error)}`);
  return saved.value.facts[0]?.ref.record ?? '';
}

const visit = (twin: Twin, nth: number): Promise<string> =>
  done(twin, 'recordVisit', { grid: 'g1', household: twin.doors[nth % twin.doors.length], visitedAt: Date.now() - nth, outcome: 'met', note: `${nth} ${note}` });

async function fill(twin: Twin, doors: number, visits: number): Promise<void> {
  twin.building = await done(twin, 'addBuilding', { grid: 'g1', name: '1栋' });
  for (let from = 0; from < doors; from += batch)
    twin.doors.push(...(await Promise.all(Array.from({ length: Math.min(batch, doors - from) }, (_each, index) =>
      done(twin, 'addHousehold', { grid: 'g1', building: twin.building, unit: 1, floor: 1 + Math.floor((from + index) / 50), door: String(from + index), hint: note })))));
  for (let from = 0; from < visits; from += batch) await Promise.all(Array.from({ length: batch }, (_each, index) => visit(twin, from + index)));
}

async function coldLists({ seating }: Twin, doors: number, fail: (error: unknown) => void): Promise<{ first: number; all: number }> {
  const from = performance.now();
  const reader = await openReader(seating.replica, fail, seating.enrolled?.dataKey);
  await when(reader.list('people', { kind: 'household', limit: listLength }), (rows) => rows.length > 0);
  const first = performance.now() - from;
  const all = await timed(() => when(reader.list('people', { kind: 'household' }), (rows) => rows.length === doors));
  await reader.close();
  return { first, all };
}

/** Until a history can be told, for which its room has to be read from the journal whole. */
async function coldRoom({ seating, building }: Twin, fail: (error: unknown) => void): Promise<number> {
  const replica = await openReplica(seating, fail);
  const ms = await timed(async () => {
    await replica.calls.open(seating);
    const told = await replica.calls.history({ room: { community: 'bench', family: 'people', grid: 'g1' }, record: building });
    if (told.length !== 1) throw new Error('nothing was read');
  });
  await replica.close();
  return ms;
}

export async function sealing(doors: number, visits: number, saves: number, opens: number, fail: (error: unknown) => void): Promise<SealingTimes> {
  const dataKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const clear = await sitDown('twin-clear', 'clear00', undefined, fail);
  const sealed = await sitDown('twin-sealed', 'sealed0', dataKey, fail);
  const twins = { clear, sealed } as const;
  const times = { clear: noTimes(), sealed: noTimes() };
  for (const name of ['clear', 'sealed'] as const) times[name].fill.push(await timed(() => fill(twins[name], doors, visits)));
  const blocks = 10;
  for (let block = 0; block < blocks; block += 1)
    for (const name of ['clear', 'sealed'] as const)
      times[name].save.push(...(await rounds(Math.ceil(saves / blocks), (round) => visit(twins[name], visits + block * saves + round))));
  await rest(1_000);
  for (const { replica } of [clear, sealed]) await replica.close();
  for (let open = 0; open < opens; open += 1)
    for (const name of ['clear', 'sealed'] as const) {
      const { first, all } = await coldLists(twins[name], doors, fail);
      times[name].firstList.push(first);
      times[name].wholeList.push(all);
      times[name].room.push(await coldRoom(twins[name], fail));
      await rest(100);
    }
  return times;
}

const noTimes = (): { [Name in keyof SealingTimes['clear']]: number[] } => ({ fill: [], save: [], firstList: [], wholeList: [], room: [] });
