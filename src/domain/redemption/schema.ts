/**
 * Spending points at a counter without a network. Algorithm: O'Neil's escrow (1986), the bounded counter of Balegas et al. (2015).
 *
 * The authority holds part of volunteers' points for one tablet of a redemption point: a **grant**. The tablet spends from
 * it alone, each time with one **claim** that follows the one before by number and hash. The authority books what came in,
 * with a **verdict** on each claim. Grants, verdicts and moves of points stand in the ledger, written by nobody else.
 */
import * as v from 'valibot';
import { count, day, instant, lineText, nameText, noteText, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { idTail } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { photoNames } from '../photos/photo.ts';
import { isVolunteers } from '../points/accounts.ts';
import { claimId, deviceOfGrant, grantId, grantPattern, hashPattern, monthOfGrant, settlementId, verdictId, writeOffId } from './ids.ts';

const grantRef = v.pipe(v.string(), v.regex(grantPattern));
const points = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000));
const month = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}$/));
const deviceTag = v.pipe(v.string(), v.regex(/^[a-z0-9]{4,8}$/));
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000));
const account = v.pipe(v.string(), v.regex(/^(issued|expired|shortfall|volunteer:[A-Z]{2}[A-Z0-9]{4,12}|held:\d{4}-\d{2}\.[a-z0-9]{4,8}\.\d{1,6}:[A-Z]{2}[A-Z0-9]{4,12}|redeemed:[a-z0-9]{4,8})$/));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inMonthOf = (grant: unknown) => ({ month: monthOfGrant(text(grant)) });

/** PN4: what the authority holds for one tablet. The shares are moves of points; the record names whose tablet it is. */
const grant = declareKind({
  name: 'grant', family: 'ledger', prefix: 'grt', fixed: ['month', 'device', 'nth', 'person', 'partner', 'openedAt'],
  entries: { month, device: deviceTag, nth: place, person: recordRef('per'), partner: v.optional(recordRef('par')), openedAt: instant },
  shard: (_id, fields) => ({ month: text(fields['month']) }),
  derivedId: (fields) => grantId(text(fields['month']), text(fields['device']), Number(fields['nth'])),
  parent: () => 'grants',
  holder: (fields) => text(fields['device']),
  order: (fields) => Number(fields['openedAt']),
});

/**
 * - `held`: free to held, for a grant; `returned`: what a tablet gave back; `lost`: taken back by the office without the tablet.
 * - `redeemed`: a claim was booked; `cancelled`: it was taken back at the counter.
 * - `covered`: a volunteer's account was below zero after a correction of service, and the community stands for it; `repaid`
 *   from points that a tablet gave back, which had not been spent after all.
 * - `expired`: older than the community lets points last.
 */
export const moveReasons = ['held', 'returned', 'lost', 'redeemed', 'cancelled', 'covered', 'repaid', 'expired'] as const;
export type MoveReason = (typeof moveReasons)[number];

/** PN1: two-sided and immutable like an entry for service; what it takes back it takes back by a move with the sides swapped. */
const pointsMove = declareKind({
  name: 'pointsMove', family: 'ledger', prefix: 'pmv',
  fixed: ['month', 'volunteer', 'points', 'debit', 'credit', 'reason', 'occurredOn', 'grant', 'claim', 'reverses', 'settlement'],
  entries: {
    month, volunteer: volunteerNumber, points, debit: account, credit: account, reason: v.picklist(moveReasons),
    /** By the server's clock. */
    occurredOn: day,
    grant: v.optional(grantRef),
    /** The claim, or the request, that it follows from. */
    claim: v.optional(recordRef('clm')),
    reverses: v.optional(recordRef('pmv')),
    settlement: v.optional(recordRef('stl')),
  },
  shard: (_id, fields) => ({ month: text(fields['month']) }),
  parent: (fields) => text(fields['grant']),
  holder: (fields) => text(fields['volunteer']),
  tallies: (fields) => {
    const amount = Number(fields['points']) * (Number(isVolunteers(text(fields['credit']))) - Number(isVolunteers(text(fields['debit']))));
    return amount === 0 ? [] : [{ key: `points:${text(fields['volunteer'])}`, amount }];
  },
});

/**
 * What became of a claim or a request.
 * - `booked` within the grant; `late`: after the grant was written off, and honoured all the same.
 * - `forked`: another claim stands at this place of the chain, or the chain leads elsewhere: two tablets are one. `beyond`: more
 *   than was held. `unknown`: of a grant this ledger does not know. These three wait for the office.
 * - `given`: the points a request asked for are held now; `short`: they are not there.
 */
export const verdictResults = ['booked', 'late', 'forked', 'beyond', 'unknown', 'given', 'short'] as const;
export type VerdictResult = (typeof verdictResults)[number];
export const waitsForOffice = (result: VerdictResult): boolean => result === 'forked' || result === 'beyond' || result === 'unknown';

