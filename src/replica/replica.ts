/**
 * The replica of one seat: composes journal, rooms, projection and connection, and answers the page's calls.
 *
 * - RP1 `run` answers "saved" only after the journal's transaction is complete.
 * - RP2 A request is done once: asked again, it answers with the facts of the first time.
 * - RP3 On open, whatever the journal holds beyond the projection is projected before anything else is asked of it.
 * - RP4 A save needs neither network nor projection.
 * - RP5 A refused room is rebuilt from the server; see rooms/rebuild.ts.
 * - RP6 What arrives and is no fact is set aside in quarantine; the rest of the room goes on.
 */
import * as v from 'valibot';
import { workingRooms } from '../domain/access.ts';
import { commandNamed } from '../domain/commands.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { CommandError, Decision, RecordRef, Statement } from '../domain/kernel/command.ts';
import { inputError } from '../domain/kernel/edit.ts';
import { deviceTagOf, type Value } from '../domain/kernel/fact.ts';
import { historyOf, inverseOf, restorationOf, type HistoryEntry } from '../domain/kernel/history.ts';
import { createIdSource } from '../domain/kernel/ids.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import type { RoomAddress, RoomFamily } from '../domain/kernel/room.ts';
import { addMonths, monthOf } from '../domain/kernel/time.ts';
import type { TicketGrant } from '../protocol/api.ts';
import type { Refusal } from '../protocol/closeReasons.ts';
import { formatRoomName, parseRoomName } from '../protocol/roomName.ts';
import { ApiError, fetchContacts, fetchHeads, fetchRoom } from './connection/api.ts';
import { outdated } from './connection/archive.ts';
import { Connection } from './connection/connection.ts';
import type { Draft, ReplicaCalls, Saved, Seating, SyncStatus, TrayEntry } from './contract.ts';
import { openJournalDatabase, type JournalDatabase, type RequestRow } from './journal/database.ts';
import { deviceValue, openDevice, setDeviceValue, type Device } from './journal/device.ts';
import { JournalWriter, type Append } from './journal/journal.ts';
import { Outbox } from './journal/outbox.ts';
import { Arrivals } from './projection/arrivals.ts';
import { openProjection, type Projection } from './projection/database.ts';
import { PendingStates } from './projection/pending.ts';
import { Projector } from './projection/projector.ts';
import { SearchIndex } from './projection/search.ts';
import { outboxFacts, rebuildRoom } from './rooms/rebuild.ts';
import type { Room, RoomChange, Staged } from './rooms/room.ts';
import { roomFromStored, Rooms, type LoadedRoom } from './rooms/rooms.ts';
import { stateFacts } from './rooms/state.ts';
import { storageError } from './storageError.ts';

/** How far back a tablet fetches closed months by itself; older ones come when somebody asks. */
const monthsKept = 12;
const monthWatchMs = 10 * 60_000;

type Known = Pick<TicketGrant, 'actor' | 'communityGrids'>;

/** One room's share of a command, staged and on its way into the journal. */
interface Save {
  readonly loaded: LoadedRoom;
  readonly staged: Staged;
  readonly append: Append;
}

