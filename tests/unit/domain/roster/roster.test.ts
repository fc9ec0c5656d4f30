import { expect, test } from 'vitest';
import { conversionId, type ConversionFields, type PartnerFields } from '../../../../src/domain/roster/schema.ts';
import { fundPromised, partnerHistory, partnerTypeOn, rosterFigures } from '../../../../src/domain/roster/view.ts';
import { group, leader, ref, roster, seeded, supervisor, tabletOf } from '../../../support/community.ts';
import { meet, refused } from '../../../support/tablet.ts';

const partner = ref(roster, group);
const zhou: PartnerFields = { name: '周师傅', type: 'individual', legalForm: 'person', stage: 'active', sinceOn: '2026-01-05' };
const conversion = (on: string, to: ConversionFields['to'], more: Partial<ConversionFields> = {}) => ({ id: conversionId('par_zhou', on), fields: { partner: 'par_zhou', to, on, ...more } });
const conversions = [conversion('2026-06-01', 'business', { legalForm: 'organisation', reason: '注册' }), conversion('2026-03-01', 'community_group')];

test('[PT1] a partner has a type and, apart from it, a legal form; its type is not edited', () => {
  const tablet = tabletOf(supervisor, seeded());
  const fields = { name: ' 周师傅 ', type: 'individual', legalForm: 'person', stage: 'prospect', aliases: ['老周'], inferred: true } as const;
  const [stated] = tablet.run('addPartner', fields);
  expect(tablet.find(roster, stated!.ref.record)?.fields).toEqual({ ...fields, name: '周师傅' });
  expect(refused(tablet.decideRaw('addPartner', { ...fields, type: 'charity' }))).toEqual({ type: 'Invalid', field: 'type' });
  expect(refused(tablet.decideRaw('revisePartner', { ref: stated!.ref, type: 'business' }))).toMatchObject({ type: 'Invalid' });
  tablet.run('revisePartner', { ref: stated!.ref, aliases: null, stage: 'active' });
  expect(tablet.find(roster, stated!.ref.record)?.fields).not.toHaveProperty('aliases');
});

test('[PT1] a group keeps its own page, and nothing else about itself', () => {
  const tablet = tabletOf(leader, seeded());
  tablet.run('revisePartner', { ref: partner, services: ['合唱'], place: '二楼', note: '周二', resources: ['people'] });
  expect(refused(tablet.decide('revisePartner', { ref: partner, stage: 'exited' }))).toEqual({ type: 'NotAllowed' });
  expect(refused(tablet.decide('remove', { ref: partner }))).toEqual({ type: 'NotAllowed' });
});

test('[PT2] what a partner was on a day has one answer, whatever the order conversions arrived in', () => {
  for (const order of [conversions, [...conversions].reverse()])
    expect(['2025-12-31', '2026-02-28', '2026-03-01', '2026-05-31', '2026-06-01', '2027-01-01'].map((day) => partnerTypeOn(zhou, order, day))).toEqual([
      'individual', 'individual', 'community_group', 'community_group', 'business', 'business',
    ]);
});

test('[PT2] the history is its spans, oldest first, without gap or overlap', () => {
  expect(partnerHistory(zhou, conversions)).toEqual([
    { type: 'individual', legalForm: 'person', fromOn: '2026-01-05', untilOn: '2026-02-28', conversion: undefined, reason: undefined },
    { type: 'community_group', legalForm: 'person', fromOn: '2026-03-01', untilOn: '2026-05-31', conversion: 'cvn_zhou.2026-03-01', reason: undefined },
    { type: 'business', legalForm: 'organisation', fromOn: '2026-06-01', untilOn: undefined, conversion: 'cvn_zhou.2026-06-01', reason: '注册' },
  ]);
  expect(partnerHistory(zhou, [])).toHaveLength(1);
});

