import { expect, test } from 'vitest';
import { foldRecord, sameValue } from '../../../../src/domain/kernel/fold.ts';
import { aFact } from '../../../support/facts.ts';

const birth = aFact('anna-0', { name: '好吃兔', place: '一楼' }, [], { at: 10 });

test('[FC2] a birth alone is the record, and the one head', () => {
  expect(foldRecord([birth])).toEqual({
    record: 'par_x', kind: 'partner', fields: { name: '好吃兔', place: '一楼' }, heads: ['anna-0'], clashes: [],
    deleted: false, bornAt: 10, changedAt: 10, changedBy: 'per_anna',
  });
  expect(foldRecord([])).toBeUndefined();
});

test('[FC3] null clears a field, deleted true deletes', () => {
  const cleared = aFact('anna-1', { place: null }, ['anna-0']);
  expect(foldRecord([birth, cleared])?.fields).toEqual({ name: '好吃兔' });
  const gone = aFact('anna-2', { deleted: true }, ['anna-1']);
  expect(foldRecord([birth, cleared, gone])).toMatchObject({ deleted: true, fields: { name: '好吃兔' }, clashes: [] });
  const back = aFact('anna-3', { deleted: false }, ['anna-2']);
  expect(foldRecord([birth, cleared, gone, back])?.deleted).toBe(false);
  expect(foldRecord([aFact('anna-4', { name: 'x', place: null, deleted: true })])).toMatchObject({ fields: { name: 'x' }, deleted: true });
});

test('[FO2] what was based on another beats it, even with a clock that runs behind', () => {
  const first = aFact('bobo-0', { place: '二楼' }, ['anna-0'], { at: 9_000 });
  const middle = aFact('cici-0', { name: '好吃兔子' }, ['bobo-0'], { at: 20 });
  const last = aFact('dodo-0', { place: '三楼' }, ['cici-0'], { at: 1 });
  expect(foldRecord([birth, first, middle, last])).toMatchObject({ fields: { place: '三楼' }, clashes: [], heads: ['dodo-0'] });
});

test('[FO3] two who did not know each other: the later is shown and both are listed', () => {
  const left = aFact('bobo-0', { place: '二楼' }, ['anna-0'], { at: 50 });
  const right = aFact('cici-0', { place: '三楼', name: '好吃兔' }, ['anna-0'], { at: 40 });
  const record = foldRecord([birth, left, right]);
  expect(record?.fields).toEqual({ name: '好吃兔', place: '二楼' });
  expect(record?.heads).toEqual(['bobo-0', 'cici-0']);
  expect(record?.clashes).toEqual([
    { field: 'place', options: [{ value: '二楼', fact: 'bobo-0', by: 'per_bobo', at: 50 }, { value: '三楼', fact: 'cici-0', by: 'per_cici', at: 40 }] },
  ]);
});

test('[FO3] equal clocks are decided by id, clearing against a value is a clash, equal values are none', () => {
  const left = aFact('bobo-0', { place: '二楼' }, ['anna-0']);
  const right = aFact('cici-0', { place: '三楼' }, ['anna-0']);
  expect(foldRecord([left, right, birth])?.fields['place']).toBe('三楼');
  const cleared = aFact('dodo-0', { place: null }, ['anna-0']);
  expect(foldRecord([birth, left, cleared])).toMatchObject({ fields: { name: '好吃兔' }, clashes: [{ field: 'place', options: [{ value: null }, { value: '二楼' }] }] });
  const same = aFact('eeee-0', { place: '二楼' }, ['anna-0']);
  expect(foldRecord([birth, left, same])?.clashes).toEqual([]);
});

test('[FO3] two births under one derived id meet in one record', () => {
  const twin = aFact('bobo-0', { name: '好吃兔', place: '二楼' }, [], { at: 20 });
  expect(foldRecord([twin, birth])).toMatchObject({ fields: { place: '二楼' }, bornAt: 10, clashes: [{ field: 'place' }] });
});

test('[FO4] a deletion that did not know a change is listed, whichever came first', () => {
  const gone = aFact('bobo-0', { deleted: true }, ['anna-0'], { at: 90 });
  const change = aFact('cici-0', { place: '三楼' }, ['anna-0'], { at: 80 });
  const record = foldRecord([birth, gone, change]);
  expect(record).toMatchObject({ deleted: true, clashes: [{ field: 'deleted', options: [{ value: true, fact: 'bobo-0' }, { value: false, fact: 'cici-0', by: 'per_cici', at: 80 }] }] });
  const aware = aFact('dodo-0', { deleted: true }, ['bobo-0', 'cici-0']);
  expect(foldRecord([birth, gone, change, aware])).toMatchObject({ deleted: true, clashes: [] });
  const kept = aFact('dodo-0', { deleted: false }, ['bobo-0', 'cici-0']);
  expect(foldRecord([birth, gone, change, kept])).toMatchObject({ deleted: false, clashes: [] });
});

test('[FO5] a base that is not there does not stop the fold', () => {
  const orphan = aFact('bobo-3', { place: '三楼' }, ['bobo-2']);
  expect(foldRecord([orphan])).toMatchObject({ fields: { place: '三楼' }, heads: ['bobo-3'], clashes: [] });
  expect(foldRecord([birth, orphan])?.clashes).toHaveLength(1);
});

test('[FO5] a forged cycle of bases is folded all the same', () => {
  const chicken = aFact('anna-0', { place: '一楼' }, ['bobo-0']);
  const egg = aFact('bobo-0', { place: '二楼' }, ['anna-0']);
  expect(foldRecord([chicken, egg])?.heads).toHaveLength(1);
});

test('[FO6] a change on all heads settles the clash in what it sets and nothing else', () => {
  const left = aFact('bobo-0', { place: '二楼', note: 'a' }, ['anna-0']);
  const right = aFact('cici-0', { place: '三楼', note: 'b' }, ['anna-0']);
  const choice = aFact('dodo-0', { place: '二楼' }, ['bobo-0', 'cici-0']);
  expect(foldRecord([birth, left, right, choice])).toMatchObject({ fields: { place: '二楼' }, heads: ['dodo-0'], clashes: [{ field: 'note' }] });
});

test('[FO2] a chain of thousands of facts folds without running out of stack', () => {
  const chain = Array.from({ length: 3_000 }, (_, n) => aFact(`anna-${(n + 1).toString(36)}`, { place: `${n}` }, [`anna-${n.toString(36)}`]));
  expect(foldRecord([birth, ...chain])?.fields['place']).toBe('2999');
});

test('[FO3] values are compared by content, not by the order of their keys', () => {
  expect(sameValue({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
  expect(sameValue([], {})).toBe(false);
  expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(sameValue(null, undefined)).toBe(false);
});
