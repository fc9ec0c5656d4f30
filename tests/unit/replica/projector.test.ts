/** The projector while its database refuses a write. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { openProjection, type Projection } from '../../../src/replica/projection/database.ts';
import { Projector } from '../../../src/replica/projection/projector.ts';
import { Room } from '../../../src/replica/rooms/room.ts';
import { aFact } from '../../support/facts.ts';

/** Called at each write; throws or returns. */
let onWrite: (row: unknown) => void = () => undefined;
for (const name of ['add', 'put'] as const) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...args: Parameters<typeof real>) {
    try {
      onWrite(args[0]);
    } catch (error) {
      this.transaction.abort();
      throw error;
    }
    return real.apply(this, args);
  };
}
let projection: Projection | undefined;
afterEach(async () => {
  onWrite = () => undefined;
  await projection?.close();
});

const roomOf = (community: string, ...records: readonly string[]): Room => {
  const room = new Room({ community, family: 'roster' });
  room.apply(room.stage(records.map((record, nth) => aFact(`lidev-${nth}`, { name: record, type: 'business' }, [], { record }))).bytes, 'local');
  return room;
};
const unheard = (): never => {
  throw new Error('a try nobody asked for failed');
};
const shown = async (): Promise<string[]> => (await (await projection?.rows('roster'))?.find().exec())?.map((row) => row.id) ?? [];

test('[PJ4] what is queued while a write fails takes the failed one along', async () => {
  projection = await openProjection('projector');
  await projection.rows('roster');
  const projector = new Projector(projection, unheard);
  const [room, other] = [roomOf('a', 'par_1', 'par_2'), roomOf('b', 'par_3')];
  let meanwhile: Promise<void> | undefined;
  onWrite = (row) => {
    if (JSON.stringify(row).includes('par_1') && !meanwhile) {
      meanwhile = Promise.all([projector.queue(room, ['par_2'], 2), projector.queue(other, ['par_3'], 1)]).then(() => undefined);
      throw new DOMException('no space left', 'QuotaExceededError');
    }
  };
  await projector.queue(room, ['par_1'], 1);
  await meanwhile;
  expect((await shown()).sort()).toEqual(['par_1', 'par_2', 'par_3']);
});

test('[PJ4] one room that cannot be written keeps no other from being written, and its failure is heard', async () => {
  projection = await openProjection('projector-two');
  await projection.rows('roster');
  const projector = new Projector(projection, unheard, 60_000);
  const [room, other] = [roomOf('a', 'par_1'), roomOf('b', 'par_3')];
  onWrite = (row) => {
    if (JSON.stringify(row).includes('par_1')) throw new DOMException('no space left', 'QuotaExceededError');
  };
  const both = Promise.allSettled([projector.queue(room, ['par_1'], 1), projector.queue(other, ['par_3'], 1)]);
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await shown()).toEqual(['par_3']);
  onWrite = () => undefined;
  await projector.queue(other, [], 1);
  expect((await shown()).sort()).toEqual(['par_1', 'par_3']);
  projector.close();
});

test.each([
  ['a collection that could not be opened', () => true],
  ['a roll-up that could not be written', (row: string) => row.includes('"tallies"')],
] as const)('[PJ4] %s works again once there is room', async (name, refuses) => {
  projection = await openProjection(name);
  await projection.rows('people');
  const projector = new Projector(projection, unheard, 60_000);
  const room = roomOf('a', 'par_1');
  onWrite = (row) => {
    if (refuses(JSON.stringify(row) ?? '')) throw new DOMException('no space left', 'QuotaExceededError');
  };
  await expect(projector.queue(room, ['par_1'], 1)).rejects.toThrow('no space left');
  onWrite = () => undefined;
  await projector.queue(room, [], 1);
  expect([await shown(), await projector.watermark(room.name)]).toEqual([['par_1'], 1]);
});

test('[PJ4] what could not be written is tried again by itself, until the replica is closed', async () => {
  projection = await openProjection('projector-three');
  await projection.rows('roster');
  const heard = vi.fn();
  const projector = new Projector(projection, heard, 5);
  onWrite = (row) => {
    if (JSON.stringify(row).includes('par_1')) throw new DOMException('no space left', 'QuotaExceededError');
  };
  await expect(projector.queue(roomOf('a', 'par_1'), ['par_1'], 1)).rejects.toThrow('no space left');
  await vi.waitFor(() => expect(heard).toHaveBeenCalled());
  onWrite = () => undefined;
  await vi.waitFor(async () => expect(await shown()).toEqual(['par_1']));
  projector.close();
});
