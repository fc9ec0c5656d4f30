/** What may be one is found as it arrives, kept over a restart, and goes with its records. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { pairId, partnerPairId } from '../../../src/domain/duplicates/schema.ts';
import type { Fields } from '../../../src/domain/kernel/fact.ts';
import type { LikelyRow } from '../../../src/replica/contract.ts';
import { openProjection, type Projection } from '../../../src/replica/projection/database.ts';
import { Likely } from '../../../src/replica/projection/likely.ts';
import { SimilarIndex } from '../../../src/replica/projection/similar.ts';
import { Room } from '../../../src/replica/rooms/room.ts';
import { aFact } from '../../support/facts.ts';

let nth = 0;
let fact = 0;
let open: { readonly projection: Projection; readonly likely: Likely }[] = [];
afterEach(async () => {
  for (const { projection, likely } of open) {
    await likely.close();
    await projection.close();
  }
  open = [];
});

/** A tablet's part that compares, over rooms of its own; told of each change as the shelf tells. */
async function tablet({ name = `likely${(nth += 1)}`, office = true, rooms = [] as Room[] } = {}) {
  const projection = await openProjection(name);
  const similar = new SimilarIndex();
  const seqs = new Map<string, number>(rooms.map((room) => [room.name, 1]));
  const compared = vi.spyOn(similar, 'like');
  const likely = new Likely({
    projection, similar, wanted: () => office, rooms: () => rooms.map((room) => ({ room, seq: seqs.get(room.name) ?? 0 })),
    fail: (error) => expect.unreachable(String(error)),
  });
  open.push({ projection, likely });
  for (const room of rooms) likely.join(room, seqs.get(room.name) ?? 0);
  likely.start();
  return {
    likely, compared, projection,
    state(room: Room, record: string, kind: string, set: Fields): void {
      stateIn(room, record, kind, set);
      const seq = (seqs.get(room.name) ?? 0) + 1;
      seqs.set(room.name, seq);
      for (const index of [similar, likely]) index.update(record, room.find(record), room, seq);
    },
    pairs: async (): Promise<LikelyRow[]> => (await (await projection.side('likely')).find().exec()).map((row) => row.toJSON() as LikelyRow).filter(({ kind }) => kind !== ''),
  };
}

function stateIn(room: Room, record: string, kind: string, set: Fields): void {
  room.apply(room.stage([aFact(`lidev-${(fact += 1).toString(36)}`, set, room.find(record)?.heads ?? [], { record, kind })]).bytes, 'local');
}

const people = (grid = 'g1'): Room => new Room({ community: 'shuangbai', family: 'people', grid });
const roster = (): Room => new Room({ community: 'shuangbai', family: 'roster' });

