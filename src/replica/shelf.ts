/**
 * The rooms of one replica, with what hangs on each: its rows, its place in search, and the right to be worked on.
 *
 * - RP3 A room is projected up to the journal's end before it is handed out.
 * - RP4 A room whose rows cannot be written is handed out all the same: saving and sending need no rows.
 * - RP5 While a room is being rebuilt nothing is decided on it, and it is rebuilt only when what was being saved is saved.
 */
import type { Folded } from '../domain/kernel/fold.ts';
import type { RoomAddress } from '../domain/kernel/room.ts';
import { formatRoomName } from '../protocol/roomName.ts';
import type { JournalWriter } from './journal/journal.ts';
import type { Health } from './health.ts';
import type { Projector } from './projection/projector.ts';
import type { NameIndex } from './projection/search.ts';
import type { Room, RoomChange } from './rooms/room.ts';
import { roomFromStored, Rooms, type Bring, type LoadedRoom } from './rooms/rooms.ts';

export class Shelf {
  readonly rooms: Rooms;
  readonly #journal: JournalWriter;
  readonly #projector: Projector;
  readonly #names: readonly NameIndex[];
  readonly #health: Health;
  readonly #bring: Bring;
  readonly #opening = new Map<string, Promise<LoadedRoom>>();
  readonly #held = new Map<string, Promise<unknown>>();
  readonly #saving = new Set<Promise<unknown>>();

  constructor(journal: JournalWriter, projector: Projector, names: readonly NameIndex[], health: Health, bring: Bring) {
    this.rooms = new Rooms(journal, bring);
    this.#bring = bring;
    this.#journal = journal;
    this.#projector = projector;
    this.#names = names;
    this.#health = health;
  }

  /** Whoever asks while a room is being opened waits for the same opening: nobody gets it before it is projected (RP3). */
  load(address: RoomAddress): Promise<LoadedRoom> {
    const name = formatRoomName(address);
    const opening = this.#opening.get(name);
    if (opening) return opening;
    const known = this.rooms.get(name);
    if (known) return Promise.resolve(known);
    const opened = this.#open(address).finally(() => this.#opening.delete(name));
    this.#opening.set(name, opened);
    return opened;
  }

  async #open(address: RoomAddress): Promise<LoadedRoom> {
    const loaded = await this.rooms.load(address);
    await this.#projector.catchUp(loaded.room, loaded.seq).catch((error: unknown) => this.#health.failed(error));
    for (const names of this.#names) names.join(loaded.room, loaded.seq);
    return loaded;
  }

  /** Looks into a room without keeping it: one that is not open rests in the journal again, where its next copy may replace it. */
  async glance<T>(address: RoomAddress, look: (room: Room) => T | Promise<T>): Promise<T> {
    const name = formatRoomName(address);
    const open = this.rooms.get(name);
    if (open) return look(open.room);
    const { room } = roomFromStored(address, await this.#journal.load(name));
    this.#bring(room);
    try {
      return await look(room);
    } finally {
      room.destroy();
    }
  }

  /**
   * Loads rooms to decide on and waits while one is held. A room may be held again by the time the caller goes on, so the
   * caller asks `isHeld` in the same breath in which it decides.
   */
  async loadAll(addresses: readonly RoomAddress[]): Promise<void> {
    for (const address of addresses) {
      await this.load(address);
      await this.#held.get(formatRoomName(address))?.catch(() => undefined);
    }
  }

  isHeld(addresses: readonly RoomAddress[]): boolean {
    return addresses.some((address) => this.#held.has(formatRoomName(address)));
  }

  /** Keeps decisions off a room while `work` replaces it, after what is on its way into the journal has arrived. */
  async hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    const held = Promise.allSettled([...this.#saving]).then(work);
    this.#held.set(name, held);
    try {
      return await held;
    } finally {
      this.#held.delete(name);
    }
  }

  /** Counts a save as under way until it settles: a room is not replaced before. */
  async saving<T>(save: Promise<T>): Promise<T> {
    this.#saving.add(save);
    try {
      return await save;
    } finally {
      this.#saving.delete(save);
    }
  }

  /** RP5: a rebuilt room takes the place of the one by its name. */
  replace(made: LoadedRoom): void {
    const { name } = made.room;
    const old = this.rooms.get(name);
    for (const record of new Set([...(old?.room.records() ?? []), ...made.room.records()])) {
      const after = made.room.find(record);
      if (saysTheSame(old?.room.find(record), after)) continue;
      for (const names of this.#names) names.update(record, after, made.room, made.seq);
    }
    this.rooms.replace(name, made);
  }

  /** Shows a change that is durable: search now, rows as soon as they are written, a long journal tail folded. */
  show(loaded: LoadedRoom, change: RoomChange): void {
    // Replaced while this was being written: search, rows and snapshot are the new room's.
    if (this.rooms.get(loaded.room.name) !== loaded) return;
    for (const record of change.records) for (const names of this.#names) names.update(record, loaded.room.find(record), loaded.room, loaded.seq);
    this.#health.background(this.#projector.queue(loaded.room, change.records, loaded.seq));
    this.#health.background(this.rooms.compactIfLong(loaded));
  }

  /**
   * Projects a room from nothing. One that only rests in the journal is not kept in memory for that.
   * @param stored rows that go if the room does not hold their records
   */
  async project(address: RoomAddress, stored: Iterable<string> = []): Promise<void> {
    const name = formatRoomName(address);
    const resting = this.rooms.get(name) ? undefined : roomFromStored(address, await this.#journal.load(name));
    if (resting) this.#bring(resting.room);
    // What was opened while the journal was read may have heard more since.
    const open = this.rooms.get(name);
    const loaded = open ?? resting;
    if (!loaded) return;
    this.#projector.forget(name);
    await this.#projector.queue(loaded.room, [...loaded.room.records(), ...stored], loaded.seq);
    if (resting && !open) this.#projector.forget(name);
    resting?.room.destroy();
  }
}

const said = (folded: Folded | undefined): string => JSON.stringify(folded && [folded.fields, folded.deleted]) ?? '';
const saysTheSame = (one: Folded | undefined, other: Folded | undefined): boolean => said(one) === said(other);
