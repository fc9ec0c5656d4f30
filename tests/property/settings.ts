/** `SEED=… npx vitest run tests/property` replays a failure; `RUNS=20` multiplies the runs, e.g. at night. */
import type { Parameters } from 'fast-check';

const multiplier = Number(process.env['RUNS'] ?? 1);

export const runs = (numRuns: number): Parameters<unknown> => {
  const seed = process.env['SEED'];
  return { numRuns: numRuns * multiplier, ...(seed ? { seed: Number(seed) } : {}) };
};
