/**
 * What came here by file from other tablets.
 *
 * - BF4 It is on the disk before anybody hears that it was taken in; then it is shown like everything else, marked as brought by
 *   file, until the wire brings the same facts. Facts that stand on something missing here wait for it.
 * - BF5 A tablet asks of each fact what the gate will ask, with the rights its author had when the server last gave them a ticket.
 * - BF6 The same file again changes nothing; in any order, with or without the wire, the same facts come together.
 * - BF7 What the server does not take is shown no longer, and its reason is kept with the file.
 *
 * The rows in the journal are the truth; what is held here in memory mirrors them.
 */
import { accessTo } from '../../domain/access.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { CommandError } from '../../domain/kernel/command.ts';
import { decodeFact, type Fact } from '../../domain/kernel/fact.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import { dayMs } from '../../domain/kernel/time.ts';
import { writeBundleFile, type Bundle, type BundleFault, type RoomOutcome } from '../../protocol/bundle.ts';
import type { FilesGrant } from '../../protocol/files.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import { ApiError } from '../connection/api.ts';
import { sendBundle } from '../connection/bundles.ts';
import type { BroughtBundle, BundleReason, TakenBundle } from '../contract.ts';
import type { Health } from '../health.ts';
import type { BroughtRow, BundleRow } from '../journal/database.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { Arrivals } from '../projection/arrivals.ts';
import type { BroughtRecord, PendingStates } from '../projection/pending.ts';
import type { Room } from '../rooms/room.ts';
import type { Shelf } from '../shelf.ts';
import { bringInto } from './bringing.ts';
import { readBundles } from './reading.ts';

/** A line that looks open and is not keeps nobody waiting for longer. */
const deliverFirstMs = 5_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long a bundle that the server has answered for stays in the list. */
const shownMs = 30 * dayMs;

export interface BroughtParts {
  readonly server: string;
  readonly journal: JournalWriter;
  readonly states: PendingStates;
  readonly arrivals: Arrivals;
  readonly health: Health;
  shelf(): Shelf;
  actor(): Actor;
  files(): FilesGrant | undefined;
  ticket(): Promise<string>;
  online(): boolean;
  /** A room outside the daily work has something coming. */
  follow(room: RoomAddress): void;
  changed(): void;
}

export class Brought {
  readonly #parts: BroughtParts;
  readonly #bundles = new Map<string, BundleRow>();
  readonly #byRoom = new Map<string, BroughtRow[]>();
  #delivering: Promise<void> | undefined;
  /** How often the list has changed. */
  changes = 0;

  constructor(parts: BroughtParts) {
    this.#parts = parts;
  }

