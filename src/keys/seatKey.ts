/**
 * KY10 The key that signs for an opened seat: tickets and handovers are the server's answers to it alone. Its private half lies
 * on the disk under the data key, so a seat that no PIN has opened signs for nothing; a new PIN keeps it.
 */
import * as v from 'valibot';
import { proofText, seatKeyText, type PublicKey } from '../protocol/identity.ts';
import { changeSeat, readSeat } from './database.ts';
import { byDevice, makeSigningKey, sign, type Signer } from './proving.ts';
import type { StoredSeat } from './seat.ts';
import { askSigned } from './server.ts';
import { openSigner, sealSigner } from './wrapping.ts';

/** A seat and what its PIN opened. */
export interface OpenedSeat {
  readonly tag: string;
  /** Seals and opens, and cannot be read out. */
  readonly dataKey: CryptoKey;
}

export async function makeSeatKey({ tag, dataKey }: OpenedSeat): Promise<NonNullable<StoredSeat['seatKey']>> {
  const { privateKey, publicKey } = await makeSigningKey(true);
  return { publicKey, sealed: await sealSigner(privateKey, dataKey, tag), isKnown: false };
}

/** A seat whose PIN is older than these keys gets one when it is opened. */
export async function haveSeatKey(opened: OpenedSeat): Promise<void> {
  const seat = await readSeat(opened.tag);
  if (!seat || seat.seatKey) return;
  const fresh = await makeSeatKey(opened);
  await changeSeat(opened.tag, ({ seatKey, underPin }) => (seatKey || !underPin ? {} : { seatKey: fresh }));
}

/** Until the server knows the seat's key, the device's own is what it asks for. */
export const bySeat = ({ tag, dataKey }: OpenedSeat): Signer => async (purpose, nonce) => {
  const { seatKey } = (await readSeat(tag)) ?? {};
  const key = seatKey?.isKnown ? await openSigner(seatKey.sealed, dataKey, tag) : undefined;
  return key ? { device: tag, nonce, signature: await sign(key, proofText(purpose, nonce, tag)) } : byDevice(tag)(purpose, nonce);
};

/** Signs with the key of this seat that the server has vouched for. @returns undefined when it is neither of them */
export async function signAs({ tag, dataKey }: OpenedSeat, vouchedFor: PublicKey, text: string): Promise<string | undefined> {
  const seat = await readSeat(tag);
  if (!seat) return undefined;
  const { seatKey, publicKey, privateKey } = seat;
  const isVouchedFor = (key: PublicKey): boolean => key.x === vouchedFor.x && key.y === vouchedFor.y;
  if (isVouchedFor(publicKey)) return sign(privateKey, text);
  const key = seatKey && isVouchedFor(seatKey.publicKey) ? await openSigner(seatKey.sealed, dataKey, tag) : undefined;
  return key && sign(key, text);
}

/** Both keys sign, once. What came of it the next ticket says: a server that knows another key gives none. */
export async function tellSeatKey(server: string, opened: OpenedSeat): Promise<void> {
  const { tag, dataKey } = opened;
  await haveSeatKey(opened);
  const seat = await readSeat(tag);
  const seatKey = seat?.seatKey;
  if (!seatKey || seatKey.isKnown) return;
  const key = await openSigner(seatKey.sealed, dataKey, tag);
  if (!key) return;
  const told = await askSigned(server, '/api/seat-key', v.object({}), async (nonce) => {
    const text = seatKeyText(nonce, tag, seatKey.publicKey);
    return { device: tag, nonce, key: seatKey.publicKey, signature: await sign(seat.privateKey, text), seatSignature: await sign(key, text) };
  });
  if (told.ok) await changeSeat(tag, (now) => (now.seatKey ? { seatKey: { ...now.seatKey, isKnown: true } } : {}));
}
