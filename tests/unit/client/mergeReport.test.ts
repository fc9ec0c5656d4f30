/** The report as the inbox is given it: decisions first, narrowed, and nothing settled by itself. */
import { expect, test } from 'vitest';
import { always, once } from '../../../src/client/queries/live.ts';
import { mergeReport } from '../../../src/client/queries/mergeReport.ts';
import { consentId } from '../../../src/domain/residents/schema.ts';
import type { ArrivalRow, ClashRow, Reader } from '../../../src/replica/contract.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { bakery, group, logOf, peopleOf, ref, roster, seeded, supervisor, tabletOf, today, worker } from '../../support/community.ts';
import { meet } from '../../support/tablet.ts';

const option = (by: string, value = 'a') => ({ value, fact: `${by}-1`, by: `per_${by}`, at: 1 });
const clash = (id: string, kind: string, fields: readonly string[], changedAt: number, more: Partial<ClashRow> = {}): ClashRow => ({
  id, kind, family: 'roster', room: formatRoomName(roster), fields: {}, changedAt, clashes: fields.map((field) => ({ field, options: [option('li'), option('wu', 'b')] })), ...more,
});
const arrival = (by: string, grid: string, born: Record<string, number>): ArrivalRow => ({ id: `${by}${grid}`, device: `${by}dev`, by: `per_${by}`, arrivedAt: 5, born, changed: {}, grid, records: [], late: {}, oldestAt: 1 });

const readerOf = (clashes: readonly ClashRow[], arrivals: readonly ArrivalRow[]): Reader => ({
  list: () => always([]), one: () => always(undefined), many: () => always([]), rollups: () => always([]), pending: () => always([]),
  clashes: () => always(clashes), arrivals: (since) => always(arrivals.filter((each) => each.arrivedAt >= since)), contacts: () => always([]), likely: () => always([]), close: async () => undefined,
});

test('[MR3] what is agreed, promised or ruled on stands first, within a record, too', async () => {
  const { disagreements } = await once(mergeReport(readerOf([
    clash('act_1', 'activity', ['headCount'], 9), clash('con_1', 'consent', ['until'], 1), clash(group, 'partner', ['note', 'fundInFen'], 5), clash(bakery, 'partner', ['note'], 8),
  ], []), 0));
  expect(disagreements.map((each) => [each.ref.record, each.decision])).toEqual([[group, true], ['con_1', true], ['act_1', false], [bakery, false]]);
  expect(disagreements[0]?.clashes.map(({ field }) => field)).toEqual(['fundInFen', 'note']);
});

test('[MR5, SV5] narrowed, figures and clashes are those of it; the choices stay whole, and clashes do not go by looking', async () => {
  const reader = readerOf([clash('act_1', 'activity', ['headCount'], 9, { room: formatRoomName(logOf()), family: 'log' }), clash('res_1', 'resident', ['name'], 3, { room: formatRoomName(peopleOf('g2')), family: 'people', fields: { grid: 'g2' } })], [arrival('li', 'g1', { visit: 41 }), arrival('wu', 'g2', { visit: 2, resident: 1 })]);
  const report = await once(mergeReport(reader, 0, { grid: 'g2', kind: 'resident' }));
  expect(report.summary).toMatchObject({ tablets: 1, born: { resident: 1 }, clashedFields: 1 });
  expect(report.disagreements.map((each) => each.ref.record)).toEqual(['res_1']);
  expect(report.choices).toEqual({ people: ['per_li', 'per_wu'], kinds: ['activity', 'resident', 'visit'], grids: ['g1', 'g2'] });
  expect((await once(mergeReport(reader, 6))).summary).toMatchObject({ tablets: 0, clashedFields: 2 });
});

test('[MR3, FO3] a consent that two people wrote differently stays open whatever else is stated, until somebody chooses', () => {
  const base = tabletOf(worker, seeded());
  const room = peopleOf('g1');
  base.run('addResident', { grid: 'g1', household: 'hou_101', name: '周大爷', purposes: ['registration'], way: 'spoken' });
  const resident = base.every(room, 'resident').find(({ fields }) => fields['name'] === '周大爷')!.record;
  const [mine, theirs] = [tabletOf({ ...worker, device: 'li2dev' }, base), tabletOf({ ...supervisor, device: 'he2dev' }, base)];
  mine.run('giveConsent', { resident: ref(room, resident), purpose: 'contact', way: 'spoken', until: '2027-01-01' });
  theirs.run('giveConsent', { resident: ref(room, resident), purpose: 'contact', way: 'written', until: '2028-01-01' });
  meet(mine, theirs);
  const consent = ref(room, consentId(resident, 'contact', today));
  const open = () => mine.find(room, consent.record)?.clashes.map(({ field }) => field);
  expect(open()).toEqual(['until', 'way']);
  mine.run('reviseResident', { ref: ref(room, resident), name: '周爷爷', phone: '13800138000' });
  mine.run('tagCare', { resident: ref(room, resident), tag: 'livesAlone', reason: '儿女在外地' });
  mine.run('giveConsent', { resident: ref(room, resident), purpose: 'photo', way: 'written' });
  mine.run('withdrawConsent', { resident: ref(room, resident), purpose: 'photo' });
  const desk = tabletOf(supervisor, mine);
  desk.now += 1_000;
  desk.run('addResident', { grid: 'g1', household: 'hou_101', name: '周老爷', purposes: ['registration'], way: 'spoken' });
  const twin = desk.every(room, 'resident').find(({ fields }) => fields['name'] === '周老爷')!.record;
  desk.run('mergeRecords', { stays: ref(room, resident), goes: ref(room, twin), take: [] });
  expect(desk.find(room, consent.record)?.clashes.map(({ field }) => field)).toEqual(['until', 'way']);
  const [until] = desk.find(room, consent.record)!.clashes;
  desk.run('chooseValue', { ref: consent, field: 'until', fact: until!.options[1]!.fact });
  expect(desk.find(room, consent.record)?.clashes.map(({ field }) => field)).toEqual(['way']);
});

test('[MR3, FO3] promised money that two people wrote differently stays open through every other change of the partner', () => {
  const base = seeded();
  const partner = ref(roster, group);
  const [mine, theirs] = [tabletOf(supervisor, base), tabletOf({ ...supervisor, person: 'per_2', device: 'he2dev' }, base)];
  mine.run('revisePartner', { ref: partner, fundInFen: 100_00 });
  theirs.run('revisePartner', { ref: partner, fundInFen: 250_00 });
  meet(mine, theirs);
  mine.run('revisePartner', { ref: partner, note: '新备注', place: '二楼' });
  mine.run('convertPartner', { partner, to: 'business', on: '2026-06-01' });
  mine.run('mergeRecords', { stays: partner, goes: ref(roster, bakery), take: ['name'] });
  mine.run('reopenPair', { pair: ref(roster, mine.every(roster, 'partnerPair')[0]!.record) });
  expect(mine.find(roster, group)?.clashes).toMatchObject([{ field: 'fundInFen' }]);
});
