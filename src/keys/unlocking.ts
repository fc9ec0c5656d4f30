/**
 * From six digits to the data key, and back to none.
 *
 * - KY1 The data key opens with PIN and server half together, or with the half that the server releases for a new PIN.
 * - KY2 A PIN has six digits and is none of the easy ones.
 * - KY3 The server's half is used no longer than the server said, also after the clock was set back; then it is deleted, and
 *   the tablet needs the network once.
 * - KY9 Of two tabs that set a PIN at once one does; a seat that was ended or wiped meanwhile gets no keys back.
 * - KY4 A try counts before it is made, over all tabs; ten wrong ones lock the seat. Nothing is deleted.
 */
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { recoverySchema } from '../protocol/identity.ts';
import { randomBytes, randomLetters } from './bytes.ts';
import { changeSeat, readSeat } from './database.ts';
import { pinFault, type PinFault } from './pin.ts';
import { byDevice } from './proving.ts';
import { isHalfOver, triesMax, type StoredSeat } from './seat.ts';
import { makeSeatKey, tellSeatKey } from './seatKey.ts';
import { askWithProof, type ServerFailure } from './server.ts';
import { checkIn, tellDone } from './tickets.ts';
import { makeDataKey, pinKey, recoveryKey, unwrap, wrap, type Sealed } from './wrapping.ts';

export type UnlockFailure =
  | { readonly type: 'wrong'; readonly triesLeft: number }
  | { readonly type: 'locked-out' }
  /** The server's half has expired or was never here: `checkIn`, then try again. */
  | { readonly type: 'needs-network' }
  /** No such seat, or none with a PIN. */
  | { readonly type: 'no-pin' };

/** `set-meanwhile`: another tab was faster; its PIN holds. */
export type PinFailure = PinFault | ServerFailure | 'no-seat' | 'set-meanwhile';

/** Opens what is kept on this tablet. @returns a key that seals and opens and cannot be read out */
export async function unlock(tag: string, pin: string): Promise<Result<CryptoKey, UnlockFailure>> {
  const opened = await tryPin(tag, pin, false);
  return opened.ok ? ok(opened.value.dataKey) : opened;
}

/** Another PIN, by whoever knows the old one. */
export async function changePin(tag: string, old: string, pin: string): Promise<Result<null, UnlockFailure | PinFault | 'set-meanwhile'>> {
  const fault = pinFault(pin);
  if (fault) return err(fault);
  const opened = await tryPin(tag, old, true);
  if (!opened.ok) return opened;
  const { dataKey, half, underPin: before } = opened.value;
  const underPin = await underNewPin(dataKey, pin, half, tag);
  return (await changeKeys(tag, before, { underPin })) ? ok(null) : err('set-meanwhile');
}

/**
 * KY9.
 * @param before what the seat opened with when the change was worked out
 * @returns false when that is no longer so, and nothing was changed
 */
export async function changeKeys(tag: string, before: StoredSeat['underPin'], keys: Partial<StoredSeat>): Promise<boolean> {
  const stands = ({ underPin, ended }: StoredSeat): boolean => ended !== 'revoked' && ended !== 'wipe' && underPin?.salt.join() === before?.salt.join();
  const seat = await changeSeat(tag, (now) => (stands(now) ? keys : {}));
  return seat !== undefined && stands(seat);
}

/**
 * The first PIN of a seat that was confirmed: makes the data key. Needs the network.
 * @returns 'barred' when the server does not release the recovery half
 */
export async function setPin(server: string, tag: string, pin: string): Promise<Result<CryptoKey, PinFailure>> {
  const seat = await readSeat(tag);
  if (seat?.underPin) return err('set-meanwhile');
  return choosePin(server, tag, pin, async (half) => {
    const dataKey = await makeDataKey();
    return { dataKey, underRecovery: await wrap(dataKey, await recoveryKey(half), tag, 'recovery'), seatKey: await makeSeatKey({ tag, dataKey }) };
  });
}

