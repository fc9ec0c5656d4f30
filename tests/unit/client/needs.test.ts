/** What the screens of needs are given: whose they are, in which order, and what speaks for a helper. */
import { expect, test } from 'vitest';
import { answeredBy, byStage, countByStage, helpersFor, isOwn, needPage, needsAtDoor, owedBy, stageSince, waitsFor, type NeedRow } from '../../../src/client/queries/needs.ts';
import { once } from '../../../src/client/queries/live.ts';
import type { ActivityFields } from '../../../src/domain/activity/schema.ts';
import { toldId, type NeedFields, type NeedToldFields } from '../../../src/domain/needs/schema.ts';
import type { PartnerFields } from '../../../src/domain/roster/schema.ts';
import type { ListQuery, Live, Reader, Row } from '../../../src/replica/contract.ts';
import { movesOf } from '../../../src/routes/(field)/needs/moves.ts';
import { bakery, group, leader, monitor, otherLeader, otherWorker, supervisor, today, worker } from '../../support/community.ts';
import { anActivity } from '../../support/pointsWorld.ts';

const room = 'v1/shuangbai/log/2026-05';
const rowOf = <F>(id: string, kind: string, fields: F, parent = ''): Row<F> => ({
  id, fields, kind, room, parent, holder: '', order: '', clashes: [], bornAt: 0, changedAt: 0, changedBy: '',
});
const need = (id: string, fields: Partial<NeedFields> = {}): NeedRow =>
  rowOf(`nee_${id}`, 'need', { grid: 'g1', category: 'repair', title: id, stage: 'open', openedAt: 100, ...fields });
const partner = (id: string, fields: Partial<PartnerFields> = {}): Row<PartnerFields> =>
  rowOf(id, 'partner', { name: id, type: 'business', legalForm: 'organisation', stage: 'active', ...fields });
const held = (day: string, organiser: string, status: ActivityFields['status'] = 'held'): Row<ActivityFields> => {
  const { id, fields } = anActivity(day, '09:00', { organiser, status });
  return rowOf(id, 'activity', fields, organiser);
};

test('[ND1] needs stand in the order of their stages, the longest waiting first, what is over newest first', () => {
  const rows = [
    need('late', { openedAt: 300 }), need('early', { openedAt: 200 }),
    need('done', { stage: 'done', doneAt: 50 }), need('asked', { stage: 'matched', matchedAt: 900 }),
    need('old', { stage: 'confirmed', confirmedAt: 400 }), need('new', { stage: 'confirmed', confirmedAt: 500 }),
  ];
  expect(byStage(rows).map(({ stage, rows: own }) => [stage, own.map(({ fields }) => fields.title)])).toEqual([
    ['open', ['early', 'late']], ['matched', ['asked']], ['done', ['done']], ['confirmed', ['new', 'old']],
  ]);
  expect(countByStage(rows)).toEqual({ open: 2, matched: 1, inService: 0, done: 1, confirmed: 2, withdrawn: 0 });
  expect([stageSince(rows[2]!.fields), stageSince(rows[0]!.fields)]).toEqual([50, 300]);
});

test('[ND1] an open or done need waits for the worker of its grid, one in service for the group that was asked', () => {
  const asked = { ...need('x').fields, partner: group };
  const waits = (stage: NeedFields['stage']) => [worker, otherWorker, leader, otherLeader, supervisor].map((who) => waitsFor(who, { ...asked, stage }));
  expect(waits('open')).toEqual([true, false, false, false, false]);
  expect(waits('matched')).toEqual([false, false, true, false, false]);
  expect(waits('inService')).toEqual([false, false, true, false, false]);
  expect(waits('done')).toEqual([true, false, false, false, false]);
  expect(waits('confirmed')).toEqual([false, false, false, false, false]);
  expect([worker, otherWorker, leader, otherLeader, supervisor, monitor].map((who) => isOwn(who, asked))).toEqual([true, false, true, false, true, true]);
});

test('[ND2] what a partner still owes is its promise for the running period, less what it held', () => {
  const partners = [
    partner('par_four', { activityQuota: 4, activityQuotaPer: 'month' }), partner('par_kept', { activityQuota: 1, activityQuotaPer: 'year' }),
    partner('par_quarter', { activityQuota: 2, activityQuotaPer: 'quarter' }), partner('par_free'),
  ];
  const activities = [
    held('2026-05-02', 'par_four'), held('2026-04-20', 'par_four'), held('2026-05-03', 'par_four', 'cancelled'), held('2026-05-20', 'par_four', 'planned'),
    held('2026-01-03', 'par_kept'), held('2026-04-20', 'par_quarter'), held('2026-05-02', 'par_free'),
  ];
  expect([...owedBy(partners, activities, today)]).toEqual([['par_four', 3], ['par_quarter', 1]]);
});

