/** What the office has to look at about points: folds over verdicts, moves and what was settled. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../../../src/domain/kernel/time.ts';
import { heldAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../../../../src/domain/points/accounts.ts';
import { grantId, verdictId, writeOffId } from '../../../../src/domain/redemption/ids.ts';
import { casesOf, openRequests, outstandingGrants, redemptionsApart, shortfallOf } from '../../../../src/domain/redemption/review.ts';
import { grantTail, type GrantFields, type MoveReason, type PointsMoveFields, type VerdictFields } from '../../../../src/domain/redemption/schema.ts';
import { anna, bo, cai, morning } from '../../../support/community.ts';

const month = '2026-05';
const [shop, stall] = [grantId(month, 'shopdev', 1), grantId(month, 'stalldev', 1)];
const verdict = (about: string, fields: Partial<VerdictFields>) => ({
  id: verdictId(about), fields: { about, grant: shop, result: 'booked', seq: 1, type: 'redeem', volunteer: anna, points: 10, madeAt: morning, decidedAt: morning, ...fields } as VerdictFields,
});
let made = 0;
const move = (volunteer: string, points: number, debit: string, credit: string, reason: MoveReason, grant?: string) => ({
  id: `pmv_${String((made += 1))}`, fields: { month, volunteer, points, debit, credit, reason, occurredOn: '2026-05-12', ...(grant !== undefined && { grant }) } as PointsMoveFields,
});
const grant = (id: string, openedAt: number) => ({ id, fields: { month, device: grantTail(id).split('.')[1] ?? '', nth: 1, person: 'per_ko', openedAt } as GrantFields });
const held = (volunteer: string, grantOf = shop): string => heldAccount(grantTail(grantOf), volunteer);
const hold = (volunteer: string, points: number, grantOf = shop) => move(volunteer, points, volunteerAccount(volunteer), held(volunteer, grantOf), 'held', grantOf);

test('[PQ1] a case shows the claim that stands in its place and whom the two concern; what is settled is gone', () => {
  const [first, other, tail] = [verdict('clm_a', {}), verdict('clm_b', { result: 'forked', volunteer: bo, points: 20 }), verdict('clm_c', { result: 'forked', seq: 7, volunteer: cai })];
  const [beyond, unknown] = [verdict('clm_d', { result: 'beyond', seq: 2 }), verdict('clm_e', { result: 'unknown', grant: stall })];
  const all = [unknown, tail, first, beyond, other];
  expect(casesOf(all, []).map((each) => [each.verdict.id, each.device, each.rival?.id, each.volunteers])).toEqual([
    [other.id, 'shopdev', first.id, [bo, anna]], [beyond.id, 'shopdev', undefined, [anna]], [tail.id, 'shopdev', undefined, [cai]], [unknown.id, 'stalldev', undefined, [anna]],
  ]);
  const settled = { id: 'stl_b', fields: { verdict: other.id, grant: shop, decision: 'void' as const } };
  expect(casesOf(all, [settled]).map((each) => each.verdict.id)).toEqual([beyond.id, tail.id, unknown.id]);
});

test('[PQ2] what a tablet holds is the fold of its moves; given back it holds nothing, written off it stays on the list with what came late', () => {
  const grants = [grant(stall, morning + 1), grant(shop, morning)];
  const moves = [hold(anna, 50), hold(bo, 10), move(anna, 20, held(anna), redeemedAccount('shopdev'), 'redeemed', shop), hold(cai, 5, stall), move(cai, 5, held(cai, stall), volunteerAccount(cai), 'returned', stall)];
  const seen = (writtenOff: boolean, more: typeof moves = [], verdicts: ReturnType<typeof verdict>[] = []) =>
    outstandingGrants(grants, [...moves, ...more], verdicts, writtenOff ? [{ id: writeOffId(shop), fields: { grant: shop } }] : []).map(({ grant: { id }, points, volunteers, writtenOff: lost, late, shortfall }) => [id, points, volunteers, lost, late.length, shortfall]);
  expect(seen(false)).toEqual([[shop, 40, [anna, bo], false, 0, 0]]);
  const released = [move(anna, 30, held(anna), volunteerAccount(anna), 'lost', shop), move(bo, 10, held(bo), volunteerAccount(bo), 'lost', shop)];
  expect(seen(false, released)).toEqual([]);
  expect(seen(true, released, [verdict('clm_l', { result: 'late', points: 30, shortfall: 12 }), verdict('clm_b', {})])).toEqual([[shop, 0, [], true, 1, 12]]);
});

test('[PQ3] what the community stands for: all of it, and for whose corrected service', () => {
  const covered = move(bo, 15, shortfallAccount, volunteerAccount(bo), 'covered');
  const moves = [covered, move(bo, 5, volunteerAccount(bo), shortfallAccount, 'repaid'), move(cai, 3, shortfallAccount, volunteerAccount(cai), 'covered'), move(cai, 3, volunteerAccount(cai), shortfallAccount, 'repaid'), move(anna, 8, shortfallAccount, redeemedAccount('shopdev'), 'redeemed', shop)];
  expect(shortfallOf(moves)).toEqual({ total: 18, volunteers: [{ volunteer: bo, points: 10 }] });
});

test('[PQ4] redemptions of one person at two counters within minutes are named, not those at one counter or far apart', () => {
  const at = (about: string, on: string, minutes: number, volunteer: string = anna) => verdict(about, { grant: on, madeAt: morning + minutes * minuteMs, volunteer });
  const [one, two, three, four, others] = [at('clm_a', shop, 0), at('clm_b', stall, 4), at('clm_c', stall, 5), at('clm_d', shop, 60), at('clm_e', stall, 1, bo)];
  expect(redemptionsApart([four, three, others, two, one], 10 * minuteMs).map((each) => [each.volunteer, each.redemptions.map(({ id }) => id), each.apartMs])).toEqual([
    [anna, [one.id, three.id], 5 * minuteMs], [anna, [one.id, two.id], 4 * minuteMs],
  ]);
});

test('[PQ1] what was asked for and not given is listed: what waits for the ledger, and what lately was not there', () => {
  const at = (minutes: number): number => morning + minutes * minuteMs;
  const asked = (id: string) => ({ id, bornAt: at(5), fields: { grant: shop, volunteer: anna, points: 10 } });
  const requests = [asked('req_short'), asked('req_old'), asked('req_given'), asked('req_waits')];
  const verdicts = [verdict('req_short', { result: 'short', decidedAt: at(20) }), verdict('req_old', { result: 'short', decidedAt: at(1) }), verdict('req_given', { result: 'given', decidedAt: at(30) })];
  expect(openRequests(requests, verdicts, at(10)).map((each) => [each.request.id, each.device, each.answer, each.at])).toEqual([
    ['req_waits', 'shopdev', 'waiting', at(5)], ['req_short', 'shopdev', 'short', at(20)],
  ]);
});
