/** The month's statement and the passbook over rows in memory, as screens and files get them. */
import { expect, test } from 'vitest';
import { always, once } from '../../../src/client/queries/live.ts';
import { passbookOf } from '../../../src/client/queries/passbook.ts';
import { statement } from '../../../src/client/queries/statement.ts';
import type { Fields } from '../../../src/domain/kernel/fact.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { kinds, type KindName } from '../../../src/domain/kinds.ts';
import { heldAccount, issuedAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../../../src/domain/points/accounts.ts';
import type { PointsEntryFields } from '../../../src/domain/points/schema.ts';
import { claimId, grantId, verdictId } from '../../../src/domain/redemption/ids.ts';
import { grantTail, type ClaimFields, type GrantFields, type PointsMoveFields, type VerdictFields } from '../../../src/domain/redemption/schema.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import type { Live, Reader, RollupRow, Row } from '../../../src/replica/contract.ts';
import { foldRollup } from '../../../src/replica/projection/rollup.ts';
import { toRow } from '../../../src/replica/projection/row.ts';
import { anna, bakery, bo, community } from '../../support/community.ts';

let born = 0;
function row<F>(kind: KindName, month: string, id: string, fields: F): Row<F> {
  const folded = { record: id, kind, fields: fields as Fields, heads: [], clashes: [], deleted: false, bornAt: (born += 1), changedAt: born, changedBy: 'per_1' };
  return toRow(kinds[kind], formatRoomName({ community, family: 'ledger', month }), folded) as unknown as Row<F>;
}
const entry = (month: string, id: string, volunteer: string, points: number) =>
  row('pointsEntry', month, `pen_${id}`, { volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer), activity: `act_${month}.a`, attendance: `att_${month}.${id}`, fact: 'li-1', hoursTenths: 10, rule: 'prl_x', occurredOn: `${month}-12`, reason: 'service' } as PointsEntryFields);
const grant = grantId('2026-05', 'kodev', 1);
const held = heldAccount(grantTail(grant), anna);
const move = (id: string, points: number, debit: string, credit: string, reason: PointsMoveFields['reason'], more: Partial<PointsMoveFields> = {}) =>
  row('pointsMove', '2026-05', `pmv_${id}`, { month: '2026-05', volunteer: anna, points, debit, credit, reason, occurredOn: '2026-05-20', grant, ...more } as PointsMoveFields);

/** Rows, and the totals that a tablet keeps of the same rows, room by room. */
function readerOf(rows: readonly Row<object>[]): Reader {
  const rollups = [...Map.groupBy(rows, ({ room }) => room)].map(([room, own]) => {
    const { tallies } = foldRollup(own.map(({ id, kind, fields }) => ({ record: id, kind, fields: fields as Fields, heads: [], clashes: [], deleted: false, bornAt: 0, changedAt: 0, changedBy: '' })));
    return { room, family: 'ledger', month: room.slice(-7), tallies: Object.fromEntries(tallies), latest: {} } as unknown as RollupRow;
  });
  const live = <T>(value: unknown): Live<T> => always(value as T);
  return {
    list: (_family, { kind }) => live(rows.filter((each) => each.kind === kind)), rollups: () => live(rollups),
    one: () => live(undefined), many: () => live([]), pending: () => live([]), clashes: () => live([]), arrivals: () => live([]), contacts: () => live([]), likely: () => live([]), close: async () => undefined,
  };
}

const claim = { grant, seq: 1, type: 'redeem', volunteer: anna, points: 20, reward: 'rwd_rice', madeAt: instantOf('2026-05-20', '10:00') } as ClaimFields;
const spent = claimId(claim as unknown as Fields);
const ledger = [
  entry('2026-04', 'a', anna, 40), entry('2026-04', 'b', bo, 10), entry('2026-05', 'c', anna, 30),
  move('h', 25, volunteerAccount(anna), held, 'held'), move('r', 20, held, redeemedAccount('kodev'), 'redeemed', { claim: spent }),
];

test('[PQ6, PQ7] a month opens with what the months before left, agrees with the totals kept, and goes on with their digest', async () => {
  const reader = readerOf(ledger);
  const [april, may, june] = [await once(statement(reader, '2026-04')), await once(statement(reader, '2026-05')), await once(statement(reader, '2026-06'))];
  expect(may.lines.map(({ volunteer, opening, earned, redeemed, closing }) => [volunteer, opening, earned, redeemed, closing])).toEqual([[anna, 40, 30, -20, 50], [bo, 10, 0, 0, 10]]);
  expect([may.agrees, may.differing, may.entries.length, may.since]).toEqual([true, [], 3, '2026-04']);
  expect([may.digestBefore, june.digest, june.total.opening, april.digestBefore]).toEqual([april.digest, may.digest, 60, '']);
  // Another order of arrival is the same ledger; one point less in April is not, and every total would still add up.
  expect((await once(statement(readerOf(ledger.toReversed()), '2026-05'))).digest).toBe(may.digest);
  const changed = await once(statement(readerOf([entry('2026-04', 'a', anna, 39), ...ledger.slice(1)]), '2026-05'));
  expect([changed.agrees, changed.differing, changed.digest === may.digest]).toEqual([true, [], false]);
});

test('[PQ5] a passbook says where and for what points were spent, what is only set aside, and what no server has booked yet', () => {
  const grants = [row('grant', '2026-05', grant, { month: '2026-05', device: 'kodev', nth: 1, person: 'per_ko', partner: bakery, openedAt: 0 } as GrantFields)];
  const verdicts = [row('verdict', '2026-05', verdictId(spent), { about: spent, grant, result: 'booked', seq: 1, type: 'redeem', volunteer: anna, points: 20, reward: 'rwd_rice', decidedAt: 1 } as VerdictFields)];
  const next = { ...claim, seq: 2, points: 4 };
  const claims = [row('claim', '2026-05', spent, claim), row('claim', '2026-05', claimId(next as unknown as Fields), next)];
  const rest = { attendances: [], activities: [], rules: [], entries: ledger.filter((each) => each.kind === 'pointsEntry' && (each.fields as PointsEntryFields).volunteer === anna) as Row<PointsEntryFields>[], grants, verdicts, claims };
  const moves = ledger.filter((each) => each.kind === 'pointsMove') as Row<PointsMoveFields>[];
  const book = passbookOf({ ...rest, moves });
  expect([book.confirmed, book.provisional, book.held]).toEqual([50, -4, [{ counter: bakery, points: 5 }]]);
  const [may] = book.months;
  expect(may?.moves.map(({ row: { fields }, change, counter, reward }) => [fields.reason, change, counter, reward])).toEqual([['redeemed', -20, bakery, 'rwd_rice']]);
  expect(may?.aside.map(({ row: { fields }, change }) => [fields.reason, change])).toEqual([['held', 0]]);
  expect(book.waiting.map(({ row: { fields }, change }) => [fields.seq, change])).toEqual([[2, -4]]);
  // What the community bears costs the volunteer nothing, and is said all the same.
  const borne = passbookOf({ ...rest, moves: [...moves, move('s', 6, shortfallAccount, redeemedAccount('kodev'), 'redeemed', { settlement: 'stl_1' })] });
  expect([borne.confirmed, borne.months[0]?.moves.map(({ change }) => change).toSorted()]).toEqual([50, [-20, 0]]);
});
