/** What lists show of records that were merged, over rows in memory. */
import { expect, test } from 'vitest';
import { openAmong } from '../../../src/client/queries/duplicates.ts';
import { always, once } from '../../../src/client/queries/live.ts';
import { mergedCalls, mergedReader, mergesOf, wholeOf } from '../../../src/client/queries/merged.ts';
import { passbook } from '../../../src/client/queries/passbook.ts';
import { residentsOf } from '../../../src/client/queries/residents.ts';
import { routeOfGrid } from '../../../src/client/queries/route.ts';
import { mergedOf, nothingMerged } from '../../../src/domain/duplicates/merging.ts';
import { pairId, partnerPairId, type PairFields } from '../../../src/domain/duplicates/schema.ts';
import type { Fields } from '../../../src/domain/kernel/fact.ts';
import type { Clash } from '../../../src/domain/kernel/fold.ts';
import { kindNamed, kinds, type KindName } from '../../../src/domain/kinds.ts';
import { issuedAccount, volunteerAccount } from '../../../src/domain/points/accounts.ts';

import type { LikelyRow, Live, Reader, ReplicaCalls, RollupRow, Row } from '../../../src/replica/contract.ts';
import { toRow } from '../../../src/replica/projection/row.ts';
import { anna, bo } from '../../support/community.ts';
import { aRule, anActivity, anAttendance } from '../../support/pointsWorld.ts';

let born = 0;
const row = (kind: KindName, id: string, fields: object, clashes: readonly Clash[] = []): Row =>
  toRow(kinds[kind], 'room', { record: id, kind, fields: fields as Fields, heads: [], clashes, deleted: false, bornAt: (born += 1), changedAt: born, changedBy: 'per_1' });
const pairRow = (one: string, other: string, stays: string, verdict: PairFields['verdict'] = 'merged', clashes: readonly Clash[] = []): Row =>
  one.startsWith('par_') ? row('partnerPair', partnerPairId(one, other), { one, other, stays, verdict }, clashes) : row('pair', pairId(one, other), { grid: 'g1', one, other, stays, verdict }, clashes);

function readerOf(rows: readonly Row[], rollups: readonly RollupRow[] = []): Reader {
  const ofFamily = (family: string) => rows.filter(({ kind }) => kindNamed(kind)?.family === family);
  const live = <T>(value: unknown): Live<T> => always(value as T);
  return {
    list: (family, { kind, parent, holder, limit }) =>
      live(ofFamily(family).filter((each) => each.kind === kind && (parent === undefined || each.parent === parent) && (holder === undefined || each.holder === holder)).sort((a, b) => (a.order < b.order ? -1 : 1)).slice(0, limit)),
    one: (family, id) => live(ofFamily(family).find((each) => each.id === id)),
    many: (family, ids) => live(ids.flatMap((id) => ofFamily(family).find((each) => each.id === id) ?? [])),
    rollups: (family) => live(rollups.filter((each) => each.family === family)),
    pending: () => live([]), clashes: () => live([]), arrivals: () => live([]), contacts: () => live([]), likely: () => live([]), close: async () => undefined,
  };
}
const idsOf = async (live: Live<readonly Row[]>): Promise<string[]> => (await once(live)).map(({ id }) => id).sort();

const [stays, goes] = ['par_a', 'par_b'];
const partners = [row('partner', stays, { name: '海骏达集团' }), row('partner', goes, { name: '海骏达集体' }), row('partner', 'par_c', { name: '沐言咖啡' })];
const held = [
  row('activity', 'act_a.1', { organiser: stays, startsAt: 3_000, title: '甲' }),
  row('activity', 'act_b.1', { organiser: goes, startsAt: 2_000, title: '乙' }),
  row('activity', 'act_b.2', { organiser: goes, startsAt: 4_000, title: '丙' }),
];