test('[PT2] converting to what it is on that day already states nothing', () => {
  const tablet = tabletOf(supervisor, seeded());
  expect(refused(tablet.decide('convertPartner', { partner, to: 'community_group', on: '2026-06-01' }))).toEqual({ type: 'NothingChanged' });
  tablet.run('convertPartner', { partner, to: 'business', on: '2026-06-01', legalForm: 'organisation', reason: '' });
  expect(tablet.find(roster, conversionId(group, '2026-06-01'))?.fields).toEqual({ partner: group, to: 'business', on: '2026-06-01', legalForm: 'organisation' });
  expect(refused(tablet.decide('convertPartner', { partner, to: 'business', on: '2026-07-01' }))).toEqual({ type: 'NothingChanged' });
  tablet.run('convertPartner', { partner, to: 'business', on: '2026-07-01', legalForm: 'family' });
  tablet.run('convertPartner', { partner, to: 'individual', on: '2026-06-01' });
  expect(tablet.every(roster, 'conversion')).toHaveLength(2);
});

test('[PT2] two supervisors convert apart: one conversion, the clash is listed', () => {
  const base = seeded();
  const [left, right] = [tabletOf(supervisor, base), tabletOf({ ...supervisor, person: 'per_2', device: 'he2dev' }, base)];
  left.run('convertPartner', { partner, to: 'business', on: '2026-06-01' });
  right.run('convertPartner', { partner, to: 'individual', on: '2026-06-01' });
  meet(left, right);
  expect(left.find(roster, conversionId(group, '2026-06-01'))?.clashes).toMatchObject([{ field: 'to', options: [{}, {}] }]);
});

const promising = (id: string, fundInFen: number, fundInFrequency?: PartnerFields['fundInFrequency'], more: Partial<PartnerFields> = {}) => ({
  id, fields: { ...zhou, fundInFen, ...(fundInFrequency ? { fundInFrequency } : {}), ...more },
});

test('[FD6] 双柏 is promised 224,000 yuan once and 25,000 a year: 249,000 in the first', () => {
  const shuangbai = [promising('par_1', 200_000_00, 'one_off'), promising('par_2', 8_000_00, 'one_off'), promising('par_3', 8_000_00), promising('par_4', 8_000_00), promising('par_5', 25_000_00, 'yearly')];
  expect(fundPromised(shuangbai)).toEqual({ onceFen: 224_000_00, perYearFen: 25_000_00, firstYearFen: 249_000_00 });
  expect(fundPromised([promising('par_6', 100, 'monthly'), promising('par_7', 10, 'quarterly'), promising('par_8', 1, 'weekly')]).perYearFen).toBe(1_200 + 40 + 52);
});

test('[PT2] figures count the types of the day; partners that have left are not counted', () => {
  const partners = [promising('par_zhou', 0), promising('par_b', 5, 'one_off', { type: 'business', mode: 'marketCooperation' }), promising('par_c', 7, 'one_off', { stage: 'exited' })];
  expect(rosterFigures(partners, conversions, '2026-04-01')).toEqual({
    byType: { business: 1, community_group: 1, individual: 0 }, byMode: new Map([['marketCooperation', 1]]), fund: { onceFen: 5, perYearFen: 0, firstYearFen: 5 },
  });
});

test('[PT4] a grid’s code is given once and never changes', () => {
  const tablet = tabletOf(supervisor, seeded());
  const [stated] = tablet.run('addGrid', { code: 'g77', name: ' 竹苑网格 ' });
  expect(stated!.ref.record).toBe('grd_g77');
  expect(tablet.find(roster, 'grd_g77')?.fields).toEqual({ code: 'g77', name: '竹苑网格' });
  expect(refused(tablet.decide('addGrid', { code: 'g77', name: '另一个' }))).toEqual({ type: 'AlreadyExists', record: 'grd_g77' });
  expect(refused(tablet.decideRaw('addGrid', { code: 'G 77', name: '竹苑' }))).toEqual({ type: 'Invalid', field: 'code' });
  expect(refused(tablet.decideRaw('reviseGrid', { ref: stated!.ref, code: 'g78' }))).toMatchObject({ type: 'Invalid' });
  tablet.run('reviseGrid', { ref: stated!.ref, name: '竹苑' });
  expect(tablet.find(roster, 'grd_g77')?.fields['name']).toBe('竹苑');
  expect(refused(tabletOf(leader, seeded()).decide('addGrid', { code: 'g79', name: '竹苑' }))).toEqual({ type: 'NotAllowed' });
});
