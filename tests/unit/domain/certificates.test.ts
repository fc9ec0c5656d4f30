import { expect, test } from 'vitest';
import { certificateId, monthOfSerial } from '../../../src/domain/certificates/schema.ts';
import { servedBetween, type CertifiedBooks } from '../../../src/domain/certificates/view.ts';
import { addDays, instantOf, monthOf } from '../../../src/domain/kernel/time.ts';
import { anna, logOf, seeded, supervisor, tabletOf, today, worker } from '../../support/community.ts';
import { aRule, anActivity, anAttendance, Authority, Stater } from '../../support/pointsWorld.ts';
import { refused } from '../../support/tablet.ts';

const input = {
  volunteer: anna, from: '2026-01-01', through: today, hoursTenths: 125, times: 4, services: ['care', 'class'], issuer: '双柏社区居民委员会', inCharge: '何书记',
  handler: '陈晓琴', contact: '028-8700 0000', code: '0123456789ABCDEF',
} as const;

test('[CE2] a serial says community and month, is the device’s own, and is never given twice', () => {
  const tablet = tabletOf(supervisor, seeded());
  const other = tabletOf({ ...supervisor, device: 'hedev2' }, seeded());
  const serials = [tablet, tablet, other].map((each) => each.run('issueCertificate', input)[0]!.ref.record.slice('cer_'.length));
  expect(new Set(serials).size).toBe(3);
  for (const serial of serials) expect(serial).toMatch(/^SH202605-[A-Z0-9]{5,15}$/);
  expect(serials[2]).toContain('-HEDEV2');
  expect(serials.map(monthOfSerial)).toEqual([today, today, today].map((day) => day.slice(0, 7)));
  // The clock was set back: the count goes on.
  tablet.now -= 60_000;
  expect(serials).not.toContain(tablet.run('issueCertificate', input)[0]!.ref.record.slice('cer_'.length));
});

test('[CE1] it holds number, span, hours and who issues it, in the log of its month, and no name of the volunteer’s', () => {
  const tablet = tabletOf(supervisor, seeded());
  const [issued] = tablet.run('issueCertificate', { ...input, note: null });
  expect(issued?.ref.room).toEqual(logOf());
  const { serial, ...fields } = tablet.find(logOf(), issued!.ref.record)?.fields ?? {};
  expect(fields).toEqual({ ...input, issuedOn: today });
  expect(issued?.ref.record).toBe(certificateId(String(serial)));
});

test('[CE1] what looks like an identity card is refused in every field that is typed into', () => {
  const tablet = tabletOf(supervisor, seeded());
  for (const field of ['issuer', 'inCharge', 'handler', 'contact', 'note'] as const)
    for (const number of ['510124199003071234', '身份证 ５１０１２４１９９００３０７１２３Ｘ'])
      expect(refused(tablet.decide('issueCertificate', { ...input, [field]: number })), field).toEqual({ type: 'Invalid', field, why: 'identity-number' });
});

test('[CE1] a span that is turned round or not over is refused', () => {
  const tablet = tabletOf(supervisor, seeded());
  expect(refused(tablet.decide('issueCertificate', { ...input, from: addDays(today, 1) }))).toEqual({ type: 'Invalid', field: 'through', why: 'ends-before-start' });
  expect(refused(tablet.decide('issueCertificate', { ...input, through: addDays(today, 1) }))).toEqual({ type: 'Invalid', field: 'through', why: 'not-over' });
  expect(refused(tablet.decide('issueCertificate', { ...input, hoursTenths: 0 }))).toEqual({ type: 'Invalid', field: 'hoursTenths' });
});

test('[CE5] it is withdrawn once, with a day and a reason; nothing else of it changes and nobody deletes it', () => {
  const tablet = tabletOf(supervisor, seeded());
  const [{ ref, fact } = { ref: { room: logOf(), record: '' }, fact: '' }] = tablet.run('issueCertificate', input);
  expect(tablet.refusal(supervisor, { ...ref, kind: 'certificate', set: { hoursTenths: 500 } })).toMatchObject({ fault: 'fixed-field', field: 'hoursTenths' });
  expect(tablet.refusal(supervisor, { ...ref, kind: 'certificate', set: { deleted: true } })).toEqual({ fault: 'not-allowed' });
  expect(refused(tablet.decide('undo', { facts: [{ ref, fact }] }))).toEqual({ type: 'NotAllowed' });
  expect(tablet.refusal(worker, { ...ref, kind: 'certificate', set: { withdrawnOn: today } })).toEqual({ fault: 'not-allowed' });
  tablet.now = instantOf(addDays(today, 40));
  tablet.run('withdrawCertificate', { ref, why: 'mistake' });
  expect(tablet.find(ref.room, ref.record)?.fields).toMatchObject({ withdrawnOn: addDays(today, 40), withdrawnWhy: 'mistake', hoursTenths: 125 });
  expect(refused(tablet.decide('withdrawCertificate', { ref, why: 'asked' }))).toEqual({ type: 'NothingChanged' });
  expect(monthOf(tablet.now)).not.toBe(monthOfSerial(String(tablet.find(ref.room, ref.record)?.fields['serial'])));
});

