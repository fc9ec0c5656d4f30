/** IM8 Text of a file whatever it was written in: UTF-8 with and without a mark, UTF-16 with one, else GB18030, of which GBK and GB2312 are parts. */
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { FileKind } from '../contract.ts';

export interface DecodedText {
  readonly text: string;
  readonly kind: Exclude<FileKind, 'xlsx'>;
}

const startsWith = (bytes: Uint8Array, ...mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);

function decoded(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function decodeText(bytes: Uint8Array): Result<DecodedText, 'not-text'> {
  const marked = startsWith(bytes, 0xff, 0xfe) ? 'utf-16le' : startsWith(bytes, 0xfe, 0xff) ? 'utf-16be' : undefined;
  for (const label of marked ? [marked] : ['utf-8', 'gb18030']) {
    const text = decoded(bytes, label);
    // No roster holds a NUL; a picture or a program does.
    if (text !== undefined && !text.includes('\u0000')) return ok({ text, kind: marked ? 'utf-16' : (label as 'utf-8' | 'gb18030') });
  }
  return err('not-text');
}
