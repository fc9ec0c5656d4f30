/**
 * KY1 The data key and what closes it: AES-GCM under a key that is made from the PIN and from the server's half together.
 * Who has the half without the PIN, or the PIN without the half, has nothing.
 */
import { fromHex, randomBytes, utf8, type Bytes } from './bytes.ts';

/** For PBKDF2-SHA256. A tablet needs about half a second for it, and so does each guess. */
export const pinIterations = 600_000;

export interface Sealed {
  readonly iv: Bytes;
  readonly bytes: ArrayBuffer;
}

/** A piece says whose it is and what for: one cannot be put in another's place. */
export type Purpose = 'pin' | 'recovery' | 'seat-key';
const gcm = (iv: Bytes, tag: string, purpose: Purpose) => ({ name: 'AES-GCM', iv, additionalData: utf8(`linhuo:v1:${purpose}\n${tag}`) });
const wrapping = (raw: BufferSource): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['wrapKey', 'unwrapKey']);

/** The server's half as a key that can be used and not read. */
export const importHalf = (hex: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', fromHex(hex), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

export async function pinKey(pin: string, salt: Bytes, half: CryptoKey): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits']);
  const stretched = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: pinIterations }, typed, 256);
  return wrapping(await crypto.subtle.sign('HMAC', half, stretched));
}

export const recoveryKey = (hex: string): Promise<CryptoKey> => wrapping(fromHex(hex));

/** Can be read out, so that it can be wrapped; nobody outside this folder gets to see it like that. */
export const makeDataKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);

export async function wrap(dataKey: CryptoKey, under: CryptoKey, tag: string, purpose: Purpose): Promise<Sealed> {
  const iv = randomBytes(12);
  return { iv, bytes: await crypto.subtle.wrapKey('raw', dataKey, under, gcm(iv, tag, purpose)) };
}

/** @returns undefined when this is not the key, or a single bit of the piece has changed */
export async function unwrap({ iv, bytes }: Sealed, under: CryptoKey, tag: string, purpose: Purpose, extractable = false): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.unwrapKey('raw', bytes, under, gcm(iv, tag, purpose), 'AES-GCM', extractable, ['encrypt', 'decrypt']);
  } catch (error) {
    // The one way a browser says that the tag does not fit; its name differs from one to the other.
    if (error instanceof Error || error instanceof DOMException) return undefined;
    throw error;
  }
}

const signing = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** What signs for an opened seat, under its data key. */
export async function sealSigner(privateKey: CryptoKey, dataKey: CryptoKey, tag: string): Promise<Sealed> {
  const iv = randomBytes(12);
  return { iv, bytes: await crypto.subtle.encrypt(gcm(iv, tag, 'seat-key'), dataKey, await crypto.subtle.exportKey('pkcs8', privateKey)) };
}

/** @returns a key that signs and cannot be read out; undefined when this is not the data key, or the piece has changed */
export async function openSigner({ iv, bytes }: Sealed, dataKey: CryptoKey, tag: string): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey('pkcs8', await crypto.subtle.decrypt(gcm(iv, tag, 'seat-key'), dataKey, bytes), signing, false, ['sign']);
  } catch (error) {
    if (error instanceof Error || error instanceof DOMException) return undefined;
    throw error;
  }
}
