import { expect, test } from 'vitest';
import { checkFact, type FactProblem } from '../../../src/domain/check.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../../src/domain/kernel/fold.ts';
import type { RoomAddress } from '../../../src/domain/kernel/room.ts';
import { kinds } from '../../../src/domain/kinds.ts';
import { activityId } from '../../../src/domain/activity/schema.ts';
import { anna, authority, community, group, leader, logOf, morning, otherLeader, peopleOf, roster, singing, supervisor, today, worker } from '../../support/community.ts';

const doorFact: Fact = {
  id: 'lidev-0', record: 'hou_0mwsyb564lidev0', kind: 'household', base: [], by: worker.person, at: morning,
  set: { grid: 'g1', building: 'bld_1', unit: 1, floor: 3, door: '301' },
};
const door = (more: Partial<Fact> = {}): Fact => ({ ...doorFact, ...more });
const check = (fact: Fact, { actor = worker, room = peopleOf('g1'), held = [] }: { actor?: Actor; room?: RoomAddress; held?: Fact[] } = {}): FactProblem | undefined =>
  checkFact(actor, room, fact, foldRecord(held), (id, record) => held.some((each) => each.id === id && each.record === record));

test('[CK1] a fact belongs to the room of its kind, its grid and its community', () => {
  expect(check(door())).toBeUndefined();
  expect(check(door({ kind: 'ghost' }))).toEqual({ fault: 'unknown-kind' });
  expect(check(door({ kind: '__proto__' }))).toEqual({ fault: 'unknown-kind' });
  expect(check(door(), { room: roster })).toEqual({ fault: 'wrong-room' });
  expect(check(door(), { room: peopleOf('g2') })).toEqual({ fault: 'wrong-room' });
  expect(check(door(), { room: { ...peopleOf('g1'), community: 'elsewhere' } })).toEqual({ fault: 'wrong-room' });
});

test('[CK2] fields are the kind’s own, complete at birth, never emptied when required', () => {
  const set = (more: Record<string, unknown>) => check(door({ set: { ...doorFact.set, ...more } as Fact['set'] }));
  expect(set({ idCard: '5101…' })).toEqual({ fault: 'bad-fields', field: 'idCard' });
  expect(set({ floor: 2.5 })).toEqual({ fault: 'bad-fields', field: 'floor' });
  expect(set({ door: '\ud842' })).toEqual({ fault: 'bad-fields', field: 'door' });
  expect(set({ deleted: 'yes' })).toEqual({ fault: 'bad-fields', field: 'deleted' });
  expect(set({ hint: null })).toEqual({ fault: 'bad-fields', field: 'hint' });
  const { door: _left, ...without } = doorFact.set as Record<string, never>;
  expect(check(door({ set: without }))).toEqual({ fault: 'bad-fields', field: 'door' });
  const change = (fields: Fact['set']) => check(door({ id: 'lidev-1', base: ['lidev-0'], set: fields }), { held: [doorFact] });
  expect(change({ door: null })).toEqual({ fault: 'bad-fields', field: 'door' });
  expect(change({ hint: null, heads: 2 })).toBeUndefined();
});

test('[CK3] an id is of its kind and derived where the kind derives it; kind and fixed fields stay', () => {
  expect(check(door({ record: 'par_1' }))).toEqual({ fault: 'wrong-id' });
  expect(check(door({ id: 'lidev-1' }), { held: [doorFact] })).toEqual({ fault: 'wrong-id' });
  const id = activityId(group, singing.startsAt);
  const log: Fact = { id: 'chendev-0', record: id, kind: 'activity', base: [], by: leader.person, at: morning, set: { ...singing, status: 'planned' } };
  expect(check(log, { actor: leader, room: logOf() })).toBeUndefined();
  expect(check({ ...log, id: 'chendev-1' }, { actor: leader, room: logOf(), held: [log] })).toBeUndefined();
  expect(check({ ...log, record: `${id}0` }, { actor: leader, room: logOf() })).toEqual({ fault: 'wrong-id' });
  const moved: Fact = { ...log, id: 'chendev-2', base: ['chendev-0'], set: { organiser: 'par_bakery' } };
  expect(check(moved, { actor: leader, room: logOf(), held: [log] })).toEqual({ fault: 'fixed-field', field: 'organiser' });
  expect(check({ ...moved, kind: 'attendance', set: { hoursTenths: 5 } }, { actor: leader, room: logOf(), held: [log] })).toEqual({ fault: 'kind-changed' });
});

test('[CK4] nobody states in another’s name or with another tablet’s counter', () => {
  expect(check(door({ by: 'per_other' }))).toEqual({ fault: 'wrong-author' });
  expect(check(door({ id: 'wudev-0' }))).toEqual({ fault: 'wrong-author' });
});