export class Replica implements Omit<ReplicaCalls, 'open'> {
  readonly #seating: Seating;
  readonly #database: JournalDatabase;
  readonly #journal: JournalWriter;
  readonly #device: Device;
  readonly #projection: Projection;
  readonly #projector: Projector;
  readonly #states: PendingStates;
  readonly #outbox: Outbox;
  readonly #arrivals: Arrivals;
  readonly #rooms: Rooms;
  readonly #search = new SearchIndex();
  readonly #connection: Connection;
  readonly #emit: (status: SyncStatus) => void;
  readonly #refusals = new Map<string, number>();
  #known: Known | undefined;
  #trayCount = 0;
  #storage: SyncStatus['storage'] = 'ok';
  #statusTimer: ReturnType<typeof setTimeout> | undefined;
  #fetching: Promise<unknown> | undefined;
  #monthWatch: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  private constructor(seating: Seating, database: JournalDatabase, device: Device, projection: Projection, emit: (status: SyncStatus) => void) {
    this.#seating = seating;
    this.#database = database;
    this.#device = device;
    this.#projection = projection;
    this.#emit = emit;
    this.#journal = new JournalWriter(database);
    this.#projector = new Projector(projection);
    this.#states = new PendingStates(projection, (error) => this.#failed(error));
    this.#outbox = new Outbox(this.#journal, this.#states);
    this.#arrivals = new Arrivals(projection);
    this.#rooms = new Rooms(this.#journal);
    this.#connection = new Connection(seating, device, {
      granted: (grant) => this.#granted(grant),
      load: async (address) => (await this.#load(address)).room,
      confirmed: (room, clocks) => this.#background(this.#outbox.confirm(room, clocks).then(() => this.#changed())),
      sent: (room, sent) => {
        this.#outbox.mark(room, sent);
        this.#changed();
      },
      arrived: (room, bytes, keys) => this.#background(this.#arrived(room, bytes, keys)),
      synced: (room) => this.#background(this.#synced(room)),
      rebuild: (room, refusal) => this.#rebuild(room, refusal),
      changed: () => this.#changed(),
    });
  }

  /** @returns 'storage-blocked' when IndexedDB cannot be opened at all, 'offline' or 'barred' when this seat was never online here. */
  static async open(
    seating: Seating,
    emit: (status: SyncStatus) => void,
  ): Promise<Result<Replica, 'offline' | 'barred' | 'storage-blocked'>> {
    let parts: [JournalDatabase, Projection];
    try {
      parts = await Promise.all([openJournalDatabase(seating.replica), openProjection(seating.replica)]);
    } catch {
      return err('storage-blocked');
    }
    const [database, projection] = parts;
    const replica = new Replica(seating, database, await openDevice(database), projection, emit);
    const started = await replica.#start();
    if (started.ok) return ok(replica);
    await replica.leave();
    return started;
  }

  async #start(): Promise<Result<null, 'offline' | 'barred'>> {
    await this.#outbox.load();
    await this.#showTray();
    await this.#states.reconcile();
    this.#known = ((await this.#database.device.get('known'))?.value ?? undefined) as Known | undefined;
    if (!this.#known) {
      try {
        await this.#learn(await this.#connection.grant());
      } catch (error) {
        if (error instanceof ApiError) return err(error.failure);
        throw error;
      }
    }
    this.#background(this.#catchUp());
    return ok(null);
  }

  /** RP3, then the wire. */
  async #catchUp(): Promise<void> {
    const rooms = this.#workingRooms();
    for (const address of rooms) await this.#load(address);
    // Rooms with unsent work outside the daily ones, such as an old month that was corrected.
    for (const name of this.#outbox.rooms()) {
      const address = parseRoomName(name);
      if (address) await this.#load(address);
    }
    await this.#journal.forgetRequests(Date.now());
    this.#background(this.#connection.tryNow());
    this.#background(this.#projectUnloaded());
    this.#monthWatch = setInterval(() => this.#followMonth(), monthWatchMs);
  }

  /** A tablet that stays open over the turn of the month opens the new month's rooms. */
  #followMonth(): void {
    if (this.#workingRooms().some((address) => !this.#connection.has(formatRoomName(address)))) this.#background(this.#connection.tryNow());
  }

  /** Rooms that rest in the journal: a crash may have left their rows behind. */
  async #projectUnloaded(): Promise<void> {
    for (const { room } of await this.#database.rooms.toArray()) {
      const address = parseRoomName(room);
      if (!address || this.#rooms.get(room) || this.#closed) continue;
      const snapshot = await this.#database.snapshots.get(room);
      if (!snapshot || (await this.#projector.watermark(room)) >= snapshot.seq) continue;
      await this.#projectAndRelease(address);
    }
  }

  async #projectAndRelease(address: RoomAddress): Promise<void> {
    const loaded = roomFromStored(address, await this.#journal.load(formatRoomName(address)));
    this.#projector.forget(loaded.room.name);
    await this.#projector.queue(loaded.room, loaded.room.records(), loaded.seq);
    this.#projector.forget(loaded.room.name);
    loaded.room.destroy();
  }

  get actor(): Actor {
    if (!this.#known) throw new Error('asked for the actor before the replica was open');
    return this.#known.actor as Actor;
  }

  #workingRooms(): RoomAddress[] {
    return workingRooms(this.actor, this.#known?.communityGrids ?? [], Date.now());
  }

  async #learn(grant: TicketGrant): Promise<void> {
    this.#known = { actor: grant.actor, communityGrids: grant.communityGrids };
    await this.#database.device.put({ key: 'known', value: structuredClone(this.#known) as unknown as Value });
  }

  async #granted(grant: TicketGrant): Promise<readonly RoomAddress[]> {
    await this.#learn(grant);
    const waiting = [...this.#outbox.rooms()].flatMap((name) => parseRoomName(name) ?? []);
    return [...this.#workingRooms(), ...waiting];
  }

  async #load(address: RoomAddress): Promise<LoadedRoom> {
    const name = formatRoomName(address);
    const known = this.#rooms.get(name);
    if (known) return known;
    const loaded = await this.#rooms.load(address);
    await this.#projector.catchUp(loaded.room, loaded.seq);
    return loaded;
  }

  async run(request: string, command: string, input: unknown): Promise<Result<Saved, CommandError>> {
    const done = await this.#journal.request(request);
    if (done) return ok(savedFrom(done));
    const declared = commandNamed(command);
    if (!declared) throw new Error(`unknown command ${command}`);
    const parsed = v.safeParse(declared.input, input);
    if (!parsed.success) return err(inputError(parsed.issues));
    const now = Date.now();
    for (const address of declared.rooms(parsed.output, this.actor, now)) await this.#load(address);

    // From here to the append nothing is awaited, so no other command can decide on the same state.
    const decided = declared.decide(parsed.output, this.#decision(now));
    if (!decided.ok) return decided;
    const { saves, row } = this.#prepare(request, decided.value, now);
    return this.#save(saves, row);
  }

  #decision(now: number): Decision {
    const room = (address: RoomAddress): Room => {
      const loaded = this.#rooms.get(formatRoomName(address));
      if (!loaded) throw new Error(`a command looked into ${formatRoomName(address)} without naming it`);
      return loaded.room;
    };
    const facts = (ref: RecordRef) => room(ref.room).factsOf(ref.record);
    return {
      actor: this.actor,
      now,
      ...createIdSource(this.#device.tag, () => now),
      find: (address, record) => room(address).find(record),
      every: (address, kind) => {
        const within = room(address);
        return [...within.records()].flatMap((record) => {
          const folded = within.find(record);
          return folded && folded.kind === kind && !folded.deleted ? [folded] : [];
        });
      },
      history: (ref) => historyOf(facts(ref)),
      inverse: (ref, fact) => inverseOf(facts(ref), fact),
      restoration: (ref, fact) => restorationOf(facts(ref), fact),
    };
  }

  /** Stages every room's share before the first is journalled: a command is in the journal whole or not at all (JN2). */
  #prepare(request: string, statements: readonly Statement[], now: number): { saves: Save[]; row: RequestRow } {
    const stating = { actor: this.actor, now, nextFactId: () => this.#device.nextFactId() };
    const stated = [...Map.groupBy(statements, (statement) => formatRoomName(statement.room))].map(([name, own]) => {
      const loaded = this.#rooms.get(name);
      if (!loaded) throw new Error(`a command stated into ${name} without naming it`);
      return { loaded, facts: stateFacts(loaded.room, own, stating) };
    });
    const row: RequestRow = {
      request,
      at: now,
      facts: stated.flatMap(({ loaded, facts }) => facts.map((fact) => ({ fact: fact.id, room: loaded.room.name, record: fact.record }))),
    };
    const saves = stated.map(({ loaded, facts }, index): Save => {
      const staged = loaded.room.stage(facts);
      const outbox = { client: staged.client, clockEnd: staged.clockEnd, facts: outboxFacts(facts), savedAt: now };
      const append = { room: loaded.room.name, bytes: staged.bytes, outbox, failed: () => loaded.room.retreat(), ...(index === 0 ? { request: row } : {}) };
      return { loaded, staged, append };
    });
    return { saves, row };
  }

  /** RP1. */
  async #save(saves: readonly Save[], row: RequestRow): Promise<Result<Saved, CommandError>> {
    for (const { loaded } of saves) loaded.staging += 1;
    try {
      await Promise.all(saves.map((save) => this.#journal.append(save.append).then((seq) => this.#saved(save, seq))));
      this.#storage = 'ok';
      return ok(savedFrom(row));
    } catch (error) {
      const failure = storageError(error);
      this.#storage = failure.type === 'StorageFull' ? 'full' : 'blocked';
      return err(failure);
    } finally {
      for (const { loaded } of saves) loaded.staging -= 1;
      this.#changed();
    }
  }

  /** Durable: now it may be sent and shown. */
  #saved({ loaded, staged, append }: Save, seq: number): void {
    loaded.seq = Math.max(loaded.seq, seq);
    loaded.tailUpdates += 1;
    loaded.tailBytes += staged.bytes.length;
    if (append.outbox) this.#outbox.add({ ...append.outbox, room: append.room, seq });
    const change = loaded.room.apply(staged.bytes, 'local');
    if (this.#connection.isOpen(append.room)) this.#outbox.mark(append.room, true);
    else if (!this.#connection.has(append.room)) this.#background(this.#openLate(loaded.room.address));
    this.#show(loaded, change);
  }

  /** A room outside the daily work now has something to send. */
  async #openLate(address: RoomAddress): Promise<void> {
    try {
      await this.#connection.open(address, this.#connection.cut ? undefined : await this.#connection.ticket());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #show(loaded: LoadedRoom, change: RoomChange): void {
    for (const record of change.records) this.#search.update(record, loaded.room.find(record));
    this.#background(this.#projector.queue(loaded.room, change.records, loaded.seq));
    this.#background(this.#rooms.compactIfLong(loaded));
  }

  async #arrived(room: Room, bytes: Uint8Array, keys: readonly string[]): Promise<void> {
    const change = room.index(keys, 'remote');
    const loaded = this.#rooms.get(room.name);
    if (!loaded || loaded.room !== room) return;
    if (loaded.filled) this.#background(this.#arrivals.note(change.facts.filter((fact) => deviceTagOf(fact.id) !== this.#device.tag), Date.now()));
    if (change.malformed.length > 0)
      await this.#database.quarantine.bulkPut(change.malformed.map(({ id, json }) => ({ id, room: room.name, json, at: Date.now() })));
    loaded.staging += 1;
    try {
      const seq = await this.#journal.append({ room: room.name, bytes });
      loaded.seq = Math.max(loaded.seq, seq);
      loaded.tailUpdates += 1;
      loaded.tailBytes += bytes.length;
    } catch (error) {
      // The server still has it; this tablet shows it until it closes and fetches it again.
      this.#storage = storageError(error).type === 'StorageFull' ? 'full' : 'blocked';
    } finally {
      loaded.staging -= 1;
    }
    this.#show(loaded, change);
    this.#changed();
  }

  async #synced(room: Room): Promise<void> {
    const loaded = this.#rooms.get(room.name);
    if (!loaded || loaded.room !== room) return;
    this.#refusals.delete(room.name);
    if (!loaded.filled) {
      await this.#journal.markFilled(room.name);
      loaded.filled = true;
    }
    this.#changed();
    if (this.#connection.roomsSyncing === 0) this.#fetching ??= this.#fetchRest().finally(() => (this.#fetching = undefined));
  }

  /** What is worth having but nobody waits for: contacts of other tablets, closed months. */
  async #fetchRest(): Promise<void> {
    try {
      if (this.actor.role === 'supervisor') await this.#fetchContacts();
      const from = addMonths(monthOf(Date.now()), -monthsKept);
      await this.#fetchClosed((_family, month) => month >= from);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #fetchContacts(): Promise<void> {
    const contacts = await fetchContacts(this.#seating.server, await this.#connection.ticket());
    const collection = await this.#projection.side('contacts');
    await collection.bulkUpsert(contacts.map((contact) => ({ id: contact.device, ...contact })));
  }

  async #fetchClosed(wanted: (family: RoomFamily, month: string) => boolean): Promise<void> {
    const ticket = await this.#connection.ticket();
    const heads = await fetchHeads(this.#seating.server, ticket);
    const held = new Map((await this.#database.rooms.toArray()).map(({ room, head }) => [room, head]));
    for (const { address, room } of outdated(heads, held, Date.now(), wanted)) {
      if (this.#closed) return;
      // A closed month with unsent work here is live, not a snapshot.
      if (this.#rooms.get(room)) continue;
      const { bytes, head } = await fetchRoom(this.#seating.server, ticket, room);
      await this.#journal.replace(room, { snapshot: bytes, head, restated: undefined, tray: [] });
      await this.#projectAndRelease(address);
      this.#changed();
    }
  }

  async #rebuild(room: Room, refusal: Refusal | undefined): Promise<Room> {
    const attempt = (this.#refusals.get(room.name) ?? 0) + 1;
    this.#refusals.set(room.name, attempt);
    const { bytes, head } = await fetchRoom(this.#seating.server, await this.#connection.ticket(), room.name);
    const now = Date.now();
    const unconfirmed = this.#outbox.factsOf(room.name);
    const rebuilt = rebuildRoom(room.address, bytes, unconfirmed, this.actor, refusal, attempt > 1, now);
    const outbox = rebuilt.restated && {
      client: rebuilt.restated.staged.client, clockEnd: rebuilt.restated.staged.clockEnd, facts: outboxFacts(rebuilt.restated.facts), savedAt: now,
    };
    const restated = rebuilt.restated && outbox && { room: room.name, bytes: rebuilt.restated.staged.bytes, outbox };
    const seq = await this.#journal.replace(room.name, { snapshot: bytes, head, restated, tray: rebuilt.tray });
    if (rebuilt.restated) rebuilt.room.apply(rebuilt.restated.staged.bytes, 'local');
    const gone = [...room.records()].filter((record) => rebuilt.room.factsOf(record).length === 0);
    const loaded: LoadedRoom = { room: rebuilt.room, seq, filled: true, tailUpdates: 1, tailBytes: 0, staging: 0 };
    this.#rooms.replace(room.name, loaded);
    this.#outbox.replace(room.name, outbox && { ...outbox, room: room.name, seq });
    await this.#showTray();
    this.#projector.forget(room.name);
    await this.#projector.drop(room.address.family, gone);
    await this.#projector.queue(rebuilt.room, rebuilt.room.records(), seq);
    return rebuilt.room;
  }

  async #showTray(): Promise<void> {
    const entries = await this.#database.tray.toArray();
    this.#trayCount = entries.length;
    this.#states.setTray(entries);
    this.#changed();
  }

  /** Work nobody awaits: a failure is a bug or broken storage, and the badge says so instead of hiding it. */
  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    this.#storage = storageError(error).type === 'StorageFull' ? 'full' : 'blocked';
    this.#changed();
    console.error(error);
  }

  #changed(): void {
    if (this.#statusTimer !== undefined || this.#closed) return;
    this.#statusTimer = setTimeout(() => {
      this.#statusTimer = undefined;
      if (!this.#closed) this.#emit(this.status());
    }, 30);
  }

  status(): SyncStatus {
    const rooms = this.#known ? this.#workingRooms() : [];
    return {
      link: this.#connection.state,
      actor: this.#known?.actor as Actor | undefined,
      ...this.#states.counts(),
      refused: this.#trayCount,
      serverHeardAt: this.#connection.heardAt,
      roomsSyncing: this.#connection.roomsSyncing,
      rooms: rooms.length,
      filled: rooms.length > 0 && rooms.every((address) => this.#rooms.get(formatRoomName(address))?.filled),
      clockOffsetMs: this.#connection.clockOffsetMs,
      storage: this.#storage,
    };
  }

  async history(ref: RecordRef): Promise<readonly HistoryEntry[]> {
    return historyOf((await this.#load(ref.room)).room.factsOf(ref.record));
  }

  async search(family: RoomFamily, kind: string, text: string, limit: number): Promise<readonly string[]> {
    if (!this.#search.has(kind)) {
      const rooms = [...this.#rooms.all()].map((loaded) => loaded.room).filter((room) => room.address.family === family);
      this.#search.fill(kind, rooms.flatMap((room) => [...room.records()].flatMap((record) => {
        const folded = room.find(record);
        return folded && folded.kind === kind ? [folded] : [];
      })));
    }
    return this.#search.find(kind, text, limit);
  }

  async fetchMonths(family: RoomFamily, from: string, to: string): Promise<{ readonly missing: number }> {
    // What is being fetched anyway would otherwise be fetched twice.
    await this.#fetching;
    try {
      await this.#fetchClosed((each, month) => each === family && month >= from && month <= to);
      return { missing: 0 };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { missing: 1 };
    }
  }

  async cutWire(cut: boolean): Promise<void> {
    this.#connection.setCut(cut);
  }

  async syncNow(): Promise<void> {
    await this.#connection.tryNow();
  }

  drafts(): Promise<readonly Draft[]> {
    return this.#database.drafts.orderBy('changedAt').reverse().toArray();
  }

  async saveDraft(draft: Draft): Promise<void> {
    await this.#database.drafts.put(draft);
  }

  dropDraft(id: string): Promise<void> {
    return this.#database.drafts.delete(id);
  }

  tray(): Promise<readonly TrayEntry[]> {
    return this.#database.tray.toArray();
  }

  async dropTrayEntry(fact: string): Promise<void> {
    await this.#database.tray.delete(fact);
    await this.#showTray();
  }

  async exportUnconfirmed(): Promise<string> {
    const outbox = this.#outbox.all().map(({ room, facts, savedAt }) => ({ room, savedAt, facts }));
    return JSON.stringify({ format: 'linhuo-unconfirmed:v1', actor: this.#known?.actor, outbox, tray: await this.tray(), drafts: await this.drafts() }, null, 1);
  }

  async rebuild(): Promise<void> {
    const names = new Set([
      ...((await this.#database.updates.orderBy('room').uniqueKeys()) as string[]),
      ...((await this.#database.snapshots.toCollection().primaryKeys()) as string[]),
    ]);
    const kept = new Map<RoomFamily, Set<string>>();
    for (const name of names) {
      const address = parseRoomName(name);
      if (!address) continue;
      const open = this.#rooms.get(name);
      const loaded = open ?? roomFromStored(address, await this.#journal.load(name));
      const records = kept.get(address.family) ?? new Set<string>();
      for (const record of loaded.room.records()) records.add(record);
      kept.set(address.family, records);
      this.#projector.forget(name);
      await this.#projector.queue(loaded.room, loaded.room.records(), loaded.seq);
      if (open) continue;
      this.#projector.forget(name);
      loaded.room.destroy();
    }
    await this.#projector.keepOnly(kept);
  }

  deviceValue(key: string): Promise<Value> {
    return deviceValue(this.#database, key);
  }

  async setDeviceValue(key: string, value: Value): Promise<void> {
    await setDeviceValue(this.#database, key, value);
  }

  async leave(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#statusTimer);
    clearInterval(this.#monthWatch);
    this.#connection.close();
    await this.#projection.close();
    this.#database.close();
  }
}

const savedFrom = (row: RequestRow): Saved => ({
  facts: row.facts.flatMap(({ fact, room, record }) => {
    const address = parseRoomName(room);
    return address ? [{ fact, ref: { room: address, record } }] : [];
  }),
});
