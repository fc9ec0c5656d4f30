/** AR1. Fetches months that are not live, keeps them as snapshots in the journal, and projects what a crash left unprojected. */
import { deviceTagOf, type Fact } from '../domain/kernel/fact.ts';
import type { RoomAddress, RoomFamily } from '../domain/kernel/room.ts';
import { parseRoomName } from '../protocol/roomName.ts';
import { fetchHeads, fetchRoom } from './connection/api.ts';
import { outdated } from './connection/archive.ts';
import type { Health } from './health.ts';
import type { JournalDatabase } from './journal/database.ts';
import type { Device } from './journal/device.ts';
import type { JournalWriter } from './journal/journal.ts';
import type { Forgetting } from './forgetting.ts';
import type { Arrivals } from './projection/arrivals.ts';
import type { Projector } from './projection/projector.ts';
import { Room } from './rooms/room.ts';
import type { Shelf } from './shelf.ts';

interface Newer {
  readonly records: readonly string[];
  /** What others have stated since. */
  readonly late: readonly Fact[];
  forget(): Promise<void>;
}

export interface ClosedMonthsParts {
  readonly server: string;
  readonly database: JournalDatabase;
  readonly journal: JournalWriter;
  readonly shelf: Shelf;
  readonly projector: Projector;
  readonly forgetting: Forgetting;
  readonly arrivals: Arrivals;
  readonly device: Device;
  readonly health: Health;
  ticket(): Promise<string>;
  /** Syncs a room over a socket of its own, unless it has one. */
  link(address: RoomAddress): Promise<void>;
  closed(): boolean;
  changed(): void;
}

export class ClosedMonths {
  readonly #parts: ClosedMonthsParts;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ClosedMonthsParts) {
    this.#parts = parts;
  }

  /** One fetch at a time: what is being fetched anyway is not fetched twice. @throws ApiError */
  fetch(wanted: (family: RoomFamily, month: string) => boolean): Promise<void> {
    const next = this.#last.catch(() => undefined).then(() => this.#fetch(wanted));
    this.#last = next;
    return next;
  }

  async #fetch(wanted: (family: RoomFamily, month: string) => boolean): Promise<void> {
    const { server, database, journal, shelf, arrivals, health, ticket, link, closed, changed } = this.#parts;
    const heads = await fetchHeads(server, await ticket());
    const held = new Map((await database.rooms.toArray()).map(({ room, head }) => [room, head]));
    for (const { address, room } of outdated(heads, held, Date.now(), wanted)) {
      if (closed()) return;
      // A closed month that is open here was worked on: from then on it is synced like a live one.
      if (shelf.rooms.get(room)) {
        await link(address);
        continue;
      }
      const { bytes, head } = await fetchRoom(server, await ticket(), room);
      const before = held.has(room) ? await this.#compare(address, bytes) : undefined;
      if (!(await journal.archive(room, bytes, head))) continue;
      await shelf.project(address, before?.records);
      await before?.forget();
      // MR4: a month that was here already has been worked on since; the first copy is not news.
      if (before) health.background(arrivals.note(before.late, address, Date.now()));
      changed();
    }
  }

  /** What is new, and what goes with the older copy: rows of records that the newer one does not hold, and what was erased (ER5). */
  async #compare(address: RoomAddress, bytes: Uint8Array): Promise<Newer> {
    const { shelf, forgetting, device } = this.#parts;
    const newer = new Room(address);
    newer.apply(bytes, 'remote');
    return shelf.glance(address, (copy) => {
      const erased = newer.erasedFrom(copy);
      const late = [...newer.records()].flatMap((record) => newer.factsOf(record)).filter(({ id }) => !copy.has(id) && deviceTagOf(id) !== device.tag);
      return { records: [...copy.records()], late, forget: () => (erased.facts > 0 ? forgetting.after(newer, erased) : Promise.resolve()) };
    });
  }

  /** RP3 for rooms that rest in the journal: fetched months, and months that were live when the view was last written. */
  async projectUnprojected(): Promise<void> {
    const { journal, shelf, projector, closed } = this.#parts;
    for (const room of await journal.rooms()) {
      const address = parseRoomName(room);
      if (!address || shelf.rooms.get(room) || closed()) continue;
      if ((await projector.watermark(room)) < (await journal.end(room))) await shelf.project(address);
    }
  }
}
