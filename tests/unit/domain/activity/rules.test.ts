import { expect, test } from 'vitest';
import { activityId, attendanceId } from '../../../../src/domain/activity/schema.ts';
import { anna, bakery, bo, cai, group, leader, logOf, ref, seeded, singing, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { meet, refused, type Tablet } from '../../../support/tablet.ts';

const id = activityId(group, singing.startsAt);
const activity = ref(logOf(), id);
const attendance = (volunteer: string) => attendanceId(id, volunteer);
const shown = (tablet: Tablet, record: string) => tablet.find(logOf(), record);
const came = (tablet: Tablet) => tablet.every(logOf(), 'attendance').map(({ fields }) => [fields['volunteer'], fields['hoursTenths']]);
const line = (volunteer: string, hoursTenths = 20) => ({ volunteer, hoursTenths });

test('[AC1] a plan ends after it starts, has an organiser that exists, and is made once', () => {
  const tablet = tabletOf(leader, seeded());
  expect(refused(tablet.decide('planActivity', { ...singing, endsAt: singing.startsAt }))).toEqual({ type: 'Invalid', field: 'endsAt', why: 'ends-before-start' });
  expect(refused(tablet.decide('planActivity', { ...singing, organiser: 'par_nobody' }))).toEqual({ type: 'NotFound', record: 'par_nobody' });
  tablet.run('planActivity', { ...singing, place: '' });
  expect(shown(tablet, id)).toMatchObject({ fields: { status: 'planned', title: '合唱排练' } });
  expect(shown(tablet, id)?.fields).not.toHaveProperty('place');
  expect(refused(tablet.decide('planActivity', singing))).toEqual({ type: 'AlreadyExists', record: id });
  tablet.run('logActivity', { ref: activity, attendances: [] });
  expect(refused(tablet.decide('planActivity', singing))).toEqual({ type: 'AlreadyExists', record: id });
});

test('[AC1] a cancelled or deleted plan can be planned again, as the same record', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('planActivity', singing);
  tablet.run('cancelActivity', { ref: activity });
  expect(refused(tablet.decide('cancelActivity', { ref: activity }))).toEqual({ type: 'NothingChanged' });
  tablet.run('planActivity', { ...singing, title: '加排' });
  expect(shown(tablet, id)).toMatchObject({ deleted: false, fields: { status: 'planned', title: '加排' } });
  tablet.run('remove', { ref: activity });
  expect(refused(tablet.decide('reviseActivity', { ref: activity, headCount: 3 }))).toEqual({ type: 'NotFound', record: id });
  tablet.run('planActivity', singing);
  expect(shown(tablet, id)).toMatchObject({ deleted: false, fields: { status: 'planned', title: '合唱排练' } });
});

test('[AC1] corrections keep start before end, whichever of the two is corrected', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('planActivity', singing);
  expect(refused(tablet.decide('reviseActivity', { ref: activity, startsAt: singing.endsAt }))).toMatchObject({ why: 'ends-before-start' });
  expect(refused(tablet.decide('logActivity', { ref: activity, endsAt: singing.startsAt - 1, attendances: [] }))).toMatchObject({ why: 'ends-before-start' });
  tablet.run('reviseActivity', { ref: activity, startsAt: singing.startsAt + 61_000 });
  expect(shown(tablet, id)?.fields['startsAt']).toBe(singing.startsAt + 60_000);
});

test('[AC2] two tablets log the same activity apart: one activity, each attendee once, each difference a listed clash', () => {
  const base = seeded();
  const [left, right] = [tabletOf(worker, base), tabletOf(leader, base)];
  left.run('logActivity', { ...singing, startsAt: singing.startsAt + 12_345, headCount: 31, attendances: [line(anna), line(bo, 15)] });
  right.now += 60_000;
  right.run('logActivity', { ...singing, headCount: 29, attendances: [line(bo, 20), line(cai)] });
  meet(left, right);
  for (const tablet of [left, right]) {
    expect(tablet.every(logOf(), 'activity')).toHaveLength(1);
    expect(came(tablet).sort()).toEqual([[anna, 20], [bo, 20], [cai, 20]]);
    expect(shown(tablet, id)?.clashes.map(({ field, options }) => [field, options.map(({ value, by }) => [value, by])])).toEqual([
      ['headCount', [[29, leader.person], [31, worker.person]]],
    ]);
    expect(shown(tablet, attendance(bo))?.clashes).toMatchObject([{ field: 'hoursTenths', options: [{ value: 20 }, { value: 15 }] }]);
    expect(shown(tablet, attendance(anna))?.clashes).toEqual([]);
  }
});

