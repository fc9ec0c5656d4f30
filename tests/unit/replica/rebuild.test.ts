/** What happens to a tablet's unsent facts when the server refuses one. */
import { expect, test } from 'vitest';
import { homeOf, kinds } from '../../../src/domain/kinds.ts';
import type { Fact } from '../../../src/domain/kernel/fact.ts';
import { Room } from '../../../src/replica/rooms/room.ts';
import { rebuildRoom } from '../../../src/replica/rooms/rebuild.ts';
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

test('[RP5] a refusal that blames no fact is tried once more; after that the facts wait for a person', () => {
  const stated = partner('hedev-1', 'par_a');
  const refusal = { reason: 'foreign-client' } as const;
  expect(rebuildRoom(roster, serverRoom(), [stated], supervisor, refusal, false, 5_000).restated?.facts).toEqual([stated]);
  const stubborn = rebuildRoom(roster, serverRoom(), [stated], supervisor, refusal, true, 5_000);
  expect(stubborn.tray.map((entry) => entry.reason)).toEqual(['foreign-client']);
});
