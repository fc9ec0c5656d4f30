/** What happens to a tablet's unsent facts when the server refuses one. */
import { expect, test } from 'vitest';
import { homeOf, kinds } from '../../../src/domain/kinds.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { Room } from '../../../src/replica/rooms/room.ts';
import { ownFacts, rebuildRoom } from '../../../src/replica/rooms/rebuild.ts';
import { community, roster, supervisor } from '../../support/community.ts';

const partner = (id: string, record: string, base: string[] = [], note?: string): Fact => ({
  id, record, kind: 'partner', base, by: supervisor.person, at: 1_000,
  set: base.length > 0 ? { note: note ?? '' } : { name: record, type: 'business', legalForm: 'organisation', stage: 'active' },
});

function serverRoom(...facts: Fact[]): Uint8Array {
  const room = new Room(roster);
  room.apply(room.stage(facts).bytes, 'local');
  return room.encode();
}

test('[RP5] the refused fact and what was built on it wait in the tray, the others are stated again under their own ids', () => {
  expect(homeOf(kinds.partner, community, 'par_a', {})).toEqual(roster);
  const known = partner('other-1', 'par_a');
  const refused = partner('hedev-1', 'par_b');
  const onIt = partner('hedev-2', 'par_b', ['hedev-1'], '后来');
  const fine = partner('hedev-3', 'par_a', ['other-1'], '好');
  const rebuilt = rebuildRoom(roster, serverRoom(known), [refused, onIt, fine], supervisor, { reason: 'not-allowed', fact: 'hedev-1' }, false, 5_000);
  expect(rebuilt.tray.map((entry) => [entry.fact, entry.reason, entry.refusedAt])).toEqual([
    ['hedev-1', 'not-allowed', 5_000],
    ['hedev-2', 'unknown-base', 5_000],
  ]);
  expect(rebuilt.restated?.facts).toEqual([fine]);
  expect(rebuilt.room.find('par_a')?.fields['note']).toBe('好');
  expect(rebuilt.room.find('par_b')).toBeUndefined();
});

test('[RP5] what the server holds already was confirmed, only its acknowledgement was lost', () => {
  const stated = partner('hedev-1', 'par_a');
  const rebuilt = rebuildRoom(roster, serverRoom(stated), [stated], supervisor, undefined, false, 5_000);
  expect(rebuilt.restated).toBeUndefined();
  expect(rebuilt.tray).toEqual([]);
});

test('[RP10] under a number that a copy of this tablet has used, what began a record is stated again under a new one, and what changed one waits', () => {
  const copied = partner('hedev-1', 'par_copy');
  const own = partner('hedev-1', 'par_own');
  const onIt = partner('hedev-2', 'par_own', ['hedev-1'], '后来');
  for (const refusal of [{ reason: 'deletes' }, { reason: 'overwrite', fact: 'hedev-1' }] as const) {
    const { restated, tray, room } = rebuildRoom(roster, serverRoom(copied), [own, onIt], supervisor, refusal, true, 5_000, undefined, () => 'hedev-9');
    expect(restated?.facts).toEqual([{ ...own, id: 'hedev-9' }]);
    expect([room.find('par_copy')?.fields['name'], room.find('par_own')?.fields['name']]).toEqual(['par_copy', 'par_own']);
    expect(tray.map(({ fact }) => fact)).toEqual(['hedev-2']);
  }
  const changed = partner('hedev-1', 'par_b', ['other-1'], '好');
  expect(rebuildRoom(roster, serverRoom(copied, partner('other-1', 'par_b')), [changed], supervisor, { reason: 'deletes' }, false, 5_000, undefined, () => 'hedev-9').tray.map(({ fact, reason }) => [fact, reason])).toEqual([['hedev-1', 'overwrite']]);
});

test('[RP10] what waits is a tablet’s own also where a copy’s fact stands in the room under its number', () => {
  const own = partner('hedev-1', 'par_own');
  const later = partner('hedev-2', 'par_later');
  const room = new Room(roster);
  room.apply(serverRoom(partner('hedev-1', 'par_copy'), later), 'remote');
  expect(ownFacts(room, 'hedev', [own, later]).filter(({ record }) => record !== 'par_copy')).toEqual([own, later]);
});

test('[RP5] a refusal that blames no fact is tried once more; after that the facts wait for a person', () => {
  const stated = partner('hedev-1', 'par_a');
  const refusal = { reason: 'foreign-client' } as const;
  expect(rebuildRoom(roster, serverRoom(), [stated], supervisor, refusal, false, 5_000).restated?.facts).toEqual([stated]);
  const stubborn = rebuildRoom(roster, serverRoom(), [stated], supervisor, refusal, true, 5_000);
  expect(stubborn.tray.map((entry) => entry.reason)).toEqual(['foreign-client']);
});

test('[ER5] what a tablet had not sent loses what was erased meanwhile: said again without it, or not at all, and never kept in the tray', () => {
  const people = { community, family: 'people', grid: 'g1' } as const;
  const of = (id: string, record: string, kind: string, set: Fact['set'], base: string[] = []): Fact => ({ id, record, kind, base, set, by: supervisor.person, at: 1_000 });
  const volunteer = of('other-1', 'vol_SBAA01', 'volunteer', { grid: 'g1', number: 'SBAA01', name: 'SBAA01' });
  const erasures = ['res_1', 'vol_SBAA01'].map((about, index) => of(`other-${index + 2}`, `era_${about}`, 'erasure', { grid: 'g1', about, doors: ['hou_1'], why: 'asked', on: '2026-05-12' }));
  const server = new Room(people);
  server.apply(server.stage([volunteer, ...erasures]).bytes, 'local');
  const own = [
    of('hedev-1', 'res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '周大爷' }),
    of('hedev-2', 'res_1', 'resident', { name: '周爷爷' }, ['hedev-1']),
    of('hedev-3', 'vol_SBAA01', 'volunteer', { name: '张桂芳', joinedOn: '2026-05-01' }, ['other-1']),
    of('hedev-4', 'hou_2', 'household', { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door: '102', hint: '敲三下' }),
  ];
  const { restated, tray, room } = rebuildRoom(people, server.encode(), own, supervisor, { reason: 'erased', fact: 'hedev-1' }, true, 5_000);
  expect(tray).toEqual([]);
  expect(restated?.facts.map(({ id, set }) => [id, set])).toEqual([['hedev-3', { name: 'SBAA01', joinedOn: '2026-05-01' }], ['hedev-4', own[3]?.set]]);
  expect(JSON.stringify([...room.records()].map((record) => room.factsOf(record)))).not.toMatch(/周|张桂芳/);
});
