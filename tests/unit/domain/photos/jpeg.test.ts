import { expect, test } from 'vitest';
import { photoFault, plainJpeg } from '../../../../src/domain/photos/jpeg.ts';
import { anyNames, photoMaxBytes, photoNames, photosIn, photosMax } from '../../../../src/domain/photos/photo.ts';
import * as v from 'valibot';
import { jpegLike, nameOf, withExif, withSegment } from '../../../support/photos.ts';

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

test('[PH3] a plain JPEG says its size and is taken', () => {
  const photo = jpegLike({ width: 1_280, height: 700, bytes: 5_000 });
  expect(plainJpeg(photo)).toEqual({ width: 1_280, height: 700 });
  expect(photoFault(photo)).toBeUndefined();
});

test('[PH3] what tells where, when or with what it was taken is no photo', () => {
  const photo = jpegLike({ bytes: 5_000 });
  expect(photoFault(withExif(photo))).toBe('no-photo');
  expect(photoFault(withSegment(photo, 0xe1, ...letters('http://ns.adobe.com/xap/1.0/\0<x/>')))).toBe('no-photo');
  expect(photoFault(withSegment(photo, 0xed, ...letters('Photoshop 3.0\0')))).toBe('no-photo');
  expect(photoFault(withSegment(photo, 0xfe, ...letters('30.8N 103.9E')))).toBe('no-photo');
  expect(photoFault(withSegment(photo, 0xe2, ...letters('MPF\0')))).toBe('no-photo');
  expect(photoFault(withSegment(photo, 0xe2, ...letters('ICC_PROFILE\0'), 1, 1))).toBeUndefined();
  const behind = Uint8Array.from([...photo, 1, 2, 3, 0xff, 0xd9]);
  expect(photoFault(behind), 'a second file behind the picture').toBe('no-photo');
  const between = Uint8Array.from([...photo.subarray(0, -2), 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xd9]);
  expect(photoFault(between), 'a segment inside the scan').toBe('no-photo');
});

test('[PH2] what is longer, larger, cut or something else is refused, whatever its bytes are', () => {
  expect(photoFault(jpegLike({ bytes: photoMaxBytes }))).toBeUndefined();
  expect(photoFault(jpegLike({ bytes: photoMaxBytes + 1 }))).toBe('too-large');
  expect(photoFault(jpegLike({ width: 1_281, bytes: 900 }))).toBe('too-large');
  expect(photoFault(jpegLike({ height: 4_000, bytes: 900 }))).toBe('too-large');
  expect(photoFault(jpegLike({ width: 0, bytes: 900 }))).toBe('no-photo');
  const photo = jpegLike({ bytes: 900 });
  for (let length = 0; length < photo.length; length += 1) expect(photoFault(photo.subarray(0, length)), `cut at ${length}`).toBe('no-photo');
  for (const text of ['', '<svg onload="alert(1)"/>', '\u0089PNG\r\n', 'GIF89a']) expect(photoFault(Uint8Array.from(letters(text)))).toBe('no-photo');
  for (let at = 0; at < 60; at += 1) {
    const spoilt = Uint8Array.from(photo);
    for (let value = 0; value < 256; value += 5) {
      spoilt[at] = value;
      expect(() => photoFault(spoilt)).not.toThrow();
    }
  }
});

test('[PH1] a record names at most four photos, each once, by the hash of its bytes', () => {
  const names = Array.from({ length: photosMax + 1 }, (_, seed) => nameOf(jpegLike({ bytes: 900, seed })));
  expect(v.is(photoNames, names.slice(0, photosMax))).toBe(true);
  expect(v.is(photoNames, names)).toBe(false);
  expect(v.is(photoNames, [names[0], names[0]])).toBe(false);
  for (const wrong of ['', 'a', `../${names[0]}`, names[0]?.toUpperCase(), `${names[0]}0`]) expect(v.is(photoNames, [wrong])).toBe(false);
  expect(photosIn({ photos: names })).toEqual(names);
  expect(photosIn({ note: 'x' })).toEqual([]);
});

test('[PH7] a fact that was corrected still names what it named', () => {
  const [first, second] = [nameOf(jpegLike({ seed: 1 })), nameOf(jpegLike({ seed: 2 }))];
  const facts = [{ set: { photos: [first] } }, { set: { photos: null } }, { set: { photos: [second] } }];
  expect(anyNames(facts, first)).toBe(true);
  expect(anyNames(facts, second)).toBe(true);
  expect(anyNames(facts, nameOf(jpegLike({ seed: 3 })))).toBe(false);
});
