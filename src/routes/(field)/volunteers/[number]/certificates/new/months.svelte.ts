/** CE3 The months of a span, of log and ledger, as the server has them now; without them no hours are certified. */
import type { ReplicaCalls } from '$replica/contract.ts';

export function createMonths(calls: Pick<ReplicaCalls, 'fetchMonths'>) {
  let phase = $state<'fetching' | 'fetched' | 'missing'>('fetching');
  let asked = '';
  let last: Promise<void> = Promise.resolve();

  async function fetch(span: string, from: string, through: string): Promise<void> {
    phase = 'fetching';
    const answers = [await calls.fetchMonths('log', from, through), await calls.fetchMonths('ledger', from, through)];
    // Another span may have been chosen meanwhile.
    if (span === asked) phase = answers.some(({ missing }) => missing > 0) ? 'missing' : 'fetched';
  }

  return {
    get phase() {
      return phase;
    },
    /** @param anew also when the same span was asked for before */
    want(from: string, through: string, anew = false): void {
      const [first, latest] = [from.slice(0, 7), through.slice(0, 7)];
      const span = `${first} ${latest}`;
      if (span === asked && !anew) return;
      asked = span;
      last = fetch(span, first, latest);
    },
    /** Resolves when nothing is being fetched any more. */
    settled: (): Promise<void> => last,
  };
}
