import { expect, test } from 'vitest';
import { awardsFor, pointsFor, ruleOn } from '../../../../src/domain/points/awards.ts';
import { provisionalPoints } from '../../../../src/domain/points/provisional.ts';
import { addDays } from '../../../../src/domain/kernel/time.ts';
import { pointsRuleId } from '../../../../src/domain/points/schema.ts';
import { anna, bo, roster, seeded, supervisor, tabletOf, today } from '../../../support/community.ts';
import { aRule, anActivity, anAttendance, Authority, Stater } from '../../../support/pointsWorld.ts';
import { refused } from '../../../support/tablet.ts';

const general = aRule('general', 10, '2026-01-01');
const points = (...args: Parameters<typeof awardsFor>) => awardsFor(...args).map((award) => award.points);

test('[PN2] the newest row in force on the day applies, per class', () => {
  const rules = [aRule('general', 12, '2026-05-01'), general, aRule('care', 20, '2026-03-01')];
  const on = (day: string) => ruleOn(rules, 'general', day)?.fields.pointsPerHour;
  expect([on('2025-12-31'), on('2026-01-01'), on('2026-04-30'), on('2026-05-01'), on('2027-01-01')]).toEqual([undefined, 10, 10, 12, 12]);
  expect(ruleOn(rules, 'urgent', '2026-05-01')).toBeUndefined();
});

test('[PN2] two rows entered apart for one day: the more generous, whatever the order', () => {
  const twins = [aRule('general', 8, '2026-01-01'), general, aRule('general', 10, '2026-01-01', { dayCap: 30 })];
  expect(ruleOn(twins, 'general', '2026-02-01')?.fields.pointsPerHour).toBe(10);
  expect(ruleOn([...twins].reverse(), 'general', '2026-02-01')).toBe(ruleOn(twins, 'general', '2026-02-01'));
});

test('[PN2] points are whole and half a point rounds up', () => {
  const at = (pointsPerHour: number, tenths: number) => pointsFor({ ...general.fields, pointsPerHour }, tenths);
  expect([at(10, 25), at(5, 1), at(5, 3), at(1, 4), at(1, 5), at(0, 240), at(1_000, 240)]).toEqual([25, 1, 2, 0, 1, 0, 24_000]);
});

test('[PN2] only a held activity earns, and only under a rule', () => {
  const [held, planned, off, urgent] = [anActivity('2026-05-12', '08:00'), anActivity('2026-05-12', '09:00', { status: 'planned' }), anActivity('2026-05-12', '10:00', { status: 'cancelled' }), anActivity('2026-05-12', '11:00', { serviceClass: 'urgent' })];
  const awards = awardsFor([held, planned, off, urgent].map((each) => anAttendance(each, anna, 10)), [held, planned, off, urgent], [general]);
  expect(awards.map((award) => [award.points, award.reason.type])).toEqual([[10, 'rule'], [0, 'notHeld'], [0, 'notHeld'], [0, 'noRule']]);
  expect(awardsFor([anAttendance(held, anna, 10)], [], [general])).toEqual([]);
});

test('[PN11] caps are used up in the order activities start, per person and class', () => {
  const days = [anActivity('2026-05-12', '08:00'), anActivity('2026-05-12', '14:00'), anActivity('2026-05-13', '08:00')];
  const lines = days.map((each) => anAttendance(each, anna, 30));
  const capped = aRule('general', 10, '2026-01-01', { activityCap: 25, dayCap: 40, monthCap: 50 });
  const awards = awardsFor([...lines].reverse(), days, [capped]);
  expect(awards.map((award) => award.points)).toEqual([25, 15, 10]);
  expect(awards.map(({ reason }) => reason.type === 'rule' && reason.cappedBy)).toEqual([
    { cap: 'activityCap', size: 25 }, { cap: 'dayCap', size: 40 }, { cap: 'monthCap', size: 50 },
  ]);
  expect(points([...lines, anAttendance(days[0]!, bo, 30)], days, [capped])).toEqual([25, 25, 15, 10]);
  const care = anActivity('2026-05-12', '20:00', { serviceClass: 'care' });
  expect(points([...lines, anAttendance(care, anna, 10)], [...days, care], [capped, aRule('care', 20, '2026-01-01', { dayCap: 40 })])).toEqual([25, 15, 20, 10]);
});

