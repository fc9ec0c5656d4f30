/**
 * Many worlds, each made from a seed, of a neighbourhood and of counters. `SEED=17 TOWN=counters npm run simulate` replays one,
 * `RUNS`, `STEPS` and `TABLETS` change the size, `HOURS=3` goes on with fresh seeds until the time is up.
 */
import { expect, test } from 'vitest';
import type { Town } from './people.ts';
import { report, simulate, type Run } from './simulate.ts';

const given = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const size = { steps: given('STEPS', 200), tablets: given('TABLETS', 5) };
const seed = process.env['SEED'];
const hours = given('HOURS', 0);
const towns = (['neighbourhood', 'counters'] as const).filter((town) => (process.env['TOWN'] ?? (seed === undefined ? town : 'neighbourhood')) === town);
/** Worlds of counters are slower. */
const runsOf: Readonly<Record<Town, number>> = { neighbourhood: given('RUNS', 200), counters: given('RUNS', 150) };

/** The seeds of CI are always the same; a long run begins where nobody has been. */
function* seeds(runs: number): Generator<string> {
  if (seed !== undefined) return yield seed;
  const until = Date.now() + (hours * 3_600_000) / towns.length;
  if (hours === 0) for (let count = 1; count <= runs; count += 1) yield String(count);
  for (let count = Date.now(); hours > 0 && Date.now() < until; count += 1) yield String(count);
}

function sum(counts: readonly object[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const each of counts) for (const [name, count] of Object.entries(each as Readonly<Record<string, number>>)) total[name] = (total[name] ?? 0) + count;
  return total;
}

async function live(town: Town): Promise<readonly Run[]> {
  const all: Run[] = [];
  const started = Date.now();
  for (const each of seeds(runsOf[town])) {
    const run = await simulate(each, { ...size, town });
    if (seed !== undefined) process.stdout.write(`${run.trace.join('\n')}\n`);
    if (run.broken) expect.fail(report(run));
    all.push({ ...run, trace: [] });
  }
  const total = JSON.stringify({ ...sum(all.map(({ tally }) => tally)), ...(town === 'counters' && sum(all.map(({ spendings }) => spendings))) });
  process.stdout.write(`${town}: ${all.length} worlds of ${size.tablets} tablets and ${size.steps} steps in ${Math.round((Date.now() - started) / 1_000)} s: ${total}\n`);
  return all;
}
const timeout = hours * 3_600_000 + runsOf.neighbourhood * 30_000;

if (towns.includes('neighbourhood')) test('[SI1, SI2, SI3, SI4, SI5, SI8] whatever happens on the way, nothing confirmed is lost, and at rest everybody agrees', { timeout }, async () => {
  const all = await live('neighbourhood');
  if (all.length < 50) return;
  // Runs that met nothing prove nothing.
  for (const [name, count] of Object.entries(sum(all.map(({ tally }) => tally)))) expect(count, name).toBeGreaterThan(20);
});

/** What runs at counters have to meet. */
const met = ['booked', 'late', 'forked', 'given', 'short', 'held', 'returned', 'lost', 'redeemed', 'cancelled', 'covered', 'repaid', 'copies', 'settled', 'writtenOff'];

if (towns.includes('counters')) test('[SI9] counters that spend without a network: nobody overspends, every claim has its answer, copies are found', { timeout }, async () => {
  const all = await live('counters');
  if (all.length < 50) return;
  const total = sum(all.map(({ spendings }) => spendings));
  for (const what of met) expect(total[what] ?? 0, what).toBeGreaterThan(3);
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
