/** KY5. The device's key: made here, used here, never out of here. */
import { proofText, type ProofPurpose, type PublicKey } from '../protocol/identity.ts';
import { toBase64url, utf8 } from './bytes.ts';
import { readSeat } from './database.ts';

export interface Proof {
  readonly device: string;
  readonly nonce: string;
  readonly signature: string;
}

export async function makeDeviceKey(): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: PublicKey }> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, publicKey: { x, y } };
}

/** Signs what the server asked. @returns undefined when there is no such seat here any more */
export async function prove(tag: string, purpose: ProofPurpose, nonce: string): Promise<Proof | undefined> {
  const seat = await readSeat(tag);
  if (!seat) return undefined;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, seat.privateKey, utf8(proofText(purpose, nonce, tag)));
  return { device: tag, nonce, signature: toBase64url(new Uint8Array(signature)) };
}
