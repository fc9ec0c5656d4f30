import { expect, test } from 'vitest';
import { activityId, attendanceId, type ActivityFields, type AttendanceFields } from '../../../../src/domain/activity/schema.ts';
import { organiserTypeOn, overlaps, overlongDays, totalAttendance } from '../../../../src/domain/activity/view.ts';
import { instantOf } from '../../../../src/domain/kernel/time.ts';
import { anna, bo, group, singing } from '../../../support/community.ts';
import { anActivity, anAttendance } from '../../../support/pointsWorld.ts';

const at = (day: string, clock: string, status: ActivityFields['status'] = 'held') => {
  const startsAt = instantOf(day, clock);
  return { id: activityId(group, startsAt), fields: { ...singing, startsAt, endsAt: startsAt + 3_600_000, status } };
};
const came = (activity: { id: string }, volunteer: string, hoursTenths: number): { id: string; fields: AttendanceFields } => ({
  id: attendanceId(activity.id, volunteer), fields: { activity: activity.id, volunteer, hoursTenths },
});

test('[AC2] more than 24 hours of one person on one day are flagged with the lines they come from', () => {
  const day = [at('2026-05-12', '00:10'), at('2026-05-12', '12:00'), at('2026-05-13', '00:00'), at('2026-05-12', '20:00', 'cancelled')];
  const [night, noon, next, off] = day as [typeof day[0] & object, typeof day[0] & object, typeof day[0] & object, typeof day[0] & object];
  const lines = [came(night, anna, 200), came(noon, anna, 41), came(next, anna, 240), came(off, anna, 240), came(night, bo, 240)];
  expect(overlongDays(lines, day)).toEqual([{ volunteer: anna, on: '2026-05-12', hoursTenths: 241, attendances: [lines[0]?.id, lines[1]?.id] }]);
  expect(overlongDays(lines.slice(1), day)).toEqual([]);
});

test('[AC2] people and hours are folded from the attendances', () => {
  const activity = at('2026-05-12', '14:00');
  expect(totalAttendance([came(activity, anna, 20), came(activity, bo, 15)])).toEqual({ people: 2, hoursTenths: 35 });
});

test('[PT2] a past activity keeps the type its organiser had on its day', () => {
  const partner = { name: '周师傅', type: 'individual', legalForm: 'person', stage: 'active' } as const;
  const conversions = [{ id: 'cvn_zhou.2026-05-13', fields: { partner: 'par_zhou', to: 'community_group', on: '2026-05-13' } as const }];
  expect(organiserTypeOn(at('2026-05-12', '23:59').fields, partner, conversions)).toBe('individual');
  expect(organiserTypeOn(at('2026-05-13', '00:00').fields, partner, conversions)).toBe('community_group');
});

test('[PQ4] somebody at two held activities at the same time is named with both; one after the other is no overlap', () => {
  const on = (clock: string, more = {}) => anActivity('2026-05-12', clock, more);
  const [early, inside, after, planned] = [on('09:00'), on('10:00'), on('11:00'), on('09:30', { status: 'planned' })];
  const attendances = [anAttendance(after, anna, 20), anAttendance(inside, anna, 20), anAttendance(early, anna, 20), anAttendance(planned, anna, 20), anAttendance(early, bo, 10), anAttendance(inside, bo, 20)];
  const found = overlaps(attendances, [inside, planned, after, early]);
  expect(found.map(({ volunteer, on, activities, minutes }) => [volunteer, on, activities, minutes])).toEqual([
    [anna, '2026-05-12', [early.id, inside.id], 60], [anna, '2026-05-12', [inside.id, after.id], 60],
  ]);
});
