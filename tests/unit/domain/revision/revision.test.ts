import { expect, test } from 'vitest';
import { activityId } from '../../../../src/domain/activity/schema.ts';
import { anna, bo, group, leader, logOf, morning, ref, roster, seeded, singing, supervisor, tabletOf, worker } from '../../../support/community.ts';
import { meet, refused, type Tablet } from '../../../support/tablet.ts';

const partner = ref(roster, group);
const activity = ref(logOf(), activityId(group, singing.startsAt));
const colleague = { ...supervisor, person: 'per_2', device: 'he2dev' };

/** Two desks that stated something about the same partner apart, and met. */
function clashing(left: string, right: string) {
  const base = seeded();
  const desks = [tabletOf(supervisor, base), tabletOf(colleague, base, morning + 1_000)] as const;
  const mine = desks[0].run('revisePartner', { ref: partner, place: left });
  const theirs = desks[1].run('revisePartner', { ref: partner, place: right });
  meet(...desks);
  return { desk: desks[0], other: desks[1], mine: mine[0]!, theirs: theirs[0]! };
}
const shown = (tablet: Tablet) => tablet.find(roster, group);

test('[RV1] one tap settles a clash for everybody who knows it, whichever value is chosen', () => {
  for (const choose of ['mine', 'theirs'] as const) {
    const { desk, other, ...facts } = clashing('二楼', '三楼');
    desk.run('chooseValue', { ref: partner, field: 'place', fact: facts[choose].fact });
    meet(desk, other);
    expect(shown(other)).toMatchObject({ fields: { place: choose === 'mine' ? '二楼' : '三楼' }, clashes: [] });
    expect(refused(other.decide('chooseValue', { ref: partner, field: 'place', fact: facts.mine.fact }))).toEqual({ type: 'NotFound', record: group });
  }
});

test('[RV1] choosing between a value and its clearing, and between a deletion and a change', () => {
  const base = seeded();
  base.run('revisePartner', { ref: partner, place: '一楼' });
  const [left, right] = [tabletOf(supervisor, base), tabletOf(colleague, base)];
  left.run('remove', { ref: partner });
  const changed = right.run('revisePartner', { ref: partner, place: null })[0]!;
  meet(left, right);
  expect(shown(left)).toMatchObject({ deleted: true, clashes: [{ field: 'deleted' }] });
  left.run('chooseValue', { ref: partner, field: 'deleted', fact: changed.fact });
  expect(shown(left)).toMatchObject({ deleted: false, clashes: [] });
  expect(shown(left)?.fields).not.toHaveProperty('place');
});

test('[RV2] undo brings back what was before, clears what was new, and deletes what was born', () => {
  const tablet = tabletOf(supervisor, seeded());
  const first = tablet.run('revisePartner', { ref: partner, place: '二楼', note: '新' });
  tablet.run('undo', { facts: first });
  expect(shown(tablet)?.fields).not.toHaveProperty('place');
  const born = tablet.run('addPartner', { name: '新人', type: 'individual', legalForm: 'person', stage: 'prospect' });
  const undone = tablet.run('undo', { facts: born });
  expect(tablet.find(roster, born[0]!.ref.record)?.deleted).toBe(true);
  tablet.run('undo', { facts: undone });
  expect(tablet.find(roster, born[0]!.ref.record)?.deleted).toBe(false);
});

test('[RV2] a tap that stated several facts goes back as one, several facts of one record newest first', () => {
  const tablet = tabletOf(worker, seeded());
  const logged = tablet.run('logActivity', { ...singing, attendances: [{ volunteer: anna, hoursTenths: 20 }, { volunteer: bo, hoursTenths: 10 }] });
  tablet.run('undo', { facts: logged });
  expect([...tablet.every(logOf(), 'activity'), ...tablet.every(logOf(), 'attendance')]).toEqual([]);

  const desk = tabletOf(supervisor, seeded());
  const facts = ['一楼', '二楼', '三楼'].flatMap((place) => {
    desk.now += 1;
    return desk.run('revisePartner', { ref: partner, place });
  });
  desk.run('undo', { facts: [facts[2]!, facts[1]!] });
  expect(shown(desk)?.fields['place']).toBe('一楼');
});

test('[RV2] what somebody stated later stays', () => {
  const base = seeded();
  const desk = tabletOf(supervisor, base);
  const mine = desk.run('revisePartner', { ref: partner, place: '二楼', note: '搬了' });
  const other = tabletOf(colleague, desk, morning + 1_000);
  other.run('revisePartner', { ref: partner, place: '三楼' });
  meet(desk, other);
  desk.run('undo', { facts: mine });
  expect(shown(desk)?.fields).toMatchObject({ place: '三楼' });
  expect(shown(desk)?.fields).not.toHaveProperty('note');
  expect(refused(desk.decide('undo', { facts: mine }))).toEqual({ type: 'NothingChanged' });
});

test('[RV2] in a clash, taking mine back leaves the other’s, shown or not', () => {
  for (const [left, right] of [['二楼', '三楼'], ['三楼', '二楼']] as const) {
    const { desk, mine } = clashing(left, right);
    desk.run('undo', { facts: [mine] });
    expect(shown(desk)).toMatchObject({ fields: { place: right }, clashes: [] });
  }
});

test('[RV2] a record two people bore apart stays when one of them takes it back', () => {
  const base = seeded();
  const [mine, theirs] = [tabletOf(worker, base), tabletOf(leader, base, morning + 1_000)];
  const logged = mine.run('logActivity', { ...singing, headCount: 31, attendances: [] });
  theirs.run('logActivity', { ...singing, headCount: 29, attendances: [] });
  meet(mine, theirs);
  mine.run('undo', { facts: logged });
  expect(mine.find(logOf(), activity.record)).toMatchObject({ deleted: false, fields: { headCount: 29, title: '合唱排练' }, clashes: [] });
});

test('[RV2] facts that are not here are not taken back', () => {
  const tablet = tabletOf(supervisor, seeded());
  expect(refused(tablet.decide('undo', { facts: [{ ref: partner, fact: 'nobody-0' }] }))).toEqual({ type: 'NotFound', record: group });
  expect(refused(tablet.decide('undo', { facts: [] }))).toMatchObject({ field: 'facts' });
});

test('[RV3] a record comes back as it stood after one of its facts, also from deletion', () => {
  const tablet = tabletOf(supervisor, seeded());
  const [then] = tablet.run('revisePartner', { ref: partner, place: '二楼' });
  tablet.run('revisePartner', { ref: partner, place: '三楼', note: '又搬了' });
  tablet.run('remove', { ref: partner });
  expect(refused(tablet.decide('remove', { ref: partner }))).toEqual({ type: 'NotFound', record: group });
  tablet.run('restore', then!);
  expect(shown(tablet)).toMatchObject({ deleted: false, fields: { place: '二楼' }, clashes: [] });
  expect(shown(tablet)?.fields).not.toHaveProperty('note');
  expect(refused(tablet.decide('restore', then!))).toEqual({ type: 'NothingChanged' });
  expect(refused(tablet.decide('restore', { ref: partner, fact: 'nobody-0' }))).toEqual({ type: 'NotFound', record: group });
});
