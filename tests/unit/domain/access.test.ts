import { expect, test } from 'vitest';
import { accessTo, isLive, liveMonths, workingRooms } from '../../../src/domain/access.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import type { RoomAddress } from '../../../src/domain/kernel/room.ts';
import { authority, community, counter, district, leader, logOf, monitor, morning, otherLeader, otherWorker, peopleOf, roster, stranger, supervisor, visitsOf, worker } from '../../support/community.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';

const everyone = { worker, otherWorker, leader, otherLeader, supervisor, monitor, counter, district, stranger };
const access = (room: RoomAddress) => Object.fromEntries(Object.entries(everyone).map(([name, actor]) => [name, accessTo(actor, room)]));
const none = { district: 'none', stranger: 'none' };

test('[RM1] rooms of a grid are its workers’ and the supervisor’s', () => {
  const expected = { worker: 'write', otherWorker: 'none', leader: 'none', otherLeader: 'none', supervisor: 'write', monitor: 'none', counter: 'none', ...none };
  expect(access(peopleOf('g1'))).toEqual(expected);
  expect(access(visitsOf('g1'))).toEqual(expected);
});

test('[RM1] a group’s member list is its leader’s and the supervisor’s', () => {
  expect(access({ community, family: 'members', partner: 'choir' })).toEqual({
    worker: 'none', otherWorker: 'none', leader: 'write', otherLeader: 'none', supervisor: 'write', monitor: 'none', counter: 'none', ...none,
  });
});

test('[RM1] roster and log are read by the whole community', () => {
  expect(access(roster)).toEqual({ worker: 'read', otherWorker: 'read', leader: 'write', otherLeader: 'write', supervisor: 'write', monitor: 'read', counter: 'read', ...none });
  expect(access(logOf())).toEqual({ worker: 'write', otherWorker: 'write', leader: 'write', otherLeader: 'write', supervisor: 'write', monitor: 'read', counter: 'read', ...none });
});

test('[RM2] a ledger is read by its community and written by the authority alone', () => {
  const ledger: RoomAddress = { community, family: 'ledger', month: '2026-05' };
  expect(new Set(Object.values(access(ledger)))).toEqual(new Set(['read', 'none']));
  expect(accessTo(authority, ledger)).toBe('write');
});

test('[RM3] this month, and the last one for seven days', () => {
  const months = (day: string) => liveMonths(instantOf(day, '00:00'));
  expect([months('2026-05-01'), months('2026-05-07'), months('2026-05-08'), months('2026-01-02')]).toEqual([
    ['2026-05', '2026-04'], ['2026-05', '2026-04'], ['2026-05'], ['2026-01', '2025-12'],
  ]);
  expect([isLive(logOf(instantOf('2026-04-30')), morning), isLive(logOf(morning), morning), isLive(roster, morning), isLive(logOf(instantOf('2026-06-01')), morning)]).toEqual([false, true, true, false]);
});

test('[RM3] a tablet keeps the rooms of its own work, and none it may not open', () => {
  const names = (rooms: readonly RoomAddress[]) => rooms.map(formatRoomName);
  expect(names(workingRooms(worker, [], morning))).toEqual(['roster', 'log/2026-05', 'ledger/2026-05', 'people/g1', 'visits/g1/2026-05'].map((name) => `v1/${community}/${name}`));
  expect(names(workingRooms(leader, [], morning))).toEqual(['roster', 'log/2026-05', 'ledger/2026-05', 'members/choir'].map((name) => `v1/${community}/${name}`));
  expect(workingRooms(supervisor, ['g1', 'g2'], morning)).toHaveLength(8);
  expect(workingRooms(district, ['g1'], morning)).toEqual([]);
});
