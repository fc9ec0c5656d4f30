/**
 * KY11 A seat that the server has forgotten, because it was put back to an older backup, joins again and keeps what it has: the
 * same tag and keys, with a new invitation. The server's halves are new ones, so the data key is wrapped anew under both, in one
 * change; until then all that opens the seat stays as it is.
 */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { checkedInSchema, codePattern, comparisonDigits, joinAnswerSchema, joinStateSchema, normalCode, recoverySchema } from '../protocol/identity.ts';
import { changeSeat, readSeat, tabletId } from './database.ts';
import { byDevice } from './proving.ts';
import type { JoinFailure } from './joining.ts';
import { ask, askWithProof, failureOf, type ServerFailure } from './server.ts';
import { tellDone } from './tickets.ts';
import { attemptOf, changeKeys, tryPin, underNewPin, type UnlockFailure } from './unlocking.ts';
import { importHalf, recoveryKey, wrap } from './wrapping.ts';

const tagTaken = 409;

/** `known`: the server knows this tablet after all. */
export type AgainFailure = JoinFailure | 'known';

/** @returns six digits for a supervisor to compare */
export async function joinAgain(server: string, tag: string, typed: string, label: string): Promise<Result<string, AgainFailure>> {
  const seat = await readSeat(tag);
  const code = normalCode(typed);
  if (!codePattern.test(code)) return err('malformed');
  if (seat?.ended !== 'unknown') return err('known');
  const { publicKey: key, person: earlier } = seat;
  const answered = await ask(`${server}/api/join`, { code, device: tag, tablet: await tabletId(), label: label.slice(0, 80) || '?', key, earlier, name: seat.seat.name });
  if (!answered.ok) {
    const failure = failureOf(answered.error);
    if (answered.error.status === tagTaken) return err('known');
    return err(failure === 'offline' || failure === 'busy' ? failure : 'code');
  }
  const read = v.safeParse(joinAnswerSchema, answered.value);
  if (!read.success) return err('offline');
  const { person, confirmed: _confirmed, ...facts } = read.output;
  const again = { code, digits: await comparisonDigits(code, key), person, seat: { id: tag, ...facts } };
  await changeSeat(tag, ({ seatKey }) => ({ again, ...(seatKey && { seatKey: { ...seatKey, isKnown: false } }) }));
  return ok(again.digits);
}

/** @returns `waiting` until a supervisor has compared the digits; `refused` when they were not the same, and it may join once more */
export async function finishAgain(server: string, tag: string, pin: string): Promise<Result<'waiting' | 'refused' | 'done', UnlockFailure | ServerFailure>> {
  const asked = await askWithProof(server, '/api/join/state', 'join', byDevice(tag), joinStateSchema);
  if (!asked.ok) return asked;
  const { state } = asked.value;
  if (state === 'refused') await changeSeat(tag, () => ({ again: undefined }));
  return state === 'confirmed' ? wrapAnew(server, tag, pin) : ok(state);
}

async function wrapAnew(server: string, tag: string, pin: string): Promise<Result<'done', UnlockFailure | ServerFailure>> {
  const opened = await tryPin(tag, pin, true);
  if (!opened.ok) return opened;
  const released = await askWithProof(server, '/api/recovery', 'recovery', byDevice(tag), recoverySchema, { attempt: await attemptOf(tag) });
  if (!released.ok) return released;
  const checked = await askWithProof(server, '/api/check-in', 'check-in', byDevice(tag), checkedInSchema);
  if (!checked.ok) return checked;
  const seat = await readSeat(tag);
  if (!seat?.again) return err('unknown');
  const { dataKey, underPin: before } = opened.value;
  const { again: { person, seat: facts } } = seat;
  const { unlock, serverNow } = checked.value;
  const [key, now] = [await importHalf(unlock.half), Date.now()];
  const keys = {
    underPin: await underNewPin(dataKey, pin, key, tag), underRecovery: await wrap(dataKey, await recoveryKey(released.value.half), tag, 'recovery'),
    half: { key, until: now + unlock.until - serverNow }, seenAt: now, wrong: 0, attempt: undefined, tellDone: true,
    again: undefined, ended: undefined, person, seat: facts, earlier: { person: seat.person, until: now },
  };
  if (!(await changeKeys(tag, before, keys))) return err('unknown');
  await tellDone(server, tag);
  return ok('done');
}