test('[CK5] a change stands on facts of the same record that the room holds', () => {
  const other = door({ id: 'lidev-7', record: 'hou_0mwsyb564lidev1' });
  const change = door({ id: 'lidev-1', base: ['lidev-0'], set: { heads: 2 } });
  expect(check(change, { held: [doorFact] })).toBeUndefined();
  expect(check(change)).toEqual({ fault: 'unknown-base' });
  expect(check({ ...change, base: ['lidev-9'] }, { held: [doorFact] })).toEqual({ fault: 'unknown-base' });
  expect(checkFact(worker, peopleOf('g1'), { ...change, base: ['lidev-7'] }, foldRecord([doorFact]), (id, record) => id === other.id && record === other.record)).toEqual({ fault: 'unknown-base' });
});

test('[CK6] who may is the kind’s word: grid, group, supervisor', () => {
  expect(check(door({ id: 'chendev-0', by: leader.person, record: 'hou_0mwsyb564chendev0' }), { actor: leader })).toEqual({ fault: 'not-allowed' });
  expect(check(door({ id: 'hedev-0', by: supervisor.person }), { actor: supervisor })).toBeUndefined();
  const activity = activityId(group, singing.startsAt);
  const attendance: Fact = {
    id: 'zhaodev-0', record: `att_${activity.slice(4)}-${anna}`, kind: 'attendance', base: [], by: otherLeader.person, at: morning,
    set: { activity, volunteer: anna, hoursTenths: 20 },
  };
  expect(check(attendance, { actor: otherLeader, room: logOf() })).toEqual({ fault: 'not-allowed' });
  expect(check({ ...attendance, id: 'chendev-0', by: leader.person }, { actor: leader, room: logOf() })).toBeUndefined();
});

test('[RM2] only the authority writes a ledger', () => {
  const entry: Fact = {
    id: 'hedev-0', record: 'pen_x.0', kind: 'pointsEntry', base: [], by: supervisor.person, at: morning,
    set: {
      volunteer: anna, points: 20, debit: 'issued', credit: `volunteer:${anna}`, activity: activityId(group, singing.startsAt), attendance: 'att_x',
      fact: 'lidev-1', hoursTenths: 20, rule: 'prl_general', occurredOn: today, reason: 'service',
    },
  };
  const ledger: RoomAddress = { community, family: 'ledger', month: '2026-05' };
  expect(check(entry, { actor: supervisor, room: ledger })).toEqual({ fault: 'not-allowed' });
  expect(check(entry, { actor: authority, room: ledger })).toBeUndefined();
});

test('[VS2] no kind has a field for identity numbers, health, faith or ethnicity', () => {
  const forbidden = /idcard|identity|passport|health|illness|disease|disab|religio|faith|ethnic|nationality|party/i;
  const fields = Object.values(kinds).flatMap((kind) => Object.keys(kind.entries).map((field) => `${kind.name}.${field}`));
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter((field) => forbidden.test(field))).toEqual([]);
});

test('[VS2, PN9] names of residents stand in people and members rooms only; elsewhere a person is a number', () => {
  for (const kind of [kinds.volunteer, kinds.member]) expect(['people', 'members']).toContain(kind.family);
  const personal = [kinds.activity, kinds.attendance, kinds.pointsEntry].flatMap((kind) => Object.keys(kind.entries)).filter((field) => /name|phone|door|address/i.test(field));
  expect(personal).toEqual([]);
  const attendance = (volunteer: string) =>
    check({ id: 'lidev-0', record: `att_choir.x-${volunteer}`, kind: 'attendance', base: [], by: worker.person, at: morning, set: { activity: 'act_choir.x', volunteer, hoursTenths: 5 } }, { room: logOf() });
  expect(attendance('张桂芳')).toEqual({ fault: 'bad-fields', field: 'volunteer' });
  expect(attendance('510124196001011234')).toEqual({ fault: 'bad-fields', field: 'volunteer' });
});

test('[CK3, PE2] a worker brings in only ids and volunteer numbers that this tablet made: those of other grids are out of reach', () => {
  expect(check(door({ record: 'hou_0mwsyb564wudev0' }))).toEqual({ fault: 'wrong-id' });
  const person = (number: string, more: Partial<Fact> = {}) => door({ record: `vol_${number}`, kind: 'volunteer', set: { grid: 'g1', number, name: '冒名' }, ...more });
  expect(check(person('SBWUDEV12'))).toEqual({ fault: 'not-allowed' });
  expect(check(person('SBLIDEV12'))).toBeUndefined();
  expect(check(person('SBWUDEV12', { id: 'hedev-0', by: supervisor.person }), { actor: supervisor })).toBeUndefined();
});
