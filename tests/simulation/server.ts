/**
 * The server, put together as `server/createServer.ts` does it: the real rooms, sessions, gate, committer, sockets, tickets,
 * devices, HTTP answers, authority and eraser. Only the disk below it and the sockets of the operating system are simulated.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorityTag } from '../../server/authority/actor.ts';
import { createAuthority } from '../../server/authority/authority.ts';
import { createEraser } from '../../server/erasure/eraser.ts';
import { createApi, type Api } from '../../server/http/api.ts';
import { createDemoDesk, type DemoDesk } from '../../server/identity/demoDesk.ts';
import { createDevices } from '../../server/identity/devices.ts';
import { createTickets } from '../../server/identity/tickets.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import { createSockets, type Sockets } from '../../server/rooms/sockets.ts';
import type { Storage, StorageError } from '../../server/storage/contract.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { communityName, demoSource, type People } from './people.ts';
import type { Machine } from './machine.ts';
import { sabotage } from './sabotage.ts';
import type { ServerEnd } from './socket.ts';
import type { HttpAnswer, HttpRequest, Reachable } from './wire.ts';

const sweepMs = 10_000;

export interface ServerOptions {
  readonly machine: Machine;
  readonly storage: Storage;
  readonly people: People;
  /** The disk failed: the process has to end. */
  onBroken(error: StorageError): void;
  /** What the server logged as an error. */
  onError(event: string, details: unknown): void;
}

export async function startServer({ machine, storage, people, onBroken, onError }: ServerOptions): Promise<Reachable> {
  const now = (): number => Date.now();
  const log = { info: () => undefined, error: onError };
  const tickets = await createTickets(storage, now);
  const devices = await createDevices(storage, now);
  await devices.reserve([authorityTag]);
  const rooms = createRooms({
    storage, now,
    onFacts: (room, facts) => {
      authority.noticed(room, facts);
      if (!sabotage.is('deafEraser')) eraser.noticed(room, facts);
    },
    onCommit: () => undefined,
    onFault: (fault) => {
      if (fault.fault !== 'full') onBroken(fault);
    },
  });
  const authority = createAuthority({ storage, rooms, now, log });
  const eraser = createEraser({ storage, rooms, now, log, declare: (...declared) => authority.declare(...declared), removePhotos: () => Promise.resolve(), forgetReviewed: () => Promise.resolve() });
  const demo = createDemoDesk({ source: demoSource, rooms, devices, now, onSeeded: (community) => authority.catchUp(community) });
  const sockets = createSockets({
    rooms, tickets, origins: [], log,
    hooks: {
      now,
      heard: (device) => devices.heard(device),
      stillHeard: (device) => devices.stillHeard(device),
      opened: (actor) => authority.contacted(actor),
      quarantine: (entry) => {
        void storage.quarantine(entry);
        const address = parseRoomName(entry.room);
        if (address) authority.refused(address, entry.device, entry.bytes);
      },
    },
  });
  const api = createApi({ rooms, tickets, devices, demo: deskOf(demo, people), now });
  setInterval(() => {
    rooms.sweep().catch((error: unknown) => onError('idle rooms could not be put away', error));
    devices.flush().catch((error: unknown) => onError('last contacts could not be kept', error));
  }, sweepMs);
  await demo.seed(communityName);
  if (!sabotage.is('deafEraser')) eraser.catchUp().catch((error: unknown) => onError('erasures could not be caught up', error));
  authority.catchUp('').catch((error: unknown) => onError('points could not be caught up', error));
  return { machine, upgrade: upgradeOf(sockets), answer: (request) => answerOf(api, request, onError) };
}

/** Seats whose rights change while the server runs, which the demo's do not. */
const deskOf = (demo: DemoDesk, people: People): DemoDesk => ({
  seats: () => demo.seats(),
  sit: async (id) => {
    const seated = await demo.sit(id);
    return seated && { ...seated, seat: { ...seated.seat, ...people.rightsOf(id) } };
  },
});

const upgradeOf = (sockets: Sockets) => (path: string, protocols: readonly string[], socket: ServerEnd): void => {
  const request = { url: path, headers: { 'sec-websocket-protocol': protocols.join(', ') } } as unknown as IncomingMessage;
  sockets.upgrade(request, socket as never, Buffer.alloc(0));
};

function answerOf(api: Api, { from, method, path, headers, body }: HttpRequest, onError: ServerOptions['onError']): Promise<HttpAnswer> {
  const request = {
    method, headers,
    socket: { remoteAddress: from },
    async *[Symbol.asyncIterator]() {
      yield Buffer.from(body);
    },
  } as unknown as IncomingMessage;
  return new Promise((resolve, reject) => {
    let head: Pick<HttpAnswer, 'status' | 'headers'> = { status: 200, headers: {} };
    const response = {
      setHeader: (name: string, value: unknown) => {
        head = { ...head, headers: { ...head.headers, [name]: String(value) } };
      },
      writeHead: (status: number, own: Record<string, unknown>) => {
        head = { status, headers: { ...head.headers, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)])) } };
      },
      end: (bytes: Uint8Array = new Uint8Array()) => resolve({ ...head, body: bytes.slice() }),
    } as unknown as ServerResponse;
    api(path, request, response).catch((error: unknown) => {
      onError('a request failed', error);
      reject(error);
    });
  });
}
