import { expect, test } from 'vitest';
import { commandNamed, commands } from '../../../src/domain/commands.ts';
import { anna, bakery, cai, community, counter, district, group, leader, monitor, morning, otherLeader, otherWorker, peopleOf, ref, roster, seeded, singing, stranger, supervisor, tabletOf, today, worker } from '../../support/community.ts';
import { aForkedVerdict, aGrant, aRedemption } from '../../support/counterWorld.ts';
import { refused, type Tablet } from '../../support/tablet.ts';
import type { CommandName, InputOf } from '../../../src/domain/commands.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';

/** Every command once, in the hands of somebody who may, and of everybody who may not. */
interface Case<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly who: Actor;
  readonly input: (tablet: Tablet) => InputOf<Name>;
  readonly barred: readonly Actor[];
}
const aCase = <Name extends CommandName>(name: Name, who: Actor, input: (tablet: Tablet) => InputOf<Name>, barred: readonly Actor[]): Case =>
  ({ name, who, input, barred }) as unknown as Case;

const readers = [monitor, counter, district, stranger];
const door = ref(peopleOf('g1'), 'hou_101');
const aVisit = (tablet: Tablet) => tablet.run('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' })[0]!;
const zhou = { grid: 'g1', household: 'hou_101', name: '周大爷', purposes: ['registration'], way: 'spoken' } as const;
const aResident = (tablet: Tablet) => tablet.run('addResident', zhou)[0]!.ref;
const lamp = { grid: 'g1', household: 'hou_101', category: 'repair', title: '楼道灯不亮' } as const;
const aPlan = (tablet: Tablet) => tablet.run('planActivity', singing)[0]!;

const rice = { name: '大米', points: 50 } as const;
const otherCounter: Actor = { ...counter, person: 'per_kp', device: 'kp2dev' };
const aCertificate = {
  volunteer: anna, from: '2026-01-01', through: today, hoursTenths: 20, times: 1, services: ['care'], issuer: '双柏社区', inCharge: '何书记', handler: '陈晓琴', contact: '028-0000', code: '0123456789ABCDEF',
} as const;

