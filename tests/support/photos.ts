/** Photos for tests that need no picture in them: plain JPEGs as far as anybody reads them, each another one by its seed. */
import { createHash } from 'node:crypto';

export interface JpegLike {
  readonly width?: number;
  readonly height?: number;
  readonly bytes?: number;
  readonly seed?: number;
}

const segment = (marker: number, ...body: readonly number[]): number[] => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body];
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

export function jpegLike({ width = 1_280, height = 960, bytes = 150_000, seed = 1 }: JpegLike = {}): Uint8Array<ArrayBuffer> {
  const head = [
    0xff, 0xd8,
    ...segment(0xe0, ...letters('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
  ];
  const photo = new Uint8Array(Math.max(bytes, head.length + 2));
  photo.set(head);
  let state = seed + 1;
  for (let at = head.length; at < photo.length - 2; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    photo[at] = (state >>> 8) % 255;
  }
  photo.set([0xff, 0xd9], photo.length - 2);
  return photo;
}

/** The same picture with a segment behind its first two bytes. */
export const withSegment = (jpeg: Uint8Array, marker: number, ...body: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...jpeg.subarray(0, 2), ...segment(marker, ...body), ...jpeg.subarray(2)]);

const word = (value: number): number[] => [value & 255, (value >> 8) & 255];
const long = (value: number): number[] => [...word(value), ...word(value >> 16)];
/** A field of an Exif directory: tag, type, count, value or offset. */
const field = (tag: number, type: number, count: number, value: readonly number[]): number[] => [...word(tag), ...word(type), ...long(count), ...value, ...Array<number>(4 - value.length).fill(0)];

/** Orientation 6, as a camera held upright writes it, and where the picture was taken: 30°40′ north. */
export function withExif(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const gpsAt = 8 + 2 + 2 * 12 + 4;
  const ratiosAt = gpsAt + 2 + 2 * 12 + 4;
  const tiff = [
    ...letters('II'), ...word(42), ...long(8),
    ...word(2), ...field(0x0112, 3, 1, word(6)), ...field(0x8825, 4, 1, long(gpsAt)), ...long(0),
    ...word(2), ...field(1, 2, 2, letters('N\0')), ...field(2, 5, 3, long(ratiosAt)), ...long(0),
    ...[30, 1, 40, 1, 0, 1].flatMap(long),
  ];
  return withSegment(jpeg, 0xe1, ...letters('Exif\0\0'), ...tiff);
}

export const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
