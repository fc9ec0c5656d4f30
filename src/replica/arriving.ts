/**
 * From the wire to the journal, and what follows when the server refuses.
 *
 * - RP5 A refused room is rebuilt from the server; see rooms/rebuild.ts.
 * - ER5 After an erasure nothing of it stays on the tablet: what it still had to send loses it, and so do the tray, what was set
 *   aside, and drafts in which the name stands.
 * - RP6 What arrives and is no fact is set aside in quarantine; the rest of the room goes on.
 */
import type { Actor } from '../domain/kernel/actor.ts';
import { deviceTagOf } from '../domain/kernel/fact.ts';
import type { Refusal } from '../protocol/closeReasons.ts';
import { fetchRoom } from './connection/api.ts';
import type { Forgetting } from './forgetting.ts';
import type { Health } from './health.ts';
import type { JournalDatabase } from './journal/database.ts';
import type { Device } from './journal/device.ts';
import type { JournalWriter } from './journal/journal.ts';
import type { Outbox } from './journal/outbox.ts';
import type { JournalSealing } from './journal/sealed.ts';
import type { Arrivals } from './projection/arrivals.ts';
import type { Projector } from './projection/projector.ts';
import { outboxFacts, ownFacts, rebuildRoom, type Rebuilt } from './rooms/rebuild.ts';
import type { Room } from './rooms/room.ts';
import type { LoadedRoom } from './rooms/rooms.ts';
import type { Shelf } from './shelf.ts';

export interface ArrivingParts {
  readonly server: string;
  readonly database: JournalDatabase;
  readonly sealing: JournalSealing;
  readonly journal: JournalWriter;
  readonly device: Device;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly arrivals: Arrivals;
  readonly projector: Projector;
  readonly forgetting: Forgetting;
  readonly health: Health;
  /** BF4 What files brought into this room. */
  bring(room: Room): void;
  /** The wire has brought something into this room. */
  brought(room: Room): void;
  actor(): Actor;
  ticket(): Promise<string>;
  /** The tray has changed. */
  trayChanged(): Promise<void>;
}

export class Arriving {
  readonly #parts: ArrivingParts;
  /** Refusals in a row, by room; a room that syncs starts anew. */
  readonly #refusals = new Map<string, number>();

  constructor(parts: ArrivingParts) {
    this.#parts = parts;
  }

  async arrived(room: Room, bytes: Uint8Array, keys: readonly string[]): Promise<void> {
    const { database, sealing, journal, device, shelf, arrivals, health } = this.#parts;
    const change = room.index(keys, 'remote');
    const loaded = shelf.rooms.get(room.name);
    if (!loaded || loaded.room !== room) return;
    // What a file brought was noted when it came.
    const others = change.facts.filter((fact) => deviceTagOf(fact.id) !== device.tag && !change.known.has(fact.id));
    if (loaded.filled) health.background(arrivals.note(others, room.address, Date.now()));
    if (change.malformed.length > 0)
      await database.quarantine.bulkPut(await sealing.rows('quarantine', change.malformed.map(({ id, json }) => ({ id, room: room.name, json, at: Date.now() }))));
    loaded.staging += 1;
    try {
      const seq = await journal.append({ room: room.name, bytes });
      loaded.seq = Math.max(loaded.seq, seq);
      loaded.tailUpdates += 1;
      loaded.tailBytes += bytes.length;
    } catch (error) {
      // The server still has it; this tablet shows it until it closes and fetches it again.
      health.refused(error);
    } finally {
      loaded.staging -= 1;
    }
    shelf.show(loaded, change);
    this.#parts.brought(room);
  }

  /** The server's whole room is here. */
  async synced(room: Room): Promise<void> {
    const loaded = this.#parts.shelf.rooms.get(room.name);
    if (!loaded || loaded.room !== room) return;
    this.#refusals.delete(room.name);
    if (loaded.filled) return;
    // It is here, also while the disk cannot note it: the next opening then asks anew.
    loaded.filled = true;
    await this.#parts.journal.markFilled(room.name);
  }

  /** RP5. @throws ApiError when the server cannot be reached; the room stays as it was */
  async rebuild(room: Room, refusal: Refusal | undefined): Promise<Room> {
    const { server, shelf, device, ticket, actor, bring } = this.#parts;
    const { bytes, head } = await fetchRoom(server, await ticket(), room.name);
    // A room that was made anew refuses nobody.
    const blamed = refusal?.reason === 'rebased' ? undefined : refusal;
    const attempt = (this.#refusals.get(room.name) ?? 0) + (refusal?.reason === 'rebased' ? 0 : 1);
    this.#refusals.set(room.name, attempt);
    return shelf.hold(room.name, async () => {
      const own = ownFacts(room, device.tag, this.#parts.outbox.factsOf(room.name));
      const rebuilt = rebuildRoom(room.address, bytes, own, actor(), blamed, attempt > 1, Date.now(), bring, () => device.nextFactId());
      return this.#replace(room, rebuilt, bytes, head);
    });
  }

  async #replace(old: Room, { room, restated, tray }: Rebuilt, bytes: Uint8Array, head: number): Promise<Room> {
    const { journal, shelf, outbox, projector, forgetting, trayChanged } = this.#parts;
    const row = restated && {
      client: restated.staged.client, clockEnd: restated.staged.clockEnd, facts: outboxFacts(restated.facts), savedAt: Date.now(),
    };
    const append = restated && row && { room: room.name, bytes: restated.staged.bytes, outbox: row };
    const seq = await journal.replace(room.name, { snapshot: bytes, head, restated: append, tray });
    if (restated) room.apply(restated.staged.bytes, 'local');
    const loaded: LoadedRoom = { room, seq, filled: true, tailUpdates: 1, tailBytes: 0, staging: 0 };
    const erased = room.erasedFrom(old);
    shelf.replace(loaded);
    outbox.replace(room.name, row && { ...row, room: room.name, seq });
    if (erased.facts > 0) await forgetting.after(room, erased);
    await trayChanged();
    await projector.replace(old, room, seq);
    return room;
  }
}