const cases: readonly Case[] = [
  aCase('recordVisit', worker, () => ({ grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'notHome' }), [otherWorker, leader, supervisor, ...readers]),
  aCase('recordVisits', worker, () => ({ grid: 'g1', households: ['hou_101', 'hou_102'], visitedAt: morning, outcome: 'notHome' }), [otherWorker, leader, supervisor, ...readers]),
  aCase('reviseVisit', worker, (t) => ({ ref: aVisit(t).ref, note: '按两次铃' }), [otherWorker, leader, ...readers]),
  aCase('planActivity', leader, () => singing, [otherLeader, ...readers]),
  aCase('logActivity', worker, () => ({ ...singing, attendances: [{ volunteer: anna, hoursTenths: 20 }] }), [otherLeader, ...readers]),
  aCase('recordAttendance', leader, (t) => ({ activity: aPlan(t).ref, present: [{ volunteer: anna, hoursTenths: 20 }], absent: [] }), [otherLeader, ...readers]),
  aCase('reviseActivity', leader, (t) => ({ ref: aPlan(t).ref, headCount: 31 }), [otherLeader, ...readers]),
  aCase('cancelActivity', leader, (t) => ({ ref: aPlan(t).ref }), [otherLeader, ...readers]),
  aCase('addPartner', supervisor, () => ({ name: '周师傅', type: 'individual', legalForm: 'person', stage: 'prospect' }), [worker, leader, ...readers]),
  aCase('revisePartner', leader, () => ({ ref: ref(roster, group), services: ['合唱', '伴奏'] }), [worker, otherLeader, ...readers]),
  aCase('convertPartner', supervisor, () => ({ partner: ref(roster, group), to: 'business', on: '2026-06-01' }), [worker, leader, ...readers]),
  aCase('addGrid', supervisor, () => ({ code: 'g9', name: '第九网格' }), [worker, leader, ...readers]),
  aCase('reviseGrid', supervisor, (t) => ({ ref: t.run('addGrid', { code: 'g9', name: '第九网格' })[0]!.ref, name: '东区' }), [worker, leader, ...readers]),
  aCase('addBuilding', worker, () => ({ grid: 'g1', name: '2栋' }), [otherWorker, leader, ...readers]),
  aCase('addHousehold', worker, () => ({ grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '201' }), [otherWorker, leader, ...readers]),
  aCase('reviseHousehold', worker, () => ({ ref: door, heads: 3 }), [otherWorker, leader, ...readers]),
  aCase('addVolunteer', worker, () => ({ grid: 'g1', name: '张桂芳' }), [otherWorker, leader, ...readers]),
  aCase('reviseVolunteer', worker, (t) => ({ ref: t.run('addVolunteer', { grid: 'g1', name: '张桂芳' })[0]!.ref, skills: ['二胡'] }), [otherWorker, leader, ...readers]),
  aCase('addMember', leader, () => ({ partner: group, number: anna, name: '张姐' }), [worker, otherLeader, ...readers]),
  aCase('addResident', worker, () => zhou, [otherWorker, leader, ...readers]),
  aCase('reviseResident', worker, (t) => ({ ref: aResident(t), name: '周大爷爷' }), [otherWorker, leader, ...readers]),
  aCase('giveConsent', worker, (t) => ({ resident: aResident(t), purpose: 'photo', way: 'written' }), [otherWorker, leader, ...readers]),
  aCase('withdrawConsent', worker, (t) => ({ resident: aResident(t), purpose: 'registration' }), [otherWorker, leader, ...readers]),
  aCase('tagCare', worker, (t) => ({ resident: aResident(t), tag: 'livesAlone', reason: '儿女在外地' }), [otherWorker, leader, ...readers]),
  aCase('readMasked', worker, (t) => ({ resident: aResident(t), fields: ['name'] }), [otherWorker, leader, ...readers]),
  aCase('erasePerson', supervisor, (t) => ({ ref: aResident(t), why: 'asked' }), [worker, otherWorker, leader, ...readers]),
  aCase('tellNeed', worker, () => lamp, [otherWorker, leader, ...readers]),
  aCase('moveNeed', worker, (t) => ({ ref: t.run('tellNeed', lamp)[0]!.ref, to: 'withdrawn', reason: '修好了' }), [otherWorker, leader, ...readers]),
  aCase('reviseNeed', worker, (t) => ({ ref: t.run('tellNeed', lamp)[0]!.ref, title: '灯坏了' }), [otherWorker, leader, ...readers]),
  aCase('mergeRecords', supervisor, () => ({ stays: ref(roster, group), goes: ref(roster, bakery), take: [] }), [worker, leader, ...readers]),
  aCase('keepApart', supervisor, () => ({ one: ref(roster, group), other: ref(roster, bakery) }), [worker, leader, ...readers]),
  aCase('reopenPair', supervisor, (t) => ({ pair: t.run('keepApart', { one: ref(roster, group), other: ref(roster, bakery) })[0]!.ref }), [worker, leader, ...readers]),
  aCase('importRows', supervisor, () => ({ list: 'partners', grids: [], groups: [], rows: JSON.stringify([{ row: 2, fields: { name: '周师傅', type: 'individual' } }]), unreadable: 0, leaveOutWrong: false }), [worker, leader, ...readers]),
  aCase('issueCertificate', supervisor, () => aCertificate, [worker, leader, ...readers]),
  aCase('withdrawCertificate', supervisor, (t) => ({ ref: t.run('issueCertificate', aCertificate)[0]!.ref, why: 'mistake' }), [worker, leader, ...readers]),
  aCase('takeBackImport', supervisor, (t) => {
    const rows = JSON.stringify([{ row: 2, fields: { name: '周师傅', type: 'individual' } }]);
    return { ref: t.run('importRows', { list: 'partners', grids: [], groups: [], rows, unreadable: 0, leaveOutWrong: false }).at(-1)!.ref, list: 'partners', grids: [], groups: [] };
  }, [worker, leader, ...readers]),
  aCase('addPointsRule', supervisor, () => ({ serviceClass: 'care', pointsPerHour: 15, validFrom: today }), [worker, leader, ...readers]),
  aCase('addReward', supervisor, () => rice, [worker, leader, ...readers]),
  aCase('reviseReward', supervisor, (t) => ({ ref: t.run('addReward', rice)[0]!.ref, points: 60 }), [worker, leader, ...readers]),
  aCase('redeemPoints', counter, (t) => ({ grant: aGrant(t), volunteer: anna, points: 30 }), [worker, leader, supervisor, otherCounter, monitor, district, stranger]),
  aCase('requestPoints', counter, (t) => ({ grant: aGrant(t), volunteer: cai, points: 30 }), [worker, leader, supervisor, otherCounter, monitor, district, stranger]),
  aCase('cancelRedemption', counter, (t) => ({ claim: aRedemption(t) }), [worker, leader, supervisor, otherCounter, monitor, district, stranger]),
  aCase('giveBackGrant', counter, (t) => ({ grant: aGrant(t) }), [worker, leader, supervisor, otherCounter, monitor, district, stranger]),
  aCase('settleCase', supervisor, (t) => ({ verdict: aForkedVerdict(t), decision: 'void' }), [worker, leader, ...readers]),
  aCase('writeOffGrant', supervisor, (t) => ({ grant: aGrant(t) }), [worker, leader, ...readers]),
  aCase('chooseValue', supervisor, (t) => {
    const apart = tabletOf({ ...supervisor, person: 'per_2', device: 'he2dev' }, t);
    apart.run('revisePartner', { ref: ref(roster, group), place: '三楼' });
    const stated = t.run('revisePartner', { ref: ref(roster, group), place: '二楼' })[0]!;
    for (const fact of apart.facts(roster, group)) t.add(roster, fact);
    return { ref: stated.ref, field: 'place', fact: stated.fact };
  }, [worker, otherLeader, ...readers]),
  aCase('undo', worker, (t) => ({ facts: [aVisit(t)] }), [otherWorker, leader, ...readers]),
  aCase('restore', worker, (t) => {
    const first = aVisit(t);
    t.run('reviseVisit', { ref: first.ref, outcome: 'declined' });
    return first;
  }, [otherWorker, leader, ...readers]),
  aCase('remove', leader, (t) => ({ ref: aPlan(t).ref }), [otherLeader, ...readers]),
];

