/**
 * The replica of one seat: composes journal, rooms, projection and connection, and answers the page's calls.
 * What it guarantees is kept by its parts: saving.ts, arriving.ts, bundles/, closedMonths.ts, lostRooms.ts, restored.ts, shelf.ts, and
 * keepOpen.ts and refill.ts for storage that goes away. Long because it is the one place where all of them meet; its methods
 * are a few lines each and hand over to one of them.
 */
import { accessTo, workingRooms } from '../domain/access.ts';
import { comparedKinds } from '../domain/duplicates/compared.ts';
import type { ImportRows, TakeBackImport } from '../domain/exchange/inputs.ts';
import { foreseeImport, roomsOfImport, type Foreseen } from '../domain/exchange/rules.ts';
import { foreseeTakingBack, roomsOfTakingBack, type ForeseenTakingBack } from '../domain/exchange/takingBack.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { CommandError, RecordRef } from '../domain/kernel/command.ts';
import { deviceTagOf, encodeFact, type Fields, type Value } from '../domain/kernel/fact.ts';
import { historyOf, type HistoryEntry } from '../domain/kernel/history.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import type { RoomAddress, RoomFamily } from '../domain/kernel/room.ts';
import { anyNames } from '../domain/photos/photo.ts';
import { addMonths, monthOf } from '../domain/kernel/time.ts';
import { kindNamed, type KindName } from '../domain/kinds.ts';
import { whyNot } from '../domain/permission.ts';
import type { TicketGrant } from '../protocol/api.ts';
import { formatRoomName, parseRoomName } from '../protocol/roomName.ts';
import { holdSeat } from '../keys/database.ts';
import { haveSeatKey } from '../keys/seatKey.ts';
import { writeBundleFile } from '../protocol/bundle.ts';
import { Arriving } from './arriving.ts';
import { Brought } from './bundles/brought.ts';
import { Files } from './bundles/files.ts';
import { packBundles, type Share } from './bundles/making.ts';
import { ClosedMonths } from './closedMonths.ts';
import { ApiError, fetchContacts } from './connection/api.ts';
import { Connection } from './connection/connection.ts';
import { ticketsOf } from './connection/tickets.ts';
import type { BroughtBundle, Draft, ImportTaken, MadeBundle, NoPhoto, ReplicaCalls, Saved, Seating, ShownPhoto, SimilarRecord, SyncStatus, TrayEntry, WorkDone } from './contract.ts';
import { Drafts } from './drafts.ts';
import { Forgetting } from './forgetting.ts';
import { Handover } from './handover.ts';
import { Health } from './health.ts';
import { openJournalDatabase, type JournalDatabase } from './journal/database.ts';
import { deviceValue, openDevice, setDeviceValue, type Device } from './journal/device.ts';
import { JournalWriter } from './journal/journal.ts';
import { Outbox } from './journal/outbox.ts';
import { JournalSealing } from './journal/sealed.ts';
import { keepOpen } from './keepOpen.ts';
import { LostRooms } from './lostRooms.ts';
import { Arrivals } from './projection/arrivals.ts';
import { Photos } from './photos/photos.ts';
import { openProjection, type Projection } from './projection/database.ts';
import { Likely } from './projection/likely.ts';
import { PendingStates } from './projection/pending.ts';
import { Projector } from './projection/projector.ts';
import { SearchIndex } from './projection/search.ts';
import { SimilarIndex } from './projection/similar.ts';
import { Refill } from './refill.ts';
import { Restored } from './restored.ts';
import type { Room } from './rooms/room.ts';
import { Saving } from './saving.ts';
import { sealingOf } from './sealing.ts';
import { Shelf } from './shelf.ts';

/** How far back a tablet fetches closed months by itself; older ones come when somebody asks. */
const monthsKept = 12;
const lookAroundMs = 10 * 60_000;
/** Many changes within this span are one message to the page. */
const statusEveryMs = 30;
/** The last word of the server is kept about this often: it is told in minutes, and a write for each message would cost a tablet its battery. */
const heardEveryMs = 60_000;

const confirmAgainMs = 5_000;

