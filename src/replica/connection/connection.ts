/**
 * All links of one replica: who may open them, when they are tried again, and what the badge may say.
 *
 * - CN1 Nothing here is needed to save, list or search: without a network only this part stands still.
 * - CN2 Tries are spread (backoff.ts); 4401 and the first 4403 ask for a new ticket, a second 4403 or a 4404 is not tried
 *   again, 4409 rebuilds the room first.
 * - CN3 A wire that was cut on purpose stays cut.
 */
import type { Actor } from '../../domain/kernel/actor.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import type { TicketGrant } from '../../protocol/api.ts';
import { closeCodes, type Refusal } from '../../protocol/closeReasons.ts';
import { formatRoomName } from '../../protocol/roomName.ts';
import type { EndReason } from '../../keys/seat.ts';
import type { LinkState } from '../contract.ts';
import type { Room } from '../rooms/room.ts';
import { ApiError } from './api.ts';
import { retryDelayMs } from './backoff.ts';
import { Link } from './link.ts';
import type { Tickets } from './tickets.ts';
import { Turnstile } from './turnstile.ts';

export interface ConnectionEvents {
  /** A grant arrived: the actor may have changed, and so the rooms of their work. */
  granted(grant: TicketGrant): Promise<readonly RoomAddress[]>;
  /** The server has ended this device; told again with each try, as long as that stands. */
  ended(reason: EndReason): void;
  load(address: RoomAddress): Promise<Room>;
  confirmed(room: string, clocks: ReadonlyMap<number, number>): void;
  sent(room: string, sent: boolean): void;
  arrived(room: Room, bytes: Uint8Array, keys: readonly string[]): void;
  synced(room: Room): void;
  /** Resolves with the rebuilt room. */
  rebuild(room: Room, refusal: Refusal | undefined): Promise<Room>;
  changed(): void;
  /** A bug or a storage that refused. The connection goes on trying: the wire is where a full tablet's work is safe. */
  failed(error: unknown): void;
}

interface Line {
  link: Link;
  synced: boolean;
  /** Closed as forbidden once: who we are may have changed since the ticket was made. */
  doubted: boolean;
  barred: boolean;
  refusal: Refusal | undefined;
  rebuilding: boolean;
}

/** A ticket this close to its end is renewed before it is shown. */
const ticketSpareMs = 60_000;

const handshakesMax = 6;
const watchMs = 5_000;

export class Connection {
  readonly #server: string;
  readonly #tickets: Tickets;
  readonly #events: ConnectionEvents;
  readonly #lines = new Map<string, Line>();
  readonly #handshakes = new Turnstile<Link>(handshakesMax);
  #grant: TicketGrant | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #trying: Promise<void> | undefined;
  readonly #watch = setInterval(() => this.#watchLines(), watchMs);
  #closed = false;
  #barred = false;
  #failed = false;
  cut = false;
  heardAt = 0;
  clockOffsetMs = 0;

  constructor(server: string, tickets: Tickets, events: ConnectionEvents) {
    this.#server = server;
    this.#tickets = tickets;
    this.#events = events;
  }

