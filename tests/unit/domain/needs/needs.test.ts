import { expect, test } from 'vitest';
import { checkFact } from '../../../../src/domain/check.ts';
import { foldRecord } from '../../../../src/domain/kernel/fold.ts';
import { nextStages } from '../../../../src/domain/needs/rules.ts';
import { matchingPartners, matchingVolunteers, type Helpers } from '../../../../src/domain/needs/matching.ts';
import { toldId, type NeedFields } from '../../../../src/domain/needs/schema.ts';
import { stepsOf } from '../../../../src/domain/needs/view.ts';
import type { PartnerFields } from '../../../../src/domain/roster/schema.ts';
import { bakery, group, leader, logOf, morning, otherLeader, peopleOf, seeded, supervisor, tabletOf, visitsOf, worker } from '../../../support/community.ts';
import { meet, refused, type Tablet } from '../../../support/tablet.ts';

const hourMs = 3_600_000;
const lamp = { grid: 'g1', household: 'hou_101', category: 'repair', title: '楼道灯不亮，想请人修', words: '三楼的灯坏了两个月，周大爷晚上不敢下楼' } as const;
const tell = (tablet: Tablet) => tablet.run('tellNeed', lamp)[0]!.ref;
const fieldsOf = (tablet: Tablet, record: string) => tablet.find(logOf(), record)?.fields as unknown as NeedFields;

test('[ND1] told at a door it has two sides: the face in the log, the words with the visits', () => {
  const tablet = tabletOf(worker, seeded());
  const need = tell(tablet);
  expect(need.room).toEqual(logOf());
  expect(fieldsOf(tablet, need.record)).toEqual({ grid: 'g1', category: 'repair', title: lamp.title, stage: 'open', openedAt: morning });
  expect(tablet.find(visitsOf('g1'), toldId(need.record))?.fields).toEqual({ grid: 'g1', household: 'hou_101', words: lamp.words });
  expect(refused(tablet.decide('tellNeed', { ...lamp, household: 'hou_none' }))).toMatchObject({ type: 'NotFound' });
  expect(refused(tablet.decide('tellNeed', { ...lamp, title: '' }))).toEqual({ type: 'Missing', field: 'title' });
});

test('[ND1] each step keeps its time, and how long it took is told', () => {
  const tablet = tabletOf(worker, seeded());
  const ref = tell(tablet);
  const step = (input: object) => {
    tablet.now += hourMs;
    tablet.run('moveNeed', { ref, ...input } as never);
  };
  step({ to: 'matched', partner: bakery });
  step({ to: 'inService' });
  step({ to: 'done' });
  step({ to: 'confirmed', answer: 'satisfied' });
  expect(stepsOf(fieldsOf(tablet, ref.record)).map(({ stage, tookMs }) => [stage, tookMs])).toEqual([
    ['open', undefined], ['matched', hourMs], ['inService', hourMs], ['done', hourMs], ['confirmed', hourMs],
  ]);
  for (const to of ['open', 'done', 'withdrawn'] as const) expect(refused(tablet.decide('moveNeed', { ref, to, reason: 'x' }))).toEqual({ type: 'Invalid', field: 'to' });
});

