/**
 * Seats, PINs and joining, as the first page needs them: src/keys with this page's server. Light on purpose: no replica.
 * What was opened with a PIN goes to `openSession` as `Unlocked`.
 */
import * as again from '../keys/again.ts';
import * as joining from '../keys/joining.ts';
import * as seats from '../keys/seats.ts';
import * as tickets from '../keys/tickets.ts';
import * as unlocking from '../keys/unlocking.ts';
import type { SeatHere } from '../keys/seat.ts';
import * as wiping from '../keys/wiping.ts';

export { seatOf } from '../keys/seats.ts';
export { pinFault, type PinFault } from '../keys/pin.ts';
export { changePin, unlock, type PinFailure, type UnlockFailure } from '../keys/unlocking.ts';
export type { AgainFailure } from '../keys/again.ts';
export type { JoinFailure } from '../keys/joining.ts';
export type { EndReason, SeatHere, SeatState } from '../keys/seat.ts';
export type { ServerFailure } from '../keys/server.ts';

const here = (): string => location.origin;

/** In the order they joined; a wiping that was interrupted is finished first. */
export async function seatsHere(): Promise<readonly SeatHere[]> {
  await wiping.finishWiping(here()).catch(() => undefined);
  return seats.seatsHere();
}

/** @param label what the tablet calls itself, e.g. `Chromium · Android`; @param name who comes, when the code is for a community's first */
export const join = (typed: string, label: string, name?: string) => joining.join(here(), typed, label, name);
export const joinState = (tag: string) => joining.joinState(here(), tag);
/** One contact with the server without opening the seat: brings the half that has expired, or says that the seat was ended. */
export const checkIn = (tag: string) => tickets.checkIn(here(), tag);
/** IR2: a lost tablet clears itself at its first contact, whosever seat is on the screen. */
export async function clearIfLost(): Promise<void> {
  for (const seat of await seatsHere()) {
    const heard = await tickets.checkIn(here(), seat.id);
    if (!heard.ok && heard.error === 'wipe') await wiping.wipe(here(), seat.id);
  }
}
/** A seat that the server has forgotten, with a new code; then `finishAgain` until it is done. */
export const joinAgain = (tag: string, typed: string, label: string) => again.joinAgain(here(), tag, typed, label);
export const finishAgain = (tag: string, pin: string) => again.finishAgain(here(), tag, pin);
export const setPin = (tag: string, pin: string) => unlocking.setPin(here(), tag, pin);
/** After `locked-out` or a forgotten PIN, once a supervisor has allowed it; `barred` until then. */
export const newPinAfterRecovery = (tag: string, pin: string) => unlocking.newPinAfterRecovery(here(), tag, pin);
export const wipe = (tag: string) => wiping.wipe(here(), tag);
