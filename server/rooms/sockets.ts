/**
 * The way in: `/sync/<room>` upgrades, tickets, permission, and the list of open sessions.
 *
 * - AU5 A socket without a valid ticket is accepted and closed with 4401: a browser can't see why an upgrade failed.
 * - AU6 A room the ticket's actor may not read closes with 4403, a name that is no room with 4404.
 * - IR1 A socket goes on only while its actor's rights are those of its ticket; else it closes with 4401.
 * - AU7 A page of another origin gets nothing, unless the settings name it (4403).
 * - SR18 Error listeners are on a socket before anything of it is read; an illegal frame ends that socket only.
 * - SR29 A peer that gave no sign of life between two beats is gone: its socket ends within 40 s.
 * - SR11 The sockets of a device share an allowance.
 * - SR19 One device holds at most `socketsPerDeviceMax` sockets (4429); a full server says come back later (1013).
 * - SR33 A device that opens sockets faster than any tablet does is told to come back (1013).
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { accessTo } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { ticketProtocolPrefix } from '../../src/protocol/api.ts';
import { closeCodes } from '../../src/protocol/closeReasons.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { fromAllowedOrigin } from '../identity/origin.ts';
import { createPace } from '../identity/pace.ts';
import type { Tickets } from '../identity/tickets.ts';
import { messageOf, type Log } from '../log.ts';
import type { Submitter } from './gate.ts';
import { createAllowance, deviceRates, openings, payloadMaxBytes, socketsMax, socketsPerDeviceMax, type Allowance } from './limits.ts';
import { createOutgoing } from './outgoing.ts';
import type { Rooms } from './rooms.ts';
import { closeSoon, cutSoon, Session, type SessionHooks } from './session.ts';

/** Half of what a proxy commonly allows, and less than the 30 s after which a stock client gives up. */
const beatMsDefault = 20_000;
/** A well-meant ping a second leaves far less unread. */
const pongsMaxBytes = 65_536;
const rightsChanged = 'rights changed';
const syncPath = '/sync/';

export interface SocketsOptions {
  readonly rooms: Rooms;
  readonly tickets: Pick<Tickets, 'read'>;
  readonly origins: readonly string[];
  /** Whether an actor still has exactly these rights; everybody has, unless said otherwise. */
  readonly grants?: (actor: Actor) => boolean;
  readonly hooks: SessionHooks;
  readonly log: Log;
  readonly beatMs?: number;
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly open: number;
  /** IR1: rights have changed, or a day has begun. */
  recheck(): void;
  /** Tells every peer to come back and resolves when they are gone or cut off. */
  stop(): Promise<void>;
}

type Entry = { readonly ok: true; readonly submitter: Submitter; readonly room: NonNullable<ReturnType<typeof parseRoomName>> } | { readonly ok: false; readonly code: number; readonly reason: string };

const refused = (code: number, reason: string): Entry => ({ ok: false, code, reason });

