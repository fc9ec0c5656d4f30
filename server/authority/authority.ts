/**
 * The authority: turns the facts of a month's log, and of its claims, into entries of that month's ledger, with the domain's own rules.
 *
 * - AU12 It states through the gate and the disk like everybody else; nobody else can write a ledger.
 * - AU13 What it states depends on the facts alone: run twice, or again after a crash at any point, it adds nothing.
 * - AU14 A room of log or claims whose head moved while nobody watched is caught up at start, by its watermark.
 * - AU17 A month that could not be posted is tried again by itself until it is.
 * - AU18 What it declares of a record is stated only as far as the record says something else: declared again, it adds nothing.
 * - PX5 What has had its time lapses at the first word from anybody after the turn of a month, or at the next start.
 * - AU15 Its fact ids are numbered from blocks reserved on disk beforehand, so that none is ever used twice.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { changesTo, given, type Wanted } from '../../src/domain/kernel/edit.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { minuteMs, monthOf } from '../../src/domain/kernel/time.ts';
import { decidePostings } from '../../src/domain/points/postings.ts';
import { deviceOfGrant } from '../../src/domain/redemption/ids.ts';
import { formatRoomName, parseRoomName } from '../../src/protocol/roomName.ts';
import { messageOf, type Log } from '../log.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Storage } from '../storage/contract.ts';
import { authorityPerson, authorityTag } from './actor.ts';
import { createNumbers } from './numbers.ts';
import { createRedemption } from './redemption.ts';
import { stateFacts } from './state.ts';

export interface Authority {
  /** Some facts have just become durable. */
  noticed(room: Room, facts: readonly Fact[]): void;
  /** A socket of this person has opened: a counter gets what can be held for it (PN4). */
  contacted(actor: Actor): void;
  /** The gate refused something in this room (PN6). */
  refused(address: RoomAddress, device: string, bytes: Uint8Array): void;
  /** AU14: posts for every room of log or claims that moved since its watermark. @param community '' for all */
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
  /** PQ2: whether this tablet may still work here, as its person may now. */
  readonly mayWork?: (actor: Actor) => boolean;
}

/** Work is done at least this long after what asks for it, ms: what comes in together is looked at together. */
const debounceMs = 20;
/** After a piece of work, this many times as long belongs to everybody else. */
const restFactor = 9;
/** From a try that failed to the next, ms: a full disk gets room again, and nobody may state anything in that month any more. */
const retryMs = 30_000;
/** A counter that was in contact so lately gets its share of points that are posted now. */
const inContactMs = 60 * minuteMs;

/** The last month at whose turn a community's points were looked through. */
const lapsedKey = (community: string): string => `lapsed/${community}`;
const watermarkKey = (room: string): string => `posted/${room}`;
/** Any change of the roster may be one of the points table. */
const watermarkOf = (logHead: number, rosterHead: number): string => `${logHead}/${rosterHead}`;
const moving: ReadonlySet<string> = new Set(['activity', 'attendance']);
const watched: ReadonlySet<string> = new Set(['log', 'claims']);

interface Task {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export function createAuthority({ storage, rooms, now, log, mayWork = () => true }: AuthorityOptions): Authority {
  const numbers = createNumbers(storage);
  /** What is to be done, by what it is about: asked for twice, it is done once. */
  const due = new Map<string, Task>();
  /** One at a time: two runs over one ledger would both find the same entry missing. */
  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const retries = new Map<string, NodeJS.Timeout>();
  const contacts = new Map<string, { readonly actor: Actor; readonly at: number }>();
  /** Each is looked at: no two are one piece of work. */
  let refusals = 0;
  let stopped = false;
  /** The month whose turn has been seen to since this start. */
  let turned = '';

  async function state(room: Room, postings: readonly { readonly kind: string; readonly record: string; readonly fields: Wanted }[]): Promise<void> {
    const ids = await numbers.take(postings.length);
    const at = now();
    await stateFacts(room, postings.map(({ kind, record, fields }, index): Fact => ({
      id: `${authorityTag}-${ids[index] ?? ''}`, record, kind, base: [], set: given(fields), by: authorityPerson, at,
    })));
  }

