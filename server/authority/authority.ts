/**
 * The authority: turns the facts of a month's log into entries of that month's ledger, with the domain's own rules.
 *
 * - AU12 It states through the gate and the disk like everybody else; nobody else can write a ledger.
 * - AU13 What it states depends on the facts alone: run twice, or again after a crash at any point, it adds nothing.
 * - AU14 A log room whose head moved while nobody watched is caught up at start, by its watermark.
 * - AU17 A month that could not be posted is tried again by itself until it is.
 * - AU18 What it declares of a record is stated only as far as the record says something else: declared again, it adds nothing.
 * - AU15 Its fact ids are numbered from blocks reserved on disk beforehand, so that none is ever used twice.
 */
import { changesTo, given } from '../../src/domain/kernel/edit.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { decidePostings } from '../../src/domain/points/postings.ts';
import { formatRoomName, parseRoomName } from '../../src/protocol/roomName.ts';
import { messageOf, type Log } from '../log.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Storage } from '../storage/contract.ts';
import { authorityPerson, authorityTag } from './actor.ts';
import { createNumbers } from './numbers.ts';
import { stateFacts } from './state.ts';

export interface Authority {
  /** Some facts have just become durable. */
  noticed(room: Room, facts: readonly Fact[]): void;
  /** AU14: posts for every log room that moved since its watermark. @param community '' for all */
  catchUp(community: string): Promise<void>;
  /** AU18: states what the record does not say yet. */
  declare(address: RoomAddress, kind: string, record: string, wanted: Fields): Promise<void>;
  stop(): Promise<void>;
}

export interface AuthorityOptions {
  readonly storage: Storage;
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly log: Log;
}

/** A month is posted at least this long after a fact of it, ms. */
const debounceMs = 20;
/** After posting, this many times as long belongs to everybody else. */
const restFactor = 9;
/** From a try that failed to the next, ms: a full disk gets room again, and nobody may state anything in that month any more. */
const retryMs = 30_000;

const watermarkKey = (log: string): string => `posted/${log}`;
/** Any change of the roster may be one of the points table. */
const watermarkOf = (logHead: number, rosterHead: number): string => `${logHead}/${rosterHead}`;
const moving: ReadonlySet<string> = new Set(['activity', 'attendance']);

export function createAuthority({ storage, rooms, now, log }: AuthorityOptions): Authority {
  const numbers = createNumbers(storage);
  const due = new Map<string, RoomAddress>();
  /** One month at a time: two runs over one ledger would both find the same entry missing. */
  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const retries = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  /** Staged facts count already: if they never reach the disk, the next run finds their award gone and reverses it. */
  async function post({ community, month }: RoomAddress): Promise<void> {
    if (month === undefined) return;
    const logRoom = await rooms.open({ community, family: 'log', month });
    const roster = await rooms.open({ community, family: 'roster' });
    const ledger = await rooms.open({ community, family: 'ledger', month });
    const watermark = watermarkOf(logRoom.head, roster.head);
    const postings = decidePostings({
      attendances: logRoom.facts.every('att_'),
      activities: logRoom.facts.every('act_'),
      rules: roster.facts.every('prl_'),
      entries: ledger.facts.every('pen_'),
    });
    const ids = await numbers.take(postings.length);
    const at = now();
    await stateFacts(ledger, postings.map(({ record, fields }, index): Fact => ({
      id: `${authorityTag}-${ids[index] ?? ''}`, record, kind: 'pointsEntry', base: [], set: given({ ...fields }), by: authorityPerson, at,
    })));
    await storage.put(watermarkKey(logRoom.name), watermark);
  }

  function inTurn(address: RoomAddress): Promise<void> {
    const posted = turn.then(() => (stopped ? undefined : post(address)));
    // Each caller hears of its own failure; the next one's turn comes all the same.
    turn = posted.catch(() => undefined);
    return posted;
  }

  function mark(name: string, address: RoomAddress): void {
    due.set(name, address);
    if (!stopped) timer ??= setTimeout(next, debounceMs);
  }

  /** AU17. The facts themselves are safe. */
  function failed(what: string, name: string, address: RoomAddress, error: unknown): void {
    log.error(what, { room: name, reason: messageOf(error) });
    if (stopped) return;
    clearTimeout(retries.get(name));
    retries.set(name, setTimeout(() => mark(name, address), retryMs).unref());
  }

  function next(): void {
    const [name, address] = [...due][0] ?? [];
    timer = undefined;
    if (name === undefined || address === undefined) return;
    due.delete(name);
    const started = performance.now();
    inTurn(address)
      .catch((error: unknown) => failed('points could not be posted', name, address, error))
      .finally(() => {
        if (due.size > 0 && !stopped) timer ??= setTimeout(next, Math.max(debounceMs, (performance.now() - started) * restFactor));
      });
  }

  async function markMonths(community: string): Promise<void> {
    for (const { room } of await rooms.heads(community)) {
      const address = parseRoomName(room);
      if (address?.family === 'log') mark(room, address);
    }
  }

  return {
    noticed(room, facts) {
      const { community, family } = room.address;
      if (family === 'log' && facts.some(({ kind }) => moving.has(kind))) mark(room.name, room.address);
      if (family === 'roster' && facts.some(({ kind }) => kind === 'pointsRule'))
        markMonths(community).catch((error: unknown) => log.error('months could not be listed', { community, reason: messageOf(error) }));
    },
    async catchUp(community) {
      const heads = new Map((await rooms.heads(community)).map(({ room, head }) => [room, head]));
      for (const [room, head] of heads) {
        const address = parseRoomName(room);
        if (address?.family !== 'log') continue;
        const rosterHead = heads.get(formatRoomName({ community: address.community, family: 'roster' })) ?? 0;
        if ((await storage.get(watermarkKey(room))) === watermarkOf(head, rosterHead)) continue;
        due.delete(room);
        // A month that can't be read, or not be written, is no reason to leave the others without their points.
        await inTurn(address).catch((error: unknown) => failed('points could not be caught up', room, address, error));
      }
    },
    async declare(address, kind, record, wanted) {
      const [number = ''] = await numbers.take(1);
      const room = await rooms.open(address);
      const known = room.facts.folded(record);
      const set = known ? changesTo(known, wanted) : given(wanted);
      if (Object.keys(set).length === 0) return;
      await stateFacts(room, [{ id: `${authorityTag}-${number}`, record, kind, base: known?.heads ?? [], set, by: authorityPerson, at: now() }]);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      for (const retry of retries.values()) clearTimeout(retry);
      await turn;
    },
  };
}
