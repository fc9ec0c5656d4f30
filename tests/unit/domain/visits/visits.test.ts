import { expect, test } from 'vitest';
import { addDays, instantOf } from '../../../../src/domain/kernel/time.ts';
import type { BuildingFields, HouseholdFields } from '../../../../src/domain/people/schema.ts';
import { pressingDoors, routeOf, type Route } from '../../../../src/domain/visits/route.ts';
import { dueOf, lastVisits, type LastVisit } from '../../../../src/domain/visits/view.ts';
import { bakery, logOf, morning, otherWorker, peopleOf, ref, seeded, singing, supervisor, tabletOf, today, visitsOf, worker } from '../../../support/community.ts';
import { refused } from '../../../support/tablet.ts';

test('[VS1] not home is one tap: the outcome is all a visit needs beyond the door', () => {
  const tablet = tabletOf(worker, seeded());
  const [stated] = tablet.run('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'notHome' });
  expect(stated?.ref.room).toEqual(visitsOf('g1'));
  expect(tablet.find(visitsOf('g1'), stated?.ref.record ?? '')?.fields).toEqual({ grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'notHome' });
});

test('[VS1] a visit remembered weeks later belongs to the month it was written down in', () => {
  const tablet = tabletOf(worker, seeded());
  const [stated] = tablet.run('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: instantOf('2026-03-30', '10:00'), outcome: 'met' });
  expect(stated?.ref.room.month).toBe('2026-05');
});

test('[VS1] two visits at one door are two visits; a removed door is not visited; the next is not before this one', () => {
  const tablet = tabletOf(worker, seeded());
  const visit = { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' } as const;
  tablet.run('recordVisit', visit);
  tablet.run('recordVisit', visit);
  expect(tablet.every(visitsOf('g1'), 'visit')).toHaveLength(2);
  expect(refused(tablet.decide('recordVisit', { ...visit, nextOn: addDays(today, -1) }))).toEqual({ type: 'Invalid', field: 'nextOn', why: 'before-visit' });
  tablet.run('recordVisit', { ...visit, nextOn: today });
  tablet.run('remove', { ref: ref(peopleOf('g1'), 'hou_101') });
  expect(refused(tablet.decide('recordVisit', visit))).toEqual({ type: 'NotFound', record: 'hou_101' });
});

test('[VS1] a visit is recorded by the workers of its grid; a supervisor may correct it', () => {
  const tablet = tabletOf(worker, seeded());
  const [stated] = tablet.run('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met', nextOn: today });
  const desk = tabletOf(supervisor, tablet);
  expect(refused(desk.decide('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' }))).toEqual({ type: 'NotAllowed' });
  expect(refused(tabletOf(otherWorker, tablet).decide('reviseVisit', { ref: stated!.ref, outcome: 'declined' }))).toEqual({ type: 'NotAllowed' });
  expect(refused(desk.decide('reviseVisit', { ref: stated!.ref, visitedAt: morning + 86_400_000 }))).toMatchObject({ why: 'before-visit' });
  desk.run('reviseVisit', { ref: stated!.ref, outcome: 'declined', nextOn: null });
  expect(desk.find(visitsOf('g1'), stated!.ref.record)?.fields).toEqual({ grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'declined' });
});

test('[VS7] a need told during a visit is written down with it: both or neither', () => {
  const tablet = tabletOf(worker, seeded());
  const visit = { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' } as const;
  const need = { category: 'repair', title: '楼道灯不亮', words: '晚上不敢下楼' } as const;
  expect(refused(tablet.decide('recordVisit', { ...visit, need: { ...need, title: '请打 138 0000 1234' } }))).toMatchObject({ field: 'title', why: 'personal' });
  expect(tablet.every(visitsOf('g1'), 'visit')).toHaveLength(0);
  const stated = tablet.run('recordVisit', { ...visit, note: '见到本人', need });
  expect(stated.map((each) => each.ref.record.slice(0, 4))).toEqual(['vis_', 'nee_', 'ntd_']);
  expect(tablet.find(visitsOf('g1'), stated[0]?.ref.record ?? '')?.fields).toEqual({ ...visit, note: '见到本人' });
  expect(tablet.find(logOf(), stated[1]?.ref.record ?? '')?.fields).toMatchObject({ category: 'repair', title: need.title, stage: 'open' });
  expect(tablet.find(visitsOf('g1'), stated[2]?.ref.record ?? '')?.fields).toMatchObject({ household: 'hou_101', words: need.words });
});

test('[PH1] a visit and an activity name photos, and let go of them again', () => {
  const tablet = tabletOf(worker, seeded());
  const photos = ['a'.repeat(64), 'b'.repeat(64)];
  const [visit] = tablet.run('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met', photos });
  expect(tablet.find(visitsOf('g1'), visit?.ref.record ?? '')?.fields['photos']).toEqual(photos);
  tablet.run('reviseVisit', { ref: visit!.ref, photos: [photos[1] ?? ''] });
  expect(tablet.find(visitsOf('g1'), visit?.ref.record ?? '')?.fields['photos']).toEqual([photos[1]]);
  tablet.run('reviseVisit', { ref: visit!.ref, photos: null });
  expect(tablet.find(visitsOf('g1'), visit?.ref.record ?? '')?.fields).not.toHaveProperty('photos');
  const [activity] = tablet.run('logActivity', { ...singing, headCount: 12, photos, attendances: [] });
  expect(tablet.find(logOf(), activity?.ref.record ?? '')?.fields['photos']).toEqual(photos);
});

test('[VS6] a stairwell is written down in one step: each door once, all or none, and taken back as one', () => {
  const tablet = tabletOf(worker, seeded());
  const stairwell = { grid: 'g1', visitedAt: morning, outcome: 'notHome', note: '停电，整单元没人' } as const;
  expect(refused(tablet.decide('recordVisits', { ...stairwell, households: ['hou_101', 'hou_none'] }))).toEqual({ type: 'NotFound', record: 'hou_none' });
  expect(refused(tablet.decide('recordVisits', { ...stairwell, households: [] }))).toMatchObject({ type: 'Invalid', field: 'households' });
  expect(refused(tablet.decide('recordVisits', { ...stairwell, households: ['hou_101'], nextOn: addDays(today, -1) }))).toMatchObject({ why: 'before-visit' });
  expect(tablet.every(visitsOf('g1'), 'visit')).toEqual([]);
  const stated = tablet.run('recordVisits', { ...stairwell, households: ['hou_101', 'hou_102', 'hou_101'] });
  expect(tablet.every(visitsOf('g1'), 'visit').map(({ fields }) => fields['household'])).toEqual(['hou_101', 'hou_102']);
  tablet.run('undo', { facts: stated });
  expect(tablet.every(visitsOf('g1'), 'visit')).toEqual([]);
});

const last = (daysAgo: number, more: Partial<LastVisit> = {}): LastVisit => ({
  visit: 'vis_1', visitedAt: instantOf(addDays(today, -daysAgo), '10:00'), outcome: 'met', nextOn: undefined, ...more,
});
const intervals = { visitDays: 30, retryDays: 3 };

test('[VS4] a door is due on the day agreed, else after the usual time, sooner when nobody was home', () => {
  expect(dueOf(undefined, today, intervals)).toEqual({ state: 'never', dueOn: undefined, overdueDays: 0, why: 'first' });
  expect(dueOf(last(5, { nextOn: today }), today, intervals)).toEqual({ state: 'today', dueOn: today, overdueDays: 0, why: 'appointed' });
  expect(dueOf(last(5, { nextOn: addDays(today, -2) }), today, intervals)).toEqual({ state: 'overdue', dueOn: addDays(today, -2), overdueDays: 2, why: 'appointed' });
  expect(dueOf(last(29), today, intervals)).toMatchObject({ state: 'later', dueOn: addDays(today, 1), why: 'interval' });
  expect(dueOf(last(31), today, intervals)).toMatchObject({ state: 'overdue', overdueDays: 1, why: 'interval' });
  expect(dueOf(last(3, { outcome: 'notHome' }), today, intervals)).toMatchObject({ state: 'today', why: 'retry' });
  expect(dueOf(last(3, { outcome: 'declined' }), today, intervals)).toMatchObject({ state: 'later', why: 'interval' });
});

test('[VS5] the last visit is the latest by when it happened, over all months', () => {
  const latest = (order: number, record: string, nextOn: string | null = null) => ({ order, record, keep: { visitedAt: order, outcome: 'met', nextOn } });
  const april = { latest: { hou_1: latest(50, 'vis_b', '2026-05-12'), hou_2: latest(9, 'vis_x') } };
  const may = { latest: { hou_1: latest(40, 'vis_c') } };
  const expected = new Map([
    ['hou_1', { visit: 'vis_b', visitedAt: 50, outcome: 'met', nextOn: '2026-05-12' }],
    ['hou_2', { visit: 'vis_x', visitedAt: 9, outcome: 'met', nextOn: undefined }],
  ]);
  expect(lastVisits([april, may])).toEqual(expected);
  expect(new Map([...lastVisits([may, april])].sort())).toEqual(expected);
});

const building = (id: string, name: string, more: Partial<BuildingFields> = {}) => ({ id, fields: { grid: 'g1', name, ...more } });
const door = (id: string, of: string, unit: number, floor: number, number: string) => ({
  id, fields: { grid: 'g1', building: of, unit, floor, door: number } satisfies HouseholdFields,
});
const walk = (route: Route) =>
  route.buildings.map(({ building: own, units }) => [own?.fields.name, units.flatMap(({ unit, floors }) => floors.flatMap(({ floor, doors }) => doors.map(({ household }) => `${unit}/${floor}/${household.fields.door}`)))]);

test('[VS3] the route goes building by building, unit by unit, up the floors, numbers as numbers', () => {
  const buildings = [building('bld_10', '10栋'), building('bld_2', '2栋'), building('bld_last', '1栋', { rank: 5 })];
  const doors = [
    door('hou_a', 'bld_10', 1, 11, '1101'), door('hou_b', 'bld_10', 1, 3, '302'), door('hou_c', 'bld_10', 1, 3, '301'), door('hou_d', 'bld_2', 2, 1, '101'),
    door('hou_e', 'bld_2', 1, -1, 'B1'), door('hou_f', 'bld_last', 1, 1, '101'), door('hou_g', 'bld_gone', 1, 1, '9'),
  ];
  const route = routeOf(doors, buildings, new Map(), today);
  expect(walk(route)).toEqual([
    ['2栋', ['1/-1/B1', '2/1/101']], ['10栋', ['1/3/301', '1/3/302', '1/11/1101']], ['1栋', ['1/1/101']], [undefined, ['1/1/9']],
  ]);
  expect(walk(routeOf([...doors].reverse(), [...buildings].reverse(), new Map(), today))).toEqual(walk(route));
  expect(route).toMatchObject({ doors: 7, neverVisited: 7, overdue: 0, dueToday: 0 });
});

test('[VS4] what presses stands out: counted by building, longest overdue first', () => {
  const doors = ['a', 'b', 'c', 'd'].map((name, index) => door(`hou_${name}`, 'bld_1', 1, 1, `10${index}`));
  const visits = new Map([['hou_a', last(1)], ['hou_b', last(40)], ['hou_c', last(9, { nextOn: addDays(today, -20) })], ['hou_d', last(9, { nextOn: today })]]);
  const route = routeOf(doors, [building('bld_1', '1栋')], visits, today, intervals);
  expect(route).toMatchObject({ overdue: 2, dueToday: 1, neverVisited: 0, buildings: [{ doors: 4, pressing: 3 }] });
  expect(pressingDoors(route).map(({ household, due }) => [household.id, due.overdueDays])).toEqual([['hou_c', 20], ['hou_b', 10], ['hou_d', 0]]);
});

test('[VS8] what was said of a partner is written down with the visit, under the partner, and names nobody', () => {
  const tablet = tabletOf(worker, seeded());
  const visit = { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' } as const;
  const feedback = { partner: bakery, answer: 'partly', words: '送餐慢了半小时' } as const;
  const stated = tablet.run('recordVisit', { ...visit, feedback });
  expect(stated.map(({ ref: { room } }) => room)).toEqual([visitsOf('g1'), logOf()]);
  expect(tablet.find(logOf(), stated[1]!.ref.record)?.fields).toEqual({ grid: 'g1', partner: bakery, answer: 'partly', words: '送餐慢了半小时', saidAt: morning });
  for (const words of ['1-101说慢', '打 138 1234 5678 也没人接']) expect(refused(tablet.decide('recordVisit', { ...visit, feedback: { ...feedback, words } }))).toMatchObject({ field: 'feedback.words', why: 'personal' });
  expect(refused(tablet.decide('recordVisit', { ...visit, feedback: { ...feedback, partner: 'par_gone' } }))).toEqual({ type: 'NotFound', record: 'par_gone' });
});
