/** CE4 Asks the server about a certificate, for whoever holds the paper; and makes the code that stands on one. */
import * as v from 'valibot';
import { verificationLength, verificationLetters } from '../domain/certificates/schema.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { ask } from '../keys/server.ts';
import { normalCode } from '../protocol/identity.ts';
import { verifiedSchema, verifyRequestSchema, type Verified } from '../protocol/verify.ts';

export { verifyPath, type Verified } from '../protocol/verify.ts';

/** Thirty-two letters: each byte is five bits of chance. */
export const newVerificationCode = (): string =>
  [...crypto.getRandomValues(new Uint8Array(verificationLength))].map((byte) => verificationLetters[byte % verificationLetters.length]).join('');

/** In groups of four, to be read and typed. */
export const shownCode = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Full-width letters and other dashes, as keyboards send them. */
const typedSerial = (text: string): string => text.normalize('NFKC').toUpperCase().replaceAll(/\s/g, '').replaceAll(/[‐-―−]/g, '-');

/** `busy`: asked too often. `offline`: no answer of this server. */
export type VerifyFailure = 'offline' | 'busy';

export async function verifyCertificate(serial: string, code: string): Promise<Result<Verified, VerifyFailure>> {
  const request = v.safeParse(verifyRequestSchema, { serial: typedSerial(serial), code: normalCode(code.normalize('NFKC')) });
  // What can't be a serial and a code was never given to anybody.
  if (!request.success) return ok({ state: 'unknown' });
  const answered = await ask('/api/verify', request.output);
  if (!answered.ok) return err(answered.error.status === 429 ? 'busy' : 'offline');
  const parsed = v.safeParse(verifiedSchema, answered.value);
  return parsed.success ? ok(parsed.output) : err('offline');
}
