/** What was redeemed, in words: a reward by its name, points alone as such. */
import type { ClaimFields } from '$domain/redemption/schema.ts';
import { redemption as words } from '$lib/i18n/words/redemption.ts';

export function sayHandedOut({ reward, quantity = 1 }: Pick<ClaimFields, 'reward' | 'quantity'>, names: ReadonlyMap<string, string> | undefined): string {
  if (reward === undefined) return words.free;
  const name = names?.get(reward) ?? reward;
  return quantity === 1 ? name : `${name} × ${String(quantity)}`;
}
