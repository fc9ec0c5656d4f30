import { expect, test } from 'vitest';
import { Turnstile } from '../../../src/replica/connection/turnstile.ts';

function counted(max: number) {
  const begun: string[] = [];
  const turnstile = new Turnstile<string>(max);
  return { begun, turnstile, enter: (one: string) => turnstile.enter(one, () => begun.push(one)) };
}

test('a few begin at once, the others as places come free, in the order they came', () => {
  const { begun, turnstile, enter } = counted(2);
  for (const one of ['a', 'b', 'c', 'd']) enter(one);
  expect(begun).toEqual(['a', 'b']);
  turnstile.leave('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  turnstile.leave('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('who is inside or waiting does not queue a second time, and may come again after leaving', () => {
  const { begun, turnstile, enter } = counted(1);
  for (const one of ['a', 'a', 'b', 'b']) enter(one);
  turnstile.leave('a');
  turnstile.leave('b');
  expect(begun).toEqual(['a', 'b']);
  enter('a');
  expect(begun).toEqual(['a', 'b', 'a']);
});

test('one that gives up while waiting takes nobody’s place, and clear lets everybody start over', () => {
  const { begun, turnstile, enter } = counted(1);
  for (const one of ['a', 'b', 'c']) enter(one);
  turnstile.leave('b');
  turnstile.leave('a');
  expect(begun).toEqual(['a', 'c']);
  enter('d');
  turnstile.clear();
  turnstile.leave('c');
  expect(begun).toEqual(['a', 'c']);
  enter('e');
  expect(begun).toEqual(['a', 'c', 'e']);
});
