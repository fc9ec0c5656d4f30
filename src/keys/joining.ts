/** KY6. A tablet takes part: with a code from a supervisor, a key made here, and six digits that two people compare. */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { codePattern, comparisonDigits, joinAnswerSchema, joinStateSchema, normalCode } from '../protocol/identity.ts';
import { randomLetters } from './bytes.ts';
import { addSeat, changeSeat, dropJoining, joiningWith, readSeat, removeSeat, tabletId } from './database.ts';
import { byDevice, makeSigningKey } from './proving.ts';
import { seatHere, type SeatHere, type StoredSeat } from './seat.ts';
import { ask, askWithProof, failureOf, type ServerFailure } from './server.ts';

/** `malformed`: not twelve letters of a code. `code`: unknown, used or too old. `name`: it is for whoever says theirs (IE9). `busy`: too many tries, wait a minute. */
export type JoinFailure = 'malformed' | 'code' | 'name' | 'offline' | 'busy';

const tagTaken = 409;
const nameMissing = 422;

/**
 * @param typed the code as it was typed or scanned
 * @param label what the tablet calls itself, e.g. `Chromium · Android`
 * @param name whose the tablet will be, when the code's invitation does not know
 * @returns the seat: `needs-pin` if nobody has to confirm, else `waiting` with its six digits
 */
export async function join(server: string, typed: string, label: string, name?: string): Promise<Result<SeatHere, JoinFailure>> {
  const code = normalCode(typed);
  if (!codePattern.test(code)) return err('malformed');
  // The server answers the same tablet and key once more: an answer that was lost costs no second invitation.
  const { tag, privateKey, publicKey } = await joiningWith({ code, tag: randomLetters(7), ...(await makeSigningKey()) });
  const answered = await ask(`${server}/api/join`, { code, device: tag, tablet: await tabletId(), label: label.slice(0, 80) || '?', key: publicKey, ...(name !== undefined && { name }) });
  if (!answered.ok) {
    const failure = failureOf(answered.error);
    // Somebody else has this tag: asked again, the tablet shows another.
    if (answered.error.status === tagTaken) await dropJoining();
    if (answered.error.status === nameMissing) return err('name');
    return err(failure === 'offline' || failure === 'busy' ? failure : 'code');
  }
  const read = v.safeParse(joinAnswerSchema, answered.value);
  if (!read.success) return err('offline');
  const { person, confirmed, ...facts } = read.output;
  const now = Date.now();
  const stored: StoredSeat = {
    tag, seat: { id: tag, ...facts }, person, joinedAt: now, digits: await comparisonDigits(code, publicKey), confirmed, ended: undefined,
    privateKey, publicKey, seatKey: undefined, half: undefined, underPin: undefined, underRecovery: undefined, wrong: 0, seenAt: now, again: undefined, earlier: undefined, attempt: undefined, tellDone: false,
  };
  await addSeat(stored);
  await dropJoining();
  return ok(seatHere(stored));
}

/** Has a supervisor compared the digits? A refused seat is gone from this tablet. */
export async function joinState(server: string, tag: string): Promise<Result<'waiting' | 'confirmed' | 'refused', ServerFailure>> {
  const answered = await askWithProof(server, '/api/join/state', 'join', byDevice(tag), joinStateSchema);
  if (!answered.ok) return answered;
  const { state } = answered.value;
  if (state === 'confirmed') await changeSeat(tag, () => ({ confirmed: true }));
  // Of a seat that was confirmed once the server says so too, when it is ended: that one has something to hand over.
  if (state === 'refused' && (await readSeat(tag))?.confirmed === false) await removeSeat(tag);
  return ok(state);
}
