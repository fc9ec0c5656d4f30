import { expect, test } from 'vitest';
import { accessTo } from '../../../src/domain/access.ts';
import { checkFact, type FactProblem } from '../../../src/domain/check.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../../src/domain/kernel/fold.ts';
import { kinds, type KindName } from '../../../src/domain/kinds.ts';
import { acts, doers, mayAsk, services, whyNot, whyNotReasons, type WhyNot } from '../../../src/domain/permission.ts';
import { roomFamilies, type RoomFamily } from '../../../src/domain/kernel/room.ts';
import { authority, bakery, counter, district, group, leader, monitor, morning, otherLeader, peopleOf, stranger, supervisor, visitsOf, worker } from '../../support/community.ts';
import { asking, cellName, cellsOf, changeOf, columns, deeds, readOnly, roomOf, sampleOf, seeing, stating, type Cell, type Column } from '../../support/permissionCases.ts';
import { permissionPage } from '../../support/permissionPage.ts';

const people: Readonly<Record<Column, Actor>> = { gridWorker: worker, groupLeader: leader, supervisor, redemptionPoint: counter, monitor, district };
const foreignTag = 'wudev';

/** The record of a cell as it stands, the fact that is stated about it, and the gate's answer. */
function judged(actor: Actor, cell: Pick<Cell, 'deed' | 'kind' | 'act' | 'inside'>, by = actor.person): FactProblem | undefined {
  const sample = sampleOf(cell.kind, cell.inside, cell.deed.endsWith('foreign number') ? foreignTag : cell.act === 'state' ? actor.device : 'seeddev');
  const record = cell.kind === 'partner' && cell.act !== 'state' ? (cell.inside ? group : bakery) : sample.record;
  const birth: Fact = { id: 'seeddev-0', record, kind: cell.kind, base: [], set: sample.fields, by: 'per_seed', at: morning };
  const held = cell.act === 'state' ? [] : [birth];
  const fact: Fact = { ...birth, id: `${actor.device}-1`, by, base: held.map(({ id }) => id), ...(held.length > 0 && { set: changeOf(cell as Cell) }) };
  return checkFact(actor, sample.room, fact, foldRecord(held), (id) => held.some((each) => each.id === id));
}

const wrongCells = (table: Readonly<Record<string, string>>): string[] =>
  cellsOf(table).flatMap((cell) => {
    const problem = judged(people[cell.column], cell);
    const told = problem === undefined ? 'allowed' : problem.fault;
    return told === (cell.allowed ? 'allowed' : 'not-allowed') ? [] : [`${cellName(cell)}: ${told}`];
  });

const wrongRooms = (table: Readonly<Record<RoomFamily, string>>): string[] =>
  roomFamilies.flatMap((family) =>
    columns.flatMap((column, index) =>
      [true, false].flatMap((inside) => {
        const seen = (table[family].split(' ')[index] ?? '')[inside ? 0 : 1] === '+';
        const access = accessTo(people[column], roomOf(family, inside));
        const expected = !seen ? 'none' : readOnly[family].includes(column) ? 'read' : 'write';
        return access === expected ? [] : [`${family}, ${column}, ${inside ? 'inside' : 'outside'}: ${access}`];
      }),
    ),
  );

test('[PM1] every kind, act and role, inside and outside of what is theirs: the check says what is written down here', () => {
  expect(wrongCells(stating)).toEqual([]);
  for (const kind of Object.keys(kinds)) for (const act of acts.slice(1)) expect(deeds, kind).toContain(`${kind} ${act}`);
});

test('[PM1] rooms open as it is written down here, for reading and for stating', () => {
  expect(wrongRooms(seeing)).toEqual([]);
});

test('[PM1] what the server does for whom is what is written down here; for itself it asks nothing', () => {
  for (const service of services) expect(columns.map((role) => (mayAsk({ role }, service) ? '+' : '-')).join(' '), service).toBe(asking[service]);
  expect(services.filter((service) => mayAsk(authority, service))).toEqual([]);
});

test('[PM1] the comparison looks at every single cell: each of them, turned round, is found', () => {
  const turned = (row: string, at: number): string => `${row.slice(0, at)}${row[at] === '+' ? '-' : '+'}${row.slice(at + 1)}`;
  const places = [...stating['visit state']].flatMap((sign, at) => (sign === ' ' ? [] : [at]));
  expect(places).toHaveLength(columns.length * 2);
  for (const deed of deeds) for (const at of places) expect(wrongCells({ [deed]: turned(stating[deed], at) }), `${deed} ${at}`).toHaveLength(1);
  for (const family of roomFamilies) for (const at of places) expect(wrongRooms({ ...seeing, [family]: turned(seeing[family], at) }), `${family} ${at}`).toHaveLength(1);
});

