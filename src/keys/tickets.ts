/** Tickets of an enrolled device, and what each of them brings for the keys: the server's half, or the end. */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { ticketGrantSchema, type TicketGrant } from '../protocol/api.ts';
import type { KeyProof } from '../protocol/identity.ts';
import { changeSeat, readSeat } from './database.ts';
import type { EndReason } from './seat.ts';
import { askWithProof, type ServerFailure } from './server.ts';
import { importHalf } from './wrapping.ts';

/** @param unsent facts that are only on this tablet, as the supervisor's list of tablets says them */
export async function askTicket(server: string, tag: string, unsent?: KeyProof['unsent']): Promise<Result<TicketGrant, ServerFailure>> {
  const granted = await askWithProof(server, '/api/tickets', 'ticket', tag, ticketGrantSchema, unsent ? { unsent } : {});
  if (granted.ok) {
    await refreshHalf(tag, granted.value);
    await tellDone(server, tag);
  } else if (isEnd(granted.error)) await endSeat(tag, granted.error);
  return granted;
}

/** A call at the server without opening the seat: what a locked screen does before it says "needs the network", or waits for a supervisor. */
export async function checkIn(server: string, tag: string): Promise<Result<null, ServerFailure>> {
  const granted = await askTicket(server, tag);
  return granted.ok ? ok(null) : err(granted.error);
}

export const isEnd = (failure: string): failure is EndReason => failure === 'revoked' || failure === 'wipe' || failure === 'unknown';

const endSeat = (tag: string, ended: EndReason): Promise<unknown> => changeSeat(tag, () => ({ ended }));

/** KY3. With each ticket the half may be used for longer; the server's days are counted by this tablet's clock. */
export async function refreshHalf(tag: string, { unlock, serverNow, actor }: Pick<TicketGrant, 'unlock' | 'serverNow' | 'actor'>): Promise<void> {
  const key = unlock && (await importHalf(unlock.half));
  const now = Date.now();
  await changeSeat(tag, ({ seat }) => ({
    ended: undefined,
    confirmed: true,
    seat: { ...seat, role: actor.role, community: actor.community, grids: actor.grids, partners: actor.partners },
    ...(key && unlock ? { half: { key, until: now + unlock.until - serverNow }, seenAt: now } : {}),
  }));
}

/** Until the server has heard that the new PIN is set, it would give the recovery half once more to the same attempt. */
export async function tellDone(server: string, tag: string): Promise<void> {
  if (!(await readSeat(tag))?.tellDone) return;
  const told = await askWithProof(server, '/api/recovery', 'recovery', tag, v.object({}), { done: true });
  // Heard before, and only the answer was lost: nothing more is released.
  if (told.ok || told.error === 'barred') await changeSeat(tag, () => ({ tellDone: false }));
}
