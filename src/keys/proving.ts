/**
 * KY5 Two keys sign for a seat. The device's own is there from the beginning, made here, used here, never out of here; it says
 * which device this is. The seat's is behind the PIN (seatKey.ts); it says that the seat is open.
 */
import { proofText, type ProofPurpose, type PublicKey } from '../protocol/identity.ts';
import { toBase64url, utf8 } from './bytes.ts';
import { readSeat } from './database.ts';

export interface Proof {
  readonly device: string;
  readonly nonce: string;
  readonly signature: string;
}

/** Signs what the server asked. Undefined when there is no such seat here any more. */
export type Signer = (purpose: ProofPurpose, nonce: string) => Promise<Proof | undefined>;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** @param extractable for one that is sealed at once */
export async function makeSigningKey(extractable = false): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: PublicKey }> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, extractable, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, publicKey: { x, y } };
}

export async function sign(key: CryptoKey, text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, utf8(text))));
}

/** What a locked seat can say. */
export const byDevice = (tag: string): Signer => async (purpose, nonce) => {
  const seat = await readSeat(tag);
  return seat && { device: tag, nonce, signature: await sign(seat.privateKey, proofText(purpose, nonce, tag)) };
};
