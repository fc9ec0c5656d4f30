/** Worlds that once went wrong, each with a sentence. They stay, whatever the usual seeds have become. */
import { expect, test } from 'vitest';
import { report, simulate } from './simulate.ts';

const size = { steps: 200, tablets: 5 };

/** What went wrong, found by which seed; the small tests of these stand in `known.test.ts`. */
const failed: readonly (readonly [seed: string, what: string])[] = [
  ['1', 'a clock was set back while the line was dead, and the badge said online for three days'],
  ['5', 'the network went in the middle of a handshake, and the tablet stayed offline for four minutes'],
  ['9', 'a leader lost a group, the room was rebuilt, and its totals counted what had been refused'],
  ['15', 'the disk refused to note what the server had confirmed, and the badge said sent for ever'],
  ['82', 'points arrived while the lists were folded anew, and were missing from them'],
  ['50', 'the lists were folded anew after the disk had refused what arrived, and it was missing from them'],
  ['308', 'the disk was full while the tablet opened, and it stayed off the wire until it was opened again'],
  ['363', 'a grid was taken away while something was being saved there, and given back it was never fetched again'],
  ['1345', 'the disk was full when points were to be posted, and they were missing until the month was touched again'],
  ['1574', 'a supervisor entered two volunteers within a second in two grids, and one number stood for both'],
];

for (const [seed, what] of failed)
  test(`[SI1, SI2, SI3, SI4, SI5] seed ${seed}: ${what}`, async () => {
    const run = await simulate(seed, size);
    if (run.broken) expect.fail(report(run));
    expect(run.tally.facts).toBeGreaterThan(20);
  }, 120_000);

/** Of counters; small tests of the first two stand in `tests/unit/replica/rebuild.test.ts`, of the others in `tests/unit/domain/redemption.test.ts`. */
const failedAtCounters: readonly (readonly [seed: string, what: string])[] = [
  ['counters-19', 'a copy’s fact stood under a claim’s number when the claim was written, and it was gone without a word'],
  ['counters-33', 'the same, and two claims at one place went unseen'],
  ['counters-23', 'a request that came in with the first claim of a copy was given what it asked for'],
  ['counters-35', 'the same with more than one request'],
];

for (const [seed, what] of failedAtCounters)
  test(`[SI9] seed ${seed}: ${what}`, async () => {
    const run = await simulate(seed, { steps: 200, tablets: 4, town: 'counters' });
    if (run.broken) expect.fail(report(run));
    expect(run.spendings['booked']).toBeGreaterThan(3);
  }, 120_000);
