/** A balance is true only with every month in it, and a fork may have been found under an older grant: the usual year is fetched when the counter opens. */
import { addMonths, monthOf } from '$domain/kernel/time.ts';
import type { ReplicaCalls } from '$replica/contract.ts';

const months = 12;
const families = ['ledger', 'claims', 'log'] as const;

export async function fetchYear(calls: Pick<ReplicaCalls, 'fetchMonths'>, now: number): Promise<void> {
  for (const family of families) await calls.fetchMonths(family, addMonths(monthOf(now), -months), monthOf(now));
}
