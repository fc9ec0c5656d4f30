import { expect, test } from 'vitest';
import type { ConsentFields } from '../../../../src/domain/residents/schema.ts';
import { consentId, readingId } from '../../../../src/domain/residents/schema.ts';
import { consentOn, keptWithoutConsent, maskName, maskPhone, standings } from '../../../../src/domain/residents/view.ts';
import { leader, peopleOf, seeded, supervisor, tabletOf, today, visitsOf, worker } from '../../../support/community.ts';
import { refused, type Tablet } from '../../../support/tablet.ts';

const dayMs = 86_400_000;
const zhou = { grid: 'g1', household: 'hou_101', name: '周大爷', phone: '138-1234 5678', purposes: ['registration', 'contact'], way: 'spoken' } as const;
const enter = (tablet: Tablet) => tablet.run('addResident', zhou)[0]!.ref;
const consents = (tablet: Tablet): ConsentFields[] => tablet.every(peopleOf('g1'), 'consent').map(({ fields }) => fields as unknown as ConsentFields);

test('[RS1] a resident is entered with the consents in one step, and not without them', () => {
  const tablet = tabletOf(worker, seeded());
  const stated = tablet.run('addResident', zhou);
  const [resident] = stated;
  expect(tablet.find(peopleOf('g1'), resident!.ref.record)?.fields).toEqual({ grid: 'g1', household: 'hou_101', name: '周大爷', phone: '13812345678' });
  expect(stated.slice(1).map(({ ref: { record } }) => record)).toEqual([consentId(resident!.ref.record, 'registration', today), consentId(resident!.ref.record, 'contact', today)]);
  expect(refused(tablet.decide('addResident', { ...zhou, purposes: ['contact'] }))).toEqual({ type: 'Invalid', field: 'purposes', why: 'no-consent' });
  expect(refused(tablet.decide('addResident', { ...zhou, purposes: ['registration'] }))).toEqual({ type: 'Invalid', field: 'phone', why: 'no-consent' });
  expect(refused(tablet.decide('addResident', { ...zhou, phone: 'ask the son' }))).toMatchObject({ type: 'Invalid', field: 'phone' });
  expect(refused(tablet.decide('addResident', { ...zhou, household: 'hou_none' }))).toEqual({ type: 'NotFound', record: 'hou_none' });
  expect(tablet.decide('addResident', { ...zhou, phone: '', purposes: ['registration'] }).ok).toBe(true);
  expect(refused(tablet.decideRaw('addResident', { ...zhou, idCard: '510124194001010011' }))).toMatchObject({ type: 'Invalid' });
});

test('[RS1] a number is added later only while the consent to being contacted counts', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = tablet.run('addResident', { ...zhou, phone: null, purposes: ['registration'] })[0]!.ref;
  expect(refused(tablet.decide('reviseResident', { ref: resident, phone: '13900000000' }))).toMatchObject({ why: 'no-consent' });
  tablet.run('giveConsent', { resident, purpose: 'contact', way: 'written', until: '2026-05-20' });
  expect(tablet.decide('reviseResident', { ref: resident, phone: '13900000000' }).ok).toBe(true);
  tablet.now += 9 * dayMs;
  expect(refused(tablet.decide('reviseResident', { ref: resident, phone: '13900000000' }))).toMatchObject({ why: 'no-consent' });
});

test('[RS2] a consent counts from its first to its last day: a year unless said otherwise, never in the past, five years at most', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = enter(tablet);
  const given = consents(tablet);
  expect(given.map(({ until }) => until)).toEqual(['2027-05-12', '2027-05-12']);
  for (const [on, counts] of [['2026-05-11', false], [today, true], ['2027-05-12', true], ['2027-05-13', false]] as const) expect(consentOn(given, 'contact', on), on).toBe(counts);
  for (const until of ['2026-05-11', '2031-06-01']) expect(refused(tablet.decide('giveConsent', { resident, purpose: 'photo', way: 'spoken', until }))).toEqual({ type: 'Invalid', field: 'until' });
  tablet.run('giveConsent', { resident, purpose: 'contact', way: 'written', until: '2029-01-01' });
  expect(standings(consents(tablet), '2028-01-01')).toMatchObject([
    { purpose: 'registration', state: 'expired' }, { purpose: 'contact', state: 'given', consent: { way: 'written' } }, { purpose: 'referral', state: 'none' }, { purpose: 'photo', state: 'none' },
  ]);
});