test('[PM5] in its own name the authority states entries, the community, its grids, its staff and what follows from an erasure, and nothing else', () => {
  const asked = (by: string): string[] =>
    cellsOf(stating).filter(({ column, inside }) => column === 'monitor' && inside).flatMap((cell) => (judged(authority, cell, by) === undefined ? [cell.deed] : []));
  expect(asked(authority.person)).toEqual([
    'community state', 'community change', 'community delete', 'grid state', 'grid change', 'grid delete', 'staff state', 'staff change', 'staff delete',
    'doorErasure state', 'doorErasure change', 'memberErasure state', 'pointsEntry state', 'grant state', 'pointsMove state', 'verdict state',
  ]);
  // What a person has authored it may bring in, a ledger's past, who looked at whose data and who asked to be forgotten excepted.
  expect(deeds.filter((deed) => !asked('per_li').includes(deed))).toEqual([
    'certificate delete', 'reading change', 'reading delete', 'erasure change', 'erasure delete', 'doorErasure delete', 'memberErasure change', 'memberErasure delete', 'intake change', 'intake delete', 'pointsEntry change', 'pointsEntry delete',
    ...['grant', 'pointsMove', 'verdict', 'claim', 'redemptionRequest', 'settlement', 'writeOff'].flatMap((kind) => [`${kind} change`, `${kind} delete`]),
  ]);
});

test('[PM3] whoever may not is told why, and who may', () => {
  const why = (...asked: Parameters<typeof whyNot>): WhyNot | undefined => whyNot(...asked);
  expect(why(worker, 'state', 'partner')).toEqual({ reason: 'role', who: ['supervisor'] });
  expect(why(worker, 'change', 'household', { fields: { grid: 'g2' } })).toEqual({ reason: 'grid', who: ['gridWorker', 'supervisor'] });
  expect(why(worker, 'see', 'visit', { room: visitsOf('g2') })).toEqual({ reason: 'grid', who: ['gridWorker', 'supervisor'] });
  expect(why(worker, 'state', 'volunteer', { fields: { grid: 'g1' }, set: { number: 'SBWUDEV1' } })?.reason).toBe('number');
  expect(why(otherLeader, 'change', 'partner', { record: group, set: { note: '改' } })).toEqual({ reason: 'partner', who: ['groupLeader', 'supervisor'] });
  expect(why(leader, 'change', 'partner', { record: group, set: { stage: 'exited' } })?.reason).toBe('fields');
  expect(why(leader, 'change', 'activity', { fields: { organiser: bakery } })?.reason).toBe('partner');
  expect(why(supervisor, 'state', 'visit')).toEqual({ reason: 'role', who: ['gridWorker'] });
  expect(why(supervisor, 'state', 'pointsEntry')).toEqual({ reason: 'read-only-family', who: [] });
  expect(why(supervisor, 'change', 'partner', { record: group, set: { type: 'business' } })?.reason).toBe('fixed');
  expect(why(stranger, 'see', 'partner', { room: peopleOf('g1') })?.reason).toBe('community');
  expect([why(worker, 'state', 'volunteer'), why(leader, 'state', 'activity'), why(leader, 'state', 'volunteer')?.reason]).toEqual([undefined, undefined, 'role']);
  expect([why(leader, 'change', 'partner', { record: group, set: { note: '改' } }), why(monitor, 'see', 'activity'), why(worker, 'state', 'visit', { fields: { grid: 'g1' } })]).toEqual([undefined, undefined, undefined]);
});

test('[PM3] every answer to every question is one of the reasons', () => {
  for (const role of doers)
    for (const act of acts)
      for (const kind of Object.keys(kinds) as KindName[]) {
        const told = whyNot({ ...worker, role }, act, kind, { set: { number: 'SBWUDEV1', type: 'business' } });
        if (told) expect(whyNotReasons).toContain(told.reason);
      }
});

test('[PM1] docs/PERMISSIONS.md is the table of the code', async () => {
  await expect(permissionPage()).toMatchFileSnapshot('../../../docs/PERMISSIONS.md');
});