test('[CM1] every command is covered by a case', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(commands).sort());
});

for (const { name, who, input, barred } of cases) {
  test(`[CM1] ${name}: what it states passes the gate for ${who.role}, and is refused for everybody else`, () => {
    const tablet = tabletOf(who, seeded());
    const value = input(tablet);
    const decided = tablet.decide(name, value);
    if (!decided.ok) throw new Error(JSON.stringify(decided.error));
    expect(decided.value.length).toBeGreaterThan(0);
    for (const statement of decided.value) {
      expect(tablet.refusal(who, statement)).toBeUndefined();
      for (const other of barred) expect(tablet.refusal(other, statement), other.role).toBeDefined();
    }
    for (const other of barred) {
      const theirs = tabletOf(other, tablet);
      if (other.community === community) expect(refused(theirs.decide(name, value)), other.role).toEqual({ type: 'NotAllowed' });
    }
  });
}

test('[CM2] an input that is missing or wrong is named by field and nothing is stated', () => {
  const tablet = tabletOf(worker, seeded());
  const visit = { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met' };
  const error = (input: unknown) => refused(tablet.decideRaw('recordVisit', input));
  expect(error({ ...visit, outcome: undefined })).toEqual({ type: 'Missing', field: 'outcome' });
  expect(error({ ...visit, household: '' })).toEqual({ type: 'Missing', field: 'household' });
  expect(error({ ...visit, nextOn: '2026-02-30' })).toEqual({ type: 'Invalid', field: 'nextOn' });
  expect(error({ ...visit, note: '长'.repeat(2_001) })).toEqual({ type: 'Invalid', field: 'note', why: 'too-long' });
  expect(error({ ...visit, household: 'hou_nowhere' })).toEqual({ type: 'NotFound', record: 'hou_nowhere' });
  expect(error({ ...visit, idCard: '510…' })).toMatchObject({ type: 'Invalid' });
  expect(error(null)).toMatchObject({ type: 'Missing' });
});

test('[CM2] text is cleaned before it enters a statement and never cut', () => {
  const tablet = tabletOf(worker, seeded());
  const decided = tablet.decide('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met', note: `  𠮷\ud842 说\u0000好  ` });
  expect(decided.ok && decided.value[0]?.set['note']).toBe('𠮷\ufffd 说好');
  const long = '𠮷'.repeat(2_000);
  const kept = tablet.decide('recordVisit', { grid: 'g1', household: 'hou_101', visitedAt: morning, outcome: 'met', note: long });
  expect(kept.ok && kept.value[0]?.set['note']).toBe(long);
});

test('[CM3] a change that changes nothing is not stated', () => {
  const tablet = tabletOf(leader, seeded());
  const plan = aPlan(tablet);
  expect(refused(tablet.decide('reviseActivity', { ref: plan.ref, title: singing.title, note: '' }))).toEqual({ type: 'NothingChanged' });
  expect(refused(tablet.decide('recordAttendance', { activity: plan.ref, present: [], absent: [cai] }))).toEqual({ type: 'NothingChanged' });
});

test('[CM1] an unknown command, or one named like a property of every object, does not exist', () => {
  expect(commandNamed('constructor')).toBeUndefined();
  expect(commandNamed('__proto__')).toBeUndefined();
  expect(commandNamed('fly')).toBeUndefined();
});

test('[CM1] a record of another community is out of reach', () => {
  const tablet = tabletOf(supervisor, seeded());
  const foreign = { room: { community: 'elsewhere', family: 'roster' as const }, record: group };
  expect(refused(tablet.decide('revisePartner', { ref: foreign, name: '改名' }))).toEqual({ type: 'NotFound', record: group });
  expect(tablet.refusal(supervisor, { room: foreign.room, record: group, kind: 'partner', set: { name: '改名' } })).toBeDefined();
});

test('[CM1, GT7] a form whose every field is short enough, but which is too large as one fact, is named and not saved', () => {
  const tablet = tabletOf(supervisor, seeded());
  const services = Array.from({ length: 24 }, (_, nth) => `${nth}${'务'.repeat(190)}`);
  const input = { ref: ref(roster, group), services, note: '注'.repeat(2_000) };
  expect(refused(tablet.decide('revisePartner', input))).toEqual({ type: 'Invalid', field: 'services', why: 'too-long' });
  expect(tablet.run('revisePartner', { ...input, services: services.slice(0, 12) })).toHaveLength(1);
});
