/**
 * A ticket says who its bearer is, for ten minutes: claims and an HMAC over them, in base64url so that it can travel as
 * a WebSocket subprotocol.
 *
 * - AU1 A ticket that was altered, signed with another secret or has expired is nobody's.
 * - AU2 No ticket carries the role of the authority.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { actorSchema } from './schemas.ts';
import type { Storage } from '../storage/contract.ts';

export const ticketLifeMs = 10 * 60_000;
const secretKey = 'ticket-secret';

const claimsSchema = v.object({ actor: actorSchema, expiresAt: v.number() });
export interface Claims {
  readonly actor: Actor;
  /** Epoch ms, server clock. */
  readonly expiresAt: number;
}

export interface Tickets {
  issue(actor: Actor): { readonly ticket: string; readonly expiresAt: number };
  /** @returns undefined for a ticket that is not valid now */
  read(ticket: string): Claims | undefined;
}

/** The secret stays in the data folder: tickets outlive a restart, not a folder. */
export async function createTickets(storage: Storage, now: () => number): Promise<Tickets> {
  let secret = await storage.get(secretKey);
  if (secret === undefined) {
    secret = randomBytes(32).toString('hex');
    await storage.put(secretKey, secret);
  }
  const key = Buffer.from(secret, 'hex');
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();

  return {
    issue(actor) {
      const expiresAt = now() + ticketLifeMs;
      const payload = Buffer.from(JSON.stringify({ actor, expiresAt } satisfies Claims)).toString('base64url');
      return { ticket: `${payload}.${sign(payload).toString('base64url')}`, expiresAt };
    },
    read(ticket) {
      const [payload, signature, rest] = ticket.split('.');
      if (!payload || !signature || rest !== undefined) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(payload);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), claimsSchema), Buffer.from(payload, 'base64url').toString());
      return parsed.success && parsed.output.expiresAt > now() ? parsed.output : undefined;
    },
  };
}