/** It repeats what the claim says, because a claim of a copied tablet may be in no room (PN6). */
const verdict = declareKind({
  name: 'verdict', family: 'ledger', prefix: 'vrd', fixed: ['about', 'grant', 'result', 'seq', 'type', 'volunteer', 'points', 'reward', 'madeAt', 'shortfall', 'decidedAt'],
  entries: {
    about: v.union([recordRef('clm'), recordRef('req')]),
    grant: grantRef,
    result: v.picklist(verdictResults),
    seq: v.optional(place),
    type: v.optional(v.picklist(['redeem', 'cancel', 'giveBack'])),
    volunteer: v.optional(volunteerNumber),
    points: v.optional(points),
    reward: v.optional(recordRef('rwd')),
    madeAt: v.optional(instant),
    /** Of the points those the community stands for. */
    shortfall: v.optional(points),
    decidedAt: instant,
  },
  shard: (_id, fields) => inMonthOf(fields['grant']),
  derivedId: (fields) => verdictId(text(fields['about'])),
  parent: (fields) => (waitsForOffice(fields['result'] as VerdictResult) ? 'cases' : text(fields['grant'])),
  holder: (fields) => text(fields['volunteer']),
  order: (fields) => Number(fields['decidedAt']),
});

export const claimTypes = ['redeem', 'cancel', 'giveBack'] as const;
export type ClaimType = (typeof claimTypes)[number];

/** PN4: one step of a tablet's chain under a grant: points handed out for, such a step taken back, or the rest of the grant given back, which ends the chain. */
const claim = declareKind({
  name: 'claim', family: 'claims', prefix: 'clm', fixed: ['grant', 'seq', 'prev', 'type', 'volunteer', 'points', 'reward', 'quantity', 'cancels', 'madeAt'],
  entries: {
    grant: grantRef,
    /** From 1, without a gap. */
    seq: place,
    /** The hash in the id of the claim before; the first has none. */
    prev: v.optional(v.pipe(v.string(), v.regex(hashPattern))),
    type: v.picklist(claimTypes),
    volunteer: v.optional(volunteerNumber),
    points: v.optional(points),
    reward: v.optional(recordRef('rwd')),
    quantity: v.optional(place),
    cancels: v.optional(recordRef('clm')),
    /** The tablet's clock. */
    madeAt: instant,
  },
  shard: (_id, fields) => inMonthOf(fields['grant']),
  derivedId: claimId,
  placeOf: (_record, field) => ({ device: deviceOfGrant(text(field('grant'))) }),
  parent: (fields) => text(fields['grant']),
  holder: (fields) => text(fields['volunteer']),
  order: (fields) => Number(fields['seq']),
});

/** PN4: no points are held for this volunteer here; asked for, and handed out for only when the authority holds them. */
const redemptionRequest = declareKind({
  name: 'redemptionRequest', family: 'claims', prefix: 'req', fixed: ['grant', 'volunteer', 'points', 'reward', 'quantity'],
  entries: { grant: grantRef, volunteer: volunteerNumber, points, reward: v.optional(recordRef('rwd')), quantity: v.optional(place) },
  shard: (_id, fields) => inMonthOf(fields['grant']),
  placeOf: (_record, field) => ({ device: deviceOfGrant(text(field('grant'))) }),
  parent: (fields) => text(fields['grant']),
  holder: (fields) => text(fields['volunteer']),
});

/** PN6: the office decides on a claim that could not be booked. */
const settlement = declareKind({
  name: 'settlement', family: 'claims', prefix: 'stl', fixed: ['verdict', 'grant', 'decision'],
  entries: { verdict: recordRef('vrd'), grant: grantRef, decision: v.picklist(['honour', 'void']), note: v.optional(noteText) },
  shard: (_id, fields) => inMonthOf(fields['grant']),
  derivedId: (fields) => settlementId(text(fields['verdict'])),
  parent: (fields) => text(fields['verdict']),
});

/** PN5: the office says that the tablet of a grant will not come back; what it held is its volunteers' again, at the community's risk. */
const writeOff = declareKind({
  name: 'writeOff', family: 'claims', prefix: 'wof', fixed: ['grant'],
  entries: { grant: grantRef, note: v.optional(noteText) },
  shard: (_id, fields) => inMonthOf(fields['grant']),
  derivedId: (fields) => writeOffId(text(fields['grant'])),
  parent: (fields) => text(fields['grant']),
});

/** PN8: what points are spent on. */
const reward = declareKind({
  name: 'reward', family: 'roster', prefix: 'rwd', fixed: [],
  entries: {
    name: nameText,
    /** For one piece. */
    points,
    /** Where it is handed out; anywhere if nowhere is said. */
    partner: v.optional(recordRef('par')),
    /** Pieces counted, and the day they were: what was handed out since is taken off on the screen. */
    stock: v.optional(count),
    stockOn: v.optional(day),
    from: v.optional(day),
    until: v.optional(day),
    photos: v.optional(photoNames),
    note: v.optional(lineText),
  },
  shard: () => ({}),
  order: (fields) => -Number(fields['points']),
  names: (fields) => [text(fields['name'])],
});

export const redemptionKinds = { grant, pointsMove, verdict, claim, redemptionRequest, settlement, writeOff, reward };
export type GrantFields = FieldsOf<typeof grant.entries>;
export type PointsMoveFields = FieldsOf<typeof pointsMove.entries>;
export type VerdictFields = FieldsOf<typeof verdict.entries>;
export type ClaimFields = FieldsOf<typeof claim.entries>;
export type RequestFields = FieldsOf<typeof redemptionRequest.entries>;
export type SettlementFields = FieldsOf<typeof settlement.entries>;
export type WriteOffFields = FieldsOf<typeof writeOff.entries>;
export type RewardFields = FieldsOf<typeof reward.entries>;

/** Of a grant's id, for accounts. */
export const grantTail = (id: string): string => idTail(id);
