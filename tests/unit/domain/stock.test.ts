import { expect, test } from 'vitest';
import { aGrant, claims } from '../../support/counterWorld.ts';
import { anna, counter, seededFor } from '../../support/redemptionCases.ts';
import { refused } from '../../support/tablet.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import type { ClaimFields, RewardFields } from '../../../src/domain/redemption/schema.ts';
import { rewardTime, stockLeft } from '../../../src/domain/redemption/stock.ts';

const reward = (id: string, fields: Partial<RewardFields> = {}) => ({ id, fields: { name: '大米', points: 20, stock: 10, stockOn: '2026-05-12', ...fields } });
let made = 0;
const claim = (fields: Partial<ClaimFields>) => {
  made += 1;
  return { id: `clm_${String(made)}`, fields: { grant: 'grt_2026-05.kodev.1', seq: made, type: 'redeem' as const, volunteer: 'SBA0001', reward: 'rwd_rice', quantity: 1, madeAt: instantOf('2026-05-12', '09:00'), ...fields } };
};
const left = (claims: readonly ReturnType<typeof claim>[], fields: Partial<RewardFields> = {}) => stockLeft([reward('rwd_rice', fields)], claims).get('rwd_rice');

test('[RW2] what was handed out from the day of the count on is taken off, by every counter, and not before', () => {
  expect(left([])).toBe(10);
  expect(left([claim({ quantity: 3 }), claim({ grant: 'grt_2026-05.shopdev.1' }), claim({ reward: 'rwd_oil' }), claim({ madeAt: instantOf('2026-05-11', '23:59') })])).toBe(6);
  expect(left([claim({ madeAt: instantOf('2026-05-12') })])).toBe(9);
});

test('[RW2] a redemption taken back at the counter puts its pieces back, and nothing falls below none', () => {
  const two = claim({ quantity: 2 });
  expect(left([two, claim({ type: 'cancel', cancels: two.id })])).toBe(10);
  expect(left([claim({ quantity: 8 }), claim({ quantity: 8 })])).toBe(0);
});

test('[RW2] what nobody counted has no count', () => {
  expect(stockLeft([reward('rwd_rice', { stock: undefined, stockOn: undefined })], [claim({})]).has('rwd_rice')).toBe(false);
  expect(left([claim({ madeAt: 0 })], { stockOn: undefined })).toBe(9);
});

test('[RW2] a tablet whose clock is a year behind hands out in the month of its grant at the earliest', () => {
  const behind = instantOf('2025-05-12');
  expect(left([claim({ madeAt: behind, grant: 'grt_2026-06.kodev.1' })])).toBe(9);
  expect(left([claim({ madeAt: behind })])).toBe(10);
});

test('[PN8] a reward is offered on its first day and its last', () => {
  const days = { from: '2026-05-12', until: '2026-05-14' };
  expect(['2026-05-11', '2026-05-12', '2026-05-14', '2026-05-15'].map((day) => rewardTime(days, day))).toEqual(['coming', 'offered', 'offered', 'over']);
  expect(rewardTime({}, '2026-05-12')).toBe('offered');
});

test('[RW1] a price that changes is the price from then on; what was handed out keeps its own, and a count is of the day it was made', () => {
  const tablet = seededFor(counter);
  const grant = aGrant(tablet);
  const rice = tablet.asOffice('addReward', { name: '大米', points: 20, stock: 5 });
  const one = tablet.counter.run('redeemPoints', { grant, volunteer: anna, points: 20, reward: rice, quantity: 1 })[0]!;
  tablet.asOffice('reviseReward', { ref: { room: { community: counter.community, family: 'roster' }, record: rice }, points: 30 });
  expect(tablet.counter.find(claims, one.ref.record)?.fields).toMatchObject({ points: 20 });
  expect(refused(tablet.counter.decide('redeemPoints', { grant, volunteer: anna, points: 20, reward: rice, quantity: 1 }))).toEqual({ type: 'Invalid', field: 'points' });
  expect(tablet.counter.find({ community: counter.community, family: 'roster' }, rice)?.fields).toMatchObject({ points: 30, stock: 5, stockOn: '2026-05-12' });
});

test('[RW4] counted again with the number that stood there before, the count is of the new day', () => {
  const tablet = seededFor(counter);
  const room = { community: counter.community, family: 'roster' } as const;
  const rice = tablet.asOffice('addReward', { name: '大米', points: 20, stock: 5, stockOn: '2026-04-01' });
  tablet.asOffice('reviseReward', { ref: { room, record: rice }, stock: 5, stockOn: '2026-05-12' });
  expect(tablet.counter.find(room, rice)?.fields).toMatchObject({ stock: 5, stockOn: '2026-05-12' });
});
