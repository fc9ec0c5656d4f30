import * as v from 'valibot';
import { expect, test } from 'vitest';
import { volunteerNumber } from '../../../../src/domain/kernel/fields.ts';
import { createIdSource } from '../../../../src/domain/kernel/ids.ts';
import { floorOf } from '../../../../src/domain/people/door.ts';
import { nextVolunteerNumber } from '../../../../src/domain/people/rules.ts';
import { memberId } from '../../../../src/domain/people/schema.ts';
import { anna, community, group, leader, morning, peopleOf, ref, seeded, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { refused } from '../../../support/tablet.ts';

test('[PE1] a building stands once in its courtyard, a door once in its building and unit', () => {
  const tablet = tabletOf(worker, seeded());
  expect(refused(tablet.decide('addBuilding', { grid: 'g1', name: ' 1栋 ' }))).toEqual({ type: 'AlreadyExists', record: 'bld_1' });
  tablet.run('addBuilding', { grid: 'g1', name: '1栋', courtyard: '东苑', rank: 2 });
  const flat = { grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '201' };
  const [stated] = tablet.run('addHousehold', flat);
  expect(refused(tablet.decide('addHousehold', flat))).toEqual({ type: 'AlreadyExists', record: stated?.ref.record });
  expect(refused(tablet.decide('addHousehold', { ...flat, building: 'bld_none' }))).toEqual({ type: 'NotFound', record: 'bld_none' });
  expect(refused(tablet.decide('reviseHousehold', { ref: stated!.ref, door: '101' }))).toEqual({ type: 'AlreadyExists', record: 'hou_101' });
  expect(refused(tablet.decide('reviseHousehold', { ref: stated!.ref, building: 'bld_none' }))).toMatchObject({ type: 'NotFound' });
  tablet.run('reviseHousehold', { ref: stated!.ref, door: '202', floor: 2, hint: '按两次铃' });
  tablet.run('remove', { ref: ref(peopleOf('g1'), 'hou_101') });
  tablet.run('reviseHousehold', { ref: stated!.ref, door: '101', hint: null });
  expect(tablet.find(peopleOf('g1'), stated!.ref.record)?.fields).toEqual({ ...flat, door: '101' });
});

test('[VS9] a door is added with the building it stands in where that is missing, last in walking order, both or neither', () => {
  const tablet = tabletOf(worker, seeded());
  const door = { grid: 'g1', unit: 2, floor: 3, door: ' ３０２室 ' };
  const [made, stated] = tablet.run('addHousehold', { ...door, building: { name: '３', courtyard: '银杏苑' } });
  expect(tablet.find(peopleOf('g1'), made!.ref.record)?.fields).toEqual({ grid: 'g1', name: '3栋', courtyard: '银杏苑' });
  expect(tablet.find(peopleOf('g1'), stated!.ref.record)?.fields).toEqual({ grid: 'g1', building: made!.ref.record, unit: 2, floor: 3, door: '302' });
  // The same building typed again is the one that stands there.
  expect(refused(tablet.decide('addHousehold', { ...door, building: { name: '3栋', courtyard: '银杏苑' } }))).toEqual({ type: 'AlreadyExists', record: stated!.ref.record });
  const [next] = tablet.run('addHousehold', { ...door, door: '303', building: { name: '3栋', courtyard: '银杏苑' } });
  expect(tablet.find(peopleOf('g1'), next!.ref.record)?.fields).toMatchObject({ building: made!.ref.record, door: '303' });
  tablet.run('addBuilding', { grid: 'g1', name: '7栋', rank: 7 });
  const [last] = tablet.run('addHousehold', { ...door, building: { name: '8栋' } });
  expect(tablet.find(peopleOf('g1'), last!.ref.record)?.fields).toMatchObject({ name: '8栋', rank: 8 });
  expect(refused(tablet.decide('addHousehold', { ...door, building: { name: ' ' } }))).toMatchObject({ field: expect.stringContaining('building') });
});

test('[VS9] the floor is read off the door number where that says it', () => {
  expect(['302', '1101', '201A', '9', '12345678', '门面'].map(floorOf)).toEqual([3, 11, 2, undefined, undefined, undefined]);
});

test('[PE2] a number is made on the device: community, device, seconds; a taken one is stepped over', () => {
  const at = (now: number) => createIdSource('tag', () => now).newSecond;
  const first = nextVolunteerNumber('shuangbai', 'k3f9', at(morning), () => false);
  expect(first).toMatch(/^SHK3F9[0-9A-Z]+$/);
  const second = nextVolunteerNumber('shuangbai', 'k3f9', at(morning), (number) => number === first);
  expect(second).not.toBe(first);
  for (const device of ['k3f9', 'k3f9x', 'abcdefgh'])
    for (const [place, now] of [['shuangbai', morning], ['7', 0], ['x-1', Date.UTC(2060, 0)]] as const) expect(v.is(volunteerNumber, nextVolunteerNumber(place, device, at(now), () => false))).toBe(true);
});

test('[PE2] volunteers of one tablet never share a number, within a grid nor across grids, nor with a deleted one', () => {
  const tablet = tabletOf({ ...worker, grids: ['g1', 'g2'] }, seeded());
  const add = (grid: string) => tablet.run('addVolunteer', { grid, name: '张桂芳', skills: ['二胡'] })[0]!;
  const first = add('g1');
  tablet.run('remove', { ref: first.ref });
  const second = add('g1');
  tablet.now += 1_000;
  const numbers = [first, second, add('g2')].map(({ ref: { room, record } }) => tablet.find(room, record)?.fields['number']);
  expect(new Set(numbers).size).toBe(3);
  expect(tablet.find(second.ref.room, second.ref.record)?.fields).toMatchObject({ name: '张桂芳', grid: 'g1', joinedOn: '2026-05-12', skills: ['二胡'] });
});

test('[PE2] volunteers a supervisor enters in two grids never share a number, also within a second and when the clock jumps back', () => {
  const tablet = tabletOf(supervisor, seeded());
  const numbers = [0, 0, -5_000, 4_000].flatMap((shift) => {
    tablet.now += shift;
    return ['g1', 'g2'].map((grid) => tablet.run('addVolunteer', { grid, name: '李' })[0]?.ref.record);
  });
  expect(new Set(numbers).size).toBe(8);
});

test('[PE3] a group lists a person once; one it dropped comes back as the same record', () => {
  const tablet = tabletOf(leader, seeded());
  const member = { partner: group, number: anna, name: '张姐' };
  const [stated] = tablet.run('addMember', member);
  expect(stated?.ref).toEqual({ room: { community, family: 'members', partner: 'choir' }, record: memberId(group, anna) });
  expect(refused(tablet.decide('addMember', { ...member, name: '别名' }))).toEqual({ type: 'AlreadyExists', record: stated?.ref.record });
  tablet.run('remove', { ref: stated!.ref });
  tablet.now += 86_400_000;
  tablet.run('addMember', { ...member, name: '张大姐' });
  expect(tablet.find(stated!.ref.room, stated!.ref.record)).toMatchObject({ deleted: false, fields: { name: '张大姐', joinedOn: '2026-05-13' } });
  expect(refused(tabletOf(supervisor, tablet).decide('addMember', { ...member, number: 'SBA0009', name: '' }))).toEqual({ type: 'Missing', field: 'name' });
});