  get state(): LinkState {
    if (this.cut) return 'cut';
    if (this.#barred) return 'barred';
    const lines = [...this.#lines.values()].filter((line) => !line.barred);
    if (lines.length > 0 && lines.every((line) => line.link.open)) return 'online';
    // Before the first try has failed nobody may say that there is no network. Once one has, that stands until the server
    // speaks again: with a try every few seconds the badge would otherwise blink for as long as the network is gone.
    const hopeful = !this.#failed || lines.some((line) => line.link.open);
    return hopeful ? 'connecting' : 'offline';
  }

  get roomsSyncing(): number {
    return [...this.#lines.values()].filter((line) => !line.barred && !line.synced).length;
  }

  isOpen(room: string): boolean {
    return this.#lines.get(room)?.link.open ?? false;
  }

  has(room: string): boolean {
    return this.#lines.has(room);
  }

  /** A ticket that is good for the next minute. @throws ApiError */
  async ticket(): Promise<string> {
    if (this.cut) throw new ApiError('offline', 'the wire is cut');
    const serverNow = Date.now() + this.clockOffsetMs;
    if (this.#grant && this.#grant.expiresAt - serverNow > ticketSpareMs) return this.#grant.ticket;
    const grant = await this.#tickets().catch((error: unknown) => {
      if (error instanceof ApiError && error.ended) this.#events.ended(error.ended);
      throw error;
    });
    this.#grant = grant;
    this.clockOffsetMs = grant.serverNow - Date.now();
    this.heardAt = Date.now();
    return grant.ticket;
  }

  /** Who the server says we are. @throws ApiError */
  async grant(): Promise<TicketGrant & { readonly actor: Actor }> {
    await this.ticket();
    return this.#grant as TicketGrant;
  }

  /** Tries now; later tries follow by themselves until every room is open. */
  tryNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#trying ??= this.#connect().finally(() => {
      this.#trying = undefined;
      this.#events.changed();
    });
    this.#events.changed();
    return this.#trying;
  }

  async #connect(): Promise<void> {
    if (this.#closed || this.cut) return;
    try {
      const ticket = await this.ticket();
      this.#barred = false;
      for (const address of await this.#events.granted(this.#grant as TicketGrant)) await this.open(address, ticket);
      for (const line of this.#lines.values()) if (!line.link.open && !line.barred && !line.rebuilding) this.#shake(line.link, ticket);
      if (this.#closed || this.cut) this.#disconnectAll();
    } catch (error) {
      if (error instanceof ApiError) this.#barred = error.failure === 'barred';
      else this.#events.failed(error);
      this.#later();
    }
  }

  /** Opens one more room; used for rooms outside the daily work, e.g. to correct an old activity. */
  async open(address: RoomAddress, ticket?: string): Promise<void> {
    const name = formatRoomName(address);
    if (this.#lines.has(name)) return;
    const room = await this.#events.load(address);
    if (this.#lines.has(name) || this.#closed) return;
    const line = this.#line(room);
    this.#lines.set(name, line);
    if (ticket && !this.cut) this.#shake(line.link, ticket);
  }

  /** RP7: lets go of a room for good. */
  leave(name: string): void {
    const line = this.#lines.get(name);
    if (!line) return;
    this.#lines.delete(name);
    this.#handshakes.leave(line.link);
    line.link.destroy();
  }

  #shake(link: Link, ticket: string): void {
    this.#handshakes.enter(link, () => link.connect(ticket));
  }

  #line(room: Room): Line {
    const line: Line = { synced: false, doubted: false, barred: false, refusal: undefined, rebuilding: false, link: undefined as unknown as Link };
    line.link = new Link(this.#server, room, {
      opened: () => this.#handshakes.leave(line.link),
      confirmed: (clocks) => this.#events.confirmed(room.name, clocks),
      sent: () => this.#events.sent(room.name, true),
      arrived: (bytes, keys) => this.#events.arrived(room, bytes, keys),
      heard: () => {
        this.heardAt = Date.now();
      },
      synced: () => {
        line.synced = true;
        line.doubted = false;
        this.#failed = false;
        this.#attempt = 0;
        this.#events.synced(room);
        this.#events.changed();
      },
      refused: (refusal) => {
        line.refusal = refusal;
      },
      down: (code) => this.#down(line, code),
    });
    return line;
  }

  #down(line: Line, code: number): void {
    const { room } = line.link;
    this.#handshakes.leave(line.link);
    this.#events.sent(room.name, false);
    line.synced = false;
    if (code === closeCodes.unknownRoom || (code === closeCodes.forbidden && line.doubted)) line.barred = true;
    else if (code === closeCodes.mustReset || code === closeCodes.tooLarge || code === closeCodes.badRequest) void this.#rebuild(line);
    // Any other last word is about who we are: a ticket that is asked for anew brings the reason.
    else if (code >= closeCodes.badRequest && code < 4500 && code !== closeCodes.tooMany) this.#grant = undefined;
    line.doubted = code === closeCodes.forbidden;
    if (!line.barred && !line.rebuilding) this.#later();
    this.#events.changed();
  }

  async #rebuild(line: Line): Promise<void> {
    if (line.rebuilding || this.#closed) return;
    line.rebuilding = true;
    const old = line.link.room;
    try {
      const room = await this.#events.rebuild(old, line.refusal);
      line.link.destroy();
      const fresh = this.#line(room);
      this.#lines.set(room.name, fresh);
      if (!this.cut) this.#shake(fresh.link, await this.ticket());
    } catch (error) {
      line.rebuilding = false;
      if (!(error instanceof ApiError)) this.#events.failed(error);
      this.#later();
    } finally {
      this.#events.changed();
    }
  }

  #later(): void {
    this.#failed = true;
    if (this.#closed || this.cut || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const line of this.#lines.values()) if (line.refusal && !line.link.open && !line.rebuilding) void this.#rebuild(line);
      void this.tryNow();
    }, retryDelayMs(this.#attempt, Math.random));
    this.#attempt += 1;
  }

  #watchLines(): void {
    for (const { link } of this.#lines.values()) link.watch();
  }

  setCut(cut: boolean): void {
    this.cut = cut;
    if (cut) this.#disconnectAll();
    else {
      this.#attempt = 0;
      void this.tryNow();
    }
    this.#events.changed();
  }

  #disconnectAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#handshakes.clear();
    for (const line of this.#lines.values()) line.link.disconnect();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#disconnectAll();
    for (const line of this.#lines.values()) line.link.destroy();
    this.#lines.clear();
  }
}
