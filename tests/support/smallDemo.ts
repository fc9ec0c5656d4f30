/**
 * The smallest demo: one community with a roster, two workers, two group leaders, a counter and a supervisor. Starts in no time.
 * LINHUO_SMALL_GRIDS are the grids of the worker `li`, `g1` unless said otherwise: a restart can give or take one.
 */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Seat } from '../../src/protocol/api.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { bakery, community, group } from './community.ts';

const seat = (id: string, role: Seat['role'], grids: string[] = [], partners: string[] = []): Seat => ({
  id, name: id, role, community, communityName: '双柏社区', grids, partners,
});

const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2020-01-01' };

export const seats = (): Seat[] => [
  seat('li', 'gridWorker', (process.env['LINHUO_SMALL_GRIDS'] ?? 'g1').split(',')),
  seat('wu', 'gridWorker', ['g2']),
  seat('chen', 'groupLeader', [], [group]),
  seat('zhao', 'groupLeader', [], [bakery]),
  seat('he', 'supervisor'),
  seat('ko', 'redemptionPoint', [], [bakery]),
  { ...seat('far', 'supervisor'), community: 'elsewhere', communityName: '别处' },
];

export const personOf = (id: string): string => `per_${id}`;

export function seedCommunity(name: string, now: number): { room: RoomAddress; facts: Fact[] }[] {
  let counter = 0;
  const fact = (record: string, kind: string, set: Fact['set']): Fact => ({
    id: `small-${(counter++).toString(36)}`, record, kind, base: [], set, by: 'per_he', at: now,
  });
  const partner = { type: 'community_group', legalForm: 'organisation', stage: 'active' };
  return [
    {
      room: { community: name, family: 'roster' },
      facts: [
        fact('com_1', 'community', { name: '双柏社区', district: '郫都区' }),
        fact('grd_g1', 'grid', { code: 'g1', name: '第一网格' }),
        fact('grd_g2', 'grid', { code: 'g2', name: '第二网格' }),
        fact(group, 'partner', { name: '夕阳红合唱团', ...partner }),
        fact(bakery, 'partner', { name: '好吃兔', ...partner, type: 'business' }),
        fact(pointsRuleId(rule), 'pointsRule', rule),
      ],
    },
  ];
}
