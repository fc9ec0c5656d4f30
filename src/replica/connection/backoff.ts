/** When to try again. Pure: randomness comes in. */

/** Doubles from 400 ms to 30 s and spreads tries over that span, so that tablets cut together do not come back together. */
export function retryDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(30_000, 400 * 2 ** Math.min(attempt, 7));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
