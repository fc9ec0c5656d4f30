/** A small community for tests: two grids, one group, a baker, and the people who work there. */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { RecordRef } from '../../src/domain/kernel/command.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { instantOf, monthOf } from '../../src/domain/kernel/time.ts';
import { meet, Tablet } from './tablet.ts';

export const community = 'shuangbai';
export const today = '2026-05-12';
export const morning = instantOf(today, '09:00');
export const group = 'par_choir';
export const bakery = 'par_bakery';

const actor = (person: string, role: Actor['role'], device: string, grids: string[] = [], partners: string[] = []): Actor => ({
  person, role, community, grids, partners, device,
});
export const worker = actor('per_li', 'gridWorker', 'lidev', ['g1']);
export const otherWorker = actor('per_wu', 'gridWorker', 'wudev', ['g2']);
export const leader = actor('per_chen', 'groupLeader', 'chendev', [], [group]);
export const otherLeader = actor('per_zhao', 'groupLeader', 'zhaodev', [], [bakery]);
export const supervisor = actor('per_he', 'supervisor', 'hedev');
export const monitor = actor('per_mo', 'monitor', 'modev');
export const counter = actor('per_ko', 'redemptionPoint', 'kodev');
export const district = actor('per_di', 'district', 'didev');
export const stranger: Actor = { ...supervisor, person: 'per_xx', device: 'xxdev', community: 'elsewhere' };
export const authority: Actor = { ...supervisor, person: 'per_server', role: 'authority', device: 'server' };

export const roster: RoomAddress = { community, family: 'roster' };
export const peopleOf = (grid: string): RoomAddress => ({ community, family: 'people', grid });
export const visitsOf = (grid: string, at = morning): RoomAddress => ({ community, family: 'visits', grid, month: monthOf(at) });
export const logOf = (at = morning): RoomAddress => ({ community, family: 'log', month: monthOf(at) });
export const ref = (room: RoomAddress, record: string): RecordRef => ({ room, record });

export const volunteers = ['SBA0001', 'SBA0002', 'SBA0003'] as const;
export const [anna, bo, cai] = volunteers;

/** A supervisor's tablet that holds two partners, two doors of grid g1 and the points table. */
export function seeded(): Tablet {
  const tablet = new Tablet({ ...supervisor, device: 'seeddev' }, morning - 86_400_000);
  const partner = { type: 'community_group', legalForm: 'organisation', stage: 'active' };
  tablet.state({ room: roster, record: group, kind: 'partner', set: { name: '夕阳红合唱团', ...partner } });
  tablet.state({ room: roster, record: bakery, kind: 'partner', set: { name: '好吃兔', ...partner, type: 'business' } });
  tablet.run('addPointsRule', { serviceClass: 'general', pointsPerHour: 10, dayCap: 40, validFrom: '2026-01-01' });
  tablet.state({ room: peopleOf('g1'), record: 'bld_1', kind: 'building', set: { grid: 'g1', name: '1栋' } });
  for (const door of ['101', '102'])
    tablet.state({ room: peopleOf('g1'), record: `hou_${door}`, kind: 'household', set: { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door } });
  return tablet;
}

/** Further tablets that know what the supervisor's holds. */
export function tabletOf(who: Actor, from: Tablet, now = morning): Tablet {
  const tablet = new Tablet(who, now);
  meet(tablet, from);
  return tablet;
}

export const singing = {
  organiser: group, title: '合唱排练', activityKind: 'class', startsAt: instantOf(today, '14:00'), endsAt: instantOf(today, '16:00'),
  feeClass: 'free', serviceClass: 'general',
} as const;