test('[DU14] a list hides what was merged, and gathers what points to it, in its order and within its limit', async () => {
  const reader = mergedReader(readerOf([...partners, ...held, pairRow(stays, goes, stays)]));
  expect(await idsOf(reader.list('roster', { kind: 'partner' }))).toEqual(['par_a', 'par_c']);
  expect((await once(reader.list('roster', { kind: 'partner', limit: 2 }))).length).toBe(2);
  expect((await once(reader.list('log', { kind: 'activity', parent: stays }))).map(({ id }) => id)).toEqual(['act_b.2', 'act_a.1', 'act_b.1']);
  expect((await once(reader.list('log', { kind: 'activity', parent: stays, limit: 2 }))).map(({ id }) => id)).toEqual(['act_b.2', 'act_a.1']);
  // Its own page still says what was stated for it.
  expect(await idsOf(reader.list('log', { kind: 'activity', parent: goes }))).toEqual(['act_b.1', 'act_b.2']);
  expect(await idsOf(wholeOf(reader).list('roster', { kind: 'partner' }))).toEqual(['par_a', 'par_b', 'par_c']);
});

test('[DU8, DU10, DU11] two that are not the same, disputed, or of which one is gone, stay as they are', async () => {
  const disputed: Clash = { field: 'verdict', options: [] };
  for (const pair of [pairRow(stays, goes, stays, 'different'), pairRow(stays, goes, stays, 'open'), pairRow(stays, goes, stays, 'merged', [disputed]), pairRow(stays, 'par_gone', stays)]) {
    const reader = mergedReader(readerOf([...partners, pair]));
    expect(await idsOf(reader.list('roster', { kind: 'partner' }))).toEqual(['par_a', 'par_b', 'par_c']);
    expect((await once(mergesOf(reader))).into.size).toBe(0);
  }
});

test('[DU14, PN3] the passbook of the one that stays lists both numbers, each entry under its own', async () => {
  const singing = anActivity('2026-05-12', '09:00');
  const rule = aRule('general', 10, '2026-01-01', { activityCap: 20 });
  const entry = (id: string, volunteer: string, points: number) => row('pointsEntry', id, {
    volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer), activity: singing.id, attendance: anAttendance(singing, volunteer, 20).id, hoursTenths: 20, occurredOn: '2026-05-12', reason: 'service', rule: rule.id,
  });
  const rows = [
    row('activity', singing.id, singing.fields), row('pointsRule', rule.id, rule.fields), row('volunteer', `vol_${anna}`, { grid: 'g1', number: anna, name: '陈芳' }), row('volunteer', `vol_${bo}`, { grid: 'g1', number: bo, name: '陈方' }),
    ...[anna, bo].map((number) => row('attendance', anAttendance(singing, number, 20).id, anAttendance(singing, number, 20).fields)), entry('pen_1', anna, 20), entry('pen_2', bo, 20),
  ];
  const apart = await once(passbook(readerOf(rows), anna));
  const both = await once(passbook(mergedReader(readerOf([...rows, pairRow(`vol_${anna}`, `vol_${bo}`, `vol_${anna}`)])), anna));
  expect([apart.confirmed, both.confirmed, both.provisional]).toEqual([20, 40, 0]);
  expect(both.months[0]?.lines.map((line) => line.entries.map(({ points }) => points))).toEqual([[20], [20]]);
});

