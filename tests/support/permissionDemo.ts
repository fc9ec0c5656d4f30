/** A community with one seat for each role, and a record of each kind inside and outside of what is theirs. */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { kinds, type KindName } from '../../src/domain/kinds.ts';
import type { Seat } from '../../src/protocol/api.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { bakery, community, group, morning } from './community.ts';
import { columns, sampleOf, type Sample } from './permissionCases.ts';

export const seats = (): Seat[] =>
  columns.map((role) => ({
    id: role, name: role, role, community, communityName: '双柏社区', grids: role === 'gridWorker' ? ['g1'] : [], partners: role === 'groupLeader' ? [group] : [],
  }));

export const personOf = (id: string): string => `per_${id}`;

export interface Held extends Sample {
  readonly kind: KindName;
  readonly inside: boolean;
  readonly birth: string;
}

/** Made when the module is read, so that the server and the test that asks it name the same records. */
export const held: readonly Held[] = (Object.keys(kinds) as KindName[]).flatMap((kind, index) =>
  [true, false].map((inside) => {
    const sample = sampleOf(kind, inside, 'held');
    return { ...sample, kind, inside, birth: `held-${(index * 2 + (inside ? 0 : 1)).toString(36)}`, ...(kind === 'partner' && { record: inside ? group : bakery }) };
  }),
);

export function seedCommunity(_name: string, _now: number): { room: RoomAddress; facts: Fact[] }[] {
  const byRoom = new Map<string, { room: RoomAddress; facts: Fact[] }>();
  for (const { room, record, fields, kind, birth } of held) {
    const known = byRoom.get(formatRoomName(room)) ?? { room, facts: [] };
    known.facts.push({ id: birth, record, kind, base: [], set: fields, by: 'per_seed', at: morning });
    byRoom.set(formatRoomName(room), known);
  }
  return [...byRoom.values()];
}