test('[DU15] what arrives is compared with what is there: volunteers, residents, partners, buildings and doors', async () => {
  const [room, list] = [people(), roster()];
  const { state, pairs } = await tablet({ rooms: [room, list] });
  state(room, 'vol_A1', 'volunteer', { grid: 'g1', number: 'A1', name: '李秀兰' });
  state(room, 'vol_B1', 'volunteer', { grid: 'g1', number: 'B1', name: '李秀蓝' });
  state(room, 'res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '王芳' });
  state(room, 'res_2', 'resident', { grid: 'g1', household: 'hou_1', name: '王方' });
  state(list, 'par_1', 'partner', { name: '海骏达集团' });
  state(list, 'par_2', 'partner', { name: '海骏达集体' });
  // Two tablets named one building in two ways and wrote down the same door behind each.
  state(room, 'bld_1', 'building', { grid: 'g1', courtyard: '竹苑', name: '3栋' });
  state(room, 'bld_2', 'building', { grid: 'g1', courtyard: '竹苑', name: '3号楼' });
  state(room, 'hou_1', 'household', { grid: 'g1', building: 'bld_1', unit: 2, floor: 5, door: '501' });
  state(room, 'hou_2', 'household', { grid: 'g1', building: 'bld_2', unit: 2, floor: 5, door: '501室' });
  state(room, 'hou_3', 'household', { grid: 'g1', building: 'bld_1', unit: 2, floor: 5, door: '502' });
  await vi.waitFor(async () => expect((await pairs()).map(({ id }) => id).sort()).toEqual(
    [pairId('vol_A1', 'vol_B1'), pairId('res_1', 'res_2'), partnerPairId('par_1', 'par_2'), pairId('bld_1', 'bld_2'), pairId('hou_1', 'hou_2')].sort(),
  ));
  expect((await pairs()).find(({ kind }) => kind === 'resident')).toMatchObject({ one: 'res_1', other: 'res_2', reasons: ['sound', 'door'], room: room.name });
});

test('[DU15] a door follows the name of its building', async () => {
  const room = people();
  const { state, pairs } = await tablet({ rooms: [room] });
  state(room, 'bld_1', 'building', { grid: 'g1', courtyard: '竹苑', name: '3栋' });
  state(room, 'bld_2', 'building', { grid: 'g1', courtyard: '竹苑', name: '4栋' });
  state(room, 'hou_1', 'household', { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door: '101' });
  state(room, 'hou_2', 'household', { grid: 'g1', building: 'bld_2', unit: 1, floor: 1, door: '101' });
  state(room, 'bld_2', 'building', { name: '3号楼' });
  await vi.waitFor(async () => expect(await pairs()).toHaveLength(2));
  state(room, 'bld_2', 'building', { name: '5栋' });
  await vi.waitFor(async () => expect(await pairs()).toEqual([]));
});

test('[DU16] a pair goes when one of the two is corrected, deleted or gone, and with its room', async () => {
  const room = people();
  const { likely, state, pairs } = await tablet({ rooms: [room] });
  state(room, 'res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '王芳' });
  state(room, 'res_2', 'resident', { grid: 'g1', household: 'hou_1', name: '王方' });
  await vi.waitFor(async () => expect(await pairs()).toHaveLength(1));
  state(room, 'res_2', 'resident', { household: 'hou_9' });
  await vi.waitFor(async () => expect(await pairs()).toEqual([]));
  state(room, 'res_2', 'resident', { household: 'hou_1' });
  await vi.waitFor(async () => expect(await pairs()).toHaveLength(1));
  state(room, 'res_1', 'resident', { deleted: true });
  await vi.waitFor(async () => expect(await pairs()).toEqual([]));
  state(room, 'res_1', 'resident', { deleted: false });
  await vi.waitFor(async () => expect(await pairs()).toHaveLength(1));
  likely.leave(room);
  await vi.waitFor(async () => expect(await pairs()).toEqual([]));
});

test('[DU15] opened anew, nothing is compared twice, and what lies past the mark is compared', async () => {
  const room = people();
  const name = `likely${(nth += 1)}`;
  const first = await tablet({ name, rooms: [room] });
  first.state(room, 'res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '王芳' });
  first.state(room, 'res_2', 'resident', { grid: 'g1', household: 'hou_1', name: '王方' });
  await vi.waitFor(async () => expect(await first.pairs()).toHaveLength(1));
  const close = async ({ likely, projection }: { likely: Likely; projection: Projection }) => {
    await likely.close();
    await projection.close();
    open = open.filter((each) => each.likely !== likely);
  };
  await close(first);
  const again = await tablet({ name, rooms: [room] });
  again.state(people('g2'), 'res_9', 'resident', { grid: 'g2', household: 'hou_2', name: '李' });
  await vi.waitFor(() => expect(again.compared).toHaveBeenCalledWith('resident', 'res_9', expect.anything()));
  expect(again.compared.mock.calls.map(([, record]) => record)).not.toContain('res_1');
  expect(await again.pairs()).toHaveLength(1);
  await close(again);
  // Killed after the journal had it and before it was compared.
  stateIn(room, 'res_3', 'resident', { grid: 'g1', household: 'hou_1', name: '王房' });
  const third = await tablet({ name, rooms: [room] });
  third.likely.join(room, 99);
  await vi.waitFor(async () => expect((await third.pairs()).length).toBeGreaterThan(1));
});

test('[DU15] only whoever may merge compares', async () => {
  const room = people();
  const { state, compared } = await tablet({ office: false, rooms: [room] });
  state(room, 'res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '王芳' });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(compared).not.toHaveBeenCalled();
});

test('[DU15] a list of thousands is made in slices: what waits has its turn in between', async () => {
  const room = roster();
  for (let index = 0; index < 3_000; index += 1) stateIn(room, `par_${index}`, 'partner', { name: `海骏达${index}咖啡` });
  const similar = new SimilarIndex();
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const ready = similar.prepare('partner', () => [room]);
  // What is stated meanwhile is on the list at once.
  stateIn(room, 'par_new', 'partner', { name: '渔夫小镇' });
  similar.update('par_new', room.find('par_new'), room);
  expect(similar.find('partner', { name: '鱼夫小镇' }, 3).map(({ id }) => id)).toEqual(['par_new']);
  await ready;
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(2);
  expect(similar.find('partner', { name: '海骏达2999咖啡' }, 1)).toMatchObject([{ id: 'par_2999', score: 1 }]);
});
