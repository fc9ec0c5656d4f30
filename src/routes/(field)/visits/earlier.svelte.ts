/** Last year's visits on this tablet: fetched once, and whether they are here. */
import { untrack } from 'svelte';
import { addMonths, monthOf } from '$domain/kernel/time.ts';
import type { Desk } from '../../desk.svelte.ts';

export type Earlier = 'here' | 'fetching' | 'missing';
const monthsBack = 12;

/**
 * Months that were once fetched stay, and those since were live here; so one success for these grids holds from then on.
 * Tried again each time the wire comes back, also when it does so while a try is under way that began without it.
 */
export function fetchEarlier(desk: Desk): { readonly current: Earlier } {
  const { calls, actor } = desk.session;
  const mark = `visits of ${actor.grids.join(' ')}`;
  let earlier = $state<Earlier>('here');
  let done = false;
  let busy = false;
  let again = false;

  async function fetch(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again && !done) {
        again = false;
        await fetchOnce();
      }
    } finally {
      busy = false;
    }
  }

  async function fetchOnce(): Promise<void> {
    done ||= (await calls.deviceValue(mark)) === true;
    if (done) return;
    earlier = 'fetching';
    const month = monthOf(Date.now());
    try {
      const { missing } = await calls.fetchMonths('visits', addMonths(month, -monthsBack), addMonths(month, -1));
      done = missing === 0;
      if (done) await calls.setDeviceValue(mark, true);
    } finally {
      earlier = done ? 'here' : 'missing';
    }
  }
  $effect(() => {
    void desk.status?.link;
    untrack(() => void fetch());
  });
  return {
    get current() {
      return earlier;
    },
  };
}
