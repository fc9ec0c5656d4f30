/**
 * Proofs that a tablet holds its key.
 *
 * - IE5 A challenge is this process's own, a minute old at most, and good for one proof; a proof is good for one purpose and
 *   one device.
 */
import { createHmac, createPublicKey, randomBytes, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { proofText, type KeyProof, type ProofPurpose, type PublicKey } from '../../src/protocol/identity.ts';

export const challengeLifeMs = 60_000;

export interface Proofs {
  challenge(): string;
  /** True once for a challenge of ours that was signed with this key for this purpose. */
  proves(purpose: ProofPurpose, proof: Pick<KeyProof, 'device' | 'nonce' | 'signature'>, key: PublicKey): boolean;
}

/** @returns undefined for coordinates that are no point of the curve */
export function readKey({ x, y }: PublicKey): KeyObject | undefined {
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  } catch {
    // What createPublicKey throws on is a key nobody has.
    return undefined;
  }
}

export function createProofs(now: () => number): Proofs {
  // A new one with each start: a challenge from before it is nobody's, so none of the used ones need be known.
  const secret = randomBytes(32);
  const used = new Map<string, number>();
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();

  function isOurs(nonce: string): boolean {
    const [at = '', chance = '', signature = '', rest] = nonce.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = sign(`${at}.${chance}`);
    if (rest !== undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    const age = now() - Number.parseInt(at, 36);
    return age >= 0 && age < challengeLifeMs;
  }

  function forget(): void {
    for (const [nonce, at] of used) {
      if (now() - at < challengeLifeMs) return;
      used.delete(nonce);
    }
  }

  return {
    challenge() {
      const text = `${now().toString(36)}.${randomBytes(18).toString('base64url')}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    proves(purpose, { device, nonce, signature }, publicKey) {
      if (!isOurs(nonce) || used.has(nonce)) return false;
      const key = readKey(publicKey);
      const text = Buffer.from(proofText(purpose, nonce, device));
      if (!key || !verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) return false;
      forget();
      used.set(nonce, now());
      return true;
    },
  };
}
