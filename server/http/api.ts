/**
 * The HTTP side of `src/protocol/api.ts`.
 *
 * - AU8 Seats exist in demo mode alone, and the paths of identity exist without it alone; the others are 404.
 * - AU9 Rooms and heads are shown to a bearer as far as `accessTo` lets the ticket's actor read, contacts to a supervisor.
 * - AU7 A page of another origin gets nothing.
 * - SR33 Each bearer, and each address without one, is answered at a bounded pace; SR31 a room is packed once per head.
 * - SR53 Who gets a ticket is told when the store was last put back to a backup.
 * - BF8 Bundles are read for bearers alone, few at once and at a pace.
 * - SR24 A room's snapshot carries its head as `ETag`; asked for again unchanged it is a 304.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { accessTo } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { bundleMaxBytes } from '../../src/protocol/bundle.ts';
import { ticketRequestSchema, type TicketGrant, type TicketRequest } from '../../src/protocol/api.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import type { Bundles } from '../identity/bundles.ts';
import type { DemoDesk } from '../identity/demoDesk.ts';
import type { Devices } from '../identity/devices.ts';
import type { FileKeys } from '../identity/fileKeys.ts';
import { fromAllowedOrigin } from '../identity/origin.ts';
import { createPace } from '../identity/pace.ts';
import type { Tickets } from '../identity/tickets.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { StorageError } from '../storage/contract.ts';
import type { IdentityApi } from './identityApi.ts';
import { createPeerOf, type PeerOf } from './peer.ts';
import type { PhotosApi } from './photosApi.ts';
import { readBody, sendError, sendJson } from './respond.ts';
import type { VerifyApi } from './verifyApi.ts';

const bodyMaxBytes = 4_096;
/** So many bundles are read at once. */
const carryingMax = 8;
/** Below this a compressed answer is no smaller. */
const compressFromBytes = 1_024;

export interface ApiOptions {
  readonly rooms: Rooms;
  readonly tickets: Pick<Tickets, 'issue' | 'read'>;
  readonly devices: Pick<Devices, 'has' | 'claim' | 'contacts'>;
  readonly demo: DemoDesk | undefined;
  /** Without demo mode: joining, proofs, acts. */
  readonly identity?: IdentityApi | undefined;
  /** What bundle files are signed and sealed with, and who takes them. */
  readonly fileKeys?: FileKeys;
  readonly bundles?: Bundles;
  readonly photos?: PhotosApi | undefined;
  /** CE6: asked by people without a seat. */
  readonly verify?: VerifyApi | undefined;
  /** A device fetched a room: it holds it from here on. */
  readonly fetched?: (device: string, room: string) => void;
  /** Other origins whose pages may ask. */
  readonly origins?: readonly string[];
  readonly now: () => number;
  readonly peerOf?: PeerOf;
  /** When the store was last put back to a backup. */
  readonly restoredAt?: number | undefined;
}

