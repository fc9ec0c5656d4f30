/** What the screens are given: the passbook line by line, quotas, names of doors, addresses of records. */
import { expect, test } from 'vitest';
import { quotaOf } from '../../../src/client/queries/partners.ts';
import { passbookOf } from '../../../src/client/queries/passbook.ts';
import { recordPath, refOfPath } from '../../../src/client/queries/ref.ts';
import { chain, combine, joined } from '../../../src/client/queries/live.ts';
import type { Live, Row } from '../../../src/replica/contract.ts';
import type { Listed } from '../../../src/domain/kernel/listed.ts';
import { issuedAccount, volunteerAccount } from '../../../src/domain/points/accounts.ts';
import type { PointsEntryFields } from '../../../src/domain/points/schema.ts';
import type { PartnerFields } from '../../../src/domain/roster/schema.ts';
import { anna } from '../../support/community.ts';
import { aRule, anActivity, anAttendance } from '../../support/pointsWorld.ts';

const rowOf = <F>({ id, fields }: Listed<F>, bornAt = 0): Row<F> => ({
  id, fields, kind: '', room: '', parent: '', holder: '', order: '', clashes: [], bornAt, changedAt: bornAt, changedBy: '',
});

const rule = aRule('general', 10, '2026-01-01');
const singing = anActivity('2026-05-12', '09:00');
const came = anAttendance(singing, anna, 25);

function entry(id: string, points: number, more: Partial<PointsEntryFields> = {}, bornAt = 0): Row<PointsEntryFields> {
  const fields: PointsEntryFields = {
    volunteer: anna, points, debit: issuedAccount, credit: volunteerAccount(anna), activity: singing.id, attendance: came.id,
    fact: 'aaaa-1', hoursTenths: 20, rule: rule.id, occurredOn: '2026-05-12', reason: 'service', ...more,
  };
  return rowOf({ id, fields }, bornAt);
}
const takenBack = (id: string, points: number, reverses: string, bornAt: number) =>
  entry(id, points, { debit: volunteerAccount(anna), credit: issuedAccount, reason: 'correction', reverses }, bornAt);

const book = (entries: readonly Row<PointsEntryFields>[], attendances = [came], activities = [singing]) =>
  passbookOf({ attendances: attendances.map((each) => rowOf(each)), activities: activities.map((each) => rowOf(each)), entries, rules: [rowOf(rule)] });

test('[PN3] a passbook keeps confirmed and provisional points apart and gives each line its reason', () => {
  const { confirmed, provisional, months } = book([]);
  expect([confirmed, provisional]).toEqual([0, 25]);
  expect(months.map(({ month, lines }) => [month, lines.map((line) => [line.points, line.confirmed, line.reason?.type])])).toEqual([['2026-05', [[25, 0, 'rule']]]]);
});

test('[PN3] a correction stands in the passbook: what was posted, what was taken back, what it is now', () => {
  const { confirmed, provisional, months } = book([takenBack('pen_b', 20, 'pen_a', 2), entry('pen_c', 25, { hoursTenths: 25 }, 3), entry('pen_a', 20, {}, 1)]);
  expect([confirmed, provisional]).toEqual([25, 0]);
  expect(months[0]?.lines[0]?.entries.map(({ points }) => points)).toEqual([20, -20, 25]);
});

test('[PN3] an attendance that was withdrawn keeps its line as long as the ledger speaks of it', () => {
  const reversed = book([entry('pen_a', 20, {}, 1), takenBack('pen_b', 20, 'pen_a', 2)], []);
  expect([reversed.confirmed, reversed.provisional]).toEqual([0, 0]);
  expect(reversed.months[0]?.lines).toMatchObject([{ attended: undefined, points: undefined, confirmed: 0 }]);
});

test('[AC2] a day of more than 24 hours is flagged on each of its lines', () => {
  const late = anActivity('2026-05-12', '14:00');
  const { overlong, months } = book([], [anAttendance(singing, anna, 130), anAttendance(late, anna, 120)], [singing, late]);
  expect(overlong.map((day) => [day.on, day.hoursTenths])).toEqual([['2026-05-12', 250]]);
  expect(months[0]?.lines.map((line) => line.overlong)).toEqual([true, true]);
});

test('a quota counts what was held in the running week, month, quarter or year', () => {
  const partner: PartnerFields = { name: '邻聚', type: 'business', legalForm: 'organisation', stage: 'active', activityQuota: 4 };
  const days = ['2026-01-02', '2026-04-01', '2026-05-03', '2026-05-04', '2026-05-12', '2026-05-13'];
  const activities = [...days.map((day) => rowOf(anActivity(day, '09:00'))), rowOf(anActivity('2026-05-05', '09:00', { status: 'cancelled' }))];
  // 2026-05-10 is a Sunday, the last day of the week that began on Monday the 4th.
  const heldIn = (per?: PartnerFields['activityQuotaPer'], today = '2026-05-12') => quotaOf({ ...partner, ...(per ? { activityQuotaPer: per } : {}) }, activities, today)?.held;
  expect([heldIn('week', '2026-05-10'), heldIn('week'), heldIn('month'), heldIn('quarter'), heldIn('year'), heldIn()]).toEqual([1, 1, 3, 4, 5, 3]);
  const { activityQuota: _none, ...unbound } = partner;
  expect(quotaOf(unbound, activities, '2026-05-12')).toBeUndefined();
});

test('the address of a record leads back to it, whatever its room', () => {
  for (const room of [{ community: 'shuangbai', family: 'roster' as const }, { community: 'shuangbai', family: 'visits' as const, grid: 'g01', month: '2026-05' }]) {
    const ref = { room, record: came.id };
    expect(refOfPath(recordPath(ref).slice('/record/'.length))).toEqual(ref);
  }
  expect([refOfPath(''), refOfPath('nonsense'), refOfPath('v1/shuangbai/roster/'), refOfPath('v2/shuangbai/roster/par_x')]).toEqual([undefined, undefined, undefined, undefined]);
});

/** A source one can push values into, that knows how many listen. */
function pushed<T>(first?: T) {
  const runs = new Set<(value: T) => void>();
  const live: Live<T> = {
    subscribe(run) {
      runs.add(run);
      if (first !== undefined) run(first);
      return () => void runs.delete(run);
    },
  };
  return { live, push: (value: T) => runs.forEach((run) => run(value)), listeners: () => runs.size };
}

test('live values report once all sources have, follow the newest, and let go of their sources', () => {
  const one = pushed<number>();
  const two = pushed('a');
  const seen: string[] = [];
  const stop = combine({ one: one.live, two: two.live }, (values) => `${values.one}${values.two}`).subscribe((value) => seen.push(value));
  expect(seen).toEqual([]);
  one.push(1);
  two.push('b');
  expect(seen).toEqual(['1a', '1b']);
  stop();
  expect([one.listeners(), two.listeners()]).toEqual([0, 0]);

  const inner = [pushed('x'), pushed('y')] as const;
  const outer = pushed(0);
  const followed: string[] = [];
  const stopThen = chain(outer.live, (index) => (inner[index as 0 | 1] ?? inner[0]).live).subscribe((value) => followed.push(value));
  outer.push(1);
  inner[0].push('old');
  inner[1].push('z');
  expect([followed, inner[0].listeners()]).toEqual([['x', 'y', 'z'], 0]);
  stopThen();
  expect([outer.listeners(), inner[1].listeners()]).toEqual([0, 0]);

  const none: number[][] = [];
  joined<number>([]).subscribe((value) => none.push([...value]));
  expect(none).toEqual([[]]);
});
