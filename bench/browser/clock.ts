/** Time as the benches take it. */
import type { Live } from '../../src/replica/contract.ts';

/** Epoch ms with fractions: two pages of one machine agree on it. */
export const epoch = (): number => performance.timeOrigin + performance.now();

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Samples `run` one after the other with a short rest, so that no round pays for the one before. */
export async function rounds(count: number, run: (round: number) => Promise<unknown>, restMs = 10): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const from = performance.now();
    await run(round);
    times.push(performance.now() - from);
    await rest(restMs);
  }
  return times;
}

/** How long `run` takes to bring what it promises. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

/** The first value that satisfies `test`. */
export function when<T>(live: Live<T>, test: (value: T) => boolean, timeoutMs = 240_000): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = (): void => {};
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`not reached in ${timeoutMs} ms`));
    }, timeoutMs);
    let done = false;
    stop = live.subscribe((value) => {
      if (done || !test(value)) return;
      done = true;
      clearTimeout(timer);
      queueMicrotask(() => stop());
      resolve(value);
    });
  });
}

export const settled = async (lastChangeAt: () => number, enough: () => boolean, quietMs = 1_000): Promise<void> => {
  while (!enough() || epoch() - lastChangeAt() < quietMs) await rest(50);
};
