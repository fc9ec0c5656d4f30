/**
 * What a counter and the office state about points being spent.
 *
 * - PN4 A tablet hands out for points that are held for it, no network asked: one claim in one durable step, next in its chain.
 *   Without them it asks, and hands out for nothing.
 * - PN6 A tablet of which there are two states no claim until the office has looked.
 * - PN8 A reward has a price, days and a place; the price of the day is what is taken.
 */
import type { CommandError, Decision } from '../kernel/command.ts';
import { birth, birthOnce, decideChange, foundIn, type Decided } from '../kernel/decide.ts';
import { given, type Wanted } from '../kernel/edit.ts';
import { idTail } from '../kernel/ids.ts';
import type { Listed } from '../kernel/listed.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { claimId, deviceOfGrant, monthOfGrant, settlementId, writeOffId } from './ids.ts';
import type { AddReward, CancelRedemption, GiveBackGrant, RedeemPoints, RequestPoints, ReviseReward, SettleCase, WriteOffGrant } from './inputs.ts';
import { cancelledClaims, chainOf, isFrozen, leftUnder, openCases } from './left.ts';
import type { ClaimFields, ClaimType, PointsMoveFields, RewardFields, SettlementFields, VerdictFields } from './schema.ts';

export const ledgerOf = (community: string, grant: string): RoomAddress => ({ community, family: 'ledger', month: monthOfGrant(grant) });
export const claimsOf = (community: string, grant: string): RoomAddress => ({ community, family: 'claims', month: monthOfGrant(grant) });
/** The rooms of a grant, for whoever states something about it. */
export const roomsOfGrant = (community: string, grant: string): readonly RoomAddress[] => [ledgerOf(community, grant), claimsOf(community, grant)];
export const grantOfClaim = (claim: string): string => `grt_${idTail(claim).split('.').slice(0, 3).join('.')}`;

interface Counter {
  readonly claims: readonly Listed<ClaimFields>[];
  readonly moves: readonly Listed<PointsMoveFields>[];
}

function listed<F>(decision: Decision, room: RoomAddress, kind: string, grant: string): readonly Listed<F>[] {
  return decision.every(room, kind).filter(({ fields }) => fields['grant'] === grant).map(({ record, fields }) => ({ id: record, fields: fields as F }));
}

/** A grant of this very tablet that it may go on with. */
function counterOf(decision: Decision, grant: string): Result<Counter, CommandError> {
  const { community, device } = decision.actor;
  const [ledger, claims] = [ledgerOf(community, grant), claimsOf(community, grant)];
  if (deviceOfGrant(grant) !== device) return err({ type: 'NotAllowed' });
  if (!decision.find(ledger, grant)) return err({ type: 'NotFound', record: grant });
  const own = decision.every(ledger, 'verdict').filter(({ fields }) => deviceOfGrant(String(fields['grant'])) === device);
  const settled = decision.every(claims, 'settlement').map(({ record, fields }) => ({ id: record, fields: fields as SettlementFields }));
  if (isFrozen(openCases(own.map(({ record, fields }) => ({ id: record, fields: fields as VerdictFields })), settled))) return err({ type: 'Invalid', field: 'grant', why: 'frozen' });
  const made = listed<ClaimFields>(decision, claims, 'claim', grant);
  return chainOf(made).ended ? err({ type: 'NotFound', record: grant }) : ok({ claims: made, moves: listed<PointsMoveFields>(decision, ledger, 'pointsMove', grant) });
}

function nextClaim(decision: Decision, grant: string, { claims }: Counter, type: ClaimType, said: Wanted): Decided {
  const { seq, prev } = chainOf(claims);
  const fields = given({ grant, seq, prev, type, ...said, madeAt: decision.now });
  return ok([birth(decision, kinds.claim, claimId(fields), fields)]);
}

/** PN8 @returns what stands against handing this out today */
function wrongReward(decision: Decision, { reward, quantity = 1, points }: RedeemPoints): CommandError | undefined {
  if (reward === undefined) return undefined;
  const found = foundIn(decision, { room: { community: decision.actor.community, family: 'roster' }, record: reward }, 'reward');
  if (!found.ok) return found.error;
  const { from, until, points: price } = found.value.fields as RewardFields;
  const today = dayOf(decision.now);
  if ((from !== undefined && today < from) || (until !== undefined && today > until)) return { type: 'Invalid', field: 'reward', why: 'not-today' };
  return price * quantity === points ? undefined : { type: 'Invalid', field: 'points' };
}

