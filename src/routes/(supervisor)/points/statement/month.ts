/** The month a statement is of: the address says which, this one if it says none. */
import { isMonth, monthOf } from '$domain/kernel/time.ts';

export function monthIn(address: URL, now: number): string {
  const asked = address.searchParams.get('month') ?? '';
  return isMonth(asked) ? asked : monthOf(now);
}
