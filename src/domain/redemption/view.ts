/**
 * What a counter shows. Pure, over records of this tablet.
 *
 * - CT2 What can be handed out for now is what is held for this tablet; it asks nobody.
 * - CT7 A reward is offered where and when it is valid, with what is left of its count (RW2).
 */
import type { Listed } from '../kernel/listed.ts';
import { hashInClaim, nthOfGrant } from './ids.ts';
import { cancelledClaims, chainOf, isFrozen, leftUnder, openCases } from './left.ts';
import type { ClaimFields, GrantFields, PointsMoveFields, RequestFields, RewardFields, SettlementFields, VerdictFields, VerdictResult } from './schema.ts';
import { rewardTime, stockLeft } from './stock.ts';

/** What the rooms say about the grants of one tablet. */
export interface CounterBooks {
  readonly grants: readonly Listed<GrantFields>[];
  readonly moves: readonly Listed<PointsMoveFields>[];
  readonly claims: readonly Listed<ClaimFields>[];
  readonly requests: readonly Listed<RequestFields>[];
  readonly verdicts: readonly Listed<VerdictFields>[];
  readonly settlements: readonly Listed<SettlementFields>[];
}

/** One redemption of this tablet. */
export interface Redeemed {
  readonly id: string;
  readonly fields: ClaimFields;
  readonly cancelled: boolean;
  /** What the office's books say; undefined while they have not said anything. */
  readonly result: VerdictResult | undefined;
  /** Its grant goes on, so it can be taken back. */
  readonly open: boolean;
}

export interface Asked {
  readonly id: string;
  readonly fields: RequestFields;
  readonly result: VerdictResult | undefined;
}

export interface Counter {
  /** PN6 */
  readonly frozen: boolean;
  /** The newest that goes on. */
  readonly grant: Listed<GrantFields> | undefined;
  /** PN15: those that go on beside it, to be given back. */
  readonly older: readonly string[];
  /** Points held for each volunteer under `grant`. */
  readonly left: ReadonlyMap<string, number>;
  /** Newest first. */
  readonly redeemed: readonly Redeemed[];
  /** Oldest first: their ids say when. */
  readonly asked: readonly Asked[];
}

export function counterFrom({ grants, moves, claims, requests, verdicts, settlements }: CounterBooks): Counter {
  const under = <F extends { readonly grant?: string | undefined }>(rows: readonly Listed<F>[], grant: string) => rows.filter(({ fields }) => fields.grant === grant);
  const going = grants
    .filter(({ id }) => !chainOf(under(claims, id)).ended)
    .sort((a, b) => b.fields.openedAt - a.fields.openedAt || b.fields.nth - a.fields.nth);
  const [grant, ...older] = going;
  const open = new Set(going.map(({ id }) => id));
  const cancelled = cancelledClaims(claims);
  const results = new Map(verdicts.map(({ fields }) => [fields.about, fields.result]));
  return {
    frozen: isFrozen(openCases(verdicts, settlements)),
    grant,
    older: older.map(({ id }) => id),
    left: grant ? leftUnder(under(moves, grant.id), under(claims, grant.id)) : new Map(),
    redeemed: claims
      .filter(({ fields }) => fields.type === 'redeem')
      .map(({ id, fields }): Redeemed => ({ id, fields, cancelled: cancelled.has(id), result: results.get(id), open: open.has(fields.grant) }))
      .sort((a, b) => b.fields.madeAt - a.fields.madeAt || b.fields.seq - a.fields.seq),
    asked: requests.map(({ id, fields }) => ({ id, fields, result: results.get(id) })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** What a receipt is called by: the tablet's grant, the place in its chain, and four digits of what it says. */
export const receiptNumber = (id: string, { grant, seq }: Pick<ClaimFields, 'grant' | 'seq'>): string =>
  `${String(nthOfGrant(grant))}-${String(seq)}-${hashInClaim(id).slice(0, 4).toUpperCase()}`;

/** Points of the redemptions that stand. */
export const pointsRedeemed = (redeemed: readonly Redeemed[]): number =>
  redeemed.reduce((sum, { fields, cancelled }) => sum + (cancelled ? 0 : (fields.points ?? 0)), 0);

export interface Offer {
  readonly id: string;
  readonly fields: RewardFields;
  /** Undefined where nobody counted. */
  readonly stock: number | undefined;
}

/** @param claims of every counter, as far as they are here */
export function offersOn(rewards: readonly Listed<RewardFields>[], claims: readonly Listed<ClaimFields>[], partners: readonly string[], today: string): readonly Offer[] {
  const left = stockLeft(rewards, claims);
  return rewards
    .filter(({ fields }) => (fields.partner === undefined || partners.includes(fields.partner)) && rewardTime(fields, today) === 'offered')
    .map(({ id, fields }): Offer => ({ id, fields, stock: left.get(id) }))
    .sort((a, b) => b.fields.points - a.fields.points || (a.id < b.id ? -1 : 1));
}
