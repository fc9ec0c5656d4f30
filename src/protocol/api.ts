/**
 * The HTTP side of the protocol, JSON unless said otherwise.
 *
 * GET  /healthz                 → 200 `ok` once the server takes work, 503 while it stops
 * GET  /api/seats               → Seat[]            (demo mode only, else 404)
 * POST /api/tickets TicketRequest → TicketGrant      (demo mode only, else 404)
 * GET  /api/rooms               → RoomHead[]        the rooms the bearer may read, with their heads
 * GET  /api/rooms/<room name>   → application/octet-stream: the room as one Yjs update V1, `ETag` = head
 * GET  /api/contacts            → Contact[]         (supervisor) when each device was last heard
 * POST /api/bundles text        → BundleAnswer      a bundle of any tablet (bundle.ts); 422 BundleRefused when it is refused whole
 *
 * The bearer is `Authorization: Bearer <ticket>`; on a socket the ticket is the second offered subprotocol, `ticket.<ticket>`,
 * so it stands in no URL and in no access log.
 */
import * as v from 'valibot';
import { roles } from '../domain/kernel/actor.ts';
import { filesGrantSchema } from './files.ts';

export const ticketProtocolPrefix = 'ticket.';
export const deviceTagPattern = /^[a-z0-9]{4,8}$/;

const actorSchema = v.object({
  person: v.string(),
  role: v.picklist(roles),
  community: v.string(),
  grids: v.array(v.string()),
  partners: v.array(v.string()),
  device: v.pipe(v.string(), v.regex(deviceTagPattern)),
});

/** A chair one may sit down on in demo mode. */
export const seatSchema = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  community: v.string(),
  communityName: v.string(),
  grids: v.array(v.string()),
  partners: v.array(v.string()),
});
export type Seat = v.InferOutput<typeof seatSchema>;
export const seatsSchema = v.array(seatSchema);

export const ticketRequestSchema = v.strictObject({
  seat: v.pipe(v.string(), v.maxLength(64)),
  device: v.pipe(v.string(), v.regex(deviceTagPattern)),
  /** 32 hex characters the tablet made; whoever first shows it owns the device tag. */
  secret: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
});
export type TicketRequest = v.InferOutput<typeof ticketRequestSchema>;

export const ticketGrantSchema = v.object({
  ticket: v.string(),
  /** Epoch ms of the server's clock. */
  expiresAt: v.number(),
  /** The server's clock when it answered: a tablet learns how far its own is off. */
  serverNow: v.number(),
  actor: actorSchema,
  /** Every grid of the community, which a supervisor's tablet opens. */
  communityGrids: v.array(v.string()),
  /** When the server's store was last put back to a backup, epoch ms of its clock; absent if it never was. */
  restoredAt: v.exactOptional(v.number()),
  /** Outside demo mode: the server's half of what opens the tablet without a network, 64 hex digits, and until when it may be used. */
  unlock: v.exactOptional(v.object({ half: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), until: v.number() })),
  /** What bundle files are signed and sealed with (bundle.ts); a server of an earlier version does not say. */
  files: v.exactOptional(filesGrantSchema),
});
export type TicketGrant = v.InferOutput<typeof ticketGrantSchema>;

export const roomHeadsSchema = v.array(v.object({ room: v.string(), head: v.number() }));
export type RoomHead = v.InferOutput<typeof roomHeadsSchema>[number];

export const contactsSchema = v.array(
  v.object({ device: v.string(), person: v.string(), role: v.picklist(roles), lastContactAt: v.number() }),
);
export type Contact = v.InferOutput<typeof contactsSchema>[number];
