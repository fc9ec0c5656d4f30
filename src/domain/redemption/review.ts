/**
 * What the office has to look at: claims that could not be booked, tablets that hold points and are silent, what the community
 * stands for, and redemptions that look odd. Folds of what the ledger and the claims say.
 */
import type { Listed } from '../kernel/listed.ts';
import { shortfallAccount } from '../points/accounts.ts';
import { openCases } from './left.ts';
import { deviceOfGrant } from './ids.ts';
import { grantTail, type GrantFields, type PointsMoveFields, type RequestFields, type SettlementFields, type VerdictFields, type WriteOffFields } from './schema.ts';

type Verdict = Listed<VerdictFields>;
type Moves = readonly Listed<PointsMoveFields>[];

export interface Case {
  readonly verdict: Verdict;
  readonly device: string;
  /** PN6: the claim that stands at the same place of the chain; none if this one follows something nobody knows. */
  readonly rival: Verdict | undefined;
  /** Every volunteer whose points either of the two took. */
  readonly volunteers: readonly string[];
}

const inChain: ReadonlySet<VerdictFields['result']> = new Set(['booked', 'late', 'beyond']);

/** PQ1: the oldest first, so that those of one tablet stand together in the order of its chain. */
export function casesOf(verdicts: readonly Verdict[], settlements: readonly Listed<SettlementFields>[]): readonly Case[] {
  return [...openCases(verdicts, settlements)]
    .sort((a, b) => (a.fields.grant === b.fields.grant ? (a.fields.seq ?? 0) - (b.fields.seq ?? 0) || (a.id < b.id ? -1 : 1) : a.fields.grant < b.fields.grant ? -1 : 1))
    .map((verdict): Case => {
      const { grant, seq, result } = verdict.fields;
      const rival = result === 'forked' ? verdicts.find((each) => each.id !== verdict.id && each.fields.grant === grant && each.fields.seq === seq && inChain.has(each.fields.result)) : undefined;
      return { verdict, device: deviceOfGrant(grant), rival, volunteers: [...new Set([verdict, rival].flatMap((each) => each?.fields.volunteer ?? []))] };
    });
}

/** Points that somebody asked a counter for without their being held there: no word on it yet, or not enough points. */
export interface Asked {
  readonly request: Listed<RequestFields> & { readonly bornAt: number };
  readonly device: string;
  readonly answer: 'waiting' | 'short';
  /** When it was asked, or answered. */
  readonly at: number;
}

/** PQ1: what waits for the ledger first, then what it could not give since then, by the server's clock; the newest first. */
export function openRequests(requests: readonly Asked['request'][], verdicts: readonly Verdict[], since: number): readonly Asked[] {
  const answers = new Map(verdicts.map(({ fields }) => [fields.about, fields]));
  return requests
    .flatMap((request): Asked[] => {
      const answer = answers.get(request.id);
      const device = deviceOfGrant(request.fields.grant);
      if (answer === undefined) return [{ request, device, answer: 'waiting', at: request.bornAt }];
      return answer.result === 'short' && answer.decidedAt >= since ? [{ request, device, answer: 'short', at: answer.decidedAt }] : [];
    })
    .sort((a, b) => Number(b.answer === 'waiting') - Number(a.answer === 'waiting') || b.at - a.at || (a.request.id < b.request.id ? -1 : 1));
}

export interface Outstanding {
  readonly grant: Listed<GrantFields>;
  readonly points: number;
  readonly volunteers: readonly string[];
  /** The office has said that the tablet will not come back; until the ledger follows, points are still held. */
  readonly writtenOff: boolean;
  /** Redemptions that came in after it was written off, and what of them the community stood for. */
  readonly late: readonly Verdict[];
  readonly shortfall: number;
}

const heldBy = (account: string, tail: string): string | undefined => (account.startsWith(`held:${tail}:`) ? account.slice(`held:${tail}:`.length) : undefined);

function heldUnder(tail: string, moves: Moves): Map<string, number> {
  const held = new Map<string, number>();
  const add = (account: string, points: number): void => {
    const volunteer = heldBy(account, tail);
    if (volunteer !== undefined) held.set(volunteer, (held.get(volunteer) ?? 0) + points);
  };
  for (const { fields } of moves) {
    add(fields.debit, -fields.points);
    add(fields.credit, fields.points);
  }
  return held;
}

