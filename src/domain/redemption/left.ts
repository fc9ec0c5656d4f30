/** PN4 What a tablet may still hand out for under a grant, and where its chain stands: from facts it has, and no clock. */
import type { Listed } from '../kernel/listed.ts';
import { hashInClaim } from './ids.ts';
import type { ClaimFields, PointsMoveFields, SettlementFields, VerdictFields } from './schema.ts';

export interface Chain {
  /** Of the claim that comes next. */
  readonly seq: number;
  readonly prev: string | undefined;
  /** Given back: nothing follows. */
  readonly ended: boolean;
}

/** @param claims of one grant */
export function chainOf(claims: readonly Listed<ClaimFields>[]): Chain {
  let last: Listed<ClaimFields> | undefined;
  for (const claim of claims) if (!last || claim.fields.seq > last.fields.seq || (claim.fields.seq === last.fields.seq && claim.id < last.id)) last = claim;
  return { seq: (last?.fields.seq ?? 0) + 1, prev: last && hashInClaim(last.id), ended: claims.some(({ fields }) => fields.type === 'giveBack') };
}

/** Claims that were taken back at the counter. */
export const cancelledClaims = (claims: readonly Listed<ClaimFields>[]): ReadonlySet<string> => new Set(claims.flatMap(({ fields }) => fields.cancels ?? []));

/**
 * Points left for each volunteer. A tablet subtracts what it stated, whether the authority has booked it or not, so that a
 * verdict changes nothing here.
 * @param moves of the grant @param claims of the grant
 */
export function leftUnder(moves: readonly Listed<PointsMoveFields>[], claims: readonly Listed<ClaimFields>[]): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  const add = (volunteer: string, points: number): void => void left.set(volunteer, (left.get(volunteer) ?? 0) + points);
  if (chainOf(claims).ended) return left;
  for (const { fields } of moves) {
    if (fields.reason === 'held') add(fields.volunteer, fields.points);
    else if (fields.reason === 'returned' || fields.reason === 'lost') add(fields.volunteer, -fields.points);
  }
  const cancelled = cancelledClaims(claims);
  for (const { id, fields } of claims) if (fields.type === 'redeem' && fields.volunteer !== undefined && !cancelled.has(id)) add(fields.volunteer, -(fields.points ?? 0));
  return left;
}

/** Verdicts that wait for the office and have no settlement yet. */
export function openCases(verdicts: readonly Listed<VerdictFields>[], settlements: readonly Listed<SettlementFields>[]): readonly Listed<VerdictFields>[] {
  const settled = new Set(settlements.map(({ fields }) => fields.verdict));
  return verdicts.filter(({ id, fields }) => (fields.result === 'forked' || fields.result === 'beyond' || fields.result === 'unknown') && !settled.has(id));
}

/** PN6: a tablet of which there are two hands out for nothing until the office has looked. */
export const isFrozen = (cases: readonly Listed<VerdictFields>[]): boolean => cases.some(({ fields }) => fields.result === 'forked');
