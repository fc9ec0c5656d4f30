import { expect, test } from 'vitest';
import { CommunityPurse } from '../../../../server/authority/purse.ts';
import { addDays, instantOf } from '../../../../src/domain/kernel/time.ts';
import { expiredAccount, issuedAccount, redeemedAccount, volunteerAccount } from '../../../../src/domain/points/accounts.ts';
import { ruleOn } from '../../../../src/domain/points/awards.ts';
import { endingSoon, lastMonth, Lasting, type LastingLine } from '../../../../src/domain/points/lasting.ts';
import { decideAllotment } from '../../../../src/domain/redemption/allotment.ts';
import { decideLapses } from '../../../../src/domain/redemption/lapsing.ts';
import { anna, seeded, supervisor, tabletOf, today } from '../../../support/community.ts';
import { aRule, anActivity, anAttendance, Authority, Stater } from '../../../support/pointsWorld.ts';
import { refused } from '../../../support/tablet.ts';

const earned = (points: number, on: string, lastsUntil?: string): LastingLine => ({ debit: issuedAccount, credit: volunteerAccount(anna), points, reason: 'service', occurredOn: on, lastsUntil });
const spent = (points: number, on: string): LastingLine => ({ debit: volunteerAccount(anna), credit: redeemedAccount('kodev'), points, reason: 'redeemed', occurredOn: on });
const lapsed = (points: number, on: string): LastingLine => ({ debit: volunteerAccount(anna), credit: expiredAccount, points, reason: 'expired', occurredOn: on });
const reversed = (line: LastingLine): LastingLine => ({ ...line, debit: line.credit, credit: line.debit, reason: 'correction' });
function lastingOf(...lines: readonly LastingLine[]): Lasting {
  const lasting = new Lasting();
  for (const line of lines) lasting.note(line);
  return lasting;
}

test('[PX1] a row may say for how many months points last; without it they last for good, and rows keep their ids', () => {
  const general = { serviceClass: 'general', pointsPerHour: 12, validFrom: addDays(today, 1) } as const;
  const tablet = tabletOf(supervisor, seeded());
  for (const lastMonths of [11, 61, 12.5, 0]) expect(refused(tablet.decide('addPointsRule', { ...general, lastMonths })), String(lastMonths)).toMatchObject({ type: 'Invalid', field: 'lastMonths' });
  const [row] = tablet.run('addPointsRule', { ...general, lastMonths: 24 });
  expect(row!.ref.record).toBe(`prl_general.${general.validFrom}.12.x.x.x.m24`);
  expect(aRule('general', 12, '2026-01-01').id).toBe('prl_general.2026-01-01.12.x.x.x');
});

test('[PX1] of two rows of one day that pay alike, the one whose points last longer counts', () => {
  const [short, long, good] = [aRule('general', 10, '2026-01-01', { lastMonths: 12 }), aRule('general', 10, '2026-01-01', { lastMonths: 24 }), aRule('general', 10, '2026-01-01')];
  expect([ruleOn([short, long], 'general', '2026-05-01')?.id, ruleOn([long, short], 'general', '2026-05-01')?.id]).toEqual([long.id, long.id]);
  expect(ruleOn([good, long, short], 'general', '2026-05-01')?.id).toBe(good.id);
});

test('[PX1] [PX4] an entry says until when its points last, at least to the end of the month after it came in; a later row and a later run change nothing', () => {
  const [activity, next] = [anActivity('2026-05-12', '14:00'), anActivity('2026-05-13', '14:00')];
  const [first, second] = [anAttendance(activity, anna, 20), anAttendance(next, anna, 20)];
  const authority = new Authority();
  const tablet = new Stater('li01');
  const row = (validFrom: string, lastMonths?: number) => {
    const rule = aRule('general', 10, validFrom, lastMonths === undefined ? {} : { lastMonths });
    tablet.state('pointsRule', rule.id, rule.fields);
  };
  row('2026-01-01', 24);
  tablet.state('activity', activity.id, activity.fields);
  const fact = tablet.state('attendance', first.id, first.fields);
  authority.receive(tablet.facts);
  authority.post('2026-05');
  row('2026-05-13', 12);
  row('2026-06-01');
  authority.receive(tablet.facts);
  expect(authority.post('2028-09')).toEqual([]);
  expect(authority.listed().map(({ fields }) => fields.lastsUntil)).toEqual(['2028-05']);

  // Two and a half years late: told for a month, at least. What it was posted with goes when it is corrected.
  tablet.state('activity', next.id, next.fields);
  tablet.state('attendance', second.id, second.fields);
  authority.receive([...tablet.facts, tablet.change('attendance', first.id, { hoursTenths: 30 }, [fact])]);
  const posted = authority.post('2028-11').map(({ fields: { points, reason, lastsUntil } }) => [reason, points, lastsUntil]);
  expect(posted).toEqual([['correction', 20, '2028-05'], ['service', 30, '2028-12'], ['service', 20, '2028-12']]);
  expect([lastMonth('2026-05', 12, '2026-06'), lastMonth('2026-05', 12, '2027-04'), lastMonth('2026-05', 12, '2027-05')]).toEqual(['2027-05', '2027-05', '2027-06']);
});

