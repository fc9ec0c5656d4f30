/** The registry without a wire: the log's chain, one change at a time, limits, what the rosters are told. */
import { expect, test } from 'vitest';
import { createAuthority } from '../../../server/authority/authority.ts';
import { createEraser } from '../../../server/erasure/eraser.ts';
import { openAudit } from '../../../server/identity/audit.ts';
import { createAttempts, attemptWindowMs } from '../../../server/identity/attempts.ts';
import { newCode } from '../../../server/identity/codes.ts';
import { openContacts } from '../../../server/identity/contacts.ts';
import { openRegistry, type Registry } from '../../../server/identity/registry.ts';
import { createReview } from '../../../server/identity/review.ts';
import { seatKey, type DeviceRecord } from '../../../server/identity/records.ts';
import { createRooms } from '../../../server/rooms/rooms.ts';
import { StorageError, type Storage } from '../../../server/storage/contract.ts';
import { openMemoryStorage } from '../../../server/storage/memory.ts';
import { encodeFact, type Fields } from '../../../src/domain/kernel/fact.ts';
import { ok } from '../../../src/domain/kernel/result.ts';
import { codePattern, type Person } from '../../../src/protocol/identity.ts';
import { encodeRuns } from '../../../src/protocol/updateCodec.ts';

const person = (id: string): Person => ({ id, community: 'c1', name: id, role: 'gridWorker', grids: [], partners: [], substitutions: [], active: true, since: 1 });
const line = (on: string) => ({ community: 'c1', by: 'operator', act: 'test', on, detail: { why: '…' } });
const keep = (registry: Registry, id: string) => registry.change(() => ok({ change: { people: [person(id)], audit: line(id) }, answer: id }));
const hex = '0'.repeat(64);
const device: DeviceRecord = {
  tag: 'lost1', tablet: 'abcdabcdabcdabcd', label: 'x', person: 'per_a', state: 'revoked', joinedAt: 1, endedAt: 2, community: 'c1',
  key: { x: 'AA', y: 'AA' }, codeHash: hex, half: hex, recoveryHalf: hex,
};

async function threeLines(): Promise<{ storage: Storage; lines: Map<string, string> }> {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  for (const id of ['per_a', 'per_b', 'per_c']) await keep(registry, id);
  return { storage, lines: new Map(await storage.entries('identity/audit')) };
}

/** A disk that holds these values instead. */
async function diskOf(values: ReadonlyMap<string, string>): Promise<Storage> {
  const storage = openMemoryStorage();
  await storage.putAll(values);
  return storage;
}

test('[IA1] an act that stands in two logs is two lines of the one chain, written together', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  await registry.change(() => ok({ change: { audit: line('a'), elsewhere: [{ ...line('b'), community: 'c2' }] }, answer: null }));
  await keep(registry, 'per_a');
  const again = await openAudit(storage);
  expect(again.list('', 10).map(({ seq, community, on }) => [seq, community, on])).toEqual([[3, 'c1', 'per_a'], [2, 'c2', 'b'], [1, 'c1', 'a']]);
});

test('[IA1] a line that was changed, taken out, added, swapped or cut off is noticed; an untouched log is not', async () => {
  const { lines } = await threeLines();
  expect((await openAudit(await diskOf(lines))).list('c1', 10).map(({ on }) => on)).toEqual(['per_c', 'per_b', 'per_a']);
  expect((await openAudit(await diskOf(lines))).list('elsewhere', 10)).toEqual([]);
  const [head = '', one = '', two = '', three = ''] = [...lines.keys()].sort();
  expect(head).toBe('identity/audit-head');
  const attacks: readonly ((values: Map<string, string>) => void)[] = [
    (values) => values.set(two, (values.get(two) ?? '').replace('per_b', 'per_x')),
    (values) => values.set(one, (values.get(one) ?? '').replace('operator', 'per_y')),
    (values) => values.delete(two),
    (values) => values.delete(three),
    (values) => values.delete(head),
    (values) => values.set('identity/audit/000000000004', values.get(three) ?? ''),
    (values) => values.set(one, values.get(two) ?? '').set(two, lines.get(one) ?? ''),
  ];
  for (const [index, attack] of attacks.entries()) {
    const values = new Map(lines);
    attack(values);
    await expect(openAudit(await diskOf(values)), String(index)).rejects.toMatchObject({ fault: 'damaged' });
  }
});

