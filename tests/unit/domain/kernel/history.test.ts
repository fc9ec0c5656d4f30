import { expect, test } from 'vitest';
import { foldRecord } from '../../../../src/domain/kernel/fold.ts';
import { historyOf, inverseOf, restorationOf } from '../../../../src/domain/kernel/history.ts';
import { aFact } from '../../../support/facts.ts';

const born = aFact('anna-0', { name: '好吃兔', place: '一楼' }, [], { at: 10 });
const moved = aFact('bobo-0', { place: '二楼', note: '搬了' }, ['anna-0'], { at: 20 });
const renamed = aFact('cici-0', { name: '好吃兔子', place: null }, ['anna-0'], { at: 30 });
const all = [renamed, born, moved];

test('[HI1] newest first, each with the value its author saw before', () => {
  expect(historyOf(all)).toEqual([
    { fact: 'cici-0', by: 'per_cici', at: 30, base: ['anna-0'], birth: false, changes: [{ field: 'name', before: '好吃兔', after: '好吃兔子' }, { field: 'place', before: '一楼', after: undefined }] },
    { fact: 'bobo-0', by: 'per_bobo', at: 20, base: ['anna-0'], birth: false, changes: [{ field: 'place', before: '一楼', after: '二楼' }, { field: 'note', before: undefined, after: '搬了' }] },
    { fact: 'anna-0', by: 'per_anna', at: 10, base: [], birth: true, changes: [{ field: 'name', before: undefined, after: '好吃兔' }, { field: 'place', before: undefined, after: '一楼' }] },
  ]);
});

test('[HI1] restating the same value is in the history, as a change of nothing', () => {
  const again = aFact('dodo-0', { name: '好吃兔' }, ['anna-0'], { at: 40 });
  expect(historyOf([born, again])[0]).toMatchObject({ fact: 'dodo-0', changes: [] });
});

test('[HI2] the inverse brings earlier values back and clears what was new', () => {
  expect(inverseOf(all, 'bobo-0')).toEqual({ place: '一楼', note: null });
  expect(inverseOf(all, 'anna-0')).toEqual({ deleted: true });
  expect(inverseOf(all, 'nobody-0')).toBeUndefined();
  const gone = aFact('dodo-0', { deleted: true }, ['bobo-0', 'cici-0']);
  expect(inverseOf([...all, gone], 'dodo-0')).toEqual({ deleted: false });
});

test('[HI3] a record comes back as it stood right after a fact', () => {
  const gone = aFact('dodo-0', { deleted: true }, ['bobo-0', 'cici-0'], { at: 50 });
  const back = restorationOf([...all, gone], 'bobo-0');
  expect(back).toEqual({ name: '好吃兔', place: '二楼', deleted: false });
  const restored = aFact('eeee-0', back ?? {}, ['dodo-0'], { at: 60 });
  expect(foldRecord([...all, gone, restored])).toMatchObject({ fields: { name: '好吃兔', place: '二楼', note: '搬了' }, deleted: false, clashes: [] });
  expect(restorationOf(all, 'nobody-0')).toBeUndefined();
});

test('[HI3] restoring settles a field two people disagree on, though the value shown is the one restored', () => {
  expect(foldRecord(all)?.clashes.map(({ field }) => field)).toEqual(['place']);
  expect(restorationOf(all, 'cici-0')).toMatchObject({ place: null });
});
