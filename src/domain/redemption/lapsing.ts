/**
 * What lapses at the turn of a month, and what comes back of it. Pure, over what the ledger of the whole community says.
 *
 * - PX2 Nobody goes below zero: what lapses is free.
 * - PX3 What is held for a counter is not free, and what waits for the office is left alone.
 * - PX5 One move for each volunteer and month, under an id made of both.
 */
import { dayOf, monthOf } from '../kernel/time.ts';
import { expiredAccount, volunteerAccount } from '../points/accounts.ts';
import type { Lasting } from '../points/lasting.ts';
import type { RedemptionPosting } from './booking.ts';
import { lapseId } from './ids.ts';
import type { PointsMoveFields } from './schema.ts';

/** One volunteer's ledger. */
export interface Standing {
  readonly volunteer: string;
  readonly free: number;
  readonly lasting: Lasting;
}

/** @param waiting points of claims that wait for the office, by volunteer */
export function decideLapses(standings: Iterable<Standing>, waiting: ReadonlyMap<string, number>, now: number): readonly RedemptionPosting[] {
  const month = monthOf(now);
  return [...standings].flatMap(({ volunteer, free, lasting }): RedemptionPosting[] => {
    const points = lasting.overdue(free - (waiting.get(volunteer) ?? 0), month);
    if (points <= 0) return [];
    const fields: PointsMoveFields = { month, volunteer, points, debit: volunteerAccount(volunteer), credit: expiredAccount, reason: 'expired', occurredOn: dayOf(now) };
    return [{ kind: 'pointsMove', record: lapseId(month, volunteer), fields }];
  });
}

/** PX6 What lapsed of service that is corrected now comes back, before anybody looks who is below zero. */
export function decideReturns(standings: Iterable<Standing>, now: number): readonly PointsMoveFields[] {
  const month = monthOf(now);
  return [...standings].flatMap(({ volunteer, lasting }): PointsMoveFields[] => {
    const points = lasting.lapsedTooMuch(month);
    return points > 0 ? [{ month, volunteer, points, debit: expiredAccount, credit: volunteerAccount(volunteer), reason: 'expired', occurredOn: dayOf(now) }] : [];
  });
}
