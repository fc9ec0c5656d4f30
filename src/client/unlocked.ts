/** A key on its way from the page that has just opened a seat to the layout that sits it down: handed over once, in memory. */
import type { Unlocked } from './session.ts';

let waiting: Unlocked | undefined;

export const handOver = (unlocked: Unlocked): void => {
  waiting = unlocked;
};

export function takeOver(): Unlocked | undefined {
  const taken = waiting;
  waiting = undefined;
  return taken;
}
