import { expect, test } from 'vitest';
import { Erasures } from '../../../src/domain/erasure/erased.ts';
import { doorErasureId, erasureId } from '../../../src/domain/erasure/schema.ts';
import type { Fact, Fields } from '../../../src/domain/kernel/fact.ts';
import { volunteerId } from '../../../src/domain/people/schema.ts';
import { anna, group, morning, peopleOf, ref, seeded, supervisor, tabletOf, worker } from '../../support/community.ts';

let counter = 0;
const fact = (record: string, kind: string, set: Fields, base: readonly string[] = [], at = morning): Fact => ({ id: `lidev-${(counter++).toString(36)}`, record, kind, base, set, by: 'per_li', at });
const erasure = (about: string, doors: readonly string[] = []): Fact => fact(erasureId(about), 'erasure', { grid: 'g1', about, doors, why: 'asked', on: '2026-05-12' });
const after = (...facts: readonly Fact[]): Erasures => {
  const erasures = new Erasures();
  for (const each of facts) erasures.note(each);
  return erasures;
};
const resident = { grid: 'g1', household: 'hou_101', name: '周大爷', phone: '13800000001' };

test('[ER1] a supervisor erases a resident with every door they were ever entered at, and nobody does it twice', () => {
  const office = tabletOf(supervisor, seeded());
  const added = office.run('addResident', { grid: 'g1', household: 'hou_101', name: '周大爷', phone: '', purposes: ['registration'], way: 'spoken' });
  const about = added[0]!.ref;
  office.run('reviseResident', { ref: about, household: 'hou_102' });
  const stated = office.decide('erasePerson', { ref: about, why: 'asked' });
  expect(stated).toMatchObject({ ok: true, value: [{ kind: 'erasure', record: erasureId(about.record), set: { about: about.record, doors: ['hou_102', 'hou_101'], why: 'asked' } }] });
  expect(JSON.stringify(stated)).not.toContain('周');
  office.run('erasePerson', { ref: about, why: 'asked' });
  expect(office.decide('erasePerson', { ref: about, why: 'asked' })).toMatchObject({ ok: false, error: { type: 'AlreadyExists' } });
});

test('[ER1] whoever was entered twice and merged is erased as often', () => {
  const office = tabletOf(supervisor, seeded());
  const entered = (name: string) => office.run('addResident', { grid: 'g1', household: 'hou_101', name, phone: '', purposes: ['registration'], way: 'spoken' })[0]!.ref;
  const [one, other, neighbour] = [entered('周大爷'), entered('周大爺'), entered('吴阿姨')];
  office.run('mergeRecords', { stays: one, goes: other, take: [] });
  const stated = office.run('erasePerson', { ref: one, why: 'asked' });
  expect(stated.map(({ ref: each }) => each.record)).toEqual([erasureId(one.record), erasureId(other.record)]);
  expect(stated.map(({ ref: each }) => each.record)).not.toContain(erasureId(neighbour.record));
});

test('[ER1] no partner, door or activity is erased, and no grid worker erases', () => {
  const tablet = seeded();
  expect(tabletOf(supervisor, tablet).decide('erasePerson', { ref: ref(peopleOf('g1'), 'hou_101'), why: 'asked' })).toMatchObject({ ok: false });
  const at = tabletOf(worker, tablet);
  const about = at.run('addResident', { grid: 'g1', household: 'hou_101', name: '周大爷', phone: '', purposes: ['registration'], way: 'spoken' })[0]!.ref;
  expect(at.decide('erasePerson', { ref: about, why: 'asked' })).toMatchObject({ ok: false, error: { type: 'NotAllowed' } });
});

test('[ER3] of a resident and of tags of care nothing is left; consents stay under the number', () => {
  const erasures = after(erasure('res_1'));
  expect(erasures.remainder(fact('res_1', 'resident', resident), undefined)).toBeUndefined();
  expect(erasures.remainder(fact('res_1', 'resident', { name: '周爷爷' }, ['lidev-0']), undefined)).toBeUndefined();
  expect(erasures.remainder(fact('car_1.livesAlone', 'care', { reason: '儿女在外地' }, ['lidev-0']), undefined)).toBeUndefined();
  const consent = fact('con_1.contact.2026-05-12', 'consent', { grid: 'g1', resident: 'res_1', purpose: 'contact', givenOn: '2026-05-12', until: '2027-05-12', way: 'spoken' });
  expect(erasures.remainder(consent, undefined)).toBe(consent);
  const neighbour = fact('res_10', 'resident', resident);
  expect(erasures.remainder(neighbour, undefined)).toBe(neighbour);
});

test('[ER2] a volunteer is a number afterwards, in the rooms of the grid and of the group', () => {
  const number = anna;
  const born = { grid: 'g1', number, name: '张桂芳', skills: ['理发'], joinedOn: '2026-01-01' };
  const people = after(erasure(volunteerId(number)));
  expect(people.remainder(fact(volunteerId(number), 'volunteer', born), undefined)?.set).toEqual({ grid: 'g1', number, name: number, joinedOn: '2026-01-01' });
  expect(people.remainder(fact(volunteerId(number), 'volunteer', { name: '张阿姨' }, ['lidev-0']), born)?.set).toEqual({ name: number });
  const members = after(fact(`erm_choir.${number}`, 'memberErasure', { partner: group, number }));
  expect(members.remainder(fact(`mem_choir.${number}`, 'member', { partner: group, number, name: '张姐' }), undefined)?.set).toEqual({ partner: group, number, name: number });
  // What is left is left as it is: made anew twice, a room stays the same.
  const left = people.remainder(fact(volunteerId(number), 'volunteer', born), undefined)!;
  expect(people.remainder(left, undefined)).toBe(left);
});

test('[ER2] what was told at the door until then goes, and what is told later stays', () => {
  const door = fact(doorErasureId('hou_101', '2026-05'), 'doorErasure', { grid: 'g1', month: '2026-05', door: 'hou_101', until: morning });
  const later = { ...door, id: 'auth-9', set: { until: morning + 60_000 }, base: [door.id] };
  const visit = (at: number) => fact('vis_1', 'visit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met', note: '周大爷摔倒了' }, [], at);
  expect(after(door).remainder(visit(morning), undefined)?.set).toEqual({ grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' });
  expect(after(door).remainder(visit(morning + 1), undefined)?.set['note']).toBe('周大爷摔倒了');
  expect(after(door).remainder(fact('vis_1', 'visit', { note: '改' }, ['lidev-0']), { household: 'hou_101' })?.set).toEqual({});
  expect(after(door).remainder(fact('vis_1', 'visit', { note: '改' }, ['lidev-0']), { household: 'hou_102' })?.set).toEqual({ note: '改' });
  expect(after(erasure('res_1', ['hou_101'])).remainder(fact('hou_101', 'household', { grid: 'g1', door: '101', hint: '找周大爷' }), undefined)?.set).toEqual({ grid: 'g1', door: '101' });
  expect(after(door, later).remainder(visit(morning + 60_000), undefined)?.set['note']).toBeUndefined();
});

test('[ER4] what is left does not depend on the order in which erasures came', () => {
  const doors = [1, 2, 3].map((hour) => fact(doorErasureId('hou_101', '2026-05'), 'doorErasure', { grid: 'g1', month: '2026-05', door: 'hou_101', until: morning + hour }));
  const visit = fact('vis_1', 'visit', { grid: 'g1', household: 'hou_101', note: '话' }, [], morning + 2);
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]]) expect(after(...order.map((index) => doors[index]!)).remainder(visit, undefined)?.set).toEqual({ grid: 'g1', household: 'hou_101' });
});
