/** Months of rooms that a tablet does not keep at hand, fetched when a page about points opens. */
import { addMonths, monthOf } from '$domain/kernel/time.ts';
import type { RoomFamily } from '$domain/kernel/room.ts';
import type { ReplicaCalls } from '$replica/contract.ts';

export function monthsBefore(calls: Pick<ReplicaCalls, 'fetchMonths'>, families: readonly RoomFamily[]) {
  let phase = $state<'fetching' | 'fetched' | 'missing'>('fetching');
  return {
    get phase() {
      return phase;
    },
    /** @param back how many months; all there are if nothing is said */
    async fetch(now: number, back?: number): Promise<void> {
      phase = 'fetching';
      const last = monthOf(now);
      const answers = await Promise.all(families.map((family) => calls.fetchMonths(family, back === undefined ? '' : addMonths(last, -back), last)));
      phase = answers.some(({ missing }) => missing > 0) ? 'missing' : 'fetched';
    },
  };
}
