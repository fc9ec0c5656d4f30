import { expect, test } from 'vitest';
import { randomOf } from '../../../server/demo/random.ts';

test('a stream is decided by its keys, for ever', () => {
  const random = randomOf('双柏', 3);
  expect(Array.from({ length: 3 }, () => random.between(0, 999))).toMatchInlineSnapshot(`
    [
      225,
      48,
      432,
    ]
  `);
});

test('near keys give far streams, and keys do not run together', () => {
  const firsts = new Set(Array.from({ length: 1_000 }, (_, index) => randomOf('a', index).next()));
  expect(firsts.size).toBe(1_000);
  expect(randomOf('a', 'bc').next()).not.toBe(randomOf('ab', 'c').next());
});

test('draws are spread evenly', () => {
  const random = randomOf('spread');
  const counts = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 100_000; index += 1) {
    const bucket = Math.floor(random.next() * 10);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('shuffling keeps every item and leaves the given list alone', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(randomOf('s').shuffled(items).sort()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(() => randomOf('s').pick([])).toThrow();
});