/** A new PIN for a seat that is locked or whose PIN was forgotten, once a supervisor has allowed it. What is kept stays readable. */
export const newPinAfterRecovery = (server: string, tag: string, pin: string): Promise<Result<CryptoKey, PinFailure>> =>
  choosePin(server, tag, pin, async (half, { underRecovery }) => {
    const dataKey = underRecovery && (await unwrap(underRecovery, await recoveryKey(half), tag, 'recovery', true));
    return dataKey && { dataKey, underRecovery };
  });

interface Recovered {
  readonly dataKey: CryptoKey;
  readonly underRecovery: Sealed;
  /** Of the first PIN; a new one changes nothing that lies under the data key. */
  readonly seatKey?: StoredSeat['seatKey'];
}

async function choosePin(
  server: string, tag: string, pin: string, recover: (half: string, seat: StoredSeat) => Promise<Recovered | undefined>,
): Promise<Result<CryptoKey, PinFailure>> {
  const fault = pinFault(pin);
  if (fault) return err(fault);
  const released = await askWithProof(server, '/api/recovery', 'recovery', byDevice(tag), recoverySchema, { attempt: await attemptOf(tag) });
  if (!released.ok) return released;
  const checked = await checkIn(server, tag);
  if (!checked.ok) return checked;
  const seat = await readSeat(tag);
  if (!seat) return err('no-seat');
  // A server that gives no half keeps nobody's tablet: demo mode has no PINs.
  if (!seat.half) return err('barred');
  const recovered = await recover(released.value.half, seat);
  if (!recovered) return err('barred');
  const { dataKey, ...under } = recovered;
  const underPin = await underNewPin(dataKey, pin, seat.half.key, tag);
  const keys = { ...under, underPin, wrong: 0, attempt: undefined, tellDone: true };
  if (!(await changeKeys(tag, seat.underPin, keys))) return err('set-meanwhile');
  await tellDone(server, tag);
  const opened = await unlock(tag, pin);
  if (!opened.ok) return err('no-seat');
  // Whatever comes of it, the first ticket tries again.
  await tellSeatKey(server, { tag, dataKey: opened.value });
  return opened;
}

/** One name for all tries until a PIN is set: the server gives the half once, and once more only to the same try. */
export async function attemptOf(tag: string): Promise<string> {
  const fresh = randomLetters(16);
  const before = await changeSeat(tag, ({ attempt }) => (attempt === undefined ? { attempt: fresh } : {}));
  return before?.attempt ?? fresh;
}

export async function underNewPin(dataKey: CryptoKey, pin: string, half: CryptoKey, tag: string): Promise<NonNullable<StoredSeat['underPin']>> {
  const salt = randomBytes(16);
  return { salt, ...(await wrap(dataKey, await pinKey(pin, salt, half), tag, 'pin')) };
}

interface Opened {
  readonly dataKey: CryptoKey;
  readonly half: CryptoKey;
  readonly underPin: StoredSeat['underPin'];
}

export async function tryPin(tag: string, pin: string, extractable: boolean): Promise<Result<Opened, UnlockFailure>> {
  const seat = await changeSeat(tag, countTry);
  if (!seat?.underPin) return err({ type: 'no-pin' });
  if (seat.wrong >= triesMax) return err({ type: 'locked-out' });
  if (!seat.half || isHalfOver(seat)) return err({ type: 'needs-network' });
  const { underPin, half } = seat;
  const dataKey = await unwrap(underPin, await pinKey(pin, underPin.salt, half.key), tag, 'pin', extractable);
  if (!dataKey) return err(seat.wrong + 1 >= triesMax ? { type: 'locked-out' } : { type: 'wrong', triesLeft: triesMax - seat.wrong - 1 });
  await changeSeat(tag, () => ({ wrong: 0 }));
  return ok({ dataKey, half: half.key, underPin });
}

/** KY4, and KY3: what may not be used any more does not stay on the disk either. */
function countTry(seat: StoredSeat): Partial<StoredSeat> {
  const seenAt = Math.max(Date.now(), seat.seenAt);
  if (isHalfOver(seat)) return { seenAt, half: undefined };
  return seat.underPin && seat.half && seat.wrong < triesMax ? { seenAt, wrong: seat.wrong + 1 } : { seenAt };
}