test('[ND2] only what a resident confirmed, and not unsatisfied, speaks for whoever helped', () => {
  const rows = [
    need('a', { stage: 'confirmed', partner: bakery, answer: 'satisfied' }), need('b', { stage: 'confirmed', partner: bakery, answer: 'partly' }),
    need('c', { stage: 'confirmed', partner: bakery, answer: 'notSatisfied' }), need('d', { stage: 'done', partner: bakery }),
    need('e', { stage: 'confirmed', volunteer: 'SBA0001', answer: 'satisfied' }),
  ];
  expect([...answeredBy(rows)]).toEqual([[bakery, 2], ['SBA0001', 1]]);
});

/** The lists of a tablet, as they stand. */
function tabletWith(rows: readonly Row<object>[]): Reader {
  const now = <T>(value: unknown): Live<T> => ({ subscribe: (run) => (run(value as T), () => undefined) });
  return {
    list: (_family: string, { kind, parent }: ListQuery) => now(rows.filter((row) => row.kind === kind && (parent === undefined || row.parent === parent))),
    one: (_family: string, id: string) => now(rows.find((row) => row.id === id)),
    many: (_family: string, ids: readonly string[]) => now(ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])),
  } as Partial<Reader> as Reader;
}

const told = (id: string, household: string): Row<NeedToldFields> => rowOf(toldId(`nee_${id}`), 'needTold', { grid: 'g1', household, words: id }, household);
const door = rowOf('hou_101', 'household', { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door: '101' });

test('[ND1] a tablet that may not hold the told side shows the need without its door', async () => {
  const face = need('a');
  const full = await once(needPage(tabletWith([face, told('a', 'hou_101'), door]), face.id));
  expect([full.need?.id, full.told?.fields.words, full.door?.household.id]).toEqual([face.id, 'a', 'hou_101']);
  const bare = await once(needPage(tabletWith([face]), face.id));
  expect([bare.need?.id, bare.told, bare.door]).toEqual([face.id, undefined, undefined]);
});

test('[ND1] a door lists the needs told there, newest first, and none whose face is not here', async () => {
  const reader = tabletWith([need('a', { openedAt: 1 }), told('a', 'hou_101'), need('b', { openedAt: 2 }), told('b', 'hou_101'), need('c'), told('c', 'hou_102'), told('gone', 'hou_101')]);
  expect((await once(needsAtDoor(reader, 'hou_101'))).map(({ need: { fields } }) => fields.title)).toEqual(['b', 'a']);
});

test('[ND2] helpers are read from this tablet alone', async () => {
  const rows = [
    partner('par_four', { activityQuota: 4 }), partner('par_free'), held('2026-05-02', 'par_four'), held('2026-05-02', 'par_free'),
    rowOf('grd_g1', 'grid', { code: 'g1', name: '第一网格' }), rowOf('vol_1', 'volunteer', { grid: 'g1', number: 'SBA0001', name: '甲' }),
    need('a', { stage: 'confirmed', partner: 'par_free', answer: 'satisfied' }),
  ];
  const helpers = await once(helpersFor(tabletWith(rows), 'g1', today));
  expect([helpers.partners.length, helpers.volunteers.length, helpers.gridName, [...helpers.owed], [...helpers.answered]]).toEqual([2, 1, '第一网格', [['par_four', 3]], [['par_free', 1]]]);
});

test('[ND1, PM3] the steps offered are those the person may take, the others say why not', () => {
  const asked = (stage: NeedFields['stage']) => need('x', { stage, partner: group });
  const open = (who: typeof worker, row: NeedRow) => movesOf(who, row).flatMap(({ to, why }) => (why ? [] : [to]));
  expect(open(worker, asked('done'))).toEqual(['confirmed', 'inService', 'withdrawn']);
  expect(open(otherWorker, asked('done'))).toEqual([]);
  expect([open(leader, need('x')), open(leader, asked('matched')), open(leader, asked('inService')), open(leader, asked('done'))]).toEqual([[], ['inService'], ['done'], []]);
  expect(open(otherLeader, asked('matched'))).toEqual([]);
  expect(movesOf(leader, asked('done')).map(({ why }) => why?.reason)).toEqual(['fields', 'fields', 'fields']);
  expect(movesOf(worker, asked('done')).map(({ to, onward, asksReason }) => [to, onward, asksReason])).toEqual([['confirmed', true, false], ['inService', false, true], ['withdrawn', false, true]]);
  expect(movesOf(worker, need('x', { stage: 'withdrawn' })).map(({ to, onward, asksReason }) => [to, onward, asksReason])).toEqual([['open', true, false]]);
});
