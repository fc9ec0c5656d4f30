/** The month of a community's points: what came, what went, what is left, and that it sums to zero. */
import { expect, test } from 'vitest';
import type { Folded } from '../../../../src/domain/kernel/fold.ts';
import type { Fields } from '../../../../src/domain/kernel/fact.ts';
import { expiredAccount, heldAccount, issuedAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../../../../src/domain/points/accounts.ts';
import { balances, changeOf } from '../../../../src/domain/points/balance.ts';
import { chainMonths, sayDigest } from '../../../../src/domain/points/digest.ts';
import { movedColumns, statementOf, type LedgerLine } from '../../../../src/domain/points/statement.ts';
import { foldRollup } from '../../../../src/replica/projection/rollup.ts';
import { anna, bo, cai } from '../../../support/community.ts';

const tail = '2026-05.kodev.1';
let made = 0;
const line = (volunteer: string, points: number, debit: string, credit: string, reason: string) => ({ id: `${reason === 'service' || reason === 'correction' ? 'pen' : 'pmv'}_${String((made += 1))}`, fields: { volunteer, points, debit, credit, reason } satisfies LedgerLine });
const free = volunteerAccount;
const held = (volunteer: string): string => heldAccount(tail, volunteer);
const counter = redeemedAccount('kodev');

/** Anna earns, is corrected, has points held, spends some, takes one back; Bo is overdrawn and covered; Cai's points lapse. */
const month = [
  line(anna, 60, issuedAccount, free(anna), 'service'), line(anna, 60, free(anna), issuedAccount, 'correction'), line(anna, 50, issuedAccount, free(anna), 'service'),
  line(anna, 30, free(anna), held(anna), 'held'), line(anna, 20, held(anna), counter, 'redeemed'), line(anna, 5, held(anna), counter, 'redeemed'), line(anna, 5, counter, held(anna), 'cancelled'),
  line(bo, 15, free(bo), issuedAccount, 'correction'), line(bo, 15, shortfallAccount, free(bo), 'covered'), line(bo, 4, free(bo), shortfallAccount, 'repaid'),
  line(cai, 7, free(cai), expiredAccount, 'expired'), line(bo, 9, shortfallAccount, counter, 'redeemed'),
];
const earlier = [line(bo, 4, issuedAccount, free(bo), 'service'), line(cai, 10, issuedAccount, free(cai), 'service')];
const before = new Map([[bo, 4], [cai, 10]]);

/** As the tablet keeps it: by the kinds' own declarations. */
const keptTotals = (): Map<string, number> => {
  const folded = month.map(({ id, fields }): Folded => ({ record: id, kind: id.startsWith('pen') ? 'pointsEntry' : 'pointsMove', fields: fields as unknown as Fields, heads: [], clashes: [], deleted: false, bornAt: 0, changedAt: 0, changedBy: '' }));
  return new Map([...foldRollup(folded).tallies].flatMap(([key, amount]) => (key.startsWith('points:') ? [[key.slice('points:'.length), amount] as const] : [])));
};

test('[PQ6] a month says for each volunteer and in all what came and went, held points counting as their own', () => {
  const { lines, total } = statementOf(month, before, keptTotals(), earlier);
  expect(lines).toEqual([
    { volunteer: anna, opening: 0, earned: 110, reversed: -60, redeemed: -20, expired: 0, covered: 0, closing: 30, kept: 30 },
    { volunteer: bo, opening: 4, earned: 0, reversed: -15, redeemed: 0, expired: 0, covered: 11, closing: 0, kept: -4 },
    { volunteer: cai, opening: 10, earned: 0, reversed: 0, redeemed: 0, expired: -7, covered: 0, closing: 3, kept: -7 },
  ]);
  expect(movedColumns({ lines })).toEqual(['earned', 'reversed', 'redeemed', 'expired', 'covered']);
  expect(movedColumns({ lines: lines.slice(0, 1) })).toEqual(['earned', 'reversed', 'redeemed']);
  expect(total.opening + movedColumns({ lines }).reduce((sum, name) => sum + total[name], 0)).toBe(total.closing);
  expect(total).toEqual({ opening: 14, earned: 110, reversed: -75, redeemed: -20, expired: -7, covered: 11, closing: 33, kept: 19 });
});

test('[PQ6] all accounts of a month sum to zero, each by what it is', () => {
  const { accounts, standing, total, agrees } = statementOf(month, before, keptTotals(), earlier);
  expect(accounts).toEqual({ issued: -35, volunteers: 9, held: 10, redeemed: 29, expired: 7, shortfall: -20 });
  expect(standing).toEqual({ issued: -49, volunteers: 23, held: 10, redeemed: 29, expired: 7, shortfall: -20 });
  for (const each of [accounts, standing]) expect(Object.values(each).reduce((sum, points) => sum + points, 0)).toBe(0);
  expect([standing.volunteers + standing.held, agrees]).toEqual([total.closing, true]);
});

test('[PQ6] an opening balance that the entries of the months before do not add up to is told', () => {
  expect(statementOf(month, new Map([[bo, 4], [cai, 9]]), keptTotals(), earlier).agrees).toBe(false);
  expect(statementOf(month, before, keptTotals(), earlier.slice(1)).agrees).toBe(false);
});

test('[PQ6] the fold of entries and moves equals the kept totals, and where it does not the volunteer is named', () => {
  expect(statementOf(month, before, keptTotals(), earlier).differing).toEqual([]);
  expect(statementOf(month, before, new Map([...keptTotals(), [anna, 31]]), earlier).differing).toEqual([anna]);
  // A total without any line, and a line without any total.
  expect(statementOf(month, before, new Map([...keptTotals(), ['SBZ0009', 2]]), earlier).differing).toEqual(['SBZ0009']);
  expect(statementOf(month, before, new Map([[bo, -4], [cai, -7]]), earlier).differing).toEqual([anna]);
});

test('[PQ5] what is held for a counter is a volunteer’s own: only what left both accounts changes the balance', () => {
  const own = month.filter(({ fields }) => fields.volunteer === anna);
  expect(own.map(({ fields }) => changeOf(fields))).toEqual([60, -60, 50, 0, -20, -5, 5]);
  const accounts = balances(own);
  expect([accounts.get(free(anna)), accounts.get(held(anna))]).toEqual([20, 10]);
  expect(keptTotals().get(anna)).toBe(30);
});

const digests = (months: Readonly<Record<string, readonly { readonly id: string; readonly fields: object }[]>>) => chainMonths(new Map(Object.entries(months))).map(({ month: each, digest }) => [each, digest]);

test('[PQ7] the same entries give the same digest on every tablet, in whatever order they came and their fields were written', () => {
  const shuffled = month.toReversed().map(({ id, fields }) => ({ id, fields: Object.fromEntries(Object.entries({ ...fields, note: undefined }).reverse()) }));
  expect(digests({ '2026-06': shuffled, '2026-05': earlier })).toEqual(digests({ '2026-05': earlier, '2026-06': month }));
  const [may, june] = chainMonths(new Map([['2026-06', month], ['2026-04', []], ['2026-05', earlier]]));
  expect([may?.month, may?.before, june?.before, june?.digest]).toEqual(['2026-05', '', may?.digest, june?.lines.at(-1)?.digest]);
  expect(may?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(sayDigest(may?.digest ?? '')).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
});

test('[PQ7] one entry changed, dropped, added or put into another month changes the digest of its month and of every one after, and of none before', () => {
  const whole = { '2026-04': earlier, '2026-05': month, '2026-06': [line(anna, 3, issuedAccount, free(anna), 'service')] };
  const [first, ...rest] = month;
  if (!first) throw new Error('a month has lines');
  const wrong = {
    changed: { ...whole, '2026-05': [{ id: first.id, fields: { ...first.fields, points: first.fields.points + 1 } }, ...rest] },
    renamed: { ...whole, '2026-05': [{ id: `${first.id}x`, fields: first.fields }, ...rest] },
    dropped: { ...whole, '2026-05': rest },
    added: { ...whole, '2026-05': [...month, line(bo, 1, issuedAccount, free(bo), 'service')] },
    moved: { ...whole, '2026-05': rest, '2026-06': [first, ...whole['2026-06']] },
  };
  const right = digests(whole);
  for (const [name, months] of Object.entries(wrong)) expect(digests(months).map(([, digest], index) => digest === right[index]?.[1]), name).toEqual([true, false, false]);
  // Where it happened: the running digest is the same up to the line that differs.
  const running = (months: typeof whole) => chainMonths(new Map(Object.entries(months)))[1]?.lines.map(({ digest }) => digest) ?? [];
  const [kept, changed] = [running(whole), running(wrong.changed)];
  const place = chainMonths(new Map(Object.entries(whole)))[1]?.lines.findIndex((each) => each.line.id === first.id) ?? -1;
  expect(kept.findIndex((digest, index) => digest !== changed[index])).toBe(place);
});
