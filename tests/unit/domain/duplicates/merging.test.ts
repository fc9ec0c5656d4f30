/** Two records that are one: said, shown, taken back. */
import { expect, test } from 'vitest';
import { mergedOf, partsOf, shownAs, type Pair } from '../../../../src/domain/duplicates/merging.ts';
import { pairId, partnerPairId } from '../../../../src/domain/duplicates/schema.ts';
import { volunteerId } from '../../../../src/domain/people/schema.ts';
import { bakery, group, morning, peopleOf, ref, roster, seeded, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { meet, refused, type Tablet } from '../../../support/tablet.ts';

const colleague = { ...supervisor, person: 'per_2', device: 'he2dev' };
const [one, other] = [ref(roster, bakery), ref(roster, group)];
const pair = ref(roster, partnerPairId(bakery, group));
const partner = (tablet: Tablet, id = bakery) => tablet.find(roster, id)?.fields;
const pairsOn = (tablet: Tablet): Pair[] => ['partnerPair', 'pair'].flatMap((kind) => [roster, peopleOf('g1')].flatMap((room) => tablet.every(room, kind))).map(({ record, fields, clashes }) => ({ id: record, fields: fields as never, clashes }));
const mergedOn = (tablet: Tablet) => mergedOf(pairsOn(tablet), () => true).into;

test('[DU7] a merge states the pair and the chosen values; the other record keeps everything', () => {
  const tablet = tabletOf(supervisor, seeded());
  tablet.run('revisePartner', { ref: other, place: '二楼', note: '旧' });
  const before = partner(tablet, group);
  tablet.run('mergeRecords', { stays: one, goes: other, take: ['place', 'name'] });
  expect(partner(tablet)).toMatchObject({ place: '二楼', name: before?.['name'] });
  expect(partner(tablet)).not.toHaveProperty('note', '旧');
  expect(partner(tablet, group)).toEqual(before);
  expect(mergedOn(tablet)).toEqual(new Map([[group, bakery]]));
});

test('[DU7] only two records of one kind and room, only fields that can change, only the office', () => {
  const tablet = tabletOf(supervisor, seeded());
  const grid = ref(roster, 'grd_g1');
  expect(refused(tablet.decide('mergeRecords', { stays: one, goes: one, take: [] }))).toEqual({ type: 'NotFound', record: bakery });
  expect(refused(tablet.decide('mergeRecords', { stays: grid, goes: one, take: [] }))).toEqual({ type: 'NotFound', record: 'grd_g1' });
  expect(refused(tablet.decide('mergeRecords', { stays: one, goes: ref(roster, 'par_gone'), take: [] }))).toEqual({ type: 'NotFound', record: 'par_gone' });
  expect(refused(tablet.decide('mergeRecords', { stays: one, goes: other, take: ['type'] }))).toEqual({ type: 'Invalid', field: 'type' });
  const atDoors = tabletOf(worker, seeded());
  for (const asked of [{ name: 'mergeRecords', input: { stays: one, goes: other, take: [] } }, { name: 'keepApart', input: { one, other } }] as const) {
    expect(refused(atDoors.decide(asked.name as 'keepApart', asked.input as never))).toEqual({ type: 'NotAllowed' });
  }
});

test('[DU8] "not the same" is one record whoever says it and in whatever order, and can be taken back', () => {
  const base = seeded();
  const [mine, theirs] = [tabletOf(supervisor, base), tabletOf(colleague, base)];
  mine.run('keepApart', { one, other });
  theirs.run('keepApart', { one: other, other: one });
  meet(mine, theirs);
  expect(pairsOn(mine)).toMatchObject([{ id: pair.record, fields: { verdict: 'different' }, clashes: [] }]);
  theirs.run('reopenPair', { pair });
  meet(mine, theirs);
  expect(pairsOn(mine)).toMatchObject([{ fields: { verdict: 'open' } }]);
});

test('[DU9] merged towards each other at once, both tablets show the same one, and the clash waits for a decision', () => {
  const base = seeded();
  const [mine, theirs] = [tabletOf(supervisor, base), tabletOf(colleague, base, morning + 1_000)];
  mine.run('mergeRecords', { stays: one, goes: other, take: [] });
  theirs.run('mergeRecords', { stays: other, goes: one, take: [] });
  meet(mine, theirs);
  expect(mergedOn(mine)).toEqual(mergedOn(theirs));
  expect(mergedOn(mine).size).toBe(1);
  expect(pairsOn(mine)).toMatchObject([{ clashes: [{ field: 'stays' }] }]);
});

test('[DU10] said to be one and not to be one at once, they stay two until somebody decides', () => {
  const base = seeded();
  const [mine, theirs] = [tabletOf(supervisor, base), tabletOf(colleague, base)];
  mine.run('mergeRecords', { stays: one, goes: other, take: [] });
  theirs.run('keepApart', { one, other });
  meet(mine, theirs);
  expect(mergedOn(mine)).toEqual(new Map());
  const clash = mine.find(roster, pair.record)?.clashes.find(({ field }) => field === 'verdict');
  mine.run('chooseValue', { ref: pair, field: 'verdict', fact: clash?.options.find(({ value }) => value === 'merged')?.fact ?? '' });
  meet(mine, theirs);
  expect(mergedOn(theirs)).toEqual(new Map([[group, bakery]]));
});

const said = (first: string, second: string, stays: string, verdict: 'merged' | 'different' = 'merged'): Pair => ({ id: pairId(first, second), clashes: [], fields: { one: first, other: second, verdict, stays } });

test('[DU9] chains and circles end at one record', () => {
  const chain = mergedOf([said('vol_a', 'vol_b', 'vol_b'), said('vol_b', 'vol_c', 'vol_c')], () => true);
  expect(chain.into).toEqual(new Map([['vol_a', 'vol_c'], ['vol_b', 'vol_c']]));
  expect(partsOf(chain, 'vol_c')).toEqual(['vol_c', 'vol_a', 'vol_b']);
  expect(partsOf(chain, 'vol_a')).toEqual(['vol_a']);
  const circle = mergedOf([said('vol_a', 'vol_b', 'vol_b'), said('vol_b', 'vol_c', 'vol_c'), said('vol_a', 'vol_c', 'vol_a')], () => true);
  expect(['vol_a', 'vol_b', 'vol_c'].map((id) => shownAs(circle, id))).toEqual(['vol_a', 'vol_a', 'vol_a']);
  expect(mergedOf([said('vol_a', 'vol_b', 'vol_x'), said('vol_c', 'vol_d', 'vol_c', 'different')], () => true).into).toEqual(new Map());
});

test('[DU11] a record that is gone takes its pairs along, and what hung on it stays by itself', () => {
  const pairs = [said('vol_a', 'vol_b', 'vol_b'), said('vol_b', 'vol_c', 'vol_c')];
  expect(mergedOf(pairs, (id) => id !== 'vol_c').into).toEqual(new Map([['vol_a', 'vol_b']]));
  expect(mergedOf(pairs, (id) => id !== 'vol_b').into).toEqual(new Map());
});

test('[DU12] taken back at once or days later, each record has its own values again, and what was changed since stays', () => {
  for (const way of ['undo', 'reopenPair'] as const) {
    const tablet = tabletOf(supervisor, seeded());
    tablet.run('revisePartner', { ref: other, place: '二楼', note: '新' });
    const before = partner(tablet);
    const merged = tablet.run('mergeRecords', { stays: one, goes: other, take: ['place', 'note'] });
    tablet.now += 60_000;
    const changed = tablet.run('revisePartner', { ref: one, note: '后来改的' });
    tablet.now += 60_000;
    if (way === 'undo') tablet.run('undo', { facts: merged });
    else tablet.run('reopenPair', { pair });
    expect(changed).toHaveLength(1);
    expect(partner(tablet)).toEqual({ ...before, note: '后来改的' });
    expect(mergedOn(tablet)).toEqual(new Map());
    tablet.run('mergeRecords', { stays: other, goes: one, take: [] });
    expect(mergedOn(tablet)).toEqual(new Map([[bakery, group]]));
  }
});

test('[DU13] a telephone number is taken over only where being contacted was agreed to', () => {
  const tablet = tabletOf(worker, seeded());
  tablet.run('addBuilding', { grid: 'g1', name: '9栋' });
  const room = peopleOf('g1');
  const [building] = tablet.every(room, 'building').filter(({ fields }) => fields['name'] === '9栋');
  tablet.run('addHousehold', { grid: 'g1', building: building!.record, unit: 1, floor: 1, door: '101' });
  const [door] = tablet.every(room, 'household').filter(({ fields }) => fields['building'] === building!.record);
  const add = (name: string, phone?: string) => {
    tablet.now += 1_000;
    tablet.run('addResident', { grid: 'g1', household: door!.record, name, purposes: phone ? ['registration', 'contact'] : ['registration'], way: 'spoken', ...(phone ? { phone } : {}) });
    return tablet.every(room, 'resident').find(({ fields }) => fields['name'] === name)!.record;
  };
  const [silent, called] = [add('王芳'), add('王方', '13800138000')];
  const desk = tabletOf(supervisor, tablet);
  const input = { stays: ref(room, silent), goes: ref(room, called), take: ['phone'] };
  expect(refused(desk.decide('mergeRecords', input))).toEqual({ type: 'Invalid', field: 'phone', why: 'no-consent' });
  desk.run('giveConsent', { resident: ref(room, silent), purpose: 'contact', way: 'spoken' });
  desk.run('mergeRecords', input);
  expect(desk.find(room, silent)?.fields['phone']).toBe('13800138000');
  expect(desk.every(room, 'consent').filter(({ fields }) => fields['resident'] === called)).toHaveLength(2);
});

test('[DU7] two numbers of one volunteer are a pair of the grid', () => {
  const tablet = tabletOf(supervisor, seeded());
  const numbers = ['陈芳', '陈方'].map((name) => {
    tablet.now += 1_000;
    tablet.run('addVolunteer', { grid: 'g1', name });
    return tablet.every(peopleOf('g1'), 'volunteer').find(({ fields }) => fields['name'] === name)!.fields['number'] as string;
  });
  const [kept, gone] = numbers.map((number) => ref(peopleOf('g1'), volunteerId(number)));
  tablet.run('mergeRecords', { stays: kept!, goes: gone!, take: [] });
  expect(mergedOn(tablet)).toEqual(new Map([[gone!.record, kept!.record]]));
});
