import { expect, test } from 'vitest';
import { addDays, instantOf } from '../../../../src/domain/kernel/time.ts';
import { awardsFor, pointsFor, ruleOn } from '../../../../src/domain/points/awards.ts';
import { presetNames, presets } from '../../../../src/domain/points/presets.ts';
import { previewRules } from '../../../../src/domain/points/preview.ts';
import { pointsRuleId } from '../../../../src/domain/points/schema.ts';
import { anna, bo, roster, seeded, supervisor, tabletOf, today } from '../../../support/community.ts';
import { aRule, anActivity, anAttendance } from '../../../support/pointsWorld.ts';
import { refused } from '../../../support/tablet.ts';

const tomorrow = addDays(today, 1);
const yesterday = addDays(today, -1);
const general = { serviceClass: 'general', pointsPerHour: 12 } as const;
const past = { type: 'Invalid', field: 'validFrom', why: 'past-points' };

test('[RT1] a row starts today or later, and earlier only for a class that has none in force', () => {
  const tablet = tabletOf(supervisor, seeded());
  expect(refused(tablet.decide('addPointsRule', { ...general, validFrom: yesterday }))).toEqual(past);
  // Before the first row of its class, too: what nobody earned then is past as well.
  expect(refused(tablet.decide('addPointsRule', { ...general, validFrom: '2020-01-01' }))).toEqual(past);
  tablet.run('addPointsRule', { ...general, validFrom: today });
  tablet.run('addPointsRule', { ...general, validFrom: tomorrow });
  // A class that is coming only has earned nobody anything yet.
  tablet.run('addPointsRule', { ...general, serviceClass: 'urgent', validFrom: tomorrow });
  tablet.run('addPointsRule', { ...general, serviceClass: 'urgent', validFrom: '2020-01-01' });
  expect(refused(tablet.decide('addPointsRule', { ...general, serviceClass: 'urgent', validFrom: yesterday }))).toEqual(past);
});

test('[RT1] a coming row is taken away and brought back; one in force only on the day it was entered', () => {
  const tablet = tabletOf(supervisor, seeded());
  const inForce = { type: 'Invalid', field: 'validFrom', why: 'rule-in-force' };
  const [coming] = tablet.run('addPointsRule', { ...general, validFrom: addDays(today, 2) });
  const [wrong] = tablet.run('addPointsRule', { ...general, serviceClass: 'care', validFrom: '2026-01-01' });
  const [removed] = tablet.run('remove', { ref: coming!.ref });
  tablet.run('undo', { facts: [removed!] });
  // Entered a moment ago by mistake.
  const [gone] = tablet.run('remove', { ref: wrong!.ref });
  tablet.run('restore', { ref: wrong!.ref, fact: wrong!.fact });
  expect(gone).toBeDefined();
  tablet.now = instantOf(addDays(today, 3));
  expect(refused(tablet.decide('remove', { ref: wrong!.ref }))).toEqual(inForce);
  expect(refused(tablet.decide('undo', { facts: [wrong!] }))).toEqual(inForce);
  expect(refused(tablet.decide('remove', { ref: coming!.ref }))).toEqual(inForce);
});

test('[RT1] a row that was taken away before its day does not come back behind one that took its place', () => {
  const tablet = tabletOf(supervisor, seeded());
  const [coming] = tablet.run('addPointsRule', { ...general, validFrom: tomorrow });
  const [removed] = tablet.run('remove', { ref: coming!.ref });
  tablet.now = instantOf(addDays(today, 3));
  expect(refused(tablet.decide('undo', { facts: [removed!] }))).toEqual(past);
});

test('[RT2] class times coefficient times hours, in integers, half a point up', () => {
  const at = (pointsPerHour: number, coefficientTenths: number | undefined, tenths: number) =>
    pointsFor({ pointsPerHour, ...(coefficientTenths !== undefined && { coefficientTenths }) }, tenths);
  expect([at(10, 15, 20), at(10, 12, 25), at(5, 15, 10), at(1, 5, 10), at(1, 4, 10), at(10, undefined, 25), at(10, 10, 25), at(1_000, 100, 240)]).toEqual([30, 30, 8, 1, 0, 25, 25, 240_000]);
  const [activity, other] = [anActivity('2026-05-12', '08:00'), anActivity('2026-05-12', '14:00')];
  const rule = { id: 'prl_x', fields: { ...general, coefficientTenths: 15, validFrom: '2026-01-01', dayCap: 40 } };
  const awards = awardsFor([anAttendance(activity, anna, 20), anAttendance(other, anna, 20)], [activity, other], [rule]);
  expect(awards.map(({ points }) => points)).toEqual([36, 4]);
  expect(awards[0]?.reason).toMatchObject({ type: 'rule', pointsPerHour: 12, coefficientTenths: 15, uncapped: 36 });
  // Of two rows of one day the more generous: by what an hour earns.
  expect(ruleOn([aRule('general', 14, '2026-01-01'), rule], 'general', '2026-05-12')).toBe(rule);
});