test('[IA1, IA2] an act and its line are one write: what the disk refused is in neither, and the next one follows', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  await keep(registry, 'per_a');
  const { putAll } = storage;
  const writes: number[] = [];
  storage.putAll = async (entries) => {
    writes.push(entries.size);
    throw new StorageError('full', 'no space left');
  };
  await expect(keep(registry, 'per_b')).rejects.toMatchObject({ fault: 'full' });
  storage.putAll = putAll;
  await keep(registry, 'per_c');
  expect(writes).toEqual([3]);
  const again = await openRegistry(storage, () => 5, () => undefined);
  for (const each of [registry, again]) {
    expect([...each.state.people.values()].map(({ id }) => id)).toEqual(['per_a', 'per_c']);
    expect(each.audit.list('', 10).map(({ on, seq }) => [on, seq])).toEqual([['per_c', 2], ['per_a', 1]]);
  }
});

test('[IA2] of two decisions at the same moment the second sees what the first one made', async () => {
  const registry = await openRegistry(openMemoryStorage(), () => 5, () => undefined);
  const once = () => registry.change((state) => ok(state.people.has(seatKey(person('per_a'))) ? { answer: 'there' } : { change: { people: [person('per_a')], audit: line('per_a') }, answer: 'made' }));
  const answers = await Promise.all([once(), once(), once()]);
  expect(answers.map((answer) => answer.ok && answer.value)).toEqual(['made', 'there', 'there']);
});

test('[IR7] a device hands over five thousand facts and no more; what is no fact of its own is not kept', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  const review = createReview(registry, rooms, () => 5);
  const fact = (number: number) => ({ room: 'v1/c1/roster', id: `lost1-${number.toString(36)}`, json: '{}' });
  expect(await review.handOver(device, [{ ...fact(0), id: 'other-1' }, { ...fact(0), id: 'rubbish' }, fact(0)])).toEqual(['lost1-0']);
  let kept = 1;
  for (let from = 1; from < 5_100; from += 200) kept += (await review.handOver(device, Array.from({ length: 200 }, (_, index) => fact(from + index)))).length;
  expect([kept, review.list('c1').length]).toEqual([5_000, 5_000]);
  const big = { ...device, tag: 'big01' };
  const heavy = await review.handOver(big, Array.from({ length: 200 }, (_, index) => ({ room: 'v1/c1/roster', id: `big01-${index.toString(36)}`, json: 'x'.repeat(100_000) })));
  expect(heavy.length).toBe(Math.floor((16 * 1_048_576) / 100_000));
}, 60_000);

test('[IR6] what is no fact, another person\'s, of another community or a ledger is not taken', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  const review = createReview(registry, rooms, () => 5);
  const good = { record: 'grd_g1', kind: 'grid', base: [], set: { code: 'g1', name: 'g1' }, by: 'per_a', at: 5 };
  const handed = [
    ['v1/c1/roster', 'rubbish'], ['v1/c1/roster', JSON.stringify({ ...good, by: 'per_b' })], ['v1/c2/roster', JSON.stringify(good)], ['v1/c1/ledger/2026-05', JSON.stringify(good)],
    ['nowhere', JSON.stringify(good)], ['v1/c1/roster', JSON.stringify({ ...good, kind: 'nonsense' })], ['v1/c1/roster', JSON.stringify({ ...good, set: { code: 'g1' } })], ['v1/c1/roster', JSON.stringify(good)],
  ] as const;
  await review.handOver(device, handed.map(([room, json], index) => ({ room, json, id: `lost1-${index}` })));
  let mayAct = true;
  const decide = (index: number, community = 'c1') => review.decide({ by: 'per_he', community }, { act: 'review', fact: `lost1-${index}`, decision: 'take', reason: 'x' }, () => mayAct);
  for (let index = 0; index < handed.length - 1; index += 1) expect(await decide(index), String(index)).toEqual({ ok: false, error: 'not-allowed' });
  expect(await decide(7, 'elsewhere')).toEqual({ ok: false, error: 'unknown' });
  mayAct = false;
  expect(await decide(7)).toEqual({ ok: false, error: 'not-allowed' });
  mayAct = true;
  expect(await decide(7)).toEqual({ ok: true, value: { ok: true } });
  expect((await rooms.open({ community: 'c1', family: 'roster' })).facts.folded('grd_g1')).toMatchObject({ fields: good.set, heads: ['lost1-7'], changedBy: 'per_a', changedAt: 5 });
});

