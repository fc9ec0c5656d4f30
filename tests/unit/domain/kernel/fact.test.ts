import * as v from 'valibot';
import { expect, test } from 'vitest';
import { decodeFact, deviceTagOf, encodeFact, parseFact, text } from '../../../../src/domain/kernel/fact.ts';
import { aFact } from '../../../support/facts.ts';

const fact = aFact('tablet7-1z', { name: '好吃兔', tags: ['a', null, 3] }, ['tablet7-1y']);

test('[FC1] an id is a device tag, a dash and a counter', () => {
  expect(deviceTagOf(fact.id)).toBe('tablet7');
  for (const id of ['tablet7', 'TABLET-1', 'abc-1', 'toolongtag-1', 'tablet7-', 'tablet7-1-2', 'tablet7-0123456789', '__proto__', ''])
    expect(parseFact(id, encodeFact(fact)), id).toBeUndefined();
});

test('[FC4] a fact comes back from its text, and equal facts have equal text', () => {
  expect(parseFact(fact.id, encodeFact(fact))).toEqual(fact);
  expect(decodeFact(fact.id, encodeFact(fact))).toEqual(fact);
  const { at, by, set, base, kind, record, id } = fact;
  expect(encodeFact({ at, by, set, base, kind, record, id })).toBe(encodeFact(fact));
});

test('[FC4] what is not a fact is none', () => {
  const broken: readonly Record<string, unknown>[] = [
    { record: 'x' }, { record: '__proto__' }, { kind: 7 }, { base: ['nonsense'] }, { base: 'anna-0' }, { at: -1 }, { at: 1.5 }, { by: 'somebody' }, { extra: 1 },
    { base: Array.from({ length: 65 }, (_, n) => `anna-${n.toString(36)}`) },
  ];
  for (const wrong of broken) expect(parseFact('anna-0', JSON.stringify({ ...JSON.parse(encodeFact(fact)), ...wrong })), JSON.stringify(wrong)).toBeUndefined();
  for (const json of ['', '{', 'null', '[]', '7', 7, null, undefined, {}]) expect(parseFact('anna-0', json)).toBeUndefined();
});

test('[FC4] a field named to reach the prototype of objects is refused', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'Upper', 'with space', '7up', 'x'.repeat(41)]) {
    const json = encodeFact(fact).replace('"name":', `"${name}":`);
    expect(parseFact('anna-0', json), name).toBeUndefined();
  }
});

test('[TX2] the text of a fact is bounded by code points, well-formed, without control characters', () => {
  const line = text(4);
  const fits = (value: unknown) => v.is(line, value);
  expect(['a', '四个汉字', '𠮷𠮷𠮷𠮷', 'a\nb', 'a\tb'].map(fits)).toEqual([true, true, true, true, true]);
  expect(['', '五个汉字长', '𠮷𠮷𠮷𠮷𠮷', '\ud842', 'a\u0000', 'a\u007f', 7, null].map(fits)).toEqual(Array(8).fill(false));
});
