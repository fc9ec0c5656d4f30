/** Who may open which room, and which rooms a tablet keeps live. Both follow from the table of permissions. */
import type { Actor } from './kernel/actor.ts';
import type { RoomAddress } from './kernel/room.ts';
import { addMonths, dayMs, monthOf } from './kernel/time.ts';
import { maySee, mayWrite } from './permission.ts';

export type Access = 'none' | 'read' | 'write';

/** PM1: `write` opens the door; what may be stated inside is asked of each fact. */
export function accessTo(actor: Actor, room: RoomAddress): Access {
  if (actor.role !== 'authority' && actor.community !== room.community) return 'none';
  if (!maySee(actor, room)) return 'none';
  return mayWrite(actor, room) ? 'write' : 'read';
}

/** A closed month stays live this long, for what tablets still bring in. */
const graceDays = 7;

export function liveMonths(now: number): string[] {
  const month = monthOf(now);
  const earlier = addMonths(month, -1);
  return monthOf(instantDaysAgo(now)) === earlier ? [month, earlier] : [month];
}

const instantDaysAgo = (now: number): number => now - graceDays * dayMs;

/**
 * The rooms of a person's own work, most needed first. Older months come as snapshots.
 * @param grids every grid of the community, for a supervisor; others see their own
 */
export function workingRooms(actor: Actor, grids: readonly string[], now: number): RoomAddress[] {
  const { community } = actor;
  const months = liveMonths(now);
  const seenGrids = actor.role === 'supervisor' ? grids : actor.role === 'gridWorker' ? actor.grids : [];
  const rooms: RoomAddress[] = [
    { community, family: 'roster' },
    ...months.map((month) => ({ community, family: 'log' as const, month })),
    ...months.map((month) => ({ community, family: 'ledger' as const, month })),
    ...months.map((month) => ({ community, family: 'claims' as const, month })),
    ...seenGrids.map((grid) => ({ community, family: 'people' as const, grid })),
    ...seenGrids.flatMap((grid) => months.map((month) => ({ community, family: 'visits' as const, grid, month }))),
    ...(actor.role === 'groupLeader'
      ? actor.partners.map((partner) => ({ community, family: 'members' as const, partner: partner.slice('par_'.length) }))
      : []),
  ];
  return rooms.filter((room) => accessTo(actor, room) !== 'none');
}

/** False for a room a tablet reads as a snapshot instead of keeping a socket open for it: a month gone by, or one still to come that holds plans. */
export const isLive = (room: RoomAddress, now: number): boolean => room.month === undefined || liveMonths(now).includes(room.month);

