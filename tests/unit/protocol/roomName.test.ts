import { expect, test } from 'vitest';
import { sameRoom } from '../../../src/domain/kernel/room.ts';
import { formatRoomName, parseRoomName } from '../../../src/protocol/roomName.ts';

test('[RN1] each family has its parts in its order', () => {
  const community = 'shuangbai';
  expect(formatRoomName({ community, family: 'roster' })).toBe('v1/shuangbai/roster');
  expect(formatRoomName({ community, family: 'people', grid: 'g1' })).toBe('v1/shuangbai/people/g1');
  expect(formatRoomName({ community, family: 'members', partner: 'mbx3k2' })).toBe('v1/shuangbai/members/mbx3k2');
  expect(formatRoomName({ community, family: 'visits', grid: 'g1', month: '2026-05' })).toBe('v1/shuangbai/visits/g1/2026-05');
  expect(formatRoomName({ community, family: 'ledger', month: '2026-05' })).toBe('v1/shuangbai/ledger/2026-05');
  expect(parseRoomName('v1/shuangbai/visits/g1/2026-05')).toEqual({ community, family: 'visits', grid: 'g1', month: '2026-05' });
});

test('[RN1] rooms are the same when every part is', () => {
  const room = { community: 'a', family: 'visits', grid: 'g1', month: '2026-05' } as const;
  expect(sameRoom(room, { ...room })).toBe(true);
  for (const other of [{ community: 'b' }, { family: 'people' as const }, { grid: 'g2' }, { month: '2026-06' }]) expect(sameRoom(room, { ...room, ...other })).toBe(false);
});

test('[RN2] what is not exactly a room name is no room', () => {
  const names = [
    '', 'v1', 'v1/', 'v1/a', 'v2/a/roster', 'v1//roster', 'v1/a/roster/', 'v1/a/roster/g1', 'v1/a/kitchen', 'v1/a/log', 'v1/a/log/2026-13', 'v1/a/log/2026-5', 'v1/a/people/',
    'v1/a/people/G1', 'v1/a/people/..', 'v1/../roster', 'v1/a/visits/2026-05/g1', 'v1/a/visits/g1', ' v1/a/roster', 'v1/a/roster ', 'V1/a/roster', 'v1/a/members/a b', 'v1/a/members/a%2fb',
    '/v1/a/roster', 'v1/a/__proto__', 'v1/a/constructor', `v1/a/people/${'g'.repeat(33)}`, `v1/${'a'.repeat(200)}/roster`, 'v1/a/log/2026-05\n',
  ];
  for (const name of names) expect(parseRoomName(name), name).toBeUndefined();
});
