/** PQ5 Why points moved that no service earned or lost, in words. */
import type { PassbookClaim, PassbookMove } from '$client/queries/passbook.ts';
import { expiredAccount, shortfallAccount } from '$domain/points/accounts.ts';
import { sayPoints } from '$lib/format/amounts.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { passbookMoves as words } from '$lib/i18n/words/passbookMoves.ts';
import type { Names } from '../../sayField.ts';

const named = (id: string | undefined, names: Names): string => (id === undefined ? words.aCounter : (names.get(id) ?? words.aCounter));

/** PX6 */
const isUnlapsed = ({ debit }: PassbookMove['row']['fields']): boolean => debit === expiredAccount;

/** What it is: the reward if one was named, and where. */
export function sayMoveTitle({ row, counter, reward }: PassbookMove, names: Names): string {
  const { reason } = row.fields;
  if (reason === 'redeemed' || reason === 'cancelled') return words.title[reason](named(counter, names), reward === undefined ? '' : (names.get(reward) ?? ''));
  if (isUnlapsed(row.fields)) return words.unlapsed;
  return reason === 'held' || reason === 'returned' || reason === 'lost' ? words.aside[reason](named(counter, names)) : words.plain[reason];
}

export function sayMoveReason({ row: { fields } }: PassbookMove): string {
  const points = sayPoints(fields.points, locale.current);
  if (fields.reason === 'redeemed' && fields.debit === shortfallAccount) return words.byCommunity(points);
  if (fields.reason === 'cancelled' && fields.credit === shortfallAccount) return words.backToCommunity(points);
  if (fields.settlement !== undefined) return words.settled;
  if (isUnlapsed(fields)) return words.unlapsedWhy;
  return words.why[fields.reason];
}

export const sayClaim = ({ row: { fields } }: PassbookClaim, names: Names): string =>
  fields.type === 'cancel' ? words.waitingCancel : words.waitingRedeem(fields.reward === undefined ? '' : (names.get(fields.reward) ?? ''));