  const redemption = createRedemption({ rooms, now, state });

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
      postedIn: monthOf(now()),
    });
    await state(ledger, postings.map(({ record, fields }) => ({ kind: 'pointsEntry', record, fields: { ...fields } })));
    await storage.put(watermarkKey(logRoom.name), watermark);
    if (postings.length > 0) afterPoints(community);
  }

  async function book(address: RoomAddress): Promise<void> {
    const { name, head } = await rooms.open(address);
    await redemption.book(address);
    await storage.put(watermarkKey(name), String(head));
    afterPoints(address.community);
  }

  /** PX5. Once a month: whoever asks again, in it or after a start, finds it done. */
  async function lapse(community: string): Promise<void> {
    const month = monthOf(now());
    if ((await storage.get(lapsedKey(community))) === month) return;
    const roster = await rooms.open({ community, family: 'roster' });
    const everLapse = roster.facts.every('prl_').some(({ fields }) => fields['lastMonths'] !== undefined);
    if (everLapse) await redemption.lapse(community);
    await storage.put(lapsedKey(community), month);
  }

  /** PX5: whatever comes in first after the turn of a month says that it has turned. */
  function seeToTurn(): void {
    const month = monthOf(now());
    if (month === turned) return;
    turned = month;
    communities().then((all) => all.forEach((community) => mark({ name: `lapse/${community}`, run: () => lapse(community) })), (error: unknown) => {
      turned = '';
      log.error('communities could not be listed', { reason: messageOf(error) });
    });
  }
  const communities = async (): Promise<ReadonlySet<string>> => new Set((await rooms.heads('')).flatMap(({ room }) => parseRoomName(room)?.community ?? []));

  /** PN5: when everything that came in together is posted, so that what one entry takes and the next gives back moves nothing. */
  function afterPoints(community: string): void {
    mark({ name: `cover/${community}`, run: () => redemption.cover(community) });
    for (const { actor, at } of contacts.values()) if (actor.community === community && now() - at < inContactMs && mayWork(actor)) share(actor);
  }

  const share = (actor: Actor): void => mark({ name: `share/${actor.device}`, run: () => redemption.allot(actor) });
  const work = (name: string, address: RoomAddress): Task => ({ name, run: () => (address.family === 'claims' ? book(address) : post(address)) });

  function inTurn({ run }: Task): Promise<void> {
    const done = turn.then(() => (stopped ? undefined : run()));
    // Each caller hears of its own failure; the next one's turn comes all the same.
    turn = done.catch(() => undefined);
    return done;
  }

  /** What waits already keeps its place, unless it can wait for the rest. */
  function mark(task: Task): void {
    due.delete(task.name);
    due.set(task.name, task);
    if (!stopped) timer ??= setTimeout(next, debounceMs);
  }

  /** AU17. The facts themselves are safe. */
  function failed(what: string, task: Task, error: unknown): void {
    log.error(what, { room: task.name, reason: messageOf(error) });
    redemption.forget();
    if (stopped) return;
    clearTimeout(retries.get(task.name));
    retries.set(task.name, setTimeout(() => mark(task), retryMs).unref());
  }

  function next(): void {
    const [task] = due.values();
    timer = undefined;
    if (task === undefined) return;
    due.delete(task.name);
    const started = performance.now();
    inTurn(task)
      .catch((error: unknown) => failed('points could not be posted', task, error))
      .finally(() => {
        if (due.size > 0 && !stopped) timer ??= setTimeout(next, Math.max(debounceMs, (performance.now() - started) * restFactor));
      });
  }

  async function markMonths(community: string): Promise<void> {
    for (const { room } of await rooms.heads(community)) {
      const address = parseRoomName(room);
      if (address?.family === 'log') mark(work(room, address));
    }
  }

  return {
    noticed(room, facts) {
      seeToTurn();
      const { community, family } = room.address;
      if (family === 'ledger') redemption.noticed(community, facts);
      // PQ2: whoever was in contact a moment ago and is declared lost gets nothing held anew until it is in contact again.
      for (const { kind, set } of facts) if (kind === 'writeOff') contacts.delete(deviceOfGrant(String(set['grant'])));
      if ((family === 'log' && facts.some(({ kind }) => moving.has(kind))) || family === 'claims') mark(work(room.name, room.address));
      if (family === 'roster' && facts.some(({ kind }) => kind === 'pointsRule'))
        markMonths(community).catch((error: unknown) => log.error('months could not be listed', { community, reason: messageOf(error) }));
    },
    contacted(actor) {
      seeToTurn();
      if (actor.role !== 'redemptionPoint') return;
      contacts.set(actor.device, { actor, at: now() });
      share(actor);
    },
    refused(address, device, bytes) {
      if (address.family === 'claims') mark({ name: `refused/${String((refusals += 1))}`, run: () => redemption.refused(address, device, bytes) });
    },
    async catchUp(community) {
      const heads = new Map((await rooms.heads(community)).map(({ room, head }) => [room, head]));
      for (const [room, head] of heads) {
        const address = parseRoomName(room);
        if (address === undefined || !watched.has(address.family)) continue;
        const rosterHead = heads.get(formatRoomName({ community: address.community, family: 'roster' })) ?? 0;
        if ((await storage.get(watermarkKey(room))) === (address.family === 'log' ? watermarkOf(head, rosterHead) : String(head))) continue;
        due.delete(room);
        const task = work(room, address);
        // A month that can't be read, or not be written, is no reason to leave the others without their points.
        await inTurn(task).catch((error: unknown) => failed('points could not be caught up', task, error));
      }
      seeToTurn();
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