test('[RS3] withdrawn, a consent stops counting that day, and the number goes with it; what was agreed to before stays written', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = enter(tablet);
  tablet.now += 3 * dayMs;
  tablet.run('withdrawConsent', { resident, purpose: 'contact' });
  expect(tablet.find(peopleOf('g1'), resident.record)?.fields).not.toHaveProperty('phone');
  expect(standings(consents(tablet), '2026-05-15')[1]).toMatchObject({ state: 'withdrawn', consent: { givenOn: today, withdrawnOn: '2026-05-15' } });
  expect(consentOn(consents(tablet), 'contact', '2026-05-14')).toBe(true);
  expect(refused(tablet.decide('withdrawConsent', { resident, purpose: 'contact' }))).toEqual({ type: 'NothingChanged' });
  // Asked again on the same day, the same record counts again.
  tablet.run('giveConsent', { resident, purpose: 'contact', way: 'spoken' });
  expect(consentOn(consents(tablet), 'contact', '2026-05-15')).toBe(true);
});

test('[RS4] a tag of care stands with its reason and the day to look again; it can be taken away and given anew', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = enter(tablet);
  expect(refused(tablet.decide('tagCare', { resident, tag: 'livesAlone', reason: ' ' }))).toEqual({ type: 'Missing', field: 'reason' });
  expect(refused(tablet.decide('tagCare', { resident, tag: 'livesAlone', reason: '儿女在外地', reviewOn: '2026-05-11' }))).toEqual({ type: 'Invalid', field: 'reviewOn' });
  const [tagged] = tablet.run('tagCare', { resident, tag: 'livesAlone', reason: '儿女在外地' });
  expect(tablet.find(peopleOf('g1'), tagged!.ref.record)?.fields).toMatchObject({ reason: '儿女在外地', reviewOn: '2027-05-12' });
  tablet.run('remove', { ref: tagged!.ref });
  tablet.run('tagCare', { resident, tag: 'livesAlone', reason: '又一个人住' });
  expect(tablet.find(peopleOf('g1'), tagged!.ref.record)).toMatchObject({ deleted: false, fields: { reason: '又一个人住' } });
});

test('[RS5] who looks at a name or a number is written down once a day, and nobody takes that back', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = enter(tablet);
  const seen = tablet.run('readMasked', { resident, fields: ['name', 'phone'] });
  expect(seen.map(({ ref: { record } }) => record)).toEqual(['name', 'phone'].map((field) => readingId(resident.record, worker.person, field, today)));
  expect(refused(tablet.decide('readMasked', { resident, fields: ['phone'] }))).toEqual({ type: 'NothingChanged' });
  tablet.now += dayMs;
  expect(tablet.run('readMasked', { resident, fields: ['phone'] })[0]?.ref.room).toEqual(visitsOf('g1'));
  const first = seen[0]!.ref;
  for (const who of [worker, supervisor]) {
    const other = tabletOf(who, tablet);
    expect(refused(other.decide('remove', { ref: first }))).toEqual({ type: 'NotAllowed' });
  }
  expect(refused(tabletOf(leader, tablet).decide('readMasked', { resident, fields: ['name'] }))).toEqual({ type: 'NotAllowed' });
  // What is not there cannot be looked at.
  const bare = tablet.run('addResident', { ...zhou, phone: null, purposes: ['registration'] })[0]!.ref;
  expect(refused(tablet.decide('readMasked', { resident: bare, fields: ['phone'] }))).toEqual({ type: 'NothingChanged' });
});

test('[RS5] a mask tells the surname and the ends of a number, nothing about length', () => {
  expect(['张桂芳', '李', '欧阳娜娜', '𠮷田'].map(maskName)).toEqual(['张**', '李**', '欧**', '𠮷**']);
  expect(['13812345678', '+8613812345678', '87654321', '12345'].map(maskPhone)).toEqual(['138****5678', '+86138****5678', '****21', '****45']);
});

test('[RS6] who agreed to nothing any more is known on the day', () => {
  const tablet = tabletOf(worker, seeded());
  const resident = enter(tablet);
  expect(keptWithoutConsent(consents(tablet), '2027-05-12')).toBe(false);
  expect(keptWithoutConsent(consents(tablet), '2027-05-13')).toBe(true);
  tablet.run('withdrawConsent', { resident, purpose: 'registration' });
  expect(keptWithoutConsent(consents(tablet), today)).toBe(true);
  expect(tablet.find(peopleOf('g1'), resident.record)?.fields).not.toHaveProperty('phone');
});
