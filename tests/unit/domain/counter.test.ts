/** What a counter shows, over what its tablet holds. */
import { expect, test } from 'vitest';
import { dayMs, dayOf } from '../../../src/domain/kernel/time.ts';
import type { Listed } from '../../../src/domain/kernel/listed.ts';
import { grantId } from '../../../src/domain/redemption/ids.ts';
import type { ClaimFields, RewardFields } from '../../../src/domain/redemption/schema.ts';
import { counterFrom, offersOn, pointsRedeemed, receiptNumber, type Counter, type CounterBooks } from '../../../src/domain/redemption/view.ts';
import type { RoomAddress } from '../../../src/domain/kernel/room.ts';
import { createRun } from '../../../src/client/commands/run.ts';
import type { ReplicaCalls } from '../../../src/replica/contract.ts';
import { bakery, cai, counter, group, today } from '../../support/community.ts';
import { anna, morning, seededFor } from '../../support/redemptionCases.ts';
import { aForkedVerdict, aGrant, claims, holds, ledger, written } from '../../support/counterWorld.ts';
import type { Tablet } from '../../support/tablet.ts';
import { costOf, free, handedOut, noChoice } from '../../../src/routes/(field)/redemption/[number]/choice.ts';

const listed = <F>(tablet: Tablet, room: RoomAddress, kind: string): Listed<F>[] => tablet.every(room, kind).map(({ record, fields }) => ({ id: record, fields: fields as F }));
const booksOf = (tablet: Tablet): CounterBooks => ({
  grants: listed(tablet, ledger, 'grant'), moves: listed(tablet, ledger, 'pointsMove'), verdicts: listed(tablet, ledger, 'verdict'),
  claims: listed(tablet, claims, 'claim'), requests: listed(tablet, claims, 'redemptionRequest'), settlements: listed(tablet, claims, 'settlement'),
});
const shown = (tablet: Tablet): Counter => counterFrom(booksOf(tablet));

test('[CT2] what can be used now is what is held less what was handed out here, booked or not', () => {
  const { counter: tablet } = seededFor(counter);
  expect(shown(tablet)).toMatchObject({ grant: undefined, frozen: false, redeemed: [] });
  const grant = aGrant(tablet);
  tablet.run('redeemPoints', { grant, volunteer: anna, points: 20 });
  expect([...shown(tablet).left]).toEqual([[anna, 30], [cai, 10]]);
});

test('[CT4] each redemption has a receipt with a number of its own; taken back it stays in the list and counts for nothing', () => {
  const { counter: tablet } = seededFor(counter);
  const grant = aGrant(tablet);
  const [first] = tablet.run('redeemPoints', { grant, volunteer: anna, points: 20 });
  tablet.now += 60_000;
  tablet.run('redeemPoints', { grant, volunteer: cai, points: 10 });
  if (first) tablet.run('cancelRedemption', { claim: first.ref });
  const { redeemed } = shown(tablet);
  expect(redeemed.map(({ fields, cancelled, open }) => [fields.volunteer, fields.points, cancelled, open])).toEqual([[cai, 10, false, true], [anna, 20, true, true]]);
  expect(pointsRedeemed(redeemed)).toBe(10);
  const numbers = redeemed.map(({ id, fields }) => receiptNumber(id, fields));
  expect(numbers).toEqual([expect.stringMatching(/^1-2-[0-9A-F]{4}$/), expect.stringMatching(/^1-1-[0-9A-F]{4}$/)]);
});

test('[CT5] a tablet of which there are two shows itself frozen until each case is settled; a request shows what became of it', () => {
  const { counter: tablet } = seededFor(counter);
  const grant = aGrant(tablet);
  const [asked] = tablet.run('requestPoints', { grant, volunteer: anna, points: 80 });
  expect(shown(tablet).asked.map(({ fields, result }) => [fields.points, result])).toEqual([[80, undefined]]);
  written(tablet, ledger, 'verdict', `vrd_${String(asked?.ref.record.slice(4))}`, { about: asked?.ref.record ?? '', grant, result: 'short', decidedAt: morning });
  expect(shown(tablet).asked.map(({ result }) => result)).toEqual(['short']);
  const { record } = aForkedVerdict(tablet);
  expect(shown(tablet).frozen).toBe(true);
  written(tablet, claims, 'settlement', `stl_${record.slice(4)}`, { verdict: record, grant, decision: 'void' });
  expect(shown(tablet).frozen).toBe(false);
});

test('[CT6] beside a newer grant the older ones are to be given back, and only the newest is spent from', () => {
  const { counter: tablet } = seededFor(counter);
  const older = aGrant(tablet);
  const newer = grantId('2026-05', counter.device, 2);
  written(tablet, ledger, 'grant', newer, { month: '2026-05', device: counter.device, nth: 2, person: counter.person, openedAt: morning + dayMs });
  holds(tablet, newer, cai, 7, 0);
  expect(shown(tablet)).toMatchObject({ grant: { id: newer }, older: [older] });
  expect([...shown(tablet).left]).toEqual([[cai, 7]]);
  tablet.run('giveBackGrant', { grant: older });
  expect(shown(tablet).older).toEqual([]);
});

test('[CT7] a reward is offered at its place and in its days, with what is left of the count since it was made', () => {
  const reward = (id: string, fields: Partial<RewardFields>): Listed<RewardFields> => ({ id: `rwd_${id}`, fields: { name: id, points: 10, ...fields } });
  const rewards = [
    reward('bread', { points: 30, partner: bakery, stock: 5, stockOn: today }), reward('song', { partner: group }), reward('moon', { until: dayOf(morning - dayMs) }),
    reward('soon', { from: dayOf(morning + dayMs) }), reward('soap', {}),
  ];
  const claim = (id: string, quantity: number, madeAt: number, more: Partial<ClaimFields> = {}): Listed<ClaimFields> =>
    ({ id, fields: { grant: 'grt_2026-05.kodev.1', seq: 1, type: 'redeem', reward: 'rwd_bread', quantity, madeAt, ...more } });
  const made = [claim('a', 2, morning), claim('b', 1, morning), claim('c', 1, morning - dayMs), claim('d', 1, morning, { type: 'cancel', cancels: 'b' })];
  expect(offersOn(rewards, made, [bakery], today).map(({ id, stock }) => [id, stock])).toEqual([['rwd_bread', 3], ['rwd_soap', undefined]]);
});

test('[CT3] one choice is one act: pressed again it is the same request, and what is missing takes nothing', async () => {
  const offers = offersOn([{ id: 'rwd_soap', fields: { name: '肥皂', points: 8 } }], [], [], today);
  expect(costOf(noChoice(), offers)).toBeUndefined();
  expect(costOf({ what: free, quantity: 1, points: undefined }, offers)).toBeUndefined();
  expect(costOf({ what: 'rwd_soap', quantity: 3, points: 99 }, offers)).toBe(24);
  expect([handedOut({ what: free, quantity: 3, points: 9 }), handedOut({ what: 'rwd_soap', quantity: 3, points: 9 })]).toEqual([{}, { reward: 'rwd_soap', quantity: 3 }]);
  const requests: string[] = [];
  const run = createRun({ run: (request: string) => (requests.push(request), Promise.resolve({ ok: false, error: { type: 'NothingChanged' } })) } as unknown as ReplicaCalls);
  for (const act of ['one', 'one', undefined]) await run('giveBackGrant', { grant: 'grt_2026-05.kodev.1' }, act);
  expect(requests.slice(0, 2)).toEqual(['one', 'one']);
  expect(requests[2]).toMatch(/^[0-9a-f-]{36}$/);
});