type OpenFailure = 'offline' | 'barred' | 'storage-blocked';
/** Who we are, as the server last said; kept so that a cold start needs no network. */
type Known = Pick<TicketGrant, 'actor' | 'communityGrids'>;

export class Replica implements Omit<ReplicaCalls, 'open'> {
  readonly #seating: Seating;
  readonly #device: Device;
  readonly #database: JournalDatabase;
  readonly #journal: JournalWriter;
  readonly #sealing: JournalSealing;
  readonly #drafts: Drafts;
  readonly #photos: Photos;
  readonly #projection: Projection;
  readonly #projector: Projector;
  readonly #states: PendingStates;
  readonly #outbox: Outbox;
  readonly #search = new SearchIndex();
  readonly #similar = new SimilarIndex();
  readonly #likely: Likely;
  readonly #health = new Health(() => this.#changed(), () => this.#health.background(this.#photos.kept.giveWay()));
  readonly #shelf: Shelf;
  readonly #saving: Saving;
  readonly #files: Files;
  readonly #brought: Brought;
  readonly #arriving: Arriving;
  readonly #closedMonths: ClosedMonths;
  readonly #lostRooms: LostRooms;
  readonly #restored: Restored;
  readonly #handover: Handover | undefined;
  readonly #connection: Connection;
  readonly #emit: (status: SyncStatus) => void;
  #known: Known | undefined;
  #putSeatBack: () => Promise<void> = () => Promise.resolve();
  #heardKept = 0;
  #tray: readonly TrayEntry[] = [];
  #statusTimer: ReturnType<typeof setTimeout> | undefined;
  #fetchingRest: Promise<void> | undefined;
  readonly #letGo: () => void;
  #lookAround: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  private constructor(seating: Seating, database: JournalDatabase, device: Device, projection: Projection, emit: (status: SyncStatus) => void, work: (work: WorkDone) => void) {
    const { server, enrolled } = seating;
    const health = this.#health;
    const sealing = new JournalSealing(enrolled && sealingOf(enrolled.dataKey));
    const journal = new JournalWriter(database, sealing);
    const projector = new Projector(projection, (error) => health.failed(error));
    const states = new PendingStates(projection, (error) => health.failed(error));
    const outbox = new Outbox(journal, states);
    const likely = new Likely({
      projection, similar: this.#similar, fail: (error) => health.failed(error),
      wanted: () => this.#known?.actor !== undefined && whyNot(this.actor, 'state', 'pair') === undefined,
      rooms: () => this.#shelf.rooms.all(),
    });
    const names = [this.#search, this.#similar, likely];
    const shelf = new Shelf(journal, projector, names, health, (room) => void this.#brought.into(room));
    const arrivals = new Arrivals(projection);
    const actor = (): Actor => this.actor;
    const ticket = (): Promise<string> => this.#connection.ticket();
    this.#seating = seating;
    this.#device = device;
    this.#database = database;
    this.#projection = projection;
    this.#emit = emit;
    this.#journal = journal;
    this.#sealing = sealing;
    this.#drafts = new Drafts(database, sealing);
    this.#photos = new Photos({
      server, database, sealing, ticket, changed: () => this.#changed(), failed: (error) => health.failed(error),
      onItsWay: ({ room, record }) => outbox.has(room, record),
      stillNamed: ({ room, record }, photo) => anyNames(shelf.rooms.get(room)?.room.factsOf(record) ?? [], photo),
    });
    this.#projector = projector;
    this.#states = states;
    this.#outbox = outbox;
    this.#shelf = shelf;
    this.#likely = likely;
    this.#files = new Files(database, sealing, enrolled);
    this.#brought = new Brought({
      server, journal, states, arrivals, health, shelf: () => shelf, actor, ticket, files: () => this.#files.grant,
      online: () => this.#connection.state === 'online', changed: () => this.#changed(),
      follow: (address) => {
        if (!this.#connection.has(formatRoomName(address))) health.background(this.#openLate(address));
      },
    });
    this.#saving = new Saving({ journal, device, shelf, outbox, health, photos: this.#photos.kept, actor, work, toSend: (room) => this.#toSend(room) });
    const forgetting = new Forgetting({ database, sealing, drafts: this.#drafts, tray: () => this.tray(), removePhotos: (photos) => this.#photos.remove(photos), forgetBrought: (room) => this.#brought.forget(room) });
    this.#arriving = new Arriving({
      server, database, sealing, journal, device, shelf, outbox, projector, health, actor, ticket,
      arrivals, bring: (room) => void this.#brought.into(room), brought: (room) => this.#brought.arrived(room), trayChanged: () => this.#showTray(),
      forgetting,
    });
    this.#closedMonths = new ClosedMonths({
      server, database, journal, shelf, projector, forgetting, arrivals, device, health, ticket, closed: () => this.#closed, changed: () => this.#changed(),
      link: (address) => this.#openLate(address),
    });
    this.#lostRooms = new LostRooms({
      journal, shelf, outbox, projector, names, forgotten: (room) => this.#brought.leave(room),
      disconnect: (room) => this.#connection.leave(room), trayChanged: () => this.#showTray(),
    });
    this.#restored = new Restored({ database, journal, device, shelf });
    this.#handover = enrolled && new Handover(enrolled, {
      server, outbox, photos: () => this.#photos.kept.onlyHere().filter(({ named }) => named.length > 0).length, person: () => this.actor.person, tray: () => this.#tray, changed: () => this.#changed(),
      dropTrayEntries: (facts) => this.#dropTrayEntries(facts),
    });
    this.#connection = this.#createConnection(device);
    const refill = new Refill({ putSeatBack: () => this.#putSeatBack(), sealing, device, shelf, outbox, projector, states, photos: this.#photos.kept, brought: () => this.#brought.rows(), files: () => this.#files.grant, tray: () => this.#tray, known: () => structuredClone(this.#known ?? null) as Value });
    database.on('ready', (vip) => refill.ifEmptied((vip as JournalDatabase | undefined) ?? database), true);
    this.#letGo = keepOpen(database, () => health.recovered());
  }

  #createConnection(device: Device): Connection {
    const health = this.#health;
    const unsent = () => {
      const { saved, sent } = this.#states.counts();
      return { saved: saved + sent, refused: this.#tray.length };
    };
    return new Connection(this.#seating.server, ticketsOf(this.#seating, device, unsent), {
      granted: (grant) => this.#granted(grant),
      ended: (reason) => {
        if (this.#handover && this.#known) health.background(this.#handover.ended(reason));
        this.#changed();
      },
      load: async (address) => (await this.#shelf.load(address)).room,
      confirmed: (room, clocks) => health.background(this.#confirm(room, clocks)),
      sent: (room, sent) => {
        this.#outbox.mark(room, sent);
        this.#changed();
      },
      arrived: (room, bytes, keys) => health.background(this.#arriving.arrived(room, bytes, keys).then(() => this.#followRoster(room))),
      synced: (room) => health.background(this.#synced(room)),
      rebuild: (room, refusal) => this.#arriving.rebuild(room, refusal),
      changed: () => this.#changed(),
      failed: (error) => health.failed(error),
    });
  }

  /**
   * @param work hears how far commands of many records are
   * @returns 'storage-blocked' when IndexedDB cannot be opened or written to, 'offline' or 'barred' when this seat was never online here.
   */
  static async open(seating: Seating, emit: (status: SyncStatus) => void, work: (work: WorkDone) => void = () => undefined): Promise<Result<Replica, OpenFailure>> {
    let parts: [JournalDatabase, Projection];
    try {
      parts = await Promise.all([openJournalDatabase(seating.replica), openProjection(seating.replica, seating.enrolled && sealingOf(seating.enrolled.dataKey))]);
    } catch {
      return err('storage-blocked');
    }
    const [database, projection] = parts;
    let replica: Replica | undefined;
    try {
      replica = new Replica(seating, database, await openDevice(database, seating.enrolled?.tag), projection, emit, work);
      const started = await replica.#start();
      if (started.ok) return ok(replica);
      await replica.leave();
      return started;
    } catch (error) {
      // Without a block of fact ids nothing can be stated here (JN5); a page that waits for an answer must get one.
      console.error(error);
      // Closed by whoever keeps it open, or it would be opened again behind the answer.
      if (replica) await replica.leave();
      else {
        await projection.close();
        database.close();
      }
      return err('storage-blocked');
    }
  }

  async #start(): Promise<Result<null, 'offline' | 'barred'>> {
    const { enrolled } = this.#seating;
    if (enrolled) {
      // Before it is held, or what is put back (KY8) would have another.
      await haveSeatKey(enrolled);
      this.#putSeatBack = await holdSeat(enrolled.tag);
    }
    await this.#outbox.load();
    await this.#files.load();
    await this.#brought.load(Date.now());
    await this.#photos.kept.load();
    await this.#showTray();
    await this.#states.reconcile();
    this.#known = ((await this.#database.device.get('known'))?.value ?? undefined) as Known | undefined;
    this.#heardKept = Number((await this.#database.device.get('heard'))?.value ?? 0);
    this.#connection.heardAt = this.#heardKept;
    if (!this.#known) {
      try {
        await this.#learn(await this.#connection.grant());
      } catch (error) {
        if (error instanceof ApiError) return err(error.failure);
        throw error;
      }
    }
    this.#health.background(this.#catchUp());
    return ok(null);
  }

  /** RP3, then the wire. */
  async #catchUp(): Promise<void> {
    this.#lookAround = setInterval(() => this.#health.background(this.#followTime()), lookAroundMs);
    // A disk in trouble keeps none of the steps from the next one: the wire loads again what could not be read now.
    for (const address of [...this.#workingRooms(), ...this.#waitingRooms()]) await this.#shelf.load(address).catch((error: unknown) => this.#health.failed(error));
    this.#health.background(this.#connection.tryNow());
    this.#health.background(this.#journal.forgetRequests(Date.now()));
    this.#health.background(this.#sweepPhotos());
    this.#health.background(this.#closedMonths.projectUnprojected());
    this.#likely.start();
    this.#health.background(this.#prepareNames());
  }

  async #sweepPhotos(): Promise<void> {
    await this.#photos.kept.sweep(JSON.stringify(await this.drafts()), Date.now());
  }

  /** A tablet that stays open learns whether its rights have changed, opens the new month's rooms when a month turns, and asks for what no socket of its own brings. */
  async #followTime(): Promise<void> {
    await this.#connection.tryNow();
    if (this.#connection.state !== 'online') return;
    this.#photos.look();
    await this.#rest();
  }

  get actor(): Actor {
    if (!this.#known) throw new Error('asked for the actor before the replica was open');
    return this.#known.actor as Actor;
  }

  #workingRooms(): RoomAddress[] {
    return workingRooms(this.actor, this.#communityGrids(), Date.now());
  }

  /** As the server last said, and those that have been added since. */
  #communityGrids(): string[] {
    const roster = this.#shelf.rooms.get(formatRoomName({ community: this.actor.community, family: 'roster' }));
    const added = [...(roster?.room.every('grid') ?? [])].filter(({ deleted }) => !deleted).map(({ fields }) => String(fields['code']));
    return [...new Set([...(this.#known?.communityGrids ?? []), ...added])];
  }

  /** A grid that was added just now has rooms of its own, which a supervisor's tablet opens at once. */
  #followRoster(room: Room): void {
    this.#changed();
    if (room.address.family !== 'roster' || this.#workingRooms().every((address) => this.#connection.has(formatRoomName(address)))) return;
    this.#health.background(this.#connection.tryNow());
  }

  /** Rooms with unsent work outside the daily ones, such as an old month that was corrected. */
  #waitingRooms(): RoomAddress[] {
    return [...this.#outbox.rooms()].flatMap((name) => parseRoomName(name) ?? []);
  }

  #broughtRooms(): RoomAddress[] {
    return this.#brought.rooms().filter((address) => accessTo(this.actor, address) !== 'none');
  }

  async #learn({ actor, communityGrids, files }: TicketGrant): Promise<void> {
    this.#known = { actor, communityGrids };
    await this.#files.learn(files).catch((error: unknown) => this.#health.failed(error));
    // A disk that cannot take this down must not keep the tablet off the wire: the next cold start asks again.
    await this.#database.device.put({ key: 'known', value: structuredClone(this.#known) as unknown as Value }).catch((error: unknown) => this.#health.failed(error));
  }

  async #granted(grant: TicketGrant): Promise<readonly RoomAddress[]> {
    this.#handover?.goesOn();
    await this.#learn(grant);
    this.#bringBack();
    await this.#lostRooms.leave(this.actor);
    this.#photos.kept.serverIs(grant.restoredAt ?? 0);
    await this.#photos.kept.leaveRooms((room) => this.#isShut(room));
    // Before any room is on the wire: what this tablet stated may stand on it.
    await this.#brought.deliver();
    return [...this.#workingRooms(), ...this.#waitingRooms(), ...this.#broughtRooms(), ...(await this.#restored.owed(grant))];
  }

  #isShut(room: string): boolean {
    const address = parseRoomName(room);
    return !address || accessTo(this.actor, address) === 'none';
  }

  /** The server says it once: a disk that cannot note it now is asked again. */
  async #confirm(room: string, clocks: ReadonlyMap<number, number>): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#outbox.confirm(room, clocks);
    } catch (error) {
      setTimeout(() => this.#health.background(this.#confirm(room, clocks)), confirmAgainMs);
      throw error;
    }
    this.#photos.look();
    this.#changed();
  }

  #toSend(room: Room): void {
    if (this.#connection.isOpen(room.name)) this.#outbox.mark(room.name, true);
    else if (!this.#connection.has(room.name)) this.#health.background(this.#openLate(room.address));
    this.#followRoster(room);
  }

  /** A room outside the daily work now has something to send, or has been changed by others. */
  async #openLate(address: RoomAddress): Promise<void> {
    try {
      const ticket = this.#connection.cut ? undefined : await this.#connection.ticket();
      // RP7: a save that was under way while the room was taken away is in the tray.
      if (accessTo(this.actor, address) !== 'none') await this.#connection.open(address, ticket);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #synced(room: Room): Promise<void> {
    await this.#arriving.synced(room);
    this.#changed();
    if (this.#connection.roomsSyncing > 0) return;
    this.#photos.look();
    await this.#rest();
  }

  #rest(): Promise<void> {
    this.#fetchingRest ??= this.#fetchRest().finally(() => (this.#fetchingRest = undefined));
    return this.#fetchingRest;
  }

  /** What is worth having but nobody waits for: contacts of other tablets, months that are not live. */
  async #fetchRest(): Promise<void> {
    try {
      if (this.actor.role === 'supervisor') await this.#fetchContacts();
      const from = addMonths(monthOf(Date.now()), -monthsKept);
      await this.#closedMonths.fetch((_family, month) => month >= from);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #fetchContacts(): Promise<void> {
    const contacts = await fetchContacts(this.#seating.server, await this.#connection.ticket());
    const collection = await this.#projection.side('contacts');
    await collection.bulkUpsert(contacts.map((contact) => ({ id: contact.device, ...contact })));
  }

  async #showTray(): Promise<void> {
    const entries = await this.tray();
    this.#tray = entries;
    this.#states.setTray(entries);
    this.#changed();
    this.#bringBack();
  }

  /** IE11: not waited for, since handing over changes the tray itself. */
  #bringBack(): void {
    if (this.#handover && this.#tray.length > 0) this.#health.background(this.#handover.cameBack());
  }

  #changed(): void {
    if (this.#statusTimer !== undefined || this.#closed) return;
    this.#statusTimer = setTimeout(() => {
      this.#statusTimer = undefined;
      if (this.#closed) return;
      this.#emit(this.status());
      this.#keepHeard();
    }, statusEveryMs);
  }

  /** A tablet opened without a network still knows how old its data is. */
  #keepHeard(): void {
    const { heardAt } = this.#connection;
    if (heardAt - this.#heardKept < heardEveryMs) return;
    this.#heardKept = heardAt;
    this.#health.background(this.#database.device.put({ key: 'heard', value: heardAt }));
  }

  status(): SyncStatus {
    const rooms = this.#known ? this.#workingRooms() : [];
    const ended = this.#handover?.status();
    return {
      link: this.#connection.state,
      actor: this.#known?.actor as Actor | undefined,
      ...this.#states.counts(),
      refused: this.#tray.length,
      serverHeardAt: this.#connection.heardAt,
      roomsSyncing: this.#connection.roomsSyncing,
      rooms: rooms.length,
      filled: rooms.length > 0 && rooms.every((address) => this.#shelf.rooms.get(formatRoomName(address))?.filled),
      clockOffsetMs: this.#connection.clockOffsetMs,
      storage: this.#health.storage,
      photos: this.#photos.waiting(),
      ...(ended ? { ended } : {}),
      carrying: this.#brought.waiting().length,
      bundlesChanged: this.#brought.changes,
    };
  }

  run(request: string, command: string, input: unknown): Promise<Result<Saved, CommandError>> {
    return this.#saving.run(request, command, input);
  }

  async foreseeImport(input: ImportRows): Promise<Result<Foreseen, CommandError>> {
    const looked = await this.#saving.look(roomsOfImport(input, this.actor), (decision) => foreseeImport(input, decision));
    return looked.ok ? looked.value : looked;
  }

  async importRows(request: string, input: ImportRows): Promise<Result<ImportTaken, CommandError>> {
    const saved = await this.run(request, 'importRows', input);
    return saved.ok ? ok({ facts: saved.value.facts.length, record: saved.value.facts.at(-1)?.ref.record ?? '' }) : saved;
  }

  async foreseeTakingBack(input: TakeBackImport): Promise<Result<ForeseenTakingBack, CommandError>> {
    const looked = await this.#saving.look(roomsOfTakingBack(input, this.actor, Date.now()), (decision) => foreseeTakingBack(input, decision));
    return looked.ok ? looked.value : looked;
  }

  async takeBackImport(request: string, input: TakeBackImport): Promise<Result<{ readonly facts: number }, CommandError>> {
    const saved = await this.run(request, 'takeBackImport', input);
    return saved.ok ? ok({ facts: saved.value.facts.length }) : saved;
  }

  async history(ref: RecordRef): Promise<readonly HistoryEntry[]> {
    return this.#shelf.glance(ref.room, (room) => historyOf(room.factsOf(ref.record)));
  }

  /** Whoever types in the first second after opening gets what is there, not what has been read so far. */
  async #opened(family: RoomFamily): Promise<readonly Room[]> {
    for (const address of this.#workingRooms()) if (address.family === family) await this.#shelf.load(address);
    return this.#roomsOf(family);
  }

  #roomsOf(family: RoomFamily): readonly Room[] {
    return [...this.#shelf.rooms.all()].map(({ room }) => room).filter(({ address }) => address.family === family);
  }

  async search(family: RoomFamily, kind: string, text: string, limit: number): Promise<readonly string[]> {
    const rooms = await this.#opened(family);
    if (!this.#search.has(kind)) this.#search.fill(kind, rooms.flatMap((room) => [...room.every(kind)]));
    return this.#search.find(kind, text, limit);
  }

  async similar(family: RoomFamily, kind: string, fields: Fields, limit: number): Promise<readonly SimilarRecord[]> {
    await this.#opened(family);
    await this.#similar.prepare(kind, () => this.#roomsOf(family));
    return this.#similar.find(kind, fields, limit, { find: (record) => this.#roomsOf(family).map((room) => room.find(record)).find((found) => found !== undefined) });
  }

  /** DU15 The lists that this person's own entries are compared with are ready before anybody types. */
  async #prepareNames(): Promise<void> {
    for (const kind of Object.keys(comparedKinds) as KindName[]) {
      const family = kindNamed(kind)?.family;
      if (family && whyNot(this.actor, 'state', kind) === undefined) await this.#similar.prepare(kind, () => this.#roomsOf(family));
    }
  }

  async fetchMonths(family: RoomFamily, from: string, to: string): Promise<{ readonly missing: number }> {
    try {
      await this.#closedMonths.fetch((each, month) => each === family && month >= from && month <= to);
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

  async ticket(): Promise<Result<string, 'offline' | 'barred'>> {
    try {
      return ok(await this.#connection.ticket());
    } catch (error) {
      if (error instanceof ApiError) return err(error.failure);
      throw error;
    }
  }

  keepPhoto(picture: Blob): Promise<Result<string, 'unreadable' | 'no-room' | 'storage-broken'>> {
    return this.#photos.keep(picture);
  }

  photo(photo: string, size: 'whole' | 'small', ref?: RecordRef): Promise<Result<ShownPhoto, NoPhoto>> {
    return this.#photos.show(photo, size, ref);
  }

  async photosWaiting(photos: readonly string[]): Promise<readonly string[]> {
    return photos.filter((photo) => this.#photos.kept.waits(photo));
  }

  drafts(): Promise<readonly Draft[]> {
    return this.#drafts.all();
  }

  saveDraft(draft: Draft): Promise<void> {
    return this.#drafts.save(draft);
  }

  dropDraft(id: string): Promise<void> {
    return this.#drafts.drop(id);
  }

  async tray(): Promise<readonly TrayEntry[]> {
    return this.#sealing.openRows('tray', await this.#database.tray.toArray());
  }

  async dropTrayEntry(fact: string): Promise<void> {
    const dropped = this.#tray.filter((entry) => entry.fact === fact);
    await this.#dropTrayEntries([fact]);
    await this.#photos.dropped(dropped);
  }

  async #dropTrayEntries(facts: readonly string[]): Promise<void> {
    await this.#database.tray.bulkDelete([...facts]);
    await this.#showTray();
  }

  async exportUnconfirmed(): Promise<string> {
    const outbox = this.#outbox.all().map(({ room, facts, savedAt }) => ({ room, savedAt, facts }));
    const only = { format: 'linhuo-unconfirmed:v1', actor: this.#known?.actor, outbox, tray: await this.tray(), drafts: await this.drafts(), photos: await this.#photos.exported() };
    return JSON.stringify(only, null, 1);
  }

  /** BF1. */
  async makeBundle(): Promise<Result<MadeBundle, 'nothing' | 'needs-network'>> {
    const { grant } = this.#files;
    if (!grant) return err('needs-network');
    const others = this.#brought.waiting();
    const shares: Share[] = [];
    for (const address of this.#waitingRooms()) shares.push(this.#share((await this.#shelf.load(address)).room));
    if (others.length === 0 && shares.every(({ cells }) => cells.length === 0)) return err('nothing');
    const { tag } = this.#device;
    const packed = await packBundles(shares, tag, grant, async (text) => (await this.#files.sign(text)) ?? '', Date.now());
    if (packed.bundles.some(({ signature }) => signature === '')) return err('needs-network');
    return ok({ text: writeBundleFile([...others, ...packed.bundles]), facts: packed.facts, others: others.length, left: packed.left });
  }

  /** Of each Yjs client with something unconfirmed all it wrote: clocks have no gap. */
  #share(room: Room): Share {
    const ends = new Map<number, number>();
    for (const { client, clockEnd } of this.#outbox.all().filter((row) => row.room === room.name)) ends.set(client, Math.max(ends.get(client) ?? 0, clockEnd));
    const { tag } = this.#device;
    const earlier = (record: string) => room.factsOf(record).filter(({ id }) => deviceTagOf(id) === tag && room.holds(id)).map((fact) => ({ id: fact.id, json: encodeFact(fact) }));
    return { room: room.name, cells: room.cells(ends), earlier };
  }

  takeBundle(content: string): ReturnType<ReplicaCalls['takeBundle']> {
    return this.#brought.take(content);
  }

  async bundles(): Promise<readonly BroughtBundle[]> {
    return this.#brought.list();
  }

  async rebuild(): Promise<void> {
    const stored = await this.#projector.stored();
    const open = [...this.#shelf.rooms.all()].map(({ room }) => room.name);
    for (const name of new Set([...(await this.#journal.rooms()), ...open, ...stored.keys()])) {
      const address = parseRoomName(name);
      if (address) await this.#shelf.project(address, stored.get(name));
    }
    await this.#likely.again();
  }

  deviceValue(key: string): Promise<Value> {
    return deviceValue(this.#database, key);
  }

  async setDeviceValue(key: string, value: Value): Promise<void> {
    await setDeviceValue(this.#database, key, value);
  }

  async leave(): Promise<void> {
    this.#closed = true;
    this.#health.close();
    this.#letGo();
    clearTimeout(this.#statusTimer);
    clearInterval(this.#lookAround);
    this.#photos.close();
    this.#connection.close();
    this.#projector.close();
    await this.#likely.close();
    await this.#projection.close();
    this.#database.close();
  }
}