test('[AU18] what is declared again adds nothing; what has changed is based on all that stands', async () => {
  const storage = openMemoryStorage();
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  const authority = createAuthority({ storage, rooms, now: () => 5, log: { info: () => undefined, error: () => undefined } });
  const address = { community: 'c1', family: 'roster' } as const;
  const declare = (name: string) => authority.declare(address, 'staff', 'per_a', { name, role: 'gridWorker', grids: ['g1'], partners: [] });
  await declare('李工');
  await declare('李工');
  const room = await rooms.open(address);
  expect(room.facts.factsOf('per_a').map(({ set }) => set)).toEqual([{ name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] }]);
  await Promise.all([declare('李晓'), declare('李晓')]);
  expect(room.facts.factsOf('per_a').map(({ set }) => set).slice(1)).toEqual([{ name: '李晓' }]);
  expect(room.facts.folded('per_a')?.heads.length).toBe(1);
  await authority.stop();
});

test('[IR8] rooms and contacts outlive a restart once they were flushed, and are bounded by forgetting the longest unused', async () => {
  const storage = openMemoryStorage();
  let now = 10;
  const contacts = await openContacts(storage, () => now);
  contacts.opened('tag1', 'a');
  contacts.opened('tag1', 'b');
  now = 20;
  contacts.opened('tag1', 'a');
  contacts.holds('tag1', { saved: 3, refused: 1 });
  await contacts.flush();
  expect((await openContacts(storage, () => now)).of('tag1')).toEqual({ lastContactAt: 20, unsent: { saved: 3, refused: 1 }, rooms: [{ room: 'b', at: 10 }, { room: 'a', at: 20 }] });
  for (let count = 0; count < 2_000; count += 1) contacts.opened('tag1', `r${count}`);
  const { rooms } = contacts.of('tag1');
  expect([rooms.length, rooms.some(({ room }) => room === 'a' || room === 'b')]).toEqual([2_000, false]);
  const { putAll } = storage;
  storage.putAll = () => Promise.reject(new StorageError('full', 'no space left'));
  await expect(contacts.flush()).rejects.toMatchObject({ fault: 'full' });
  storage.putAll = putAll;
  await contacts.flush();
  expect((await openContacts(storage, () => now)).of('tag1').rooms.length).toBe(2_000);
});

test('[IE4] a wrong code is forgotten after ten minutes', () => {
  let now = 0;
  const attempts = createAttempts(() => now);
  for (let count = 0; count < 10; count += 1) {
    expect(attempts.wait('a', false)).toBe(0);
    attempts.failed('a');
    now += 1_000;
  }
  expect([attempts.wait('a', false), attempts.wait('b', false)]).toEqual([attemptWindowMs - 10_000, 0]);
  now = attemptWindowMs;
  expect(attempts.wait('a', false)).toBe(0);
});

test('[IE1] codes are twelve letters of chance', () => {
  const codes = Array.from({ length: 500 }, newCode);
  expect(codes.every((code) => codePattern.test(code))).toBe(true);
  expect(new Set(codes).size).toBe(500);
  expect(new Set(codes.join('')).size).toBe(32);
});

test('[IR4, IR5] what was stated before a move and handed over after it is for the supervisors of the community of then', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  await registry.change(() => ok({ change: { people: [{ ...person('per_a'), community: 'c0', active: false }, person('per_a')], audit: line('per_a') }, answer: null }));
  const review = createReview(registry, rooms, () => 5);
  const grid = (code: string) => JSON.stringify({ record: `grd_${code}`, kind: 'grid', base: [], set: { code, name: code }, by: 'per_a', at: 5 });
  await review.handOver(device, [
    { room: 'v1/c0/roster', id: 'lost1-0', json: grid('g0') }, { room: 'v1/c1/roster', id: 'lost1-1', json: grid('g1') }, { room: 'v1/c9/roster', id: 'lost1-2', json: grid('g2') },
  ]);
  const facts = (community: string) => review.list(community).map(({ fact }) => fact);
  expect([facts('c0'), facts('c1'), facts('c9')]).toEqual([['lost1-0'], ['lost1-1', 'lost1-2'], []]);
  const take = (community: string, fact: string) => review.decide({ by: 'per_he', community }, { act: 'review', fact, decision: 'take', reason: 'x' }, () => true);
  expect(await take('c0', 'lost1-0')).toEqual({ ok: true, value: { ok: true } });
  expect(await take('c1', 'lost1-2')).toEqual({ ok: false, error: 'not-allowed' });
  expect((await rooms.open({ community: 'c0', family: 'roster' })).facts.folded('grd_g0')?.changedBy).toBe('per_a');
});

