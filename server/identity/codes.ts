/** IE1: codes of invitations. They are shown once; what is kept is their hash. */
import { createHash, randomBytes } from 'node:crypto';
import { codeLength } from '../../src/protocol/identity.ts';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Each letter is five bits of chance. */
export const newCode = (): string => [...randomBytes(codeLength)].map((byte) => letters[byte % letters.length]).join('');
export const hashOfCode = (code: string): string => createHash('sha256').update(code).digest('hex');
export const newHalf = (): string => randomBytes(32).toString('hex');
