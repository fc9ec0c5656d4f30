/** Merging apart, in any order, taken back or not: what is shown as one, and what the points of it add up to. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergedOf, partsOf, type Merged, type Pair } from '../../src/domain/duplicates/merging.ts';
import { pairId, sortedPair } from '../../src/domain/duplicates/schema.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../src/domain/kernel/fold.ts';
import { volunteerId } from '../../src/domain/people/schema.ts';
import { balanceOf, balances, type Entries } from '../../src/domain/points/balance.ts';
import { volunteerAccount } from '../../src/domain/points/accounts.ts';
import type { PointsEntryFields } from '../../src/domain/points/schema.ts';
import { shuffled } from './histories.ts';
import { runs } from './settings.ts';

const numbers = ['SBA0001', 'SBA0002', 'SBA0003', 'SBA0004', 'SBA0005'];
const ids = numbers.map(volunteerId);

const act = fc.record({
  desk: fc.nat(2),
  hears: fc.boolean(),
  at: fc.integer({ min: 0, max: 9 }),
  ends: fc.uniqueArray(fc.nat(numbers.length - 1), { minLength: 2, maxLength: 2 }),
  says: fc.constantFrom('merged', 'merged', 'merged', 'different', 'open'),
});

/** Three desks that say things about five volunteers, each on what it happens to have heard. */
const sayings: fc.Arbitrary<Fact[]> = fc.array(act, { minLength: 1, maxLength: 14 }).map((acts) => {
  const all: Fact[] = [];
  acts.forEach(({ desk, hears, at, ends: [stays = 0, goes = 1], says }, index) => {
    const [one, other] = sortedPair(ids[stays] ?? '', ids[goes] ?? '');
    const record = pairId(one, other);
    const known = all.filter((fact) => fact.record === record && (hears || fact.by === `per_${desk}`));
    const base = foldRecord(known)?.heads ?? [];
    const born = base.length === 0 ? { grid: 'g1', one, other } : {};
    all.push({ id: `desk${desk}-${index.toString(36)}`, record, kind: 'pair', base, set: { ...born, verdict: says, stays: says === 'merged' ? (ids[stays] ?? '') : null }, by: `per_${desk}`, at });
  });
  // A birth has no room for a cleared field.
  return all.map((fact) => (fact.base.length === 0 && fact.set['stays'] === null ? { ...fact, set: Object.fromEntries(Object.entries(fact.set).filter(([name]) => name !== 'stays')) } : fact));
});

function shownBy(facts: readonly Fact[], exists: (id: string) => boolean = () => true): Merged {
  const pairs = [...Map.groupBy(facts, (fact) => fact.record)].flatMap(([id, own]): Pair[] => {
    const folded = foldRecord(own);
    return folded && !folded.deleted ? [{ id, fields: folded.fields as never, clashes: folded.clashes }] : [];
  });
  return mergedOf(pairs, exists);
}

test('[DU9] what is shown as one depends on the facts alone, not on the order in which tablets came back', () => {
  fc.assert(
    fc.property(sayings.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))), ([facts, otherwise]) => {
      const [mine, theirs] = [shownBy(facts), shownBy(otherwise)];
      expect(new Map([...theirs.into].sort())).toEqual(new Map([...mine.into].sort()));
      // Each record is shown once: as itself or as one that is.
      for (const [goes, stays] of mine.into) {
        expect(mine.into.has(stays)).toBe(false);
        expect(partsOf(mine, stays)).toContain(goes);
      }
    }),
    runs(300),
  );
});

const entries: fc.Arbitrary<Entries> = fc.array(fc.tuple(fc.nat(numbers.length - 1), fc.integer({ min: 1, max: 60 }), fc.boolean()), { maxLength: 20 }).map((lines) =>
  lines.map(([who, points, reversed], index) => {
    const account = volunteerAccount(numbers[who] ?? '');
    const [debit, credit] = reversed ? [account, 'issued'] : ['issued', account];
    return { id: `pen_${index}`, fields: { volunteer: numbers[who], points, debit, credit } as PointsEntryFields };
  }),
);

const heldBy = (ledger: Entries, merged: Merged): Map<string, number> =>
  new Map(ids.filter((id) => !merged.into.has(id)).map((id) => [id, partsOf(merged, id).reduce((sum, part) => sum + balanceOf(ledger, part.slice('vol_'.length)), 0)]));

test('[DU14, PN1] points are added up where a volunteer is shown, never rewritten: the sum stays, and taking every merge back gives each number its own', () => {
  fc.assert(
    fc.property(sayings, entries.chain((ledger) => fc.tuple(fc.constant(ledger), shuffled(ledger))), (facts, [ledger, otherwise]) => {
      const merged = shownBy(facts);
      const held = heldBy(ledger, merged);
      expect(heldBy(otherwise, merged)).toEqual(held);
      expect([...held.values()].reduce((sum, each) => sum + each, 0)).toBe(0 - (balances(ledger).get('issued') ?? 0));
      // Somebody who knows everything takes each pair back.
      const takenBack = [...Map.groupBy(facts, (fact) => fact.record)].map(([record, own], index): Fact => ({
        id: `last-${index.toString(36)}`, record, kind: 'pair', base: foldRecord(own)?.heads ?? [], set: { verdict: 'open', stays: null }, by: 'per_9', at: 99,
      }));
      expect(heldBy(ledger, shownBy([...facts, ...takenBack]))).toEqual(new Map(ids.map((id, index) => [id, balanceOf(ledger, numbers[index] ?? '')])));
    }),
    runs(300),
  );
});

test('[DU11] whichever records are gone, what is left is shown once', () => {
  fc.assert(
    fc.property(sayings, fc.subarray(ids), (facts, left) => {
      const { into } = shownBy(facts, (id) => left.includes(id));
      for (const [goes, stays] of into) expect([left.includes(goes), left.includes(stays)]).toEqual([true, true]);
    }),
    runs(200),
  );
});
