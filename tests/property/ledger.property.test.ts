import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { balances, standingEntries } from '../../src/domain/points/balance.ts';
import { provisionalPoints } from '../../src/domain/points/provisional.ts';
import type { ActivityFields, AttendanceFields } from '../../src/domain/activity/schema.ts';
import type { PointsRuleFields } from '../../src/domain/points/schema.ts';
import { foldRecord } from '../../src/domain/kernel/fold.ts';
import { aRule, anActivity, anAttendance, Authority, Stater } from '../support/pointsWorld.ts';
import { shuffled } from './histories.ts';
import { runs } from './settings.ts';

const volunteers = ['SB0001', 'SB0002', 'SB0003'];
const activities = [anActivity('2026-05-12', '08:00'), anActivity('2026-05-12', '14:00'), anActivity('2026-05-13', '09:00', { serviceClass: 'care' }), anActivity('2026-05-31', '20:00')];
const rules = [aRule('general', 10, '2026-01-01', { activityCap: 35, dayCap: 50, monthCap: 90 }), aRule('general', 7, '2026-05-13', { dayCap: 30 }), aRule('care', 15, '2026-01-01')];

/** What one of two tablets does, most of it more than once and on what it happens to have heard. */
const act = fc.record({
  tablet: fc.nat(1),
  hears: fc.boolean(),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('attend' as const), activity: fc.nat(3), volunteer: fc.nat(2), hoursTenths: fc.integer({ min: 1, max: 60 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('withdraw' as const), activity: fc.nat(3), volunteer: fc.nat(2), deleted: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('status' as const), activity: fc.nat(3), status: fc.constantFrom('held', 'held', 'cancelled', 'planned') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('reclass' as const), activity: fc.nat(3), serviceClass: fc.constantFrom('general', 'care', 'none') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('move' as const), activity: fc.nat(3), hours: fc.integer({ min: -10, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('rule' as const), rule: fc.nat(2), deleted: fc.boolean() }) },
  ),
});

/** Facts in the order they were stated: the log of one month, with clashes, corrections and changed rules. */
const months: fc.Arbitrary<Fact[]> = fc.array(act, { minLength: 12, maxLength: 40 }).map((acts) => {
  const tablets = [new Stater('anna'), new Stater('bobo')] as const;
  const all: Fact[] = [];
  // A fact's clock may lie: each tablet counts its own.
  const setup = new Stater('seed');
  setup.state('pointsRule', rules[0]!.id, rules[0]!.fields);
  for (const { id, fields } of activities) setup.state('activity', id, fields);
  all.push(...setup.facts);
  for (const { tablet, hears, what } of acts) {
    const stater = tablets[tablet as 0 | 1];
    const heard = hears ? all : setup.facts;
    if (what.type === 'rule') {
      const rule = rules[what.rule]!;
      const known = heard.some((fact) => fact.record === rule.id);
      all.push(known ? stater.change('pointsRule', rule.id, { deleted: what.deleted }, heard) : stater.state('pointsRule', rule.id, rule.fields));
      continue;
    }
    const activity = activities[what.activity]!;
    if (what.type === 'attend' || what.type === 'withdraw') {
      const attendance = anAttendance(activity, volunteers[what.volunteer]!, what.type === 'attend' ? what.hoursTenths : 10);
      const known = [...heard, ...stater.facts].some((fact) => fact.record === attendance.id);
      const set = what.type === 'attend' ? { hoursTenths: attendance.fields.hoursTenths } : { deleted: what.deleted };
      all.push(known ? stater.change('attendance', attendance.id, set, heard) : stater.state('attendance', attendance.id, attendance.fields));
      continue;
    }
    const startsAt = activity.fields.startsAt;
    const set = what.type === 'status' ? { status: what.status } : what.type === 'reclass' ? { serviceClass: what.serviceClass } : { startsAt: startsAt + what.hours * 3_600_000, endsAt: startsAt + (what.hours + 1) * 3_600_000 };
    all.push(stater.change('activity', activity.id, set, heard));
  }
  return all;
});

const standing = (authority: Authority) =>
  standingEntries(authority.listed())
    .map(({ fields }) => [fields.attendance, fields.points, fields.rule, fields.hoursTenths, fields.occurredOn].join(' '))
    .sort();
const held = (authority: Authority) => [...balances(authority.listed())].filter(([, points]) => points !== 0).sort();

