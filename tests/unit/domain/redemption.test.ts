import { expect, test } from 'vitest';
import { given } from '../../../src/domain/kernel/edit.ts';
import { dayMs } from '../../../src/domain/kernel/time.ts';
import { decideAllotment } from '../../../src/domain/redemption/allotment.ts';
import { decideBookings } from '../../../src/domain/redemption/booking.ts';
import { claimId, grantId, hashInClaim } from '../../../src/domain/redemption/ids.ts';
import type { ClaimFields } from '../../../src/domain/redemption/schema.ts';
import { anna, counter, morning, seededFor } from '../../support/redemptionCases.ts';
import { claims, aGrant, aForkedVerdict } from '../../support/counterWorld.ts';
import { refused } from '../../support/tablet.ts';

test('[PN8] a reward costs what it costs today, and is handed out in its days only', () => {
  const tablet = seededFor(counter);
  const grant = aGrant(tablet);
  const rice = tablet.asOffice('addReward', { name: '大米', points: 20, until: '2026-05-12' });
  expect(refused(tablet.counter.decide('redeemPoints', { grant, volunteer: anna, points: 25, reward: rice, quantity: 1 }))).toEqual({ type: 'Invalid', field: 'points' });
  expect(tablet.counter.decide('redeemPoints', { grant, volunteer: anna, points: 40, reward: rice, quantity: 2 }).ok).toBe(true);
  tablet.counter.now = morning + dayMs;
  expect(refused(tablet.counter.decide('redeemPoints', { grant, volunteer: anna, points: 20, reward: rice, quantity: 1 }))).toEqual({ type: 'Invalid', field: 'reward', why: 'not-today' });
});

test('[PN4] each claim follows the one before, a second window of the tablet included, and not one point more than was held', () => {
  const { counter: tablet } = seededFor(counter);
  const grant = aGrant(tablet);
  const first = tablet.run('redeemPoints', { grant, volunteer: anna, points: 30 })[0]!;
  const second = tablet.run('redeemPoints', { grant, volunteer: anna, points: 20 })[0]!;
  expect(tablet.find(claims, second.ref.record)?.fields).toMatchObject({ seq: 2, prev: first.ref.record.slice(-32) });
  expect(refused(tablet.decide('redeemPoints', { grant, volunteer: anna, points: 1 }))).toEqual({ type: 'Invalid', field: 'points', why: 'not-held' });
  tablet.run('cancelRedemption', { claim: first.ref });
  expect(refused(tablet.decide('cancelRedemption', { claim: first.ref }))).toEqual({ type: 'NothingChanged' });
  tablet.run('redeemPoints', { grant, volunteer: anna, points: 30 });
  tablet.run('giveBackGrant', { grant });
  expect(refused(tablet.decide('redeemPoints', { grant, volunteer: anna, points: 1 }))).toEqual({ type: 'NotFound', record: grant });
});

test('[PN6] a tablet of which there are two hands out for nothing until the office has looked', () => {
  const { counter: tablet } = seededFor(counter);
  const grant = aGrant(tablet);
  aForkedVerdict(tablet);
  expect(refused(tablet.decide('redeemPoints', { grant, volunteer: anna, points: 1 }))).toEqual({ type: 'Invalid', field: 'grant', why: 'frozen' });
});

test('[PN15] a grant goes on for a week within its month; then another is opened, and nothing is taken from the old one', () => {
  const purse = { of: (account: string) => (account === `volunteer:${anna}` ? 40 : 0), owed: () => 0, overdue: () => 0 };
  const ask = (openedAt: number, month: string, now: number) =>
    decideAllotment({
      device: 'kodev', person: 'per_ko', partner: undefined, grantsThisMonth: month === '2026-05' ? 1 : 0, moves: [], counters: 2, volunteers: [anna],
      newest: { id: grantId(month, 'kodev', 1), fields: { month, device: 'kodev', nth: 1, person: 'per_ko', openedAt }, closed: false },
    }, purse, now).map(({ kind, record, fields }) => [kind, record, 'points' in fields ? fields.points : undefined]);
  const share = (nth: number) => ['pointsMove', `pmv_2026-05.kodev.${String(nth)}.0`, 20];
  expect(ask(morning - 6 * dayMs, '2026-05', morning)).toEqual([share(1)]);
  expect(ask(morning - 8 * dayMs, '2026-05', morning)).toEqual([['grant', 'grt_2026-05.kodev.2', undefined], share(2)]);
  expect(ask(morning - 2 * dayMs, '2026-04', morning)).toEqual([['grant', 'grt_2026-05.kodev.1', undefined], share(1)]);
});

test('[PN6] a request that comes in with the first claim of a copy, or under another grant of its tablet, is given nothing', () => {
  const { month, device } = { month: '2026-05', device: counter.device };
  const grant = { id: grantId(month, device, 1), fields: { month, device, nth: 1, person: counter.person, openedAt: morning } };
  const claim = (points: number, prev?: string) => {
    const fields: ClaimFields = { grant: grant.id, seq: prev === undefined ? 1 : 2, type: 'redeem', volunteer: anna, points, madeAt: morning, ...(prev !== undefined && { prev }) };
    return { id: claimId(given({ ...fields })), fields };
  };
  const first = claim(1);
  const asked = { id: 'req_1', fields: { grant: grant.id, volunteer: anna, points: 30 } };
  const purse = { owed: () => 0, overdue: () => 0, of: (account: string) => (account.startsWith('held:') ? 10 : 100) };
  const answerTo = (claims: readonly (typeof first)[], frozen: boolean) =>
    decideBookings({ grant, claims, requests: [asked], settlements: [], writtenOff: false, frozen, verdicts: [], moves: [] }, purse, morning).flatMap(({ kind, fields }) => (kind === 'verdict' && fields.about === asked.id ? [fields.result] : []));
  expect(answerTo([first, claim(2, hashInClaim(first.id))], false)).toEqual(['given']);
  expect(answerTo([first, claim(2)], false)).toEqual(['short']);
  expect(answerTo([first], true)).toEqual(['short']);
});
