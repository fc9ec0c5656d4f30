/** ST4: the hash chain over a room's updates. */
import { createHash } from 'node:crypto';

/** The chain starts at the room's name, so that one room's updates can't be passed off as another's. */
export const chainStart = (room: string): Uint8Array => createHash('sha256').update(room).digest();

export const chainNext = (previous: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createHash('sha256').update(previous).update(bytes).digest();

export const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
