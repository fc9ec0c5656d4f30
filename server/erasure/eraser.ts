/**
 * Carries out what a supervisor's erasure asks for, in every room it concerns, and makes those rooms anew without it.
 *
 * - ER6 From an erasure in a people room follow one in each room of that grid's visits, those of the last year included that
 *   nobody has written to yet, and one in each group's room: what a tablet brings in months later meets it there.
 * - ER7 What was begun is ended after a crash: an erasure counts as carried out once its rooms were made anew.
 * - ER8 What ended tablets had handed over loses the same; what they hand over later does, too.
 */
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { addMonths, monthOf } from '../../src/domain/kernel/time.ts';
import { doorErasureId, memberErasureId } from '../../src/domain/erasure/schema.ts';
import { formatRoomName, parseRoomName } from '../../src/protocol/roomName.ts';
import { messageOf, type Log } from '../log.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Storage } from '../storage/contract.ts';

export interface Eraser {
  /** Some facts have just become durable. */
  noticed(room: Room, facts: readonly Fact[]): void;
  /** ER7. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface EraserOptions {
  readonly storage: Storage;
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly log: Log;
  /** As the authority. */
  declare(address: RoomAddress, kind: string, record: string, wanted: Fields): Promise<void>;
  /** PH8. */
  removePhotos(community: string, photos: readonly string[]): Promise<void>;
  /** ER8: facts of this room that wait for a supervisor. */
  forgetReviewed(room: Room): Promise<void>;
}

/** A tablet that stays away longer is not expected back. */
const monthsBack = 12;
/** From a try that failed to the next, ms. */
const retryMs = 30_000;

const doneKey = (room: string, erasure: string): string => `erased/${room}/${erasure}`;

export function createEraser({ storage, rooms, now, log, declare, removePhotos, forgetReviewed }: EraserOptions): Eraser {
  let turn: Promise<unknown> = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  async function addressesOf(community: string, family: RoomAddress['family']): Promise<RoomAddress[]> {
    return (await rooms.heads(community)).flatMap(({ room }) => parseRoomName(room) ?? []).filter((address) => address.family === family);
  }

  /** ER6. */
  async function visitRooms(community: string, grid: string): Promise<RoomAddress[]> {
    const written = (await addressesOf(community, 'visits')).flatMap((address) => (address.grid === grid && address.month ? [address.month] : []));
    const lately = Array.from({ length: monthsBack + 1 }, (_, back) => addMonths(monthOf(now()), -back));
    return [...new Set([...written, ...lately])].map((month) => ({ community, family: 'visits', grid, month }));
  }

  async function eraseAtDoors(community: string, grid: string, doors: readonly string[]): Promise<RoomAddress[]> {
    const concerned = doors.length > 0 ? await visitRooms(community, grid) : [];
    const until = now();
    for (const address of concerned)
      for (const door of doors) {
        const { month = '' } = address;
        await declare(address, 'doorErasure', doorErasureId(door, month), { grid, month, door, until });
      }
    return concerned;
  }

  async function eraseMember(community: string, volunteer: string): Promise<RoomAddress[]> {
    if (!volunteer.startsWith('vol_')) return [];
    const number = volunteer.slice('vol_'.length);
    const concerned = await addressesOf(community, 'members');
    for (const address of concerned) {
      const partner = `par_${address.partner ?? ''}`;
      await declare(address, 'memberErasure', memberErasureId(partner, number), { partner, number });
    }
    return concerned;
  }

  async function carryOut(address: RoomAddress): Promise<void> {
    const room = await rooms.open(address);
    const concerned: RoomAddress[] = [address];
    const done: string[] = [];
    for (const { record, fields } of room.facts.every('era_')) {
      const key = doneKey(room.name, record);
      if ((await storage.get(key)) !== undefined) continue;
      const { community } = address;
      concerned.push(...(await eraseAtDoors(community, String(fields['grid']), (fields['doors'] ?? []) as string[])));
      concerned.push(...(await eraseMember(community, String(fields['about']))));
      done.push(key);
    }
    for (const each of concerned) await makeAnew(each);
    if (done.length === 0) return;
    await storage.putAll(new Map(done.map((key) => [key, new Date(now()).toISOString()])));
    log.info('somebody was erased', { room: room.name, erasures: done.length, rooms: concerned.length });
  }

  async function makeAnew(address: RoomAddress): Promise<void> {
    // While the room still says which: interrupted after this, it is asked again.
    const photos = (await rooms.open(address)).facts.erasedPhotos();
    if (photos.length > 0) await removePhotos(address.community, photos);
    await rooms.rebase(address);
    await forgetReviewed(await rooms.open(address));
  }

  /** A volunteer who was erased before this group wrote the number down. */
  async function eraseNewMembers(address: RoomAddress): Promise<void> {
    for (const people of await addressesOf(address.community, 'people')) {
      const erased = (await rooms.open(people)).facts.every('era_').map(({ fields }) => String(fields['about']));
      for (const volunteer of erased) await eraseMember(address.community, volunteer);
    }
    await makeAnew(address);
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(() => (stopped ? undefined : work()));
    turn = done.catch(() => undefined);
    return done;
  }

  function begin(address: RoomAddress, work: () => Promise<void>): void {
    inTurn(work).catch((error: unknown) => {
      log.error('somebody could not be erased', { room: formatRoomName(address), reason: messageOf(error) });
      if (!stopped) retry ??= setTimeout(again, retryMs).unref();
    });
  }

  function again(): void {
    retry = undefined;
    void catchUp().catch((error: unknown) => log.error('erasures could not be caught up', { reason: messageOf(error) }));
  }

  async function catchUp(): Promise<void> {
    for (const { room } of await rooms.heads('')) {
      const address = parseRoomName(room);
      if (address?.family === 'people') begin(address, () => carryOut(address));
    }
    await turn;
  }

  return {
    noticed({ address }, facts) {
      if (facts.some(({ kind }) => kind === 'erasure')) begin(address, () => carryOut(address));
      else if (facts.some(({ kind }) => kind === 'member')) begin(address, () => eraseNewMembers(address));
    },
    catchUp,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await turn;
    },
  };
}
