/** Each checker is shown a bug of the kind it is there for, and must see it. */
import { afterEach, expect, test } from 'vitest';
import type { Town } from './people.ts';
import { sabotage, type Bug } from './sabotage.ts';
import { simulate, type Rule, type Run } from './simulate.ts';

afterEach(() => {
  sabotage.bug = undefined;
});

const size = { steps: 200, tablets: 5 };
/** Most are seen in the first; none needs a fifth of these. */
const seedsMax = 40;

/** Runs seeds until one is red. */
async function firstRed(bug: Bug, town: Town): Promise<Run['broken']> {
  sabotage.bug = bug;
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const { broken } = await simulate(`control-${seed}`, { ...size, town });
    if (broken) return broken;
  }
  return undefined;
}

const planted: readonly (readonly [rule: Rule, bug: Bug, says: RegExp, town?: Town])[] = [
  ['SI1', 'serverDiskLies', /stands neither/],
  ['SI1', 'tabletDiskLies', /stands neither/],
  ['SI1', 'sentIsConfirmed', /stands neither/],
  ['SI2', 'lossyWire', /on the server/],
  ['SI2', 'foldByArrival', /rows of/],
  ['SI8', 'deafEraser', /was erased/],
  ['SI3', 'stubbornAuthority', /pays/],
  ['SI4', 'openDoors', /is sent/],
  ['SI4', 'blindGate', /may not state/],
  ['SI5', 'noAcknowledgements', /does not come to rest/],
  ['SI5', 'badgeLies', /are not confirmed/],
  ['SI9', 'cachedLeft', /is honest, and beyond/, 'counters'],
  ['SI9', 'generousAuthority', /^held:.* stands at -\d/, 'counters'],
];

for (const [rule, bug, says, town = 'neighbourhood'] of planted)
  test(`[SI7] ${rule} sees a bug of its kind: ${bug}`, async () => {
    const broken = await firstRed(bug, town);
    expect(broken?.rule).toBe(rule);
    expect(broken?.what).toMatch(says);
  }, 120_000);

test('[SI7] the comparison of two runs sees a coin that no seed knows', async () => {
  sabotage.bug = 'unseeded';
  const [once, again] = [await simulate('control-1', { ...size, steps: 40 }), await simulate('control-1', { ...size, steps: 40 })];
  expect(again.digest).not.toBe(once.digest);
}, 60_000);
