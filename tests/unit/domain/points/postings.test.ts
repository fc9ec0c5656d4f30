import { expect, test } from 'vitest';
import { checkFact } from '../../../../src/domain/check.ts';
import type { Fact, Fields } from '../../../../src/domain/kernel/fact.ts';
import { balanceOf, balances, standingEntries } from '../../../../src/domain/points/balance.ts';
import { anna, authority as server, bo, community } from '../../../support/community.ts';
import { aRule, anActivity, anAttendance, Authority, Stater } from '../../../support/pointsWorld.ts';

const activity = anActivity('2026-05-12', '14:00');
const rule = aRule('general', 10, '2026-01-01', { dayCap: 40 });
const [forAnna, forBo] = [anAttendance(activity, anna, 20), anAttendance(activity, bo, 15)];
const tail = forAnna.id.slice('att_'.length);

function started() {
  const authority = new Authority();
  const tablet = new Stater('li01');
  tablet.state('pointsRule', rule.id, rule.fields);
  tablet.state('activity', activity.id, activity.fields);
  const annas = tablet.state('attendance', forAnna.id, forAnna.fields);
  tablet.state('attendance', forBo.id, forBo.fields);
  authority.receive(tablet.facts);
  const hear = (fact: Fact) => {
    authority.receive([fact]);
    return authority.post();
  };
  return { authority, tablet, annas, hear };
}
const held = (authority: Authority, volunteer: string) => balanceOf(authority.listed(), volunteer);

test('[PN13] each attendance of a held activity is paid once; the entry names rule and fact', () => {
  const { authority, annas } = started();
  expect(authority.post()).toHaveLength(2);
  expect(authority.listed()[0]).toEqual({
    id: `pen_${tail}.0`,
    fields: {
      volunteer: anna, points: 20, debit: 'issued', credit: `volunteer:${anna}`, activity: activity.id, attendance: forAnna.id,
      fact: annas.id, hoursTenths: 20, rule: rule.id, occurredOn: '2026-05-12', reason: 'service',
    },
  });
  expect(authority.post()).toEqual([]);
  expect([held(authority, anna), held(authority, bo)]).toEqual([20, 15]);
});

test('[PN13] a crash in the middle of posting is healed by asking again, under the same ids', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  const correction = tablet.change('attendance', forAnna.id, { hoursTenths: 30 });
  authority.receive([correction]);
  const whole = authority.decide();
  authority.write(whole.slice(0, 1));
  const rest = authority.post();
  expect([whole[0], ...rest]).toEqual(whole);
  expect(hear(correction)).toEqual([]);
});

test('[PN1] a correction is a reversal that names its entry, and a new entry', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  const correction = tablet.change('attendance', forAnna.id, { hoursTenths: 30 });
  const [reversal, again] = hear(correction);
  expect(reversal).toMatchObject({ record: `pen_${tail}.1`, fields: { points: 20, debit: `volunteer:${anna}`, credit: 'issued', reverses: `pen_${tail}.0`, reason: 'correction', fact: correction.id } });
  expect(again).toMatchObject({ record: `pen_${tail}.2`, fields: { points: 30, hoursTenths: 30, reason: 'service', fact: correction.id } });
  expect(held(authority, anna)).toBe(30);
  expect(standingEntries(authority.listed()).map(({ id }) => id)).toContain(`pen_${tail}.2`);
  expect([...balances(authority.listed()).values()].reduce((sum, points) => sum + points, 0)).toBe(0);
});

test('[PN1] withdrawn: a person taken off, an activity cancelled or deleted; and back again', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  hear(tablet.change('attendance', forAnna.id, { deleted: true }));
  expect([held(authority, anna), held(authority, bo)]).toEqual([0, 15]);
  hear(tablet.change('attendance', forAnna.id, { deleted: false }));
  expect(held(authority, anna)).toBe(20);
  expect(hear(tablet.change('activity', activity.id, { status: 'cancelled' }))).toHaveLength(2);
  expect([held(authority, anna), held(authority, bo)]).toEqual([0, 0]);
  hear(tablet.change('activity', activity.id, { status: 'held' }));
  expect(hear(tablet.change('activity', activity.id, { deleted: true }))).toHaveLength(2);
  expect(standingEntries(authority.listed())).toEqual([]);
});

test('[PN13] a change that moves no points posts nothing', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  expect(hear(tablet.change('attendance', forAnna.id, { byProxy: true }))).toEqual([]);
  expect(hear(tablet.change('activity', activity.id, { title: '合唱', note: '晚了' }))).toEqual([]);
});

test('[PN12] a rule that arrives late, and an earlier activity that uses up the cap, move what stood', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  const better = aRule('general', 20, '2026-05-01', { dayCap: 50 });
  hear(tablet.state('pointsRule', better.id, better.fields));
  expect([held(authority, anna), held(authority, bo)]).toEqual([40, 30]);
  const early = anActivity('2026-05-12', '07:00');
  const patrol = anAttendance(early, anna, 20);
  authority.receive([tablet.state('activity', early.id, early.fields), tablet.state('attendance', patrol.id, patrol.fields)]);
  authority.post();
  expect(standingEntries(authority.listed()).filter(({ fields }) => fields.volunteer === anna).map(({ fields }) => fields.points).sort()).toEqual([10, 40]);
  expect(held(authority, anna)).toBe(50);
});

test('[PN12] a corrected day moves the entry to that day', () => {
  const { authority, tablet, hear } = started();
  authority.post();
  hear(tablet.change('activity', activity.id, { startsAt: activity.fields.startsAt + 86_400_000, endsAt: activity.fields.endsAt + 86_400_000 }));
  expect(standingEntries(authority.listed()).map(({ fields }) => fields.occurredOn)).toEqual(['2026-05-13', '2026-05-13']);
});

test('[PN1] what the authority posts passes the gate of the ledger room, and is nobody’s to change', () => {
  const { authority, tablet, hear } = started();
  const postings = [...authority.post(), ...hear(tablet.change('attendance', forAnna.id, { hoursTenths: 1 }))];
  const room = { community, family: 'ledger' as const, month: '2026-05' };
  for (const [index, { record, fields }] of postings.entries()) {
    const fact: Fact = { id: `server-${index.toString(36)}`, record, kind: 'pointsEntry', base: [], set: fields as unknown as Fields, by: server.person, at: 1 };
    expect(checkFact(server, room, fact, undefined, () => false)).toBeUndefined();
    const edited: Fact = { ...fact, id: 'server-zz', base: [fact.id], set: { points: 99 } };
    const standing = authority.entries.find((entry) => entry.record === record);
    expect(checkFact(server, room, edited, standing, () => true)).toEqual({ fault: 'fixed-field', field: 'points' });
  }
});

test('[PN13] an attendance whose activity has not arrived waits; with nothing at all there is nothing to post', () => {
  const authority = new Authority();
  const tablet = new Stater('li01');
  authority.receive([tablet.state('pointsRule', rule.id, rule.fields), tablet.state('attendance', forAnna.id, forAnna.fields)]);
  expect(authority.post()).toEqual([]);
  expect(new Authority().post()).toEqual([]);
  authority.receive([tablet.state('activity', activity.id, activity.fields)]);
  expect(authority.post()).toHaveLength(1);
});