test('[ND1] no step is left out, one back and a withdrawal want a reason, confirming the resident’s answer', () => {
  const tablet = tabletOf(worker, seeded());
  const ref = tell(tablet);
  for (const to of ['inService', 'done', 'confirmed'] as const) expect(refused(tablet.decide('moveNeed', { ref, to, answer: 'partly' }))).toEqual({ type: 'Invalid', field: 'to' });
  expect(refused(tablet.decide('moveNeed', { ref, to: 'matched' }))).toEqual({ type: 'Missing', field: 'partner' });
  expect(refused(tablet.decide('moveNeed', { ref, to: 'withdrawn' }))).toEqual({ type: 'Missing', field: 'reason' });
  tablet.run('moveNeed', { ref, to: 'matched', partner: bakery });
  tablet.run('moveNeed', { ref, to: 'inService' });
  tablet.run('moveNeed', { ref, to: 'done' });
  expect(refused(tablet.decide('moveNeed', { ref, to: 'confirmed' }))).toEqual({ type: 'Missing', field: 'answer' });
  expect(refused(tablet.decide('moveNeed', { ref, to: 'inService' }))).toEqual({ type: 'Missing', field: 'reason' });
  tablet.run('moveNeed', { ref, to: 'inService', reason: '灯又坏了' });
  expect(fieldsOf(tablet, ref.record)).toMatchObject({ stage: 'inService', reason: '灯又坏了', startedAt: morning });
  expect(fieldsOf(tablet, ref.record)).not.toHaveProperty('doneAt');
  tablet.run('moveNeed', { ref, to: 'matched', reason: '师傅没来' });
  tablet.run('moveNeed', { ref, to: 'open', reason: '换一家' });
  expect(fieldsOf(tablet, ref.record)).not.toHaveProperty('partner');
  tablet.run('moveNeed', { ref, to: 'withdrawn', reason: '物业修好了' });
  expect(stepsOf(fieldsOf(tablet, ref.record)).map(({ stage }) => stage)).toEqual(['open', 'withdrawn']);
  tablet.run('moveNeed', { ref, to: 'open' });
  expect(Object.keys(nextStages)).toHaveLength(6);
});

test('[ND1] a group says how far the service is that it was asked for, and nothing else', () => {
  const tablet = tabletOf(worker, seeded());
  const ref = tell(tablet);
  tablet.run('moveNeed', { ref, to: 'matched', partner: group });
  const [own, other] = [tabletOf(leader, tablet), tabletOf(otherLeader, tablet)];
  expect(refused(other.decide('moveNeed', { ref, to: 'inService' }))).toEqual({ type: 'NotAllowed' });
  own.run('moveNeed', { ref, to: 'inService' });
  own.run('moveNeed', { ref, to: 'done' });
  for (const again of [{ to: 'confirmed', answer: 'satisfied' }, { to: 'withdrawn', reason: 'x' }] as const) expect(refused(own.decide('moveNeed', { ref, ...again }))).toEqual({ type: 'NotAllowed' });
  meet(tablet, own);
  expect(fieldsOf(tablet, ref.record).stage).toBe('done');
});

test('[ND4] what a group says of a service stands on its own: not on how the server finds the need, nor on who has it by then', () => {
  const tablet = tabletOf(worker, seeded());
  const ref = tell(tablet);
  tablet.run('moveNeed', { ref, to: 'matched', partner: group });
  const own = tabletOf(leader, tablet);
  tablet.run('moveNeed', { ref, to: 'open', reason: '换一家' });
  tablet.run('moveNeed', { ref, to: 'matched', partner: bakery });
  const [began] = own.run('moveNeed', { ref, to: 'inService' });
  const facts = own.facts(logOf(), ref.record);
  const said = facts.find(({ id }) => id === began?.fact)!;
  expect(said.set).toEqual({ partner: group, stage: 'inService', startedAt: morning });
  // The server looks at the birth of a record, which names nobody yet.
  const born = foldRecord(facts.filter(({ base }) => base.length === 0));
  expect(checkFact(leader, logOf(), said, born, () => true)).toBeUndefined();
  expect(checkFact(otherLeader, logOf(), { ...said, id: 'zhaodev-0', by: otherLeader.person }, born, () => true)).toMatchObject({ fault: 'not-allowed' });
  own.run('undo', { facts: [{ ref, fact: said.id }] });
  expect(fieldsOf(own, ref.record)).toMatchObject({ stage: 'matched', partner: group });
  own.run('moveNeed', { ref, to: 'inService' });
  meet(tablet, own);
  expect(tablet.find(logOf(), ref.record)?.clashes.map(({ field }) => field)).toContain('partner');
});

