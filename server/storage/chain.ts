/** ST4: the hash chain over a room's updates. */
import { createHash } from 'node:crypto';

/** The chain starts at the room's name, so that one room's updates can't be passed off as another's. */
export const chainStart = (room: string): Uint8Array => createHash('sha256').update(room).digest();

export const chainNext = (previous: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createHash('sha256').update(previous).update(bytes).digest();

export const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** PH6: what a photo is called. */
export const photoNameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Owners come in one by one and are read in any order: the digests of the single bindings are added without carry. */
export function clientsDigest(clients: Iterable<readonly [client: number, device: string]>, start: Uint8Array = new Uint8Array(32)): Uint8Array {
  const sum = Uint8Array.from(start);
  for (const [client, device] of clients) {
    const each = createHash('sha256').update(`${client} ${device}`).digest();
    for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) ^ (each[index] ?? 0);
  }
  return sum;
}

export const valueDigest = (key: string, value: string): Uint8Array => createHash('sha256').update(`${key}\n${value}`).digest();
