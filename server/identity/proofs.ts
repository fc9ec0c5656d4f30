/**
 * Proofs that a tablet holds its key.
 *
 * - IE5 A challenge is this process's own, a minute old at most, and good for one proof; a proof is good for one purpose and
 *   one device.
 */
import { createHmac, createPublicKey, randomBytes, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { proofText, seatKeyText, type KeyProof, type ProofPurpose, type PublicKey, type SeatKeyProof } from '../../src/protocol/identity.ts';

export const challengeLifeMs = 60_000;

export type Proof = Pick<KeyProof, 'device' | 'nonce' | 'signature'>;

export interface Proofs {
  challenge(): string;
  /** True once for a challenge of ours that was signed with this key for this purpose. */
  proves(purpose: ProofPurpose, proof: Proof, key: PublicKey): boolean;
  /** The same, where both keys have to sign. @param key the device's */
  provesSeatKey(proof: SeatKeyProof, key: PublicKey): boolean;
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

function isSigned(text: string, signature: string, publicKey: PublicKey): boolean {
  const key = readKey(publicKey);
  return key !== undefined && verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
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

  function use(nonce: string): true {
    forget();
    used.set(nonce, now());
    return true;
  }
  const isFresh = (nonce: string): boolean => isOurs(nonce) && !used.has(nonce);

  return {
    challenge() {
      const text = `${now().toString(36)}.${randomBytes(18).toString('base64url')}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    proves: (purpose, { device, nonce, signature }, key) => isFresh(nonce) && isSigned(proofText(purpose, nonce, device), signature, key) && use(nonce),
    provesSeatKey({ device, nonce, signature, key: seatKey, seatSignature }, key) {
      const text = seatKeyText(nonce, device, seatKey);
      return isFresh(nonce) && isSigned(text, signature, key) && isSigned(text, seatSignature, seatKey) && use(nonce);
    },
  };
}
