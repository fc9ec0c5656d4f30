import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { everybody, LapsingWorld, type Fault } from '../support/lapsingWorld.ts';
import { runs } from './settings.ts';

const volunteer = fc.constantFrom(...everybody);
const points = fc.integer({ min: 1, max: 50 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('earn' as const), volunteer, points, ago: fc.oneof(fc.constant(0), fc.nat(40)), lasts: fc.constantFrom(undefined, 12, 18, 24, 60) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('hold' as const), volunteer, points }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('spend' as const), volunteer, points }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('giveBack' as const), volunteer }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('reverse' as const), nth: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('claim' as const), volunteer, points }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('honour' as const), volunteer }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('turn' as const), months: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 14 })) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;
const history = fc.record({ steps: fc.array(step, { minLength: 10, maxLength: 60 }), mixed: fc.nat() });

function take(world: LapsingWorld, step: Step): void {
  switch (step.does) {
    case 'earn': return void world.earn(step.volunteer, step.points, step.ago, step.lasts);
    case 'hold': return world.hold(step.volunteer, step.points);
    case 'spend': return world.spend(step.volunteer, step.points);
    case 'giveBack': return world.giveBack(step.volunteer);
    case 'reverse': return world.reverseNth(step.nth);
    case 'claim': return world.claim(step.volunteer, step.points);
    case 'honour': return world.honour(step.volunteer);
    case 'turn': return world.turn(step.months);
  }
}

function live({ steps, mixed }: { steps: readonly Step[]; mixed: number }, fault?: Fault): LapsingWorld {
  const world = new LapsingWorld(fault);
  for (const step of steps) {
    take(world, step);
    world.check();
  }
  const place = (record: string): number => ([...record].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), mixed) % 101);
  world.checkOrder((a, b) => place(a.record) - place(b.record));
  return world;
}

test('[PX2] [PX3] [PX5] [PX6] points that lapse: nobody goes below zero or loses what is in its time, held or waiting; asked twice or in another order, the same', () => {
  const seen = { lapsed: 0, returned: 0, covered: 0, waited: 0 };
  fc.assert(
    fc.property(history, (told) => {
      const world = live(told);
      const moves = (reason: string, credit: RegExp): boolean => world.lines.some(({ fields }) => fields['reason'] === reason && credit.test(String(fields['credit'])));
      seen.lapsed += Number(moves('expired', /^expired/));
      seen.returned += Number(moves('expired', /^volunteer/));
      seen.covered += Number(moves('covered', /^volunteer/));
      seen.waited += Number(world.waiting.size > 0 && moves('expired', /^expired/));
    }),
    runs(3_000),
  );
  // The histories do what they are here for.
  for (const [what, count] of Object.entries(seen)) expect(count, `${what} of ${JSON.stringify(seen)}`).toBeGreaterThan(20);
}, 120_000);

for (const fault of ['held counts as kept', 'everything lapses', 'nothing comes back'] as const)
  test(`[PX2] [PX3] [PX6] the invariants catch it when ${fault}`, () => {
    const told = fc.check(fc.property(history, (each) => void live(each, fault)), { numRuns: 1_000, endOnFailure: true });
    expect(told.failed).toBe(true);
  }, 60_000);

/** What one volunteer earns and spends at once; `wrong` is service that is entered, and taken back at the end. */
const life = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('earn' as const), points, lasts: fc.constantFrom(12, 24) }),
    fc.record({ does: fc.constant('spend' as const), points }),
    fc.record({ does: fc.constant('turn' as const), months: fc.integer({ min: 1, max: 9 }) }),
  ),
  { minLength: 5, maxLength: 30 },
);

test('[PX6] service that was entered by mistake and is taken back when its points have lapsed leaves nobody with less than had it never been entered', () => {
  let returned = 0;
  const [anna] = everybody;
  fc.assert(
    fc.property(life, fc.nat(10), points, (steps, at, wrong) => {
      const [without, withIt] = [new LapsingWorld(), new LapsingWorld()];
      let mistake = '';
      for (const [index, step] of steps.entries()) {
        if (index === at) mistake = withIt.earn(anna, wrong, 0, 12);
        // What can be spent without it: the same in both.
        const spent = step.does === 'spend' ? Math.min(step.points, without.free(anna)) : 0;
        for (const world of [without, withIt]) {
          if (step.does === 'earn') world.earn(anna, step.points, 0, step.lasts);
          else if (step.does === 'turn') world.turn(step.months);
          else {
            world.hold(anna, spent);
            world.spend(anna, spent);
          }
        }
      }
      withIt.reverse(mistake);
      withIt.turn(1);
      without.turn(1);
      returned += Number(withIt.lines.some(({ fields }) => fields['debit'] === 'expired'));
      expect(withIt.own(anna) - withIt.purse.owed(anna)).toBeGreaterThanOrEqual(without.own(anna));
    }),
    runs(2_000),
  );
  expect(returned).toBeGreaterThan(20);
}, 60_000);