/** Four activities whose points were posted; the last tells of nothing a rule pays for. */
function posted(): CertifiedBooks {
  const activities = [
    anActivity('2026-04-30', '08:00'), anActivity('2026-05-01', '08:00', { activityKind: 'clinic' }), anActivity('2026-05-03', '08:00'),
    anActivity('2026-05-04', '08:00', { serviceClass: 'none', activityKind: 'care' }),
  ];
  const attendances = activities.map((each, index) => anAttendance(each, anna, 10 * (index + 1)));
  const rules = [aRule('general', 10, '2026-01-01', { dayCap: 25 })];
  const [authority, tablet] = [new Authority(), new Stater('li01')];
  for (const { id, fields } of rules) tablet.state('pointsRule', id, fields);
  for (const { id, fields } of activities) tablet.state('activity', id, fields);
  for (const { id, fields } of attendances) tablet.state('attendance', id, fields);
  authority.receive(tablet.facts);
  authority.post();
  return { activities, attendances, rules, entries: authority.listed(), unconfirmed: new Set() };
}

test('[CE3] hours within the span that are confirmed and posted count, with what kinds of service they were', () => {
  const books = posted();
  expect(servedBetween(books, '2026-05-01', '2026-05-31')).toMatchObject({ hoursTenths: 90, times: 3, services: ['care', 'class', 'clinic'], waiting: [] });
  expect(servedBetween(books, '2026-04-01', '2026-05-01')).toMatchObject({ hoursTenths: 30, times: 2, services: ['clinic', 'class'] });
  expect(servedBetween(books, '2025-01-01', '2025-12-31')).toMatchObject({ hoursTenths: 0, times: 0, services: [] });
});

test('[CE3] what the server has not confirmed, or pays differently, waits', () => {
  const books = posted();
  const [first, second, third, fourth] = books.attendances;
  const waits = (changed: Partial<CertifiedBooks>): readonly (readonly [string, string | undefined])[] =>
    servedBetween({ ...books, ...changed }, '2026-04-01', '2026-05-31').waiting.map(({ attendance, waits: why }) => [attendance, why] as const);
  expect(waits({ unconfirmed: new Set([second!.id]) })).toEqual([[second!.id, 'unconfirmed']]);
  expect(waits({ unconfirmed: new Set([books.activities[2]!.id]) })).toEqual([[third!.id, 'unconfirmed']]);
  // Posted by nobody yet, and corrected after it was posted.
  expect(waits({ entries: books.entries.filter(({ fields }) => fields.attendance !== first!.id) })).toEqual([[first!.id, 'unconfirmed']]);
  expect(waits({ attendances: books.attendances.map((each) => (each === first ? { ...each, fields: { ...each.fields, hoursTenths: 5 } } : each)) })).toEqual([[first!.id, 'unconfirmed']]);
  // Hours that earn no points have no entry to wait for; they wait for the server all the same.
  expect(waits({ unconfirmed: new Set([fourth!.id]) })).toEqual([[fourth!.id, 'unconfirmed']]);
  const cancelled = books.activities.map((each) => (each.id === fourth!.fields.activity ? { ...each, fields: { ...each.fields, status: 'cancelled' as const } } : each));
  expect(servedBetween({ ...books, activities: cancelled }, '2026-05-01', '2026-05-31')).toMatchObject({ hoursTenths: 50, times: 2, waiting: [] });
});

test('[CE3] a day of more than 24 hours is certified by nobody', () => {
  const books = posted();
  const [long, also] = [anActivity('2026-05-04', '14:00', { serviceClass: 'none' }), anActivity('2026-05-04', '16:00', { serviceClass: 'none' })];
  const crowded = { ...books, activities: [...books.activities, long, also], attendances: [...books.attendances, anAttendance(long, anna, 150), anAttendance(also, anna, 90)] };
  const served = servedBetween(crowded, '2026-05-01', '2026-05-31');
  expect([served.hoursTenths, served.waiting.map(({ waits }) => waits)]).toEqual([50, ['overlong', 'overlong', 'overlong']]);
});
