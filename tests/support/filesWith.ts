/** Which files of a folder hold these words, as a browser may write them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export function filesWith(folder: string, words: string): string[] {
  const encodings = [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')];
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    const bytes = readFileSync(path);
    return encodings.some((encoded) => bytes.includes(encoded));
  });
}

/** Letters that stand nowhere else, and that no compression makes shorter. */
export const randomWords = (): string => Array.from(crypto.getRandomValues(new Uint8Array(28)), (byte) => 'ABCDEFGHJKMNPQRSTVWXYZ23456789'[byte % 30]).join('');
