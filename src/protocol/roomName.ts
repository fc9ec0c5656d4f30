/** Room names on the wire: `v1/<community>/<family>[/<grid>|/<partner>][/<yyyy-mm>]`. Anything else is no room. */
import { roomFamilies, shardOf, type RoomAddress, type RoomFamily } from '../domain/kernel/room.ts';
import { isMonth } from '../domain/kernel/time.ts';

/** Layout version of rooms, apart from the protocol's: rooms outlive connections. */
const layout = 'v1';
const codePattern = /^[a-z0-9][a-z0-9-]{0,31}$/;
const partnerPattern = /^[A-Za-z0-9-]{1,48}$/;
export const roomNameMax = 160;

const partIsValid = {
  grid: (part: string) => codePattern.test(part),
  partner: (part: string) => partnerPattern.test(part),
  month: isMonth,
} as const;

export const formatRoomName = (room: RoomAddress): string =>
  [layout, room.community, room.family, ...shardOf[room.family].map((part) => room[part] ?? '')].join('/');

export function parseRoomName(name: string): RoomAddress | undefined {
  if (name.length > roomNameMax) return undefined;
  const [version, community, family, ...parts] = name.split('/');
  if (version !== layout || !community || !codePattern.test(community)) return undefined;
  if (!family || !(roomFamilies as readonly string[]).includes(family)) return undefined;
  const shard = shardOf[family as RoomFamily];
  if (parts.length !== shard.length) return undefined;
  const room: { -readonly [K in keyof RoomAddress]: RoomAddress[K] } = { community, family: family as RoomFamily };
  for (const [index, part] of shard.entries()) {
    const value = parts[index] ?? '';
    if (!partIsValid[part](value)) return undefined;
    room[part] = value;
  }
  return room;
}
