/** Months older than what a tablet holds: the usual year when a passbook opens, a year more at each press. */
import { addMonths, monthOf } from '$domain/kernel/time.ts';
import type { ReplicaCalls } from '$replica/contract.ts';

const step = 12;

export function createEarlier(calls: Pick<ReplicaCalls, 'fetchMonths'>) {
  let phase = $state<'fetching' | 'fetched' | 'missing'>('fetching');
  /** The first month asked for, once somebody pressed. */
  let from = $state('');

  /** Hours and points come from two families of rooms. */
  async function fetch(first: string, last: string, ledgerFirst = first): Promise<boolean> {
    phase = 'fetching';
    const answers = [await calls.fetchMonths('log', first, last), await calls.fetchMonths('ledger', ledgerFirst, last)];
    phase = answers.some(({ missing }) => missing > 0) ? 'missing' : 'fetched';
    return phase === 'fetched';
  }

  return {
    get phase() {
      return phase;
    },
    get from() {
      return from;
    },
    /**
     * A balance is true only with every month in it, so a passbook asks before anybody reads a figure.
     * @param mayLapse PX7: what lapses next was earned years ago, and whether it was spent stands in any month since
     */
    open(now: number, mayLapse: boolean): Promise<boolean> {
      const first = addMonths(monthOf(now), -step);
      return fetch(first, monthOf(now), mayLapse ? '' : first);
    },
    async further(oldest: string): Promise<void> {
      const first = addMonths(from || oldest, -step);
      if (await fetch(first, from || oldest)) from = first;
    },
  };
}

export type EarlierMonths = ReturnType<typeof createEarlier>;
