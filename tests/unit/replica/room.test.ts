/** One room in memory: staging, retreat, what arrives. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { mergeStaged, Room } from '../../../src/replica/rooms/room.ts';
import { aFact } from '../../support/facts.ts';

const address = { community: 'shuangbai', family: 'roster' } as const;
const birth = aFact('lidev-1', { name: '海骏达', type: 'business' });
const change = aFact('lidev-2', { name: '海骏达集团' }, ['lidev-1'], { at: 2_000 });

test('[RO1] the live document holds a staged fact only once its bytes are applied', () => {
  const room = new Room(address);
  const staged = room.stage([birth]);
  expect(room.doc.getMap('facts').size).toBe(0);
  room.apply(staged.bytes, 'local');
  expect([...room.doc.getMap('facts').keys()]).toEqual(['lidev-1']);
  expect(Y.encodeStateVector(room.doc)).toEqual(Y.encodeStateVectorFromUpdate(staged.bytes));
});

test('[RO1] updates of one writer follow each other without a gap, also merged into one', () => {
  const room = new Room(address);
  const parts = [room.stage([birth]), room.stage([change])];
  const merged = mergeStaged(parts);
  const other = new Room(address);
  other.apply(merged?.bytes ?? new Uint8Array(), 'remote');
  expect(other.find('par_x')?.fields['name']).toBe('海骏达集团');
  expect(merged?.clockEnd).toBe(parts[1]?.clockEnd);
  expect(mergeStaged([])).toBeUndefined();
});

test('[RO2] the first value that arrives for a fact stays, and its record counts it once', () => {
  const room = new Room(address);
  room.apply(room.stage([birth]).bytes, 'local');
  const forged = new Y.Doc();
  forged.getMap('facts').set('lidev-1', JSON.stringify({ ...birth, set: { name: 'forged', type: 'business' } }));
  room.apply(Y.encodeStateAsUpdate(forged), 'remote');
  expect(room.factsOf('par_x')).toHaveLength(1);
  expect(room.find('par_x')?.fields['name']).toBe('海骏达');
});

test('[RO3] the next decision sees a staged change; a refused write takes it back and leaves no hole in the clock', () => {
  const room = new Room(address);
  room.apply(room.stage([birth]).bytes, 'local');
  room.stage([change]);
  expect(room.find('par_x')?.heads).toEqual(['lidev-2']);
  room.retreat();
  expect(room.find('par_x')?.heads).toEqual(['lidev-1']);
  expect(room.has('lidev-2')).toBe(false);
  const again = room.stage([aFact('lidev-3', { name: '再来' }, ['lidev-1'], { at: 3_000 })]);
  const fresh = new Y.Doc();
  Y.applyUpdate(fresh, again.bytes);
  expect(fresh.store.pendingStructs).toBeNull();
  expect([...fresh.getMap('facts').keys()]).toEqual(['lidev-3']);
});

test('[RO3] a record that only a refused write knew is gone', () => {
  const room = new Room(address);
  room.stage([birth]);
  room.retreat();
  expect([...room.records()]).toEqual([]);
  expect(room.find('par_x')).toBeUndefined();
});

test('[RP6] what arrives and is no fact is set aside, and the rest of the room goes on', () => {
  const room = new Room(address);
  const peer = new Y.Doc();
  const facts = peer.getMap('facts');
  facts.set('peer-1', 'no json');
  facts.set('peer-2', JSON.stringify({ record: 'par_y', kind: 'partner', base: [], set: { __proto__x: 1 }, by: 'per_a', at: 1 }));
  const { id: _id, ...body }: Fact = { ...birth, record: 'par_z' };
  facts.set('peer-3', JSON.stringify(body));
  const change = room.apply(Y.encodeStateAsUpdate(peer), 'remote');
  expect(change.malformed.map((each) => each.id).sort()).toEqual(['peer-1', 'peer-2']);
  expect([...change.records]).toEqual(['par_z']);
  const reopened = new Room(address);
  facts.set('peer-4', 'null');
  facts.set('peer-5', '{}');
  reopened.apply(Y.encodeStateAsUpdate(peer), 'journal');
  expect(reopened.find('par_z')?.fields['name']).toBe('海骏达');
  expect([...reopened.records()].every((record) => record.startsWith('par_'))).toBe(true);
});

test('[BF4] facts of a file are shown and decided on and never leave over the wire; what the wire says takes their place', () => {
  const [here, there] = [new Room(address), new Room(address)];
  const born = { id: 'anna-0', record: 'par_a', kind: 'partner', base: [], set: { name: '好吃兔' }, by: 'per_anna', at: 1 };
  here.bring(born);
  expect(here.find('par_a')?.fields).toEqual({ name: '好吃兔' });
  expect([here.has('anna-0'), here.knows('anna-0', 'par_a'), here.holds('anna-0')]).toEqual([true, true, false]);
  // A save that the journal refused takes back itself, and not what a file brought.
  here.stage([{ id: 'hedev-1', record: 'par_a', kind: 'partner', base: ['anna-0'], set: { note: 'x' }, by: 'per_he', at: 2 }]);
  here.retreat();
  expect(here.find('par_a')?.fields).toEqual({ name: '好吃兔' });
  there.apply(here.encode(), 'remote');
  expect(there.find('par_a')).toBeUndefined();

  // Its author signed two versions of the same fact: the one that the server took is shown.
  const taken = there.apply(there.stage([{ ...born, set: { name: '好吃兔饭店' } }]).bytes, 'local');
  expect([...taken.known]).toEqual([]);
  const change = here.apply(there.encode(), 'remote');
  expect([[...change.known], [...change.records], here.holds('anna-0')]).toEqual([['anna-0'], ['par_a'], true]);
  expect(here.find('par_a')?.fields).toEqual({ name: '好吃兔饭店' });
  expect(here.factsOf('par_a')).toHaveLength(1);
  expect([...here.withdraw(['anna-0'])]).toEqual([]);
});

test('[RO5] from the erasure on a room shows nothing of whom it erases, keeps what may stay, and names the records that changed', () => {
  const people = { community: 'shuangbai', family: 'people', grid: 'g1' } as const;
  const resident = (id: string, record: string, name: string) => aFact(id, { grid: 'g1', household: 'hou_1', name }, [], { record, kind: 'resident' });
  const volunteer = aFact('lidev-3', { grid: 'g1', number: 'SBAA01', name: '张桂芳' }, [], { record: 'vol_SBAA01', kind: 'volunteer' });
  const erasure = (id: string, about: string) => aFact(id, { grid: 'g1', about, doors: [], why: 'asked', on: '2026-05-12' }, [], { record: `era_${about}`, kind: 'erasure' });
  const room = new Room(people);
  room.apply(room.stage([resident('lidev-1', 'res_1', '周大爷'), resident('lidev-2', 'res_2', '吴阿姨'), volunteer]).bytes, 'local');
  expect(room.find('res_1')?.fields['name']).toBe('周大爷');
  const staged = room.stage([erasure('hedev-1', 'res_1'), erasure('hedev-2', 'vol_SBAA01')]);
  expect(room.find('res_1')).toBeUndefined();
  const { records } = room.apply(staged.bytes, 'local');
  expect([...records].sort()).toEqual(['era_res_1', 'era_vol_SBAA01', 'res_1', 'vol_SBAA01']);
  expect(room.factsOf('res_1')).toEqual([]);
  expect(room.find('res_2')?.fields['name']).toBe('吴阿姨');
  expect(room.find('vol_SBAA01')?.fields).toEqual({ grid: 'g1', number: 'SBAA01', name: 'SBAA01' });
  expect([...room.every('resident')].map(({ record }) => record)).toEqual(['res_2']);
});

test('[RO5] an erasure that the journal refused has erased nobody', () => {
  const room = new Room({ community: 'shuangbai', family: 'people', grid: 'g1' });
  room.apply(room.stage([aFact('lidev-1', { grid: 'g1', household: 'hou_1', name: '周大爷' }, [], { record: 'res_1', kind: 'resident' })]).bytes, 'local');
  room.stage([aFact('hedev-1', { grid: 'g1', about: 'res_1', doors: [], why: 'asked', on: '2026-05-12' }, [], { record: 'era_res_1', kind: 'erasure' })]);
  room.retreat();
  expect(room.find('res_1')?.fields['name']).toBe('周大爷');
});
