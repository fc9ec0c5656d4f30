/** IE4: wrong codes are counted, per address and over all; beyond its own limit an address waits even with a right one. */
export const attemptWindowMs = 10 * 60_000;
export const attemptsPerAddress = 10;
export const attemptsInAll = 60;

export interface Attempts {
  /**
   * How long this address has to wait, ms; 0 when it may try.
   * @param isRight the code is one that was given out: strangers' wrong ones must not keep its owner out
   */
  wait(address: string, isRight: boolean): number;
  failed(address: string): void;
}

export function createAttempts(now: () => number): Attempts {
  /** Never longer than `attemptsInAll`: nothing is tried beyond that. */
  let wrong: { readonly address: string; readonly at: number }[] = [];
  const waitFor = (attempts: typeof wrong, max: number): number => {
    const earliest = attempts.at(-max);
    return earliest ? Math.max(0, earliest.at + attemptWindowMs - now()) : 0;
  };
  return {
    wait(address, isRight) {
      wrong = wrong.filter(({ at }) => now() - at < attemptWindowMs);
      return Math.max(isRight ? 0 : waitFor(wrong, attemptsInAll), waitFor(wrong.filter((each) => each.address === address), attemptsPerAddress));
    },
    failed(address) {
      wrong.push({ address, at: now() });
    },
  };
}
