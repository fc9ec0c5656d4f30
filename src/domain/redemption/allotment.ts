/**
 * What is held for a tablet of a redemption point when it is in contact.
 *
 * - PN4 Shares come from what is free, so no two tablets hold the same points.
 * - PN15 A grant is opened anew after a week and when a month is over, so that a silent month's rooms can be closed; the tablet
 *   gives the old one back when it has the new one. Nothing is released because time has passed.
 * - PX3 What has had its time is not held anew: it would never lapse.
 */
import { idTail } from '../kernel/ids.ts';
import type { Listed } from '../kernel/listed.ts';
import { dayMs, dayOf, monthOf } from '../kernel/time.ts';
import { heldAccount, volunteerAccount } from '../points/accounts.ts';
import type { Purse, RedemptionPosting } from './booking.ts';
import { grantId, moveId } from './ids.ts';
import type { GrantFields, PointsMoveFields } from './schema.ts';

/** Of one volunteer at one tablet: what a visit to a counter spends. More is asked for. */
const shareMax = 100;
/** Those who served or spent last come first. */
const volunteersMax = 200;
const grantLastsMs = 7 * dayMs;

export interface AllotmentBooks {
  readonly device: string;
  readonly person: string;
  readonly partner: string | undefined;
  /** The newest grant of this tablet, whatever its month. */
  readonly newest: (Listed<GrantFields> & { readonly closed: boolean }) | undefined;
  /** How many of its grants are of this month. */
  readonly grantsThisMonth: number;
  /** Moves of the newest grant. */
  readonly moves: readonly Listed<PointsMoveFields>[];
  /** Tablets that share what is free, this one included. */
  readonly counters: number;
  /** Who served or spent last first. */
  readonly volunteers: readonly string[];
}

export function decideAllotment({ device, person, partner, newest, grantsThisMonth, moves, counters, volunteers }: AllotmentBooks, purse: Purse, now: number): readonly RedemptionPosting[] {
  const month = monthOf(now);
  const goesOn = newest && !newest.closed && newest.fields.month === month && now - newest.fields.openedAt < grantLastsMs;
  const nth = goesOn ? newest.fields.nth : grantsThisMonth + 1;
  const grant = goesOn ? newest.id : grantId(month, device, nth);
  const opened: RedemptionPosting[] = goesOn ? [] : [{ kind: 'grant', record: grant, fields: { month, device, nth, person, ...(partner !== undefined && { partner }), openedAt: now } }];
  let made = goesOn ? moves.length : 0;
  const held = volunteers.slice(0, volunteersMax).flatMap((volunteer): RedemptionPosting[] => {
    const account = heldAccount(idTail(grant), volunteer);
    const here = Math.max(0, purse.of(account));
    const free = Math.max(0, purse.of(volunteerAccount(volunteer)) - purse.overdue(volunteer, month));
    const share = Math.min(shareMax, Math.floor((free + here) / Math.max(1, counters)));
    // Filled up when half is gone, so that not every redemption moves points.
    if (here * 2 > share || share <= here) return [];
    const fields: PointsMoveFields = {
      month, volunteer, points: share - here, debit: volunteerAccount(volunteer), credit: account, reason: 'held', occurredOn: dayOf(now), grant,
    };
    return [{ kind: 'pointsMove', record: moveId(month, `${device}.${String(nth)}`, made++), fields }];
  });
  return [...opened, ...held];
}
