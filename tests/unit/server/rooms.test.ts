/** Rooms between gate and disk, with a disk that waits or fails when it is told to. */
import { expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { readPeerMessage } from '../../../server/rooms/messages.ts';
import { createOutgoing } from '../../../server/rooms/outgoing.ts';
import { createAllowance, restMaxMs } from '../../../server/rooms/limits.ts';
import type { Listener, Room } from '../../../server/rooms/room.ts';
import { createRooms, type Rooms } from '../../../server/rooms/rooms.ts';
import { StorageError } from '../../../server/storage/contract.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { updateMaxBytes } from '../../../src/protocol/messages.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { Author } from '../../support/author.ts';
import { otherWorker, visitsOf, worker } from '../../support/community.ts';
import { FaultyStorage } from '../../support/faultyStorage.ts';

interface World {
  readonly storage: FaultyStorage;
  readonly rooms: Rooms;
  readonly faults: StorageError[];
  readonly noticed: Fact[];
}
function world(idleMs = 0): World {
  const storage = new FaultyStorage();
  const faults: StorageError[] = [];
  const noticed: Fact[] = [];
  const rooms = createRooms({
    storage, now: () => 1, idleMs, onCommit: () => undefined,
    onFacts: (_room, facts) => noticed.push(...facts),
    onFault: (fault) => faults.push(fault),
  });
  return { storage, rooms, faults, noticed };
}

class Ear implements Listener {
  readonly doc = new Y.Doc();
  frames = 0;
  fault: StorageError | undefined;
  wasRebased = false;
  frame(message: Uint8Array): void {
    this.frames += 1;
    const read = readPeerMessage(message);
    if (read?.type === 'update') Y.applyUpdate(this.doc, read.bytes);
  }
  dropped(fault: StorageError): void {
    this.fault = fault;
  }
  rebased(): void {
    this.wasRebased = true;
  }
  get facts(): number {
    return this.doc.getMap('facts').size;
  }
}

const submit = (room: Room, bytes: Uint8Array, settle: (fault?: StorageError) => void = () => undefined, listener?: Listener, actor: Actor = worker) =>
  room.submit(bytes, updateMaxBytes, { actor, access: 'write' }, settle, listener);
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 1 });

test('[SR6, SR1] until the disk has it, nobody is sent it, no snapshot shows it, and it is not acknowledged', async () => {
  const { storage, rooms } = world();
  const room = await rooms.open(visitsOf('g1'));
  const ear = new Ear();
  room.join(ear);
  storage.hold();
  const settle = vi.fn();
  const author = new Author(worker);
  expect(submit(room, author.write(author.visit()), settle).ok).toBe(true);
  await soon(() => expect(storage.appending).toBe(1));
  expect([ear.frames, settle.mock.calls.length, room.whole(), room.facts.durableClocks.size]).toEqual([0, 0, Uint8Array.of(0, 0), 0]);
  storage.release();
  await rooms.drained();
  await soon(() => expect(ear.facts).toBe(1));
  expect([settle.mock.calls, room.facts.durableClockOf(author.doc.clientID)]).toEqual([[[]], 1]);
});

test('[SR6] a repeat of what is still on its way is acknowledged only once it has arrived', async () => {
  const { storage, rooms } = world();
  const room = await rooms.open(visitsOf('g1'));
  storage.hold();
  const author = new Author(worker);
  const update = author.write(author.visit());
  const repeated = vi.fn();
  submit(room, update);
  submit(room, update, repeated);
  await soon(() => expect(storage.appending).toBe(1));
  expect(repeated).not.toHaveBeenCalled();
  storage.release();
  await rooms.drained();
  expect(repeated).toHaveBeenCalledExactlyOnceWith();
  const again = vi.fn();
  submit(room, update, again);
  expect(again).toHaveBeenCalledOnce();
});

test('[SR3] what several rooms accept in one tick is one append; it settles in order and never overlaps', async () => {
  const { storage, rooms } = world();
  const [one, two] = [await rooms.open(visitsOf('g1')), await rooms.open(visitsOf('g2'))];
  const [li, wu] = [new Author(worker), new Author(otherWorker)];
  const order: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    submit(one, li.write(li.visit()), () => order.push(`one ${count}`));
    submit(two, wu.write(wu.visit()), () => order.push(`two ${count}`), undefined, otherWorker);
  }
  await rooms.drained();
  expect(storage.batches.map((batch) => batch.map(({ room, updates }) => [room, updates.length]))).toEqual([
    [[formatRoomName(visitsOf('g1')), 5], [formatRoomName(visitsOf('g2')), 5]],
  ]);
  expect(order.filter((each) => each.startsWith('one'))).toEqual([0, 1, 2, 3, 4].map((count) => `one ${count}`));

  storage.hold();
  for (let count = 0; count < 3; count += 1) {
    submit(one, li.write(li.visit()));
    await soon(() => expect(storage.appending).toBe(1));
  }
  storage.release();
  await rooms.drained();
  expect([storage.mostAppending, one.head]).toEqual([1, 8]);
});

