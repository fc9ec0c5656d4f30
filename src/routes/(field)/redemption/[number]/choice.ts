/** What is to be handed out: pieces of a reward, or points without one. */
import type { Offer } from '$domain/redemption/view.ts';

/** No reward's id. */
export const free = 'free';

export interface Choice {
  /** A reward's id, `free`, or nothing yet. */
  what: string;
  quantity: number | undefined;
  /** By the shop's own price tags. */
  points: number | undefined;
}

export const noChoice = (): Choice => ({ what: '', quantity: 1, points: undefined });

/** @returns the points it takes; undefined while something is missing */
export function costOf({ what, quantity, points }: Choice, offers: readonly Offer[]): number | undefined {
  if (what === free) return points;
  const price = offers.find(({ id }) => id === what)?.fields.points;
  return price === undefined || quantity === undefined ? undefined : price * quantity;
}

export const handedOut = ({ what, quantity }: Choice): { readonly reward?: string; readonly quantity?: number } =>
  what === free ? {} : { reward: what, ...(quantity !== undefined && { quantity }) };
