/** The community of a simulated world, who works there, and what each may do at the moment. */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { volunteerId } from '../../src/domain/people/schema.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import type { Seat } from '../../src/protocol/api.ts';
import type { DemoSource, SeededRoom } from '../../server/identity/demoSource.ts';

export const communityName = 'shuangbai';
export const grids = ['g1', 'g2'] as const;
export const choir = 'par_choir';
export const bakery = 'par_bakery';
export const volunteers = ['SBA0001', 'SBA0002', 'SBA0003', 'SBA0004'] as const;

type Rights = Pick<Actor, 'grids' | 'partners'>;

/** Everybody at work, or two counters at which points are spent, with somebody who logs what earns them and the office. */
export type Town = 'neighbourhood' | 'counters';

/** Seats in the order in which tablets take them; more tablets than seats share them from the start. */
export const seatNames: Readonly<Record<Town, readonly string[]>> = { neighbourhood: ['he', 'li', 'wu', 'chen', 'li'], counters: ['zhao', 'sun', 'li', 'he'] };

const seat = (id: string, role: Seat['role'], ownGrids: string[] = [], partners: string[] = []): Seat => ({
  id, name: id, role, community: communityName, communityName: '双柏社区', grids: ownGrids, partners,
});
const seats = (): Seat[] => [
  seat('he', 'supervisor'),
  seat('li', 'gridWorker', ['g1']),
  seat('wu', 'gridWorker', ['g2', 'g1']),
  seat('chen', 'groupLeader', [], [choir]),
  seat('zhao', 'redemptionPoint', [], [bakery]),
  seat('sun', 'redemptionPoint', [], [choir]),
];

/** Seats at which points are spent. */
export const isCounter = (name: string): boolean => name === 'zhao' || name === 'sun';

/** What may be taken from whom, and given back. */
export class People {
  readonly #rights = new Map(seats().map(({ id, grids: own, partners }) => [id, { grids: own, partners }] as [string, Rights]));

  rightsOf(id: string): { grids: string[]; partners: string[] } {
    const { grids: own, partners } = this.#rights.get(id) ?? { grids: [], partners: [] };
    return { grids: [...own], partners: [...partners] };
  }

  /** @returns in words what changed */
  change(who: 'wu' | 'chen'): string {
    const { grids: own, partners } = this.rightsOf(who);
    if (who === 'chen') this.#rights.set(who, { grids: own, partners: partners.length > 0 ? [] : [choir] });
    else this.#rights.set(who, { grids: own.includes('g1') ? ['g2'] : ['g2', 'g1'], partners });
    const now = this.rightsOf(who);
    return `${who} now has ${[...now.grids, ...now.partners].join(' ') || 'nothing'}`;
  }
}

const rules = [
  { serviceClass: 'general', pointsPerHour: 10, validFrom: '2020-01-01', activityCap: 25, dayCap: 40 },
  { serviceClass: 'care', pointsPerHour: 15, validFrom: '2020-01-01', monthCap: 60 },
];

export const demoSource: DemoSource = {
  seats,
  personOf: (id) => `per_${id}`,
  seedCommunity(community, now): SeededRoom[] {
    let counter = 0;
    const fact = (record: string, kind: string, set: Fact['set']): Fact => ({
      id: `seed-${(counter++).toString(36)}`, record, kind, base: [], set, by: 'per_he', at: now - 86_400_000,
    });
    const partner = { type: 'community_group', legalForm: 'organisation', stage: 'active' };
    return [
      ...grids.map((grid) => ({
        room: { community, family: 'people' as const, grid },
        facts: [
          fact(`bld_${grid}`, 'building', { grid, name: '1栋' }),
          ...['101', '102'].map((door) => fact(`hou_${grid}${door}`, 'household', { grid, building: `bld_${grid}`, unit: 1, floor: 1, door })),
          ...volunteers.slice(grid === 'g1' ? 0 : 2, grid === 'g1' ? 2 : 4).map((number) => fact(volunteerId(number), 'volunteer', { grid, number, name: number })),
        ],
      })),
      {
        room: { community, family: 'roster' },
        facts: [
          fact('com_1', 'community', { name: '双柏社区', district: '郫都区' }),
          ...grids.map((code) => fact(`grd_${code}`, 'grid', { code, name: code })),
          fact(choir, 'partner', { name: '夕阳红合唱团', ...partner }),
          fact(bakery, 'partner', { name: '好吃兔', ...partner, type: 'business' }),
          ...rules.map((rule) => fact(pointsRuleId(rule), 'pointsRule', rule)),
        ],
      },
    ];
  },
};
