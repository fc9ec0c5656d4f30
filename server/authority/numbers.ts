/** AU15: numbers for the authority's facts. A block is reserved on disk before its first number is used. */
import type { Storage } from '../storage/contract.ts';

export const numbersKey = 'authority-numbers';
const blockSize = 1_000;

export interface Numbers {
  /** `count` numbers in base 36, in rising order, never given out before. */
  take(count: number): Promise<readonly string[]>;
}

export function createNumbers(storage: Storage): Numbers {
  let next = 0;
  let reserved = 0;
  /** One reservation at a time, or two callers would be given the same block. */
  let turn: Promise<unknown> = Promise.resolve();

  async function reserve(count: number): Promise<void> {
    const end = Number((await storage.get(numbersKey)) ?? '0');
    // What is left of an earlier block is given up when another caller's block follows it: gaps do no harm.
    if (reserved !== end) next = end;
    reserved = end + Math.max(blockSize, count);
    await storage.put(numbersKey, String(reserved));
  }

  async function give(count: number): Promise<string[]> {
    if (next + count > reserved) await reserve(count);
    const first = next;
    next += count;
    return Array.from({ length: count }, (_, index) => (first + index).toString(36));
  }

  return {
    take(count) {
      const given = turn.then(() => give(count));
      // A failed reservation is its caller's to hear of; the next caller tries anew.
      turn = given.catch(() => undefined);
      return given;
    },
  };
}
