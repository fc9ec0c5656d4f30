/** Tickets of an opened seat, what a locked one hears, and what each of them brings for the keys: the server's half, or the end. */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { ticketGrantSchema, type TicketGrant } from '../protocol/api.ts';
import { checkedInSchema, type KeyProof } from '../protocol/identity.ts';
import { changeSeat, readSeat } from './database.ts';
import { byDevice } from './proving.ts';
import type { EndReason, StoredSeat } from './seat.ts';
import { bySeat, tellSeatKey, type OpenedSeat } from './seatKey.ts';
import { askWithProof, type ServerFailure } from './server.ts';
import { importHalf } from './wrapping.ts';

/** @param unsent facts that are only on this tablet, as the supervisor's list of tablets says them */
export async function askTicket(server: string, opened: OpenedSeat, unsent?: KeyProof['unsent']): Promise<Result<TicketGrant, ServerFailure>> {
  const { tag } = opened;
  if (await isComingBack(tag)) return err('unknown');
  await tellSeatKey(server, opened);
  let granted = await ticketOnce(server, opened, unsent);
  if (!granted.ok && granted.error === 'unproved' && (await doubtSeatKey(tag))) {
    await tellSeatKey(server, opened);
    granted = await ticketOnce(server, opened, unsent);
  }
  if (granted.ok) {
    const { role, community, grids, partners } = granted.value.actor;
    await refresh(tag, granted.value, ({ seat }) => ({ seat: { ...seat, role, community, grids, partners } }));
    await tellDone(server, tag);
  } else if (isEnd(granted.error)) await endSeat(tag, granted.error);
  return granted;
}

const ticketOnce = (server: string, opened: OpenedSeat, unsent: KeyProof['unsent']): Promise<Result<TicketGrant, ServerFailure>> =>
  askWithProof(server, '/api/tickets', 'ticket', bySeat(opened), ticketGrantSchema, unsent ? { unsent } : {});

/** A server that was put back to a backup may have forgotten the seat's key. @returns whether it was thought to know it */
const doubtSeatKey = async (tag: string): Promise<boolean> =>
  (await changeSeat(tag, ({ seatKey }) => (seatKey ? { seatKey: { ...seatKey, isKnown: false } } : {})))?.seatKey?.isKnown === true;

/** A call at the server without opening the seat: what a locked screen does before it says "needs the network", or waits for a supervisor. */
export async function checkIn(server: string, tag: string): Promise<Result<null, ServerFailure>> {
  if (await isComingBack(tag)) return err('unknown');
  const checked = await askWithProof(server, '/api/check-in', 'check-in', byDevice(tag), checkedInSchema);
  if (checked.ok) await refresh(tag, checked.value, () => ({}));
  else if (isEnd(checked.error)) await endSeat(tag, checked.error);
  return checked.ok ? ok(null) : err(checked.error);
}

/** KY11: the half that the server has for it now opens nothing yet, and must not take the place of the one that does. */
const isComingBack = async (tag: string): Promise<boolean> => (await readSeat(tag))?.again !== undefined;

export const isEnd = (failure: string): failure is EndReason => failure === 'revoked' || failure === 'wipe' || failure === 'unknown';

const endSeat = (tag: string, ended: EndReason): Promise<unknown> => changeSeat(tag, () => ({ ended }));

/** KY3. With each contact the half may be used for longer; the server's days are counted by this tablet's clock. */
async function refresh(tag: string, { unlock, serverNow }: Pick<TicketGrant, 'unlock' | 'serverNow'>, more: (seat: StoredSeat) => Partial<StoredSeat>): Promise<void> {
  const key = unlock && (await importHalf(unlock.half));
  const now = Date.now();
  await changeSeat(tag, (seat) => ({
    ended: undefined,
    confirmed: true,
    ...more(seat),
    ...(key && unlock ? { half: { key, until: now + unlock.until - serverNow }, seenAt: now } : {}),
  }));
}

/** Until the server has heard that the new PIN is set, it would give the recovery half once more to the same attempt. */
export async function tellDone(server: string, tag: string): Promise<void> {
  if (!(await readSeat(tag))?.tellDone) return;
  const told = await askWithProof(server, '/api/recovery', 'recovery', byDevice(tag), v.object({}), { done: true });
  // Heard before, and only the answer was lost: nothing more is released.
  if (told.ok || told.error === 'barred') await changeSeat(tag, () => ({ tellDone: false }));
}
