/**
 * RP8 After the server was put back to a backup, this tablet brings back what it had stated there. The handshake of a room's
 * socket does that by itself; so each room in which this device stated something is opened for some days, also one that is
 * closed and would be read as a snapshot. What the server once said of closed months counts for nothing any more.
 */
import type { RoomAddress } from '../domain/kernel/room.ts';
import { dayMs } from '../domain/kernel/time.ts';
import type { TicketGrant } from '../protocol/api.ts';
import { parseRoomName } from '../protocol/roomName.ts';
import type { JournalDatabase } from './journal/database.ts';
import type { Device } from './journal/device.ts';
import type { JournalWriter } from './journal/journal.ts';
import { ownFacts } from './rooms/rebuild.ts';
import type { Shelf } from './shelf.ts';

/** As long as a tablet may need to be on the wire with every one of those rooms. */
const broughtBackMs = 7 * dayMs;
const key = 'restored';

interface Owed {
  /** When the server was restored, by its own clock. */
  readonly restoredAt: number;
  readonly until: number;
  readonly rooms: readonly string[];
}

export interface RestoredParts {
  readonly database: JournalDatabase;
  readonly journal: JournalWriter;
  readonly device: Device;
  readonly shelf: Shelf;
}

export class Restored {
  readonly #parts: RestoredParts;

  constructor(parts: RestoredParts) {
    this.#parts = parts;
  }

  /** @returns the rooms to keep on the wire besides the working ones */
  async owed({ restoredAt, serverNow }: TicketGrant): Promise<readonly RoomAddress[]> {
    if (restoredAt === undefined) return [];
    const { database } = this.#parts;
    const known = (await database.device.get(key))?.value as unknown as Owed | undefined;
    const owed = known?.restoredAt === restoredAt ? known : await this.#look(restoredAt, serverNow);
    return serverNow > owed.until ? [] : owed.rooms.flatMap((name) => parseRoomName(name) ?? []);
  }

  async #look(restoredAt: number, serverNow: number): Promise<Owed> {
    const { database, journal, device, shelf } = this.#parts;
    const rooms: string[] = [];
    for (const name of await journal.rooms()) {
      const address = parseRoomName(name);
      if (address && (await shelf.glance(address, (room) => ownFacts(room, device.tag).length > 0))) rooms.push(name);
    }
    const owed: Owed = { restoredAt, until: serverNow + broughtBackMs, rooms };
    await database.transaction('rw', [database.device, database.rooms], async () => {
      await database.rooms.toCollection().modify({ head: 0 });
      await database.device.put({ key, value: { ...owed } });
    });
    return owed;
  }
}