test('[ND1] two who move a need apart meet in one record, with the clash listed', () => {
  const tablet = tabletOf(worker, seeded());
  const ref = tell(tablet);
  const office = tabletOf(supervisor, tablet);
  tablet.run('moveNeed', { ref, to: 'matched', partner: bakery });
  office.run('moveNeed', { ref, to: 'withdrawn', reason: '物业修好了' });
  meet(tablet, office);
  expect(tablet.find(logOf(), ref.record)?.clashes.map(({ field }) => field)).toContain('stage');
});

test('[ND3] the line that everybody reads names no door, no number and nobody who lives there', () => {
  const tablet = tabletOf(worker, seeded());
  tablet.run('addResident', { grid: 'g1', household: 'hou_101', name: '周大爷', purposes: ['registration'], way: 'spoken' });
  for (const title of ['灯坏了，打 13812345678', '灯坏了，138 1234 5678', '1-101 的灯坏了', '1单元101灯坏了', '1栋 101 灯坏了', '周大爷家的灯坏了'])
    expect(refused(tablet.decide('tellNeed', { ...lamp, title })), title).toEqual({ type: 'Invalid', field: 'title', why: 'personal' });
  for (const title of ['3楼的灯坏了 2 个月', '想学智能手机，每周 1 次']) expect(tablet.decide('tellNeed', { ...lamp, title }).ok, title).toBe(true);
  const ref = tell(tablet);
  expect(refused(tablet.decide('reviseNeed', { ref, title: '打 13812345678' }))).toMatchObject({ why: 'personal' });
  expect(tablet.every(peopleOf('g1'), 'resident')).toHaveLength(1);
});

const partner = (fields: Partial<PartnerFields>): PartnerFields => ({ name: 'x', type: 'business', legalForm: 'organisation', stage: 'active', ...fields }) as PartnerFields;
const need = { grid: 'g1', category: 'repair', title: '楼道灯不亮', stage: 'open', openedAt: morning } as NeedFields;

test('[ND2] suggestions come with their reasons, the ones whose words agree first, none without a reason', () => {
  const helpers: Helpers = {
    gridName: '第一网格',
    partners: [
      { id: 'par_hands', fields: partner({ resources: ['people'] }) },
      { id: 'par_repair', fields: partner({ services: ['家电维修', '理发'], resources: ['people'], place: '第一网格 3 栋' }) },
      { id: 'par_gone', fields: partner({ services: ['家电维修'], stage: 'exited' }) },
      { id: 'par_owes', fields: partner({ resources: ['people'] }) },
      { id: 'par_cafe', fields: partner({ services: ['咖啡'], resources: ['place'], place: '第一网格' }) },
    ],
    volunteers: [
      { id: 'vol_1', fields: { grid: 'g1', number: 'SBA0001', name: '甲', skills: ['水电维修'] } },
      { id: 'vol_2', fields: { grid: 'g1', number: 'SBA0002', name: '乙', skills: ['二胡'] } },
      { id: 'vol_3', fields: { grid: 'g1', number: 'SBA0003', name: '丙' } },
    ],
    owed: new Map([['par_owes', 3]]),
    answered: new Map([['par_repair', 2]]),
  };
  const found = matchingPartners(need, helpers);
  expect(found.map(({ id }) => id)).toEqual(['par_repair', 'par_owes', 'par_hands']);
  expect(found[0]?.reasons).toEqual([
    { why: 'service', words: '家电维修' }, { why: 'resource', resource: 'people' }, { why: 'place', place: '第一网格 3 栋' }, { why: 'answered', count: 2 },
  ]);
  expect(found[1]?.reasons).toContainEqual({ why: 'owes', left: 3 });
  expect(matchingVolunteers(need, helpers)).toMatchObject([{ id: 'SBA0001', reasons: [{ why: 'skill', words: '水电维修' }] }]);
  // The need's own words find what no list of words foresaw.
  expect(matchingVolunteers({ ...need, category: 'other', title: '想请人教拉二胡' }, helpers)).toMatchObject([{ id: 'SBA0002' }]);
  expect(matchingPartners({ ...need, category: 'other', title: '需要帮助' }, helpers)).toEqual([]);
});