test('[PX2] what lapses soonest is spent first; what is in its time stays, and what has had it goes once', () => {
  const books = [earned(100, '2026-01-10', '2027-01'), earned(50, '2026-02-10', '2027-02'), earned(30, '2026-02-11'), spent(120, '2026-06-01')];
  const lasting = lastingOf(...books);
  expect(['2027-01', '2027-02', '2027-03'].map((month) => lasting.overdue(60, month))).toEqual([0, 0, 30]);
  // Less is free than is in its time.
  expect(lasting.overdue(20, '2027-03')).toBe(0);
  expect(lastingOf(...books, lapsed(30, '2027-03-01')).overdue(30, '2030-01')).toBe(0);
  // What the community covered lapses not, though nobody earned it.
  expect(lastingOf().overdue(40, '2030-01')).toBe(0);
});

test('[PX6] a correction takes back the very points it reverses: if they had lapsed, that comes back', () => {
  const [old, other] = [earned(100, '2026-01-10', '2027-01'), earned(40, '2026-01-11', '2027-01')];
  const books = [old, other, spent(60, '2026-06-01'), lapsed(80, '2027-02-01')];
  expect(lastingOf(...books).lapsedTooMuch('2027-03')).toBe(0);
  expect(lastingOf(...books, reversed(other)).lapsedTooMuch('2027-03')).toBe(40);
  expect(lastingOf(...books, reversed(old)).lapsedTooMuch('2027-03')).toBe(80);
  // What was spent afterwards was other points.
  const later = [...books, earned(50, '2027-03-01', '2028-03'), spent(50, '2027-03-02')];
  expect(lastingOf(...later).lapsedTooMuch('2027-04')).toBe(0);
  expect(lastingOf(...later, reversed(other)).lapsedTooMuch('2027-04')).toBe(40);
});

const purseOf = (...lines: readonly LastingLine[]): CommunityPurse => {
  const purse = new CommunityPurse();
  lines.forEach((line, index) => purse.note({ kind: line.reason === 'service' ? 'pointsEntry' : 'pointsMove', record: `pmv_${String(index)}`, set: { ...line, volunteer: anna, lastsUntil: line.lastsUntil ?? '9999-12' } }));
  return purse;
};

test('[PX2] [PX5] one move for each volunteer and month, in the month it is posted, under an id made of both', () => {
  const now = instantOf('2027-02-01', '00:01');
  const purse = purseOf(earned(100, '2026-01-10', '2027-01'), earned(50, '2026-02-10', '2027-02'));
  expect(decideLapses(purse.standings(), new Map(), now)).toEqual([
    { kind: 'pointsMove', record: `pmv_2027-02.x.${anna}`, fields: { month: '2027-02', volunteer: anna, points: 100, debit: `volunteer:${anna}`, credit: 'expired', reason: 'expired', occurredOn: '2027-02-01' } },
  ]);
  expect(decideLapses(purse.standings(), new Map(), now - 60_001)).toEqual([]);
  // PX3: 130 wait for the office; the 50 in their time are not taken for the others.
  expect(decideLapses(purse.standings(), new Map([[anna, 30]]), now).map(({ fields }) => 'points' in fields && fields.points)).toEqual([70]);
  expect(decideLapses(purse.standings(), new Map([[anna, 130]]), now)).toEqual([]);
});

test('[PX3] what has had its time is not held anew for a counter', () => {
  const purse = purseOf(earned(60, '2026-01-10', '2027-01'), earned(20, '2026-02-10', '2027-02'));
  const held = (day: string) =>
    decideAllotment({ device: 'kodev', person: 'per_ko', partner: undefined, newest: undefined, grantsThisMonth: 0, moves: [], counters: 1, volunteers: [anna] }, purse, instantOf(day))
      .flatMap(({ kind, fields }) => (kind === 'pointsMove' ? fields.points : []));
  expect([held('2027-01-31'), held('2027-02-01'), held('2027-03-01')]).toEqual([[80], [20], []]);
});

test('[PX7] what lapses in this month and the two after it is told, month by month, less what is spent', () => {
  const books = [earned(100, '2026-01-10', '2027-01'), earned(50, '2026-02-10', '2027-02'), earned(30, '2026-05-11', '2027-05'), earned(10, '2026-05-12')];
  const ends = lastingOf(...books).ends();
  expect(ends).toEqual([{ until: '2027-01', points: 100 }, { until: '2027-02', points: 50 }, { until: '2027-05', points: 30 }]);
  expect(endingSoon(ends, '2026-10')).toEqual([]);
  expect(endingSoon(ends, '2026-12')).toEqual(ends.slice(0, 2));
  // Held over its time: it goes with the month that runs.
  expect(endingSoon(ends, '2027-03')).toEqual([{ until: '2027-03', points: 150 }, { until: '2027-05', points: 30 }]);
  expect(lastingOf(...books, spent(120, '2026-06-01')).ends()).toEqual([{ until: '2027-02', points: 30 }, { until: '2027-05', points: 30 }]);
});
