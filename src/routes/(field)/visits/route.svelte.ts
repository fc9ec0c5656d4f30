/** What the route's list and the door's page share: the chosen grid, its live route, and the next door to ring at. */
import { getContext, setContext } from 'svelte';
import { doorsOf, gridsOf, routeOfGrid, type GridChoice } from '$client/queries/route.ts';
import { always } from '$client/queries/live.ts';
import { dayOf } from '$domain/kernel/time.ts';
import type { Route, RouteDoor } from '$domain/visits/route.ts';
import { clock } from '$lib/live/clock.svelte.ts';
import { fromLive } from '$lib/live/live.svelte.ts';
import type { Desk } from '../../desk.svelte.ts';
import { fetchEarlier, type Earlier } from './earlier.svelte.ts';

const key = Symbol('walk');
const remembered = 'grid';

export interface Walk {
  readonly grids: readonly GridChoice[];
  readonly loading: boolean;
  readonly grid: string;
  choose(grid: string): void;
  readonly route: Route | undefined;
  readonly next: RouteDoor | undefined;
  /** Whether last year's visits are on this tablet; without them "never visited" would be a guess. */
  readonly earlier: Earlier;
}

const presses = ({ due }: RouteDoor): boolean => due.state === 'overdue' || due.state === 'today';

/** Walking on from the door visited last today; at the end of the route, from its start. */
function nextDoor(route: Route, today: string): RouteDoor | undefined {
  const doors = doorsOf(route);
  const visited = doors.reduce((best, door, index) => {
    const at = door.last?.visitedAt ?? 0;
    return dayOf(at) === today && at > (doors[best]?.last?.visitedAt ?? 0) ? index : best;
  }, -1);
  return doors.slice(visited + 1).find(presses) ?? doors.find(presses);
}

export function startWalk(desk: Desk): Walk {
  const { session } = desk;
  const today = $derived(dayOf(clock.now));
  const grids = fromLive(gridsOf(session.reader, session.actor));
  let chosen = $state('');
  void session.calls.deviceValue(remembered).then((value) => {
    if (typeof value === 'string' && chosen === '') chosen = value;
  });
  // The grids of the ticket are known before the roster has arrived.
  const codes = $derived(grids.current?.map(({ code }) => code) ?? session.actor.grids);
  const grid = $derived(codes.includes(chosen) ? chosen : (codes[0] ?? ''));
  const live = $derived(fromLive(grid === '' ? always(undefined) : routeOfGrid(session.reader, grid, today)));
  const next = $derived(live.current && nextDoor(live.current, today));
  const earlier = fetchEarlier(desk);
  return {
    get earlier() {
      return earlier.current;
    },
    get grids() {
      return grids.current ?? [];
    },
    get loading() {
      return live.loading;
    },
    get grid() {
      return grid;
    },
    choose(code) {
      chosen = code;
      void session.calls.setDeviceValue(remembered, code);
    },
    get route() {
      return live.current;
    },
    get next() {
      return next;
    },
  };
}

export const provideWalk = (walk: Walk): Walk => setContext(key, walk);
export const useWalk = (): Walk => getContext<Walk>(key);