test('[ER8] what a stopped tablet handed over loses whom the room has erased, and what it hands over later does, too', async () => {
  const storage = openMemoryStorage();
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: () => undefined, onCommit: () => undefined });
  const registry = await openRegistry(storage, () => 5, () => undefined);
  const review = createReview(registry, rooms, () => 5);
  const address = { community: 'c1', family: 'people', grid: 'g1' } as const;
  const room = 'v1/c1/people/g1';
  const json = (record: string, kind: string, set: Fields, base: string[] = []): string => encodeFact({ id: '', record, kind, base, set, by: 'per_a', at: 1 });
  const resident = json('res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '欧阳修竹' });
  const neighbour = json('res_2', 'resident', { grid: 'g1', household: 'hou_1', name: '司马相如' });
  const keptTexts = async (): Promise<string> => [...(await storage.entries('')).values()].join();
  expect(await review.handOver(device, [{ room, id: 'lost1-1', json: resident }, { room, id: 'lost1-2', json: neighbour }])).toEqual(['lost1-1', 'lost1-2']);
  expect(await keptTexts()).toContain('欧阳修竹');

  const erasure = json('era_res_1', 'erasure', { grid: 'g1', about: 'res_1', doors: ['hou_1'], why: 'asked', on: '2026-05-12' });
  await storage.append([{ room, after: 0, updates: [{ bytes: encodeRuns([{ client: 7, clock: 0, cells: [{ id: 'hedev-1', json: erasure }] }]), device: 'hedev', person: 'per_he', at: 1 }], clients: [[7, 'hedev']] }]);
  const again = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: () => undefined, onCommit: () => undefined });
  await review.forget(await again.open(address));
  expect(await keptTexts()).not.toContain('欧阳修竹');
  expect(await keptTexts()).toContain('司马相如');

  const late = createReview(registry, again, () => 5);
  // Named, so that the tablet lets go of it, and not kept.
  expect(await late.handOver(device, [{ room, id: 'lost1-3', json: json('res_1', 'resident', { name: '欧阳修竹' }, ['lost1-1']) }])).toEqual(['lost1-3']);
  expect(await keptTexts()).not.toContain('欧阳修竹');
});

test('[ER6, ER7, PH8] an erasure takes the photos of the door along, and asked again it does nothing', async () => {
  const storage = openMemoryStorage();
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: () => undefined, onCommit: () => undefined });
  const log = { info: () => undefined, error: () => undefined };
  const authority = createAuthority({ storage, rooms, now: () => 5, log });
  const at = Date.UTC(2026, 4, 12);
  const removed: (readonly string[])[] = [];
  const eraser = createEraser({
    storage, rooms, now: () => at, log, declare: (...declared) => authority.declare(...declared), forgetReviewed: () => Promise.resolve(),
    removePhotos: (_community, photos) => Promise.resolve(void removed.push(photos)),
  });
  const [theirs, others] = ['a'.repeat(64), 'b'.repeat(64)];
  const json = (record: string, kind: string, set: Fields): string => encodeFact({ id: '', record, kind, base: [], set, by: 'per_a', at: at - 1 });
  const put = (room: string, client: number, cells: readonly { id: string; json: string }[]) =>
    storage.append([{ room, after: 0, updates: [{ bytes: encodeRuns([{ client, clock: 0, cells }]), device: 'adev', person: 'per_a', at: 1 }], clients: [[client, 'adev']] }]);
  const visit = (id: string, household: string, photos: readonly string[]) => ({ id, json: json(`vis_00000${id}`, 'visit', { grid: 'g1', household, visitedAt: at, outcome: 'met', note: '欧阳修竹', photos }) });
  await put('v1/c1/visits/g1/2026-05', 7, [visit('adev-1', 'hou_1', [theirs, others]), visit('adev-2', 'hou_2', [others])]);
  await put('v1/c1/people/g1', 8, [{ id: 'adev-3', json: json('era_res_1', 'erasure', { grid: 'g1', about: 'res_1', doors: ['hou_1'], why: 'asked', on: '2026-05-12' }) }]);
  await eraser.catchUp();
  expect(removed).toEqual([[theirs]]);
  const { snapshot = new Uint8Array(), head } = await storage.openRoom('v1/c1/visits/g1/2026-05');
  expect(Buffer.from(snapshot).toString().match(/欧阳修竹/g)).toHaveLength(1);
  await eraser.catchUp();
  expect(removed).toHaveLength(1);
  expect((await storage.openRoom('v1/c1/visits/g1/2026-05')).head).toBe(head);
  await eraser.stop();
  await authority.stop();
});