test('[AC2] logging again on one tablet adds who is missing and restates nothing', () => {
  const tablet = tabletOf(worker, seeded());
  tablet.run('logActivity', { ...singing, attendances: [line(anna)] });
  const again = tablet.decide('logActivity', { ...singing, attendances: [line(anna), line(bo)] });
  expect(again.ok && again.value.map(({ record }) => record)).toEqual([attendance(bo)]);
});

test('[AC2] a person stands once in a roll-call, and hours come in tenths up to 24', () => {
  const tablet = tabletOf(worker, seeded());
  const log = (attendances: unknown) => refused(tablet.decideRaw('logActivity', { ...singing, attendances }));
  expect(log([line(anna), line(anna, 10)])).toEqual({ type: 'Invalid', field: 'attendances', why: 'named-twice' });
  expect(log([line(anna, 241)])).toEqual({ type: 'Invalid', field: 'attendances.0.hoursTenths' });
  expect(log([line(anna), { volunteer: bo }])).toEqual({ type: 'Missing', field: 'attendances.1.hoursTenths' });
  expect(log([line('张桂芳')])).toEqual({ type: 'Invalid', field: 'attendances.0.volunteer' });
});

test('[AC3] activity and attendances are decided in one step, and with one wrong line nothing is', () => {
  const tablet = tabletOf(worker, seeded());
  const decided = tablet.decide('logActivity', { ...singing, attendances: [line(anna), { ...line(bo), byProxy: true }] });
  expect(decided.ok && decided.value.map(({ kind }) => kind)).toEqual(['activity', 'attendance', 'attendance']);
  expect(decided.ok && decided.value[0]?.set).toMatchObject({ status: 'held' });
  expect(decided.ok && decided.value[2]?.set).toMatchObject({ byProxy: true });
  expect(refused(tablet.decide('logActivity', { title: '合唱', startsAt: singing.startsAt, attendances: [] }))).toEqual({ type: 'Missing', field: 'organiser' });
  expect(refused(tablet.decide('logActivity', { ...singing, endsAt: undefined, attendances: [] }))).toEqual({ type: 'Missing', field: 'endsAt' });
});

test('[AC3] the roll-call takes people off and lets them come back, as the same record', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('logActivity', { ...singing, attendances: [line(anna), line(bo)] });
  tablet.run('recordAttendance', { activity, present: [line(cai)], absent: [bo, bo] });
  expect(came(tablet).sort()).toEqual([[anna, 20], [cai, 20]]);
  expect(shown(tablet, attendance(bo))?.deleted).toBe(true);
  tablet.run('recordAttendance', { activity, present: [line(bo, 10)], absent: [] });
  expect(shown(tablet, attendance(bo))).toMatchObject({ deleted: false, fields: { hoursTenths: 10 } });
  expect(refused(tablet.decide('recordAttendance', { activity, present: [line(bo)], absent: [bo] }))).toEqual({ type: 'Invalid', field: 'absent', why: 'named-twice' });
  expect(refused(tablet.decide('recordAttendance', { activity: ref(logOf(), attendance(bo)), present: [], absent: [] }))).toMatchObject({ type: 'NotFound' });
});

test('[AC4] a held activity is corrected by a further fact with author and time; the first stays readable', () => {
  const base = seeded();
  const tablet = tabletOf(leader, base);
  tablet.run('logActivity', { ...singing, headCount: 31, attendances: [line(anna)] });
  const desk = tabletOf(supervisor, tablet, tablet.now + 86_400_000);
  desk.run('reviseActivity', { ref: activity, headCount: 28, note: '重数了一遍' });
  const facts = desk.facts(logOf(), id);
  expect(facts).toHaveLength(2);
  expect(facts[1]).toMatchObject({ base: [facts[0]?.id], by: supervisor.person, set: { headCount: 28, note: '重数了一遍' } });
  desk.run('cancelActivity', { ref: activity });
  expect(shown(desk, id)).toMatchObject({ fields: { status: 'cancelled', headCount: 28 } });
});

test('[AC1] a planned activity is logged by its row, keeping what is not restated', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('planActivity', { ...singing, place: '二楼排练厅' });
  tablet.run('logActivity', { ref: activity, endsAt: singing.endsAt + 1_800_000, headCount: 12, note: null, attendances: [line(anna)] });
  expect(shown(tablet, id)?.fields).toMatchObject({ status: 'held', place: '二楼排练厅', headCount: 12, endsAt: singing.endsAt + 1_800_000 });
  expect(refused(tablet.decide('logActivity', { ref: ref(logOf(), activityId(bakery, singing.startsAt)), attendances: [] }))).toMatchObject({ type: 'NotFound' });
});
