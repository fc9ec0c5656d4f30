/**
 * Many worlds, each made from a seed. `SEED=17 npm run simulate` replays one, `RUNS`, `STEPS` and `TABLETS` change the size,
 * `HOURS=3` goes on with fresh seeds until the time is up.
 */
import { expect, test } from 'vitest';
import { report, simulate, type Run } from './simulate.ts';

const given = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const size = { steps: given('STEPS', 200), tablets: given('TABLETS', 5) };
const seed = process.env['SEED'];
const hours = given('HOURS', 0);
const runs = seed === undefined ? given('RUNS', 200) : 1;

/** The seeds of CI are always the same; a long run begins where nobody has been. */
function* seeds(): Generator<string> {
  if (seed !== undefined) return yield seed;
  const until = Date.now() + hours * 3_600_000;
  if (hours === 0) for (let count = 1; count <= runs; count += 1) yield String(count);
  for (let count = Date.now(); hours > 0 && Date.now() < until; count += 1) yield String(count);
}

const sum = (all: readonly Run[]) => {
  const total: Record<string, number> = {};
  for (const { tally } of all) for (const [name, count] of Object.entries(tally)) total[name] = (total[name] ?? 0) + count;
  return total;
};

test('[SI1, SI2, SI3, SI4, SI5, SI8] whatever happens on the way, nothing confirmed is lost, and at rest everybody agrees', { timeout: hours * 3_600_000 + runs * 30_000 }, async () => {
  const all: Run[] = [];
  const started = Date.now();
  for (const each of seeds()) {
    const run = await simulate(each, size);
    if (seed !== undefined) process.stdout.write(`${run.trace.join('\n')}\n`);
    if (run.broken) expect.fail(report(run));
    all.push({ ...run, trace: [] });
  }
  const total = sum(all);
  process.stdout.write(`${all.length} worlds of ${size.tablets} tablets and ${size.steps} steps in ${Math.round((Date.now() - started) / 1_000)} s: ${JSON.stringify(total)}\n`);
  if (all.length < 50) return;
  // Runs that met nothing prove nothing.
  for (const [name, count] of Object.entries(total)) expect(count, name).toBeGreaterThan(20);
});

test('[SI6] a seed replays to the byte: the same steps, ids and frames', async () => {
  for (const each of ['replay-1', 'replay-2']) {
    const [once, again] = [await simulate(each, { ...size, steps: 120 }), await simulate(each, { ...size, steps: 120 })];
    expect(again.trace).toEqual(once.trace);
    expect(again.digest).toBe(once.digest);
    expect(once.tally.facts).toBeGreaterThan(40);
  }
  expect((await simulate('replay-3', { ...size, steps: 20 })).digest).not.toBe((await simulate('replay-4', { ...size, steps: 20 })).digest);
}, 120_000);