test('[PN11] a new month has its caps whole', () => {
  const [may, june] = [anActivity('2026-05-31', '20:00'), anActivity('2026-06-01', '08:00')];
  expect(points([anAttendance(may, anna, 30), anAttendance(june, anna, 30)], [may, june], [aRule('general', 10, '2026-01-01', { monthCap: 30 })])).toEqual([30, 30]);
});

test('[PN3] each line has its reason as data: hours, rate, class, rule, cap', () => {
  const activity = anActivity('2026-05-12', '14:00');
  const rule = aRule('general', 10, '2026-01-01', { dayCap: 20 });
  const [line] = provisionalPoints({ attendances: [anAttendance(activity, anna, 25)], activities: [activity], rules: [rule], entries: [] }).lines;
  expect(line).toMatchObject({
    points: 20, confirmed: undefined, on: '2026-05-12',
    reason: { type: 'rule', rule: rule.id, serviceClass: 'general', validFrom: '2026-01-01', hoursTenths: 25, pointsPerHour: 10, uncapped: 25, cappedBy: { cap: 'dayCap', size: 20 } },
  });
});

test('[PN3] confirmed and provisional stand apart: what the ledger pays, and by how much that will move', () => {
  const [paid, changed, fresh] = [anActivity('2026-05-12', '08:00'), anActivity('2026-05-13', '08:00'), anActivity('2026-05-14', '08:00')];
  const authority = new Authority();
  const tablet = new Stater('li01');
  tablet.state('pointsRule', general.id, general.fields);
  for (const activity of [paid, changed]) {
    tablet.state('activity', activity.id, activity.fields);
    const attendance = anAttendance(activity, anna, 20);
    tablet.state('attendance', attendance.id, attendance.fields);
  }
  authority.receive(tablet.facts);
  authority.post();
  const attendances = [anAttendance(paid, anna, 20), anAttendance(changed, anna, 15), anAttendance(fresh, anna, 10)];
  const activities = [paid, changed, fresh];
  const book = provisionalPoints({ attendances, activities, rules: [general], entries: authority.listed() });
  expect(book.lines.map((line) => [line.points, line.confirmed?.fields.points])).toEqual([[10, undefined], [15, 20], [20, 20]]);
  expect(book).toMatchObject({ confirmed: 40, provisional: 10 - 5, elsewhere: [] });
  const partly = provisionalPoints({ attendances: [anAttendance(paid, anna, 20)], activities, rules: [general], entries: authority.listed() });
  expect(partly).toMatchObject({ confirmed: 40, provisional: 0, elsewhere: [{ fields: { points: 20, occurredOn: '2026-05-13' } }] });
});

test('[PN2] a row is never edited: a second one for its day is refused, a removed one can be replaced or brought back', () => {
  const tablet = tabletOf(supervisor, seeded());
  const row = { serviceClass: 'general', pointsPerHour: 10, dayCap: 40, validFrom: addDays(today, 1) } as const;
  tablet.run('addPointsRule', row);
  const known = pointsRuleId(row);
  const removeKnown = () => tablet.run('remove', { ref: { room: roster, record: known } });
  expect(refused(tablet.decide('addPointsRule', { ...row, pointsPerHour: 12 }))).toEqual({ type: 'AlreadyExists', record: known });
  expect(tablet.refusal(supervisor, { room: roster, record: known, kind: 'pointsRule', set: { pointsPerHour: 99 } })).toEqual({ fault: 'fixed-field', field: 'pointsPerHour' });
  removeKnown();
  const [added] = tablet.run('addPointsRule', { ...row, pointsPerHour: 12, note: null });
  expect(added?.ref.record).not.toBe(known);
  tablet.run('remove', { ref: added!.ref });
  tablet.run('addPointsRule', row);
  expect(tablet.every(roster, 'pointsRule').filter(({ fields }) => fields['validFrom'] === row.validFrom).map(({ record }) => record)).toEqual([known]);
});