test('[RT2] the id holds a coefficient where there is one: rows from before keep theirs, and times one is no coefficient', () => {
  const row = { ...general, validFrom: '2026-01-01', dayCap: 40 };
  expect(pointsRuleId(row)).toBe('prl_general.2026-01-01.12.x.40.x');
  expect(pointsRuleId({ ...row, coefficientTenths: 15 })).toBe('prl_general.2026-01-01.12.x.40.x.15');
  const tablet = tabletOf(supervisor, seeded());
  const [plain] = tablet.run('addPointsRule', { ...general, coefficientTenths: 10, validFrom: tomorrow });
  expect(plain?.ref.record).toBe(pointsRuleId({ ...general, validFrom: tomorrow }));
  const [times] = tablet.run('addPointsRule', { ...general, serviceClass: 'care', coefficientTenths: 15, validFrom: tomorrow });
  expect(times?.ref.record.endsWith('.15')).toBe(true);
  expect(tablet.every(roster, 'pointsRule').find(({ record }) => record === times?.ref.record)?.fields['coefficientTenths']).toBe(15);
});

test('[RT3] the preview counts who would earn more, less and the same, and what would move', () => {
  const days = [anActivity('2026-05-10', '08:00'), anActivity('2026-05-11', '08:00'), anActivity('2026-05-12', '08:00', { serviceClass: 'care' }), anActivity('2026-05-12', '14:00')];
  const [first, second, care, last] = days as [typeof days[0] & {}, typeof days[0] & {}, typeof days[0] & {}, typeof days[0] & {}];
  const attendances = [anAttendance(first, anna, 20), anAttendance(second, bo, 10), anAttendance(care, bo, 30), anAttendance(last, anna, 60)];
  const rules = [aRule('general', 10, '2026-01-01'), aRule('care', 10, '2026-01-01')];
  const preview = previewRules({ attendances, activities: days, rules, wanted: [{ serviceClass: 'general', pointsPerHour: 15, dayCap: 40, validFrom: '2026-05-12' }] });
  // Care is not asked about; the two of the days before stay as they are.
  expect(preview).toMatchObject({
    from: '2026-05-12',
    posted: { activities: { more: 0, less: 1, same: 2 }, volunteers: { more: 0, less: 1, same: 1 }, before: 90, after: 70 },
    trial: { activities: { more: 2, less: 1, same: 0 }, volunteers: { more: 1, less: 1, same: 0 }, before: 90, after: 85 },
  });
  expect(preview.posted.examples).toEqual([{ activity: last.id, volunteer: anna, on: '2026-05-12', hoursTenths: 60, before: 60, after: 40 }]);
  expect(preview.trial.examples.map(({ activity, before, after }) => [activity, before, after])).toEqual([[last.id, 60, 40], [first.id, 20, 30], [second.id, 10, 15]]);
});

test('[RT3] what the preview says would move is what the table moves once the rows are in it', () => {
  const activity = anActivity(today, '08:00');
  const attendances = [anAttendance(activity, anna, 25)];
  const tablet = tabletOf(supervisor, seeded());
  const table = () => tablet.every(roster, 'pointsRule').map(({ record, fields }) => ({ id: record, fields: fields as never }));
  const wanted = { ...general, coefficientTenths: 15, validFrom: today };
  const { posted } = previewRules({ attendances, activities: [activity], rules: table(), wanted: [wanted] });
  tablet.run('addPointsRule', wanted);
  expect(awardsFor(attendances, [activity], table()).map(({ points }) => points)).toEqual([posted.after]);
  expect(posted).toMatchObject({ before: 25, after: 45 });
});

test('[RT3] [PX7] the preview says how long points by the new rows last, the shortest where they differ', () => {
  const books = { attendances: [], activities: [], rules: [] };
  const row = { ...general, validFrom: '2026-11-20' };
  expect(previewRules({ ...books, wanted: [row] }).lasts).toBeUndefined();
  expect(previewRules({ ...books, wanted: [row, { ...row, serviceClass: 'care', lastMonths: 36 }, { ...row, serviceClass: 'urgent', lastMonths: 24 }] }).lasts).toEqual({ months: 24, until: '2028-11' });
});

test('[RT4] each preset is a table that can be saved as it is', () => {
  for (const name of presetNames) {
    const tablet = tabletOf(supervisor, seeded());
    for (const row of presets[name]) tablet.run('addPointsRule', { ...row, validFrom: tomorrow });
    expect(new Set(presets[name].map(({ serviceClass }) => serviceClass)).size).toBe(presets[name].length);
  }
  const hour = (name: keyof typeof presets, serviceClass: string, tenths: number) => {
    const row = presets[name].find((each) => each.serviceClass === serviceClass)!;
    return Math.min(pointsFor(row, tenths), row.activityCap ?? Number.POSITIVE_INFINITY);
  };
  expect([hour('kunshan', 'general', 10), hour('hailin', 'care', 50), hour('suzhou', 'skilled', 20)]).toEqual([10, 2, 30]);
});
