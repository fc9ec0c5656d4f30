/** The HTTP calls of the protocol, parsed at the border. */
import * as v from 'valibot';
import type { EndReason } from '../../keys/seat.ts';
import {
  contactsSchema, roomHeadsSchema, ticketGrantSchema, type Contact, type RoomHead, type TicketGrant, type TicketRequest,
} from '../../protocol/api.ts';

export type ApiFailure = 'offline' | 'barred';

export class ApiError extends Error {
  readonly failure: ApiFailure;
  /** This device may not work any more. */
  readonly ended: EndReason | undefined;
  constructor(failure: ApiFailure, message: string, ended?: EndReason) {
    super(message);
    this.failure = failure;
    this.ended = ended;
  }
}

/** Anything that is not an answer of the server itself counts as being offline. */
async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(20_000) });
  } catch (cause) {
    throw new ApiError('offline', String(cause));
  }
  if (response.status === 401 || response.status === 403 || response.status === 404) throw new ApiError('barred', `${response.status} ${url}`);
  if (!response.ok && response.status !== 304) throw new ApiError('offline', `${response.status} ${url}`);
  return response;
}

async function readJson<Schema extends v.GenericSchema>(response: Response, schema: Schema): Promise<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, await response.json().catch(() => undefined));
  // A captive portal answers 200 with its own page: not our server, so not online.
  if (!parsed.success) throw new ApiError('offline', 'not an answer of this server');
  return parsed.output;
}

const bearer = (ticket: string): RequestInit => ({ headers: { authorization: `Bearer ${ticket}` } });

export const askTicket = async (server: string, body: TicketRequest): Promise<TicketGrant> =>
  readJson(
    await request(`${server}/api/tickets`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ticketGrantSchema,
  );

export const fetchHeads = async (server: string, ticket: string): Promise<RoomHead[]> =>
  readJson(await request(`${server}/api/rooms`, bearer(ticket)), roomHeadsSchema);

export const fetchContacts = async (server: string, ticket: string): Promise<Contact[]> =>
  readJson(await request(`${server}/api/contacts`, bearer(ticket)), contactsSchema);

/** The whole room as one Yjs update, with the server's head. */
export async function fetchRoom(server: string, ticket: string, room: string): Promise<{ bytes: Uint8Array; head: number }> {
  const response = await request(`${server}/api/rooms/${room}`, bearer(ticket));
  const tag = response.headers.get('etag')?.replace(/^W\//, '').replaceAll('"', '') ?? '';
  const head = tag === '' ? Number.NaN : Number(tag);
  // A portal's own page is no room, and has no head.
  if (!Number.isSafeInteger(head)) throw new ApiError('offline', 'room without a head');
  return { bytes: new Uint8Array(await response.arrayBuffer()), head };
}
