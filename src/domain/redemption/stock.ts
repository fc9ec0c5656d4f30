/**
 * RW2 How many pieces of a reward are left: what was counted, less what was handed out from the day of the count on.
 *
 * It is what this tablet knows. Claims of another counter that has no network, or whose claims have not come here yet, are not
 * among them: the shelf is right, and whoever counts again says so. A count below zero is shown as none.
 *
 * The count stands for the morning of its day, so what was handed out on that very day is taken off. A claim counts whether it
 * is booked, waits or is with the office, for the goods are gone; one taken back at the counter does not.
 */
import type { Listed } from '../kernel/listed.ts';
import { dayOf } from '../kernel/time.ts';
import { monthOfGrant } from './ids.ts';
import { cancelledClaims } from './left.ts';
import type { ClaimFields, RewardFields } from './schema.ts';

/** By the tablet's clock, but never before the month in which the server opened its grant. */
const handedOutOn = ({ grant, madeAt }: ClaimFields): string => {
  const [said, first] = [dayOf(madeAt), `${monthOfGrant(grant)}-01`];
  return said < first ? first : said;
};

/** @param claims of every counter, as far as they are here @returns for each reward that was counted, the pieces left */
export function stockLeft(rewards: readonly Listed<RewardFields>[], claims: readonly Listed<ClaimFields>[]): ReadonlyMap<string, number> {
  const cancelled = cancelledClaims(claims);
  const left = new Map(rewards.flatMap(({ id, fields }) => (fields.stock === undefined ? [] : [[id, fields.stock] as const])));
  const countedOn = new Map(rewards.map(({ id, fields }) => [id, fields.stockOn ?? '']));
  for (const { id, fields } of claims) {
    const { type, reward = '', quantity = 1 } = fields;
    const pieces = left.get(reward);
    if (pieces === undefined || type !== 'redeem' || cancelled.has(id) || handedOutOn(fields) < (countedOn.get(reward) ?? '')) continue;
    left.set(reward, Math.max(0, pieces - quantity));
  }
  return left;
}

/** PN8 Its days, the first and the last included. */
export type RewardTime = 'coming' | 'offered' | 'over';
export const rewardTime = ({ from, until }: Pick<RewardFields, 'from' | 'until'>, today: string): RewardTime =>
  from !== undefined && today < from ? 'coming' : until !== undefined && until < today ? 'over' : 'offered';