export function decideRedeemPoints(input: RedeemPoints, decision: Decision): Decided {
  const { grant, volunteer, points, reward, quantity } = input;
  const counter = counterOf(decision, grant);
  if (!counter.ok) return counter;
  const wrong = wrongReward(decision, input);
  if (wrong) return err(wrong);
  const left = leftUnder(counter.value.moves, counter.value.claims).get(volunteer) ?? 0;
  if (left < points) return err({ type: 'Invalid', field: 'points', why: 'not-held' });
  return nextClaim(decision, grant, counter.value, 'redeem', { volunteer, points, ...(reward !== undefined && { reward, quantity: quantity ?? 1 }) });
}

export function decideRequestPoints(input: RequestPoints, decision: Decision): Decided {
  const { grant, volunteer, points, reward, quantity } = input;
  const counter = counterOf(decision, grant);
  if (!counter.ok) return counter;
  const wrong = wrongReward(decision, input);
  if (wrong) return err(wrong);
  return ok([birth(decision, kinds.redemptionRequest, decision.newId('req'), { grant, volunteer, points, ...(reward !== undefined && { reward, quantity: quantity ?? 1 }) })]);
}

export function decideCancelRedemption({ claim }: CancelRedemption, decision: Decision): Decided {
  const found = foundIn(decision, claim, 'claim');
  if (!found.ok) return found;
  const { grant, type, volunteer, points } = found.value.fields as ClaimFields;
  const counter = counterOf(decision, grant);
  if (!counter.ok) return counter;
  if (type !== 'redeem' || cancelledClaims(counter.value.claims).has(claim.record)) return err({ type: 'NothingChanged' });
  return nextClaim(decision, grant, counter.value, 'cancel', { volunteer, points, cancels: claim.record });
}

export function decideGiveBackGrant({ grant }: GiveBackGrant, decision: Decision): Decided {
  const counter = counterOf(decision, grant);
  return counter.ok ? nextClaim(decision, grant, counter.value, 'giveBack', {}) : counter;
}

/** PN14: of one that waits for the office, once. */
export function decideSettleCase({ verdict, decision: decided, note }: SettleCase, decision: Decision): Decided {
  const found = foundIn(decision, verdict, 'verdict');
  if (!found.ok) return found;
  const { grant } = found.value.fields as VerdictFields;
  if (openCases([{ id: verdict.record, fields: found.value.fields as VerdictFields }], []).length === 0) return err({ type: 'NothingChanged' });
  return birthOnce(decision, kinds.settlement, settlementId(verdict.record), { verdict: verdict.record, grant, decision: decided, note });
}

export function decideWriteOffGrant({ grant, note }: WriteOffGrant, decision: Decision): Decided {
  if (!decision.find(ledgerOf(decision.actor.community, grant), grant)) return err({ type: 'NotFound', record: grant });
  return birthOnce(decision, kinds.writeOff, writeOffId(grant), { grant, note });
}

export const decideAddReward = (input: AddReward, decision: Decision): Decided => {
  const wrong = wrongDays(input);
  return wrong ? err(wrong) : ok([birth(decision, kinds.reward, decision.newId('rwd'), stockOf(input, decision))]);
};

export function decideReviseReward({ ref, ...wanted }: ReviseReward, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'reward');
  if (!found.ok) return found;
  const wrong = wrongDays({ ...(found.value.fields as RewardFields), ...wanted });
  return wrong ? err(wrong) : decideChange(decision, ref, kinds.reward, stockOf(wanted, decision));
}

/** A count is of a day: of today unless said otherwise. */
const stockOf = <T extends { readonly stock?: number | null | undefined; readonly stockOn?: string | null | undefined }>(wanted: T, { now }: Decision): T =>
  typeof wanted.stock === 'number' && wanted.stockOn === undefined ? { ...wanted, stockOn: dayOf(now) } : wanted;

const wrongDays = ({ from, until }: { readonly from?: string | null | undefined; readonly until?: string | null | undefined }): CommandError | undefined =>
  typeof from === 'string' && typeof until === 'string' && until < from ? { type: 'Invalid', field: 'until', why: 'ends-before-start' } : undefined;