const batches = (facts: readonly Fact[], cuts: readonly number[]): Fact[][] => {
  const bounds = [0, ...[...cuts].map((cut) => cut % (facts.length + 1)).sort((a, b) => a - b), facts.length];
  return bounds.slice(1).map((to, index) => facts.slice(bounds[index], to));
};

const arrivals = months.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts), fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), fc.subarray(facts)));

/** The same facts at once, and in another order in batches with repetitions. */
function bothWays([facts, mixed, cuts, again]: [Fact[], Fact[], number[], Fact[]], create: () => Authority = () => new Authority()): readonly [Authority, Authority] {
  const [atOnce, inBatches] = [create(), create()];
  atOnce.receive(facts);
  atOnce.post();
  for (const batch of [...batches(mixed, cuts), again]) {
    inBatches.receive(batch);
    inBatches.post();
  }
  return [atOnce, inBatches];
}

test('[PN12] whatever the order and the batches in which facts come in, the same entries stand and balances are equal', () => {
  let reversals = 0;
  fc.assert(
    fc.property(arrivals, (arrival) => {
      const [atOnce, inBatches] = bothWays(arrival);
      reversals += inBatches.entries.filter((entry) => entry.fields['reverses'] !== undefined).length;
      expect(standing(inBatches)).toEqual(standing(atOnce));
      expect(held(inBatches)).toEqual(held(atOnce));
    }),
    runs(250),
  );
  expect(reversals).toBeGreaterThan(100);
});

test('[PN12] the comparison sees an authority that never takes anything back', () => {
  class Stubborn extends Authority {
    override decide() {
      const paid = new Set(this.entries.map((entry) => entry.fields['attendance']));
      return super.decide().filter(({ fields }) => fields.reverses === undefined && !paid.has(fields.attendance));
    }
  }
  const agreed = fc.property(arrivals, (arrival) => {
    const [atOnce, inBatches] = bothWays(arrival, () => new Stubborn());
    return standing(atOnce).join() === standing(inBatches).join();
  });
  expect(fc.check(agreed, runs(250)).failed).toBe(true);
});

test('[PN13] asked again it posts nothing, cut off anywhere it ends at the same entries', () => {
  fc.assert(
    fc.property(months, fc.nat(), (facts, cut) => {
      const whole = new Authority();
      whole.receive(facts);
      const postings = whole.post();
      expect(whole.post()).toEqual([]);
      const torn = new Authority();
      torn.receive(facts);
      torn.write(postings.slice(0, cut % (postings.length + 1)));
      torn.post();
      expect(torn.listed()).toEqual(expect.arrayContaining(whole.listed()));
      expect(torn.entries).toHaveLength(whole.entries.length);
    }),
    runs(150),
  );
});

test('[PN1] all accounts sum to zero, nobody is below zero, ids are unique and nothing is reversed twice', () => {
  fc.assert(
    fc.property(months, fc.array(fc.nat(), { maxLength: 8 }), (facts, cuts) => {
      const authority = new Authority();
      for (const batch of batches(facts, cuts)) {
        authority.receive(batch);
        authority.post();
      }
      const totals = balances(authority.listed());
      expect([...totals.values()].reduce((sum, points) => sum + points, 0)).toBe(0);
      for (const [account, points] of totals) if (account !== 'issued') expect(points).toBeGreaterThanOrEqual(0);
      const ids = authority.entries.map(({ record }) => record);
      expect(new Set(ids).size).toBe(ids.length);
      const reversed = authority.listed().flatMap(({ fields }) => fields.reverses ?? []);
      expect(new Set(reversed).size).toBe(reversed.length);
    }),
    runs(150),
  );
});

test('[PN3] a tablet that knows what the authority knows shows nothing provisional', () => {
  fc.assert(
    fc.property(months, (facts) => {
      const authority = new Authority();
      authority.receive(facts);
      authority.post();
      const records = [...new Set(facts.map((fact) => fact.record))].flatMap((id) => foldRecord(facts.filter((fact) => fact.record === id)) ?? []).filter(({ deleted }) => !deleted);
      const rows = <F>(kind: string) => records.filter((record) => record.kind === kind).map((record) => ({ id: record.record, fields: record.fields as F }));
      const book = provisionalPoints({
        attendances: rows<AttendanceFields>('attendance'), activities: rows<ActivityFields>('activity'), rules: rows<PointsRuleFields>('pointsRule'), entries: authority.listed(),
      });
      expect(book.provisional).toBe(0);
      expect(book.elsewhere).toEqual([]);
      expect(book.lines.every((line) => line.points === (line.confirmed?.fields.points ?? 0))).toBe(true);
    }),
    runs(150),
  );
});
