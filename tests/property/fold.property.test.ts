import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldRecord } from '../../src/domain/kernel/fold.ts';
import { historyOf, inverseOf, restorationOf } from '../../src/domain/kernel/history.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { history, shuffled } from './histories.ts';
import { runs } from './settings.ts';

test('[FO1] any order and any repetition gives the same record, clashes included', () => {
  let clashing = 0;
  fc.assert(
    fc.property(
      history.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts), fc.subarray(facts))),
      ([facts, mixed, again]) => {
        const record = foldRecord(facts);
        clashing += record?.clashes.length ?? 0;
        expect(foldRecord([...mixed, ...again])).toEqual(record);
      },
    ),
    runs(600),
  );
  expect(clashing).toBeGreaterThan(100);
});

test('[FO1] the comparison sees a fold where the last to arrive wins', () => {
  const lastToArrive = (facts: readonly Fact[]) => JSON.stringify(Object.entries(Object.assign({}, ...facts.map(({ set }) => set)) as object).sort());
  const same = fc.property(history.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))), ([facts, mixed]) => lastToArrive(facts) === lastToArrive(mixed));
  expect(fc.check(same, runs(300)).failed).toBe(true);
});

test('[FO1] any grouping: what two replicas fold after meeting does not depend on who had what', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.boolean()), (facts, sides) => {
      const left: Fact[] = [];
      const right: Fact[] = [];
      for (const fact of facts) (sides.next().value ? left : right).push(fact);
      expect(foldRecord([...left, ...right])).toEqual(foldRecord([...right, ...left]));
      expect(foldRecord(new Set([...right, ...left, ...facts]))).toEqual(foldRecord(facts));
    }),
    runs(300),
  );
});

test('[FO2] a field shows what the last of a line of people who knew each other stated', () => {
  fc.assert(
    fc.property(history, (facts) => {
      const record = foldRecord(facts);
      const last: Fact = { id: 'dodo-0', record: 'par_x', kind: 'partner', base: record?.heads ?? [], set: { name: 'last', deleted: false }, by: 'per_dodo', at: 0 };
      expect(foldRecord([...facts, last])).toMatchObject({ fields: { name: 'last' }, deleted: false, heads: ['dodo-0'] });
    }),
    runs(200),
  );
});

test('[FO6] stating every field on all heads leaves no clash', () => {
  fc.assert(
    fc.property(history, (facts) => {
      const set = { name: 'n', place: null, note: ['x'], deleted: true };
      const last: Fact = { id: 'dodo-0', record: 'par_x', kind: 'partner', base: foldRecord(facts)?.heads ?? [], set, by: 'per_dodo', at: 0 };
      expect(foldRecord([...facts, last])).toMatchObject({ fields: { name: 'n', note: ['x'] }, deleted: true, clashes: [] });
    }),
    runs(200),
  );
});

test('[FO5] the fold of any part of the facts is defined', () => {
  fc.assert(
    fc.property(
      history.chain((facts) => fc.subarray(facts)),
      (part) => {
        const record = foldRecord(part);
        expect(record === undefined).toBe(part.length === 0);
        if (record) expect(record.heads.length).toBeGreaterThan(0);
      },
    ),
    runs(300),
  );
});

test('[HI1] the history holds every fact once, newest first, whatever the order of arrival', () => {
  fc.assert(
    fc.property(
      history.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, mixed]) => {
        const entries = historyOf(mixed);
        expect(entries).toEqual(historyOf(facts));
        expect(entries.map(({ fact }) => fact).sort()).toEqual(facts.map(({ id }) => id).sort());
        expect(entries.every(({ at }, index) => index === 0 || at <= (entries[index - 1]?.at ?? 0))).toBe(true);
      },
    ),
    runs(200),
  );
});

test('[HI2] stating the inverse of the last fact brings the record back to what it was', () => {
  fc.assert(
    fc.property(history, fc.dictionary(fc.constantFrom('name', 'place', 'note'), fc.constantFrom('a', 'z', null)), (facts, set) => {
      const before = foldRecord(facts);
      if (!before || before.clashes.length > 0) return;
      const last: Fact = { id: 'dodo-0', record: 'par_x', kind: 'partner', base: before.heads, set, by: 'per_dodo', at: 99 };
      const back: Fact = { ...last, id: 'dodo-1', base: ['dodo-0'], set: inverseOf([...facts, last], 'dodo-0') ?? {} };
      const after = foldRecord([...facts, last, back]);
      expect(after?.fields).toEqual(before.fields);
      expect(after?.deleted).toBe(before.deleted);
    }),
    runs(300),
  );
});

test('[HI3] restoring any fact gives the record as its author left it, and settles every clash', () => {
  fc.assert(
    fc.property(history, fc.nat(), (facts, pick) => {
      const target = facts[pick % facts.length] as Fact;
      const now = foldRecord(facts);
      const set = restorationOf(facts, target.id) ?? {};
      const back: Fact = { id: 'dodo-0', record: 'par_x', kind: 'partner', base: now?.heads ?? [], set, by: 'per_dodo', at: 99 };
      const ancestors = new Set<string>();
      const walk = (id: string): void => {
        ancestors.add(id);
        for (const base of facts.find((fact) => fact.id === id)?.base ?? []) walk(base);
      };
      walk(target.id);
      const then = foldRecord(facts.filter(({ id }) => ancestors.has(id)));
      expect(foldRecord([...facts, back])).toMatchObject({ fields: then?.fields, deleted: then?.deleted, clashes: [] });
      expect(Object.keys(foldRecord([...facts, back])?.fields ?? {}).sort()).toEqual(Object.keys(then?.fields ?? {}).sort());
    }),
    runs(300),
  );
});
