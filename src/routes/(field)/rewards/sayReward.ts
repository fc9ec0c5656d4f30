/** When and where a reward is handed out, and what is left of it, in words. */
import type { RewardLine } from '$client/queries/rewards.ts';
import { sayCount } from '$lib/format/amounts.ts';
import { sayDate } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { rewardWords as words } from '$lib/i18n/words/rewards.ts';

export function sayDays({ row: { fields } }: RewardLine): string {
  const said = [fields.from && words.from(sayDate(fields.from, locale.current)), fields.until && words.until(sayDate(fields.until, locale.current))].filter(Boolean).join(locale.current === 'zh' ? '，' : ', ');
  return said || words.always;
}

export const sayPlace = ({ place }: RewardLine): string => place ?? words.anywhere;

export const sayLeft = ({ left }: RewardLine): string | undefined => (left === undefined ? undefined : left === 0 ? words.soldOut : words.left(sayCount(left)));

export const sayCounted = ({ row: { fields } }: RewardLine): string =>
  fields.stock === undefined ? words.notCounted : words.counted(sayCount(fields.stock), fields.stockOn === undefined ? '' : sayDate(fields.stockOn, locale.current));