export type Api = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createApi({ rooms, tickets, devices, demo, identity, fileKeys, bundles, photos, verify, fetched, origins = [], now, peerOf = createPeerOf([]), restoredAt }: ApiOptions): Api {
  const monotonic = (): number => performance.now();
  const requests = createPace({ perSecond: 40, burst: 400, waitMaxMs: 5_000, now: monotonic });
  // An office of tablets behind one address sits down within a minute; a table of tags nobody uses grows slowly.
  const strangers = createPace({ perSecond: 50, burst: 2_000, waitMaxMs: 2_000, now: monotonic });
  const newTags = createPace({ perSecond: 1, burst: 500, waitMaxMs: 0, now: monotonic });
  // A tablet that carries a month of others' work brings a few dozen.
  const carried = createPace({ perSecond: 0.5, burst: 64, waitMaxMs: 0, now: monotonic });
  let carrying = 0;
  const addressOf = (request: IncomingMessage): string => peerOf(request).address;

  /** @returns false when the asker was sent away */
  async function paced(wait: number | undefined, response: ServerResponse): Promise<boolean> {
    if (wait !== undefined && wait > 0) await pause(wait);
    if (wait !== undefined) return true;
    response.setHeader('retry-after', '5');
    sendError(response, 429, 'too-fast', 'Too many requests at once. Ask again in a few seconds.');
    return false;
  }

  const bearerOf = (request: IncomingMessage): Actor | undefined => {
    const [, ticket] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    return ticket === undefined ? undefined : tickets.read(ticket)?.actor;
  };

  async function giveTicket(desk: DemoDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, bodyMaxBytes);
    if (!body) return sendError(response, 413, 'too-large', `A ticket request has at most ${bodyMaxBytes} bytes.`);
    const wanted = parseTicketRequest(body);
    if (!wanted) return sendError(response, 400, 'bad-request', 'Send {"seat", "device", "secret"} as JSON.');
    const seated = await desk.sit(wanted.seat);
    if (!seated) return sendError(response, 404, 'unknown-seat', 'GET /api/seats lists the seats there are.');
    const { person, seat: { role, community, grids, partners } } = seated;
    if (!devices.has(wanted.device) && !(await paced(newTags.ask(addressOf(request)), response))) return;
    const claimed = await devices.claim(wanted.device, wanted.secret, { community, person, role });
    if (claimed === 'taken') return sendError(response, 403, 'device-taken', 'Another device owns this tag. Make a new one.');
    if (claimed === 'full') return sendError(response, 503, 'full', 'This demonstration has no room for another device.');
    const actor = { person, role, community, grids: [...grids], partners: [...partners], device: wanted.device };
    const grant: TicketGrant = { ...tickets.issue(actor), serverNow: now(), actor, communityGrids: [...seated.communityGrids], ...(fileKeys && { files: fileKeys.grant(actor, undefined) }), ...(restoredAt !== undefined && { restoredAt }) };
    sendJson(response, 200, grant);
  }

  /** BF8. */
  async function takeBundle(taking: Bundles, actor: Actor, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await paced(carrying < carryingMax ? carried.ask(actor.device) : undefined, response))) return;
    carrying += 1;
    try {
      // A bundle is text in a text: its quotation marks are written twice.
      const body = await readBody(request, 2 * bundleMaxBytes);
      if (!body) return sendError(response, 413, 'too-large', `A bundle has at most ${bundleMaxBytes} bytes.`);
      const taken = await taking.take(actor, body.toString());
      if (taken.ok) sendJson(response, 200, taken.value);
      else sendError(response, 422, taken.error, 'The file was refused whole; nothing of it was taken.');
    } catch (error) {
      if (!(error instanceof StorageError) || error.fault !== 'full') throw error;
      sendError(response, 503, 'disk-full', 'The disk of the server is full. What was taken is kept; bring the rest again when there is room.');
    } finally {
      carrying -= 1;
    }
  }

  async function listRooms(actor: Actor, response: ServerResponse): Promise<void> {
    const heads = await rooms.heads(actor.community);
    sendJson(response, 200, heads.filter(({ room }) => {
      const address = parseRoomName(room);
      return address !== undefined && accessTo(actor, address) !== 'none';
    }));
  }

  async function sendRoom(actor: Actor, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = parseRoomName(name);
    if (!address) return sendError(response, 404, 'unknown-room', 'This is no name of a room.');
    if (accessTo(actor, address) === 'none') return sendError(response, 403, 'forbidden', 'This seat may not read that room.');
    const room = await rooms.open(address);
    if (room.head > 0) fetched?.(actor.device, room.name);
    const headers: Record<string, string | number> = {
      'content-type': 'application/octet-stream', etag: `"${room.head}"`, 'cache-control': 'private, no-cache', vary: 'accept-encoding',
    };
    if (request.headers['if-none-match'] === headers['etag']) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const whole = room.whole();
    const wantsGzip = whole.byteLength >= compressFromBytes && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const bytes = wantsGzip ? await room.packed() : whole;
    if (wantsGzip) headers['content-encoding'] = 'gzip';
    headers['content-length'] = bytes.byteLength;
    response.writeHead(200, headers);
    response.end(bytes);
  }

  return async (path, request, response) => {
    if (!fromAllowedOrigin(request, origins)) return sendError(response, 403, 'forbidden', 'Pages of another origin get nothing here.');
    const get = request.method === 'GET';
    if (verify && (await verify(path, request, response))) return;
    const actor = bearerOf(request);
    if (!(await paced(actor ? requests.ask(actor.device) : strangers.ask(addressOf(request)), response))) return;
    if (path === '/api/seats' && get && demo) return sendJson(response, 200, demo.seats());
    if (path === '/api/tickets' && request.method === 'POST' && demo) return giveTicket(demo, request, response);
    if (identity && (await identity(path, request, response, actor))) return;
    const carries = path === '/api/bundles' && request.method === 'POST' && bundles;
    if (photos && (await photos(path, request, response, actor))) return;
    const reads = get && (path === '/api/rooms' || path === '/api/contacts' || path.startsWith('/api/rooms/'));
    if (!reads && !carries) return sendError(response, 404, 'not-found', 'There is nothing under this path.');
    if (!actor) return sendError(response, 401, 'unauthenticated', 'Send a valid ticket as Authorization: Bearer.');
    if (carries) return takeBundle(carries, actor, request, response);
    if (path === '/api/rooms') return listRooms(actor, response);
    if (path !== '/api/contacts') return sendRoom(actor, path.slice('/api/rooms/'.length), request, response);
    if (actor.role !== 'supervisor') return sendError(response, 403, 'forbidden', 'Contacts are for supervisors.');
    sendJson(response, 200, devices.contacts(actor.community));
  };
}

function parseTicketRequest(body: Buffer): TicketRequest | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ticketRequestSchema), body.toString());
  return parsed.success ? parsed.output : undefined;
}