export function createSockets({ rooms, tickets, origins, grants = () => true, hooks, log, beatMs = beatMsDefault }: SocketsOptions): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: payloadMaxBytes,
    handleProtocols: (offered) => [...offered].find((name) => name === subprotocol) ?? [...offered].find((name) => name.startsWith(ticketProtocolPrefix)) ?? false,
  });
  const open = new Set<WebSocket>();
  const sessions = new Set<Session>();
  const devices = new Map<string, { sockets: number; readonly shared: Allowance }>();
  const parts = { hooks, log, outgoing: createOutgoing() };
  const pace = createPace({ ...openings, now: () => performance.now() });
  let stopping = false;

  const heartbeat = setInterval(() => {
    for (const session of sessions) session.beat();
  }, beatMs);
  heartbeat.unref();

  function enter(request: IncomingMessage): Entry {
    if (stopping) return refused(closeCodes.restarting, 'restarting');
    if (open.size > socketsMax) return refused(closeCodes.overloaded, 'too many connections');
    if (!fromAllowedOrigin(request, origins)) return refused(closeCodes.forbidden, 'origin');
    const ticket = offeredProtocols(request).find((name) => name.startsWith(ticketProtocolPrefix));
    const claims = ticket === undefined ? undefined : tickets.read(ticket.slice(ticketProtocolPrefix.length));
    if (!claims) return refused(closeCodes.unauthenticated, 'ticket');
    const room = roomOf(request);
    if (!room) return refused(closeCodes.unknownRoom, 'no such room');
    const access = accessTo(claims.actor, room);
    if (access === 'none') return refused(closeCodes.forbidden, 'room');
    if ((devices.get(claims.actor.device)?.sockets ?? 0) >= socketsPerDeviceMax) return refused(closeCodes.tooMany, 'too many connections');
    if (pace.ask(claims.actor.device) === undefined) return refused(closeCodes.overloaded, 'too many openings');
    return { ok: true, room, submitter: { actor: claims.actor, access } };
  }

  /** @returns the allowance that the device's sockets have together, as long as one of them is open */
  function join(device: string, socket: WebSocket): Allowance {
    const own = devices.get(device) ?? { sockets: 0, shared: createAllowance(() => performance.now(), deviceRates) };
    own.sockets += 1;
    devices.set(device, own);
    socket.on('close', () => {
      own.sockets -= 1;
      if (own.sockets === 0) devices.delete(device);
    });
    return own.shared;
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    // An illegal frame is reported here, after its sender was told the code; without a listener it would end the process.
    socket.on('error', () => cutSoon(socket));
    socket.on('ping', (data) => {
      // Who does not read the answers needs no more of them.
      if (socket.bufferedAmount < pongsMaxBytes) socket.pong(data);
    });
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const entry = enter(request);
    if (!entry.ok) return closeSoon(socket, entry.code, entry.reason);
    const { device } = entry.submitter.actor;
    const shared = join(device, socket);
    hooks.heard(device);
    void begin(socket, entry, shared);
  }

  /** Never rejects: what goes wrong with one peer's room is told to that peer and logged. */
  async function begin(socket: WebSocket, { room: address, submitter }: Extract<Entry, { ok: true }>, shared: Allowance): Promise<void> {
    const waiting: [RawData, boolean][] = [];
    let session: Session | undefined;
    socket.on('message', (data, binary) => {
      if (!session) {
        // Paused until the room is loaded: only what the kernel had handed over already can arrive here.
        waiting.push([data, binary]);
        socket.pause();
        return;
      }
      session.receive(data, binary);
    });
    try {
      const room = await rooms.open(address);
      if (socket.readyState !== socket.OPEN) return;
      // Rights may have changed while the room was read.
      if (!grants(submitter.actor)) return closeSoon(socket, closeCodes.unauthenticated, rightsChanged);
      hooks.opened?.(submitter.actor, room.name);
      const made = new Session(socket, room, submitter, socket.protocol === subprotocol, { ...parts, shared });
      session = made;
      sessions.add(made);
      socket.on('close', () => sessions.delete(made));
      socket.resume();
      for (const [data, binary] of waiting) made.receive(data, binary);
    } catch (error) {
      log.error('room can not be opened', { room: address, reason: messageOf(error) });
      closeSoon(socket, closeCodes.overloaded, 'room unavailable');
    }
  }

  return {
    get open() {
      return open.size;
    },
    recheck() {
      for (const session of [...sessions]) if (!grants(session.actor)) session.close(closeCodes.unauthenticated, rightsChanged);
    },
    upgrade(request, socket, head) {
      // The peer may vanish in the middle of the handshake; nothing of ours is under way yet.
      socket.on('error', () => socket.destroy());
      if (!request.url?.startsWith(syncPath)) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (ws) => accept(ws, request));
    },
    async stop() {
      stopping = true;
      clearInterval(heartbeat);
      for (const session of sessions) session.close(closeCodes.restarting, 'restarting');
      await Promise.all([...open].map((socket) => new Promise((resolve) => {
        socket.once('close', resolve);
        closeSoon(socket, closeCodes.restarting, 'restarting');
      })));
    },
  };
}

const offeredProtocols = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());

function roomOf(request: IncomingMessage) {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  return parseRoomName(path.slice(syncPath.length));
}