test('[SR4, SR8, SR2] a failed commit fails everything that stood on it, tells the listeners, and the room is read again from disk', async () => {
  const { storage, rooms, faults, noticed } = world();
  const room = await rooms.open(visitsOf('g1'));
  const ear = new Ear();
  room.join(ear);
  const author = new Author(worker);
  submit(room, author.write(author.visit()));
  await rooms.drained();
  storage.hold();
  const settled: (string | undefined)[] = [];
  const first = author.write(author.visit());
  submit(room, first, (fault) => settled.push(fault?.fault));
  await soon(() => expect(storage.appending).toBe(1));
  const second = author.write(author.visit());
  submit(room, second, (fault) => settled.push(fault?.fault));
  storage.failWith = 'full';
  storage.release();
  await rooms.drained();
  expect(settled).toEqual(['full', 'full']);
  expect([ear.fault?.fault, faults.map(({ fault }) => fault), noticed.length]).toEqual(['full', ['full'], 1]);
  expect(storage.batches.length).toBe(2);
  expect(() => submit(room, second)).toThrow(StorageError);

  storage.failWith = undefined;
  const again = await rooms.open(visitsOf('g1'));
  expect([again === room, again.facts.size, again.head]).toEqual([false, 1, 1]);
  expect(submit(again, Y.mergeUpdates([first, second])).ok).toBe(true);
  await rooms.drained();
  expect(again.facts.durableClockOf(author.doc.clientID)).toBe(3);
});

test('[SR4] a failure in one room leaves the others of the next batch alone', async () => {
  const { storage, rooms } = world();
  const [one, two] = [await rooms.open(visitsOf('g1')), await rooms.open(visitsOf('g2'))];
  const [li, wu] = [new Author(worker), new Author(otherWorker)];
  storage.hold();
  submit(one, li.write(li.visit()));
  await soon(() => expect(storage.appending).toBe(1));
  const settled = vi.fn();
  submit(two, wu.write(wu.visit()), settled, undefined, otherWorker);
  storage.failWith = 'full';
  storage.release();
  await soon(() => expect(one.failure).toBeDefined());
  storage.failWith = undefined;
  await rooms.drained();
  expect([settled.mock.calls, two.failure]).toEqual([[[]], undefined]);
});

test('[SR7] many updates of one moment leave as few frames, and nothing is missing', async () => {
  const { rooms } = world();
  const room = await rooms.open(visitsOf('g1'));
  const [ear, mouth] = [new Ear(), new Ear()];
  room.join(ear);
  room.join(mouth);
  const author = new Author(worker);
  for (let count = 0; count < 100; count += 1) submit(room, author.write(author.visit()), undefined, mouth);
  await soon(() => expect(ear.facts).toBe(100));
  expect(ear.frames).toBeLessThan(10);
  expect(mouth.frames).toBe(0);
  // A frame of two authors goes to both; what the mouth said itself does not fit its empty document, the other's does.
  const other = new Author({ ...worker, device: 'liother' });
  submit(room, author.write(author.visit()), undefined, mouth);
  submit(room, other.write(other.visit()), undefined, ear, other.actor);
  await soon(() => expect([ear.facts, mouth.facts]).toEqual([102, 1]));
});

test('[SR9] a room is read once however many ask for it, and not handed out before', async () => {
  const { storage, rooms } = world();
  const all = await Promise.all([1, 2, 3].map(() => rooms.open(visitsOf('g1'))));
  expect([new Set(all).size, storage.opened]).toEqual([1, 1]);
});

test('[SR9] a room that can not be read is asked for anew next time', async () => {
  const { storage, rooms } = world();
  const broken = vi.spyOn(storage, 'openRoom').mockRejectedValueOnce(new StorageError('damaged', 'chain'));
  await expect(rooms.open(visitsOf('g1'))).rejects.toMatchObject({ fault: 'damaged' });
  expect((await rooms.open(visitsOf('g1'))).facts.size).toBe(0);
  expect(broken).toHaveBeenCalledTimes(2);
});

