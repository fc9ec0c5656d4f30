/**
 * PH3 A photo is a plain JPEG: a picture and nothing about where, when and with what it was taken. The tablet asks before it
 * keeps one, the server before it takes one, with the same code.
 */
import { photoMaxBytes, photoMaxSide } from './photo.ts';

const startOfImage = 0xd8;
const startOfScan = 0xda;
const endOfImage = 0xd9;
/** JFIF, an ICC profile, Adobe's note on colours: what says how to show it. Exif, XMP and all that makers add are others. */
const harmless: ReadonlySet<number> = new Set([0xe0, 0xe2, 0xee]);
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;
const comment = 0xfe;
/** Start of frame, without the tables that stand between their numbers. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Apple and others append a second picture under this name inside a profile's segment. */
const iccName = [...'ICC_PROFILE'].map((letter) => letter.charCodeAt(0));

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** @returns its size; undefined for what is no JPEG, is cut, or tells more than a picture */
export function plainJpeg(bytes: Uint8Array): Size | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage || bytes.at(-2) !== 0xff || bytes.at(-1) !== endOfImage) return undefined;
  let size: Size | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return undefined;
    const length = word(bytes, at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return undefined;
    if (marker === comment || (isApplication(marker) && !harmless.has(marker))) return undefined;
    if (marker === 0xe2 && !iccName.every((letter, index) => bytes[at + 4 + index] === letter)) return undefined;
    if (isFrame(marker)) size = { height: word(bytes, at + 5), width: word(bytes, at + 7) };
    if (marker === startOfScan) return size && endsHere(bytes, at + 2 + length) ? size : undefined;
    at += 2 + length;
  }
  return undefined;
}

/** Behind the end of the picture nothing may follow, and between its scans only what belongs to them. */
function endsHere(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const marker = bytes[at + 1] ?? 0;
    if (marker === endOfImage) return at + 2 === bytes.length;
    if (isApplication(marker) || marker === comment) return false;
  }
  return false;
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export type PhotoFault = 'too-large' | 'no-photo';

/** PH2, PH3. */
export function photoFault(bytes: Uint8Array): PhotoFault | undefined {
  if (bytes.length > photoMaxBytes) return 'too-large';
  const size = plainJpeg(bytes);
  if (!size || size.width < 1 || size.height < 1) return 'no-photo';
  return Math.max(size.width, size.height) > photoMaxSide ? 'too-large' : undefined;
}