/** PQ2: grants that still hold points, and those that were written off, the longest open first. */
export function outstandingGrants(grants: readonly Listed<GrantFields>[], moves: Moves, verdicts: readonly Verdict[], writeOffs: readonly Listed<WriteOffFields>[]): readonly Outstanding[] {
  const movesByGrant = Map.groupBy(moves, ({ fields }) => fields.grant ?? '');
  const verdictsByGrant = Map.groupBy(verdicts, ({ fields }) => fields.grant);
  const lost = new Set(writeOffs.map(({ fields }) => fields.grant));
  return grants
    .map((grant): Outstanding => {
      const held = [...heldUnder(grantTail(grant.id), movesByGrant.get(grant.id) ?? [])].filter(([, points]) => points > 0);
      const late = (verdictsByGrant.get(grant.id) ?? []).filter(({ fields }) => fields.result === 'late');
      return {
        grant, late, writtenOff: lost.has(grant.id),
        points: held.reduce((sum, [, points]) => sum + points, 0), volunteers: held.map(([volunteer]) => volunteer).sort(),
        shortfall: late.reduce((sum, { fields }) => sum + (fields.shortfall ?? 0), 0),
      };
    })
    .filter(({ points, writtenOff }) => points > 0 || writtenOff)
    .sort((a, b) => a.grant.fields.openedAt - b.grant.fields.openedAt || (a.grant.id < b.grant.id ? -1 : 1));
}

export interface Shortfall {
  /** What the community stands for over all, in points. */
  readonly total: number;
  /** Of it what was covered for volunteers whose service was corrected, and is not repaid; the largest first. */
  readonly volunteers: readonly { readonly volunteer: string; readonly points: number }[];
}

/** PQ3 */
export function shortfallOf(moves: Moves): Shortfall {
  const covered = new Map<string, number>();
  let total = 0;
  for (const { fields: { volunteer, points, debit, credit, reason } } of moves) {
    if (debit === shortfallAccount) total += points;
    if (credit === shortfallAccount) total -= points;
    if (reason === 'covered') covered.set(volunteer, (covered.get(volunteer) ?? 0) + points);
    if (reason === 'repaid') covered.set(volunteer, (covered.get(volunteer) ?? 0) - points);
  }
  const volunteers = [...covered].flatMap(([volunteer, points]) => (points > 0 ? [{ volunteer, points }] : []));
  return { total, volunteers: volunteers.sort((a, b) => b.points - a.points || (a.volunteer < b.volunteer ? -1 : 1)) };
}

export interface Apart {
  readonly volunteer: string;
  /** The earlier first. */
  readonly redemptions: readonly [Verdict, Verdict];
  readonly apartMs: number;
}

/** PQ4: somebody redeemed at two counters within so little time, by the clocks of the two tablets. */
export function redemptionsApart(verdicts: readonly Verdict[], withinMs: number): readonly Apart[] {
  const redeemed = verdicts.filter(({ fields }) => fields.type === 'redeem' && inChain.has(fields.result) && fields.volunteer !== undefined && fields.madeAt !== undefined);
  const found: Apart[] = [];
  for (const [volunteer, own] of Map.groupBy(redeemed, ({ fields }) => fields.volunteer ?? '')) {
    own.sort((a, b) => (a.fields.madeAt ?? 0) - (b.fields.madeAt ?? 0) || (a.id < b.id ? -1 : 1));
    own.forEach((one, index) => {
      for (const other of own.slice(index + 1)) {
        const apartMs = (other.fields.madeAt ?? 0) - (one.fields.madeAt ?? 0);
        if (apartMs > withinMs) break;
        if (deviceOfGrant(one.fields.grant) !== deviceOfGrant(other.fields.grant)) found.push({ volunteer, redemptions: [one, other], apartMs });
      }
    });
  }
  return found.sort((a, b) => (b.redemptions[1].fields.madeAt ?? 0) - (a.redemptions[1].fields.madeAt ?? 0));
}
