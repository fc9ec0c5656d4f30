/** A room's roll-up, moved record by record in any order and with any repetition, equals the fold of its records. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import { foldRollup, Rollup } from '../../src/replica/projection/rollup.ts';

const visit = fc.record({
  record: fc.integer({ min: 0, max: 6 }).map((n) => `vis_${n}`),
  household: fc.integer({ min: 0, max: 2 }).map((n) => `hou_${n}`),
  visitedAt: fc.integer({ min: 0, max: 5 }),
  outcome: fc.constantFrom('met', 'notHome'),
  deleted: fc.boolean(),
});

const folded = ({ record, household, visitedAt, outcome, deleted }: { record: string; household: string; visitedAt: number; outcome: string; deleted: boolean }): Folded => ({
  record, kind: 'visit', fields: { grid: 'g1', household, visitedAt, outcome }, heads: [], clashes: [], deleted, bornAt: 0, changedAt: 0, changedBy: '',
});
const plain = (rollup: Rollup) => ({ tallies: Object.fromEntries([...rollup.tallies].sort()), latest: Object.fromEntries([...rollup.latest].sort()) });

test('[RL1] moved step by step it equals the fold', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 40 }), (steps) => {
      const rollup = new Rollup();
      const now = new Map<string, Folded>();
      for (const step of steps) {
        // A household never changes for a visit; the same record keeps the door it was born with.
        const before = now.get(step.record);
        const after = folded({ ...step, household: String(before?.fields['household'] ?? step.household) });
        const stale = rollup.move(before, after);
        now.set(step.record, after);
        if (stale.length > 0) rollup.renew(stale, now.values());
      }
      expect(plain(rollup)).toEqual(plain(foldRollup(now.values())));
    }),
  );
});
