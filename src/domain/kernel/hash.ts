/** A hash for what names itself by what it says: without a clock, without waiting. */
import { digest } from 'lib0/hash/sha256';

/** SHA-256, hexadecimal. */
export const hashOf = (text: string): string => Array.from(digest(new TextEncoder().encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join('');