  async load(now: number): Promise<void> {
    const { journal } = this.#parts;
    const { bundles, brought } = await journal.bundles();
    const over = new Set(bundles.filter(({ state, settledAt }) => state !== 'waiting' && settledAt < now - shownMs).map(({ id }) => id));
    if (over.size > 0) await journal.dropBundles([...over], brought.filter(({ bundle }) => over.has(bundle)));
    for (const row of bundles) if (!over.has(row.id)) this.#bundles.set(row.id, row);
    this.#keep(brought.filter(({ bundle }) => !over.has(bundle)));
    for (const room of this.#byRoom.keys()) this.#tell(room, () => false);
  }

  /** Everything there is, for a journal that has to be written anew (JN8). */
  rows(): { readonly bundles: readonly BundleRow[]; readonly brought: readonly BroughtRow[] } {
    return { bundles: [...this.#bundles.values()], brought: [...this.#byRoom.values()].flat() };
  }

  list(): readonly BroughtBundle[] {
    return [...this.#bundles.values()].map(({ bundle: _bundle, ...shown }) => shown).sort((a, b) => b.broughtAt - a.broughtAt || b.createdAt - a.createdAt);
  }

  /** Bundles that the server does not have yet, as they came. */
  waiting(): readonly Bundle[] {
    return this.#waiting().map(({ bundle }) => bundle);
  }

  #waiting(): BundleRow[] {
    return [...this.#bundles.values()].filter(({ state }) => state === 'waiting');
  }

  /** Rooms in which something came by file and by nothing else yet. */
  rooms(): readonly RoomAddress[] {
    return [...this.#byRoom.keys()].flatMap((name) => parseRoomName(name) ?? []);
  }

  #keep(rows: readonly BroughtRow[]): void {
    for (const row of rows) this.#byRoom.set(row.room, [...(this.#byRoom.get(row.room) ?? []), row]);
  }

  #drop(rows: readonly BroughtRow[]): void {
    const gone = new Set(rows.map(({ key }) => key));
    for (const room of new Set(rows.map((row) => row.room))) {
      const rest = (this.#byRoom.get(room) ?? []).filter(({ key }) => !gone.has(key));
      if (rest.length > 0) this.#byRoom.set(room, rest);
      else this.#byRoom.delete(room);
    }
  }

  /** Whenever a room is made in memory, or more has come. @returns what is shown of it now and was not before */
  into(room: Room): readonly Fact[] {
    const rows = this.#byRoom.get(room.name);
    if (!rows) return [];
    const shown = bringInto(room, rows);
    const done = rows.filter(({ facts }) => facts.every(({ id }) => room.holds(id)));
    if (done.length > 0) {
      this.#drop(done);
      this.#parts.health.background(this.#parts.journal.dropBrought(done));
    }
    this.#tell(room.name, (fact) => room.holds(fact));
    return shown;
  }

  /** States of records: what came by file and by nothing else. */
  #tell(room: string, isHere: (fact: string) => boolean): void {
    const records = new Map<string, BroughtRecord>();
    for (const { facts, broughtAt } of this.#byRoom.get(room) ?? [])
      for (const { id, json } of facts) {
        if (isHere(id)) continue;
        const { record, kind } = decodeFact(id, json);
        const known = records.get(record);
        records.set(record, { kind, facts: (known?.facts ?? 0) + 1, since: Math.min(known?.since ?? broughtAt, broughtAt) });
      }
    this.#parts.states.setBrought(room, records);
  }

  /** The wire has brought something: some of it may be what a file had brought, or what that stands on. */
  arrived(room: Room): void {
    if (this.#byRoom.has(room.name)) this.#show(room, this.into(room));
  }

  #show(room: Room, facts: readonly Fact[]): void {
    const shelf = this.#parts.shelf();
    const loaded = shelf.rooms.get(room.name);
    if (facts.length === 0 || loaded?.room !== room) return;
    shelf.show(loaded, { origin: 'journal', facts, records: new Set(facts.map(({ record }) => record)), malformed: [], known: new Set() });
  }

  /** BF4. */
  async take(content: string): Promise<Result<TakenBundle, BundleFault | 'needs-network' | CommandError>> {
    const { journal, health, actor, files, online } = this.#parts;
    const known = files();
    if (!known) return err('needs-network');
    const now = Date.now();
    const read = await readBundles(content, actor().community, known, now);
    if (!read.ok) return read;
    const fresh = [...new Map(read.value.filter(({ row }) => !this.#bundles.has(row.id)).map((each) => [each.row.id, each])).values()];
    const rows = fresh.flatMap(({ rooms }) => rooms).filter(({ room }) => this.#maySee(room));
    let marks: ReadonlyMap<string, number>;
    try {
      marks = await journal.takeBundles(fresh.map(({ row }) => row), rows);
    } catch (error) {
      return err(health.refused(error));
    }
    for (const { row } of fresh) this.#bundles.set(row.id, row);
    this.#keep(rows);
    this.#changed();
    // While the wire is there the server has it first: what somebody states on it now must not reach the server before it.
    if (online()) await Promise.race([this.deliver().catch(() => undefined), pause(deliverFirstMs)]);
    await this.#showRooms(marks, now);
    const bundles = fresh.map(({ row }) => row);
    return ok({
      facts: bundles.reduce((sum, { facts }) => sum + facts, 0), closed: bundles.reduce((sum, { closed }) => sum + closed, 0),
      again: read.value.length - fresh.length, from: [...new Set(read.value.map(({ row }) => row.person))],
    });
  }

  #maySee(room: string): boolean {
    const address = parseRoomName(room);
    return address !== undefined && accessTo(this.#parts.actor(), address) !== 'none';
  }

  /** @param marks room → where its rows in the journal end now */
  async #showRooms(marks: ReadonlyMap<string, number>, now: number): Promise<void> {
    const { arrivals, health, follow } = this.#parts;
    const shelf = this.#parts.shelf();
    for (const [name, seq] of marks) {
      const address = parseRoomName(name);
      if (!address) continue;
      const before = shelf.rooms.get(name);
      const loaded = before ?? (await shelf.load(address));
      loaded.seq = Math.max(loaded.seq, seq);
      // A room that was made just now has it from the beginning.
      const facts = before ? this.into(loaded.room) : (this.#byRoom.get(name) ?? []).flatMap((row) => row.facts.map(({ id, json }) => decodeFact(id, json))).filter(({ id }) => loaded.room.has(id));
      this.#show(loaded.room, facts);
      health.background(arrivals.note(facts.filter(({ id }) => !loaded.room.holds(id)), loaded.room.address, now));
      follow(address);
    }
  }

  /** One after the other, as they came: a later one may stand on an earlier one. @throws ApiError when the server cannot be reached */
  deliver(): Promise<void> {
    this.#delivering ??= this.#deliver().finally(() => (this.#delivering = undefined));
    return this.#delivering;
  }

  async #deliver(): Promise<void> {
    const { server, ticket } = this.#parts;
    for (const row of this.#waiting()) {
      const answer = await sendBundle(server, await ticket(), writeBundleFile([row.bundle]));
      if (answer.type === 'later') throw new ApiError('offline', 'the server takes no bundle now');
      if (answer.type === 'unanswered') return;
      // A server that was put back to a backup may have forgotten its author for a while.
      if (answer.type === 'refused' && answer.error === 'unknown-device') await this.#settle({ ...row, reason: answer.error }, []);
      else if (answer.type === 'refused') await this.#settle({ ...row, state: 'refused', reason: answer.error, settledAt: Date.now() }, this.#rowsOf(row.id));
      else await this.#taken(row, answer.rooms);
    }
  }

  #rowsOf(bundle: string): BroughtRow[] {
    return [...this.#byRoom.values()].flat().filter((row) => row.bundle === bundle);
  }

  #taken(row: BundleRow, rooms: readonly RoomOutcome[]): Promise<void> {
    const out = rooms.filter(({ outcome }) => outcome !== 'taken');
    const names = new Set(out.map(({ room }) => room));
    const reason: BundleReason | '' = out[0]?.reason ?? '';
    const inReview = out.filter(({ outcome }) => outcome === 'review').reduce((sum, { facts }) => sum + facts, 0);
    return this.#settle({ ...row, state: out.length > 0 ? 'refused' : 'taken', reason, inReview, settledAt: Date.now() }, this.#rowsOf(row.id).filter(({ room }) => names.has(room)));
  }

  /** BF7. */
  async #settle(settled: BundleRow, gone: readonly BroughtRow[]): Promise<void> {
    // Nobody carries on what the server has answered for: its content is not kept longer than that.
    const row = settled.state === 'waiting' ? settled : { ...settled, bundle: { ...settled.bundle, body: '' } };
    const marks = await this.#parts.journal.settleBundle(row, gone);
    this.#bundles.set(row.id, row);
    this.#drop(gone);
    for (const [name, seq] of marks) await this.#takeBack(name, seq, gone.filter(({ room }) => room === name));
    this.#changed();
  }

  async #takeBack(name: string, seq: number, rows: readonly BroughtRow[]): Promise<void> {
    const shelf = this.#parts.shelf();
    const address = parseRoomName(name);
    if (!address) return;
    const loaded = shelf.rooms.get(name);
    const facts = rows.flatMap((row) => row.facts);
    if (loaded) {
      loaded.seq = Math.max(loaded.seq, seq);
      const records = new Set(loaded.room.withdraw(facts.map(({ id }) => id)));
      // Another file may have brought the same.
      for (const { record } of this.into(loaded.room)) records.add(record);
      shelf.show(loaded, { origin: 'journal', facts: [], records, malformed: [], known: new Set() });
    } else await shelf.project(address, facts.map(({ id, json }) => decodeFact(id, json).record));
    this.#tell(name, (fact) => loaded?.room.holds(fact) ?? false);
  }

  /** ER5. */
  async forget(room: Room): Promise<void> {
    const { journal } = this.#parts;
    const rows = this.#byRoom.get(room.name) ?? [];
    const stays = ({ id, json }: BroughtRow['facts'][number]): boolean => {
      const fact = decodeFact(id, json);
      return room.remainderOf(fact) === fact;
    };
    const left = rows.map((row) => ({ ...row, facts: row.facts.filter(stays) }));
    const changed = left.filter(({ facts }, index) => facts.length < (rows[index]?.facts.length ?? 0));
    if (changed.length === 0) return;
    await journal.replaceBrought(changed);
    this.#drop(changed);
    this.#keep(changed.filter(({ facts }) => facts.length > 0));
    this.#tell(room.name, (fact) => room.holds(fact));
  }

  /** RP7: a room that is nobody's business here any more. What is closed in the bundles is carried on. */
  async leave(room: string): Promise<void> {
    const rows = this.#byRoom.get(room);
    if (!rows) return;
    await this.#parts.journal.dropBrought(rows);
    this.#drop(rows);
    this.#tell(room, () => true);
  }

  #changed(): void {
    this.changes += 1;
    this.#parts.changed();
  }
}