test('[DU14] figures and last visits stand under the one that stays', async () => {
  const latest = (order: number, record: string) => ({ order, record, keep: { visitedAt: order, outcome: 'met', nextOn: null } });
  const rows = [
    row('building', 'bld_1', { grid: 'g1', name: '3栋' }), row('building', 'bld_2', { grid: 'g1', name: '3号楼' }),
    row('household', 'hou_1', { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door: '101' }), row('household', 'hou_2', { grid: 'g1', building: 'bld_2', unit: 1, floor: 1, door: '101室' }),
    row('household', 'hou_3', { grid: 'g1', building: 'bld_2', unit: 1, floor: 1, door: '102' }),
    pairRow('bld_1', 'bld_2', 'bld_1'), pairRow('hou_1', 'hou_2', 'hou_1'), ...partners, pairRow(stays, goes, stays),
  ];
  const reader = mergedReader(readerOf(rows, [
    { id: 'v', family: 'visits', month: '2026-05', tallies: {}, latest: { hou_1: latest(5, 'vis_1'), hou_2: latest(9, 'vis_2') } },
    { id: 'l', family: 'log', month: '2026-05', tallies: { 'activities:partner:par_a': 1, 'activities:partner:par_b': 2, headCount: 7 }, latest: {} },
  ]));
  const route = await once(routeOfGrid(reader, 'g1', '2026-05-12'));
  expect(route.buildings.map(({ building, doors }) => [building?.id, doors])).toEqual([['bld_1', 2]]);
  expect(route.buildings[0]?.units[0]?.floors[0]?.doors[0]?.last?.visit).toBe('vis_2');
  expect((await once(reader.rollups('log')))[0]?.tallies).toEqual({ 'activities:partner:par_a': 3, headCount: 7 });
});

test('[DU13] consents are not gathered, and what was merged still waits for a consent of its own', async () => {
  const rows = [
    row('resident', 'res_1', { grid: 'g1', household: 'hou_1', name: '王芳' }), row('resident', 'res_2', { grid: 'g1', household: 'hou_1', name: '王方' }),
    row('consent', 'con_1.registration.2026-05-01', { grid: 'g1', resident: 'res_1', purpose: 'registration', givenOn: '2026-05-01', until: '2027-05-01', way: 'spoken' }),
    pairRow('res_1', 'res_2', 'res_1'),
  ];
  const reader = mergedReader(readerOf(rows));
  expect((await once(residentsOf(reader, '2026-05-12'))).map((line) => [line.row.id, line.unconsented])).toEqual([['res_1', true]]);
  expect(await idsOf(reader.list('people', { kind: 'consent', parent: 'res_1' }))).toEqual(['con_1.registration.2026-05-01']);
});

test('[DU14] search finds the one that stays by the name of the other, once', async () => {
  const calls = { search: async () => ['par_b', 'par_c', 'par_a'], similar: async () => [{ id: 'par_b', score: 1, reasons: ['same'] }, { id: 'par_a', score: 0.9, reasons: ['core'] }] } as unknown as ReplicaCalls;
  const merged = mergedCalls(calls, mergedReader(readerOf([...partners, pairRow(stays, goes, stays)])));
  expect(await merged.search('roster', 'partner', '海骏达集体', 9)).toEqual(['par_a', 'par_c']);
  expect(await merged.similar('roster', 'partner', {}, 9)).toEqual([{ id: 'par_a', score: 1, reasons: ['same'] }]);
});

const likely = (one: string, other: string, score = 1): LikelyRow => ({ id: pairId(one, other), room: 'r', kind: 'resident', one, other, score, reasons: ['same'], foundAt: 1 });
const open = (found: readonly LikelyRow[], pairs: readonly Row[]): string[] => {
  const fields = pairs as readonly Row<PairFields>[];
  return openAmong(found, fields, pairs.length === 0 ? nothingMerged : mergedOf(fields, () => true)).map((each) => `${each.one} ${each.other}`);
};

test('[DU8, DU16] what was settled is off the list for everybody, and what was merged is compared as what it is now', () => {
  const found = [likely('res_1', 'res_2', 0.8), likely('res_1', 'res_3', 0.9), likely('res_2', 'res_3')];
  expect(open(found, [])).toEqual(['res_2 res_3', 'res_1 res_3', 'res_1 res_2']);
  expect(open(found, [pairRow('res_1', 'res_2', 'res_1')])).toEqual(['res_1 res_3']);
  expect(open(found, [pairRow('res_1', 'res_2', 'res_1'), pairRow('res_1', 'res_3', '', 'different')])).toEqual([]);
  expect(open(found, [pairRow('res_1', 'res_2', '', 'open')])).toHaveLength(3);
  expect(open(found, [pairRow('res_1', 'res_2', 'res_1', 'merged', [{ field: 'verdict', options: [] }])])).not.toContain('res_1 res_2');
});