test('[SR9] a room somebody holds stays, even if they never asked for its state; one that was put away refuses to be used', async () => {
  const { rooms, faults } = world();
  const room = await rooms.open(visitsOf('g1'));
  const quiet = new Ear();
  room.hold(quiet);
  await rooms.sweep();
  expect(await rooms.open(visitsOf('g1'))).toBe(room);
  const author = new Author(worker);
  submit(room, author.write(author.visit()), undefined, quiet);
  await rooms.drained();
  await soon(() => expect(room.facts.hasStaged).toBe(false));
  room.leave(quiet);
  await soon(() => expect(room.idle).toBe(true));
  await rooms.sweep();
  const fresh = await rooms.open(visitsOf('g1'));
  expect(fresh).not.toBe(room);
  expect(() => submit(room, author.write(author.visit()))).toThrow('put away');
  expect([submit(fresh, Y.encodeStateAsUpdate(author.doc)).ok, faults]).toEqual([true, []]);
  await rooms.drained();
});

test('[SR10] an idle room with a long tail is compacted and forgotten; listeners keep it in memory', async () => {
  const { storage, rooms } = world();
  const room = await rooms.open(visitsOf('g1'));
  const author = new Author(worker);
  for (let count = 0; count < 501; count += 1) submit(room, author.write(author.visit()));
  await rooms.drained();
  const ear = new Ear();
  room.join(ear);
  await rooms.sweep();
  expect(rooms.loaded).toBe(1);
  room.leave(ear);
  await soon(() => expect(room.idle).toBe(true));
  await rooms.sweep();
  expect(rooms.loaded).toBe(0);
  const stored = await storage.openRoom(formatRoomName(visitsOf('g1')));
  expect([stored.head, stored.tail.length]).toEqual([501, 0]);
  const again = await rooms.open(visitsOf('g1'));
  expect(again.whole()).toEqual(Y.encodeStateAsUpdate(author.doc));
  expect(submit(again, author.write(author.visit())).ok).toBe(true);
  await rooms.drained();
  expect(again.head).toBe(502);
});

test('[SR11] who sends too fast is asked to rest, the longer the more; who keeps to the pace never is', () => {
  let now = 0;
  const hasty = createAllowance(() => now);
  const rests = Array.from({ length: 400 }, () => hasty.spend(100));
  expect(rests.slice(0, 240).every((ms) => ms === 0)).toBe(true);
  expect(rests.at(-1)).toBeGreaterThan(rests[250] ?? 0);
  expect(createAllowance(() => 0).spend(20 * 1_048_576)).toBeGreaterThan(restMaxMs);
  const steady = createAllowance(() => now);
  for (let count = 0; count < 1_000; count += 1) {
    now += 20;
    expect(steady.spend(1_000)).toBe(0);
  }
});

test('[SR31] answers nobody has read yet are bounded for a device and in all; a shared one weighs once, and the first always goes', () => {
  const outgoing = createOutgoing();
  const answer = (megabytes: number): Uint8Array => new Uint8Array(megabytes * 1_048_576);
  const shared = answer(40);
  const first = outgoing.take('one', shared);
  expect([outgoing.take('one', shared), outgoing.bytes]).toEqual([undefined, shared.byteLength]);
  for (let device = 0; device < 20; device += 1) expect(outgoing.take(`d${device}`, shared)).toBeDefined();
  expect(outgoing.bytes).toBe(shared.byteLength);
  const own = [1, 2].map((device) => outgoing.take(`own${device}`, answer(10)));
  expect(own.every((each) => each !== undefined)).toBe(true);
  expect(outgoing.take('late', answer(10))).toBeUndefined();
  own[0]?.();
  own[0]?.();
  expect(outgoing.take('late', answer(10))).toBeDefined();
  first?.();
  expect(outgoing.take('one', shared)).toBeDefined();
  expect(createOutgoing().take('huge', answer(300))).toBeDefined();
});

test('[SR31] what a head looks like is made once, however many ask, and anew after the next commit', async () => {
  const { rooms } = world();
  const room = await rooms.open(visitsOf('g1'));
  const author = new Author(worker);
  submit(room, author.write(author.visit()));
  await rooms.drained();
  const [answer, packed] = [room.stepTwo(new Map()), await room.packed()];
  // What the asker claims to have and the room does not makes no answer of its own.
  expect([room.stepTwo(new Map([[author.doc.clientID + 1, 5]])) === answer, (await room.packed()) === packed, room.stepOne() === room.stepOne()]).toEqual([true, true, true]);
  submit(room, author.write(author.visit()));
  await rooms.drained();
  expect([room.stepTwo(new Map()) === answer, (await room.packed()) === packed]).toEqual([false, false]);
});

test('[SR33] answers are made until a device has had more than any tablet needs; a device that did not ask gets its own', () => {
  const outgoing = createOutgoing();
  for (let count = 0; count < 13; count += 1) {
    expect(outgoing.mayAsk('greedy')).toBe(true);
    outgoing.take('greedy', new Uint8Array(10 * 1_048_576))?.();
  }
  expect([outgoing.mayAsk('greedy'), outgoing.mayAsk('other')]).toEqual([false, true]);
});
