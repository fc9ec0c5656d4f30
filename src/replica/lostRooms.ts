/**
 * RP7 What a person may no longer see leaves the tablet: a room that the server took away is deleted here, rows and names
 * included. What was stated in it and never confirmed is not: it waits in the tray, as not allowed.
 */
import { accessTo } from '../domain/access.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { RoomAddress } from '../domain/kernel/room.ts';
import { parseRoomName } from '../protocol/roomName.ts';
import type { JournalWriter } from './journal/journal.ts';
import type { Outbox } from './journal/outbox.ts';
import type { Projector } from './projection/projector.ts';
import type { NameIndex } from './projection/search.ts';
import { trayEntry } from './rooms/rebuild.ts';
import type { Room } from './rooms/room.ts';
import type { Shelf } from './shelf.ts';

export interface LostRoomsParts {
  readonly journal: JournalWriter;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly projector: Projector;
  readonly names: readonly NameIndex[];
  /** What files brought into a room goes with it. */
  forgotten(room: string): Promise<void>;
  /** Takes a room off the wire. */
  disconnect(room: string): void;
  /** The tray has changed. */
  trayChanged(): Promise<void>;
}

export class LostRooms {
  readonly #parts: LostRoomsParts;
  #checkedFor = '';

  constructor(parts: LostRoomsParts) {
    this.#parts = parts;
  }

  /** @param actor who the server says is here; asked again for the same rights this costs nothing */
  async leave(actor: Actor): Promise<void> {
    const rights = JSON.stringify(actor);
    if (this.#checkedFor === rights) return;
    const { journal, shelf, projector } = this.#parts;
    const open = [...shelf.rooms.all()].map(({ room }) => room.name);
    // Rows may stand of a room that the journal refused. A view that cannot be read keeps nobody off the wire (RP4).
    const shown = await projector.rooms().catch(() => undefined);
    for (const name of new Set([...(await journal.rooms()), ...(shown ?? []), ...open])) {
      const address = parseRoomName(name);
      if (address && accessTo(actor, address) === 'none') await this.#leave(name, address);
    }
    if (shown) this.#checkedFor = rights;
  }

  async #leave(name: string, address: RoomAddress): Promise<void> {
    const { journal, shelf, outbox, trayChanged, disconnect } = this.#parts;
    disconnect(name);
    await shelf.hold(name, async () => {
      await shelf.glance(address, (room) => this.#hide(room));
      await journal.forget(name, outbox.factsOf(name).map((fact) => trayEntry(name, fact, 'not-allowed', Date.now())));
      await this.#parts.forgotten(name);
      shelf.rooms.release(name);
      outbox.replace(name, undefined);
    });
    await trayChanged();
  }

  #hide(room: Room): Promise<void> {
    for (const names of this.#parts.names) names.leave(room);
    return this.#parts.projector.leave(room);
  }
}
