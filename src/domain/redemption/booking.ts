/**
 * The redemption authority: what the ledger still lacks about one grant, given what has come in. Pure; asked again with its
 * own answer posted it has nothing to say.
 *
 * - PN5 Nothing that a tablet said within its grant is ever refused, however late or out of order it comes. What was written off
 *   meanwhile is paid from what the volunteer still has, and the rest by the community: no volunteer goes below zero.
 * - PN6 A claim is booked if it is the next of its chain. Another one at a place that is taken, or one that follows something
 *   else, is kept and shown to the office. The chain that was booked first goes on.
 * - PN14 What the office settles is booked once.
 */
import { idTail } from '../kernel/ids.ts';
import type { Listed } from '../kernel/listed.ts';
import { dayOf } from '../kernel/time.ts';
import { heldAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../points/accounts.ts';
import { hashInClaim, moveId, verdictId } from './ids.ts';
import { isFrozen, openCases } from './left.ts';
import type { ClaimFields, GrantFields, MoveReason, PointsMoveFields, RequestFields, SettlementFields, VerdictFields, VerdictResult } from './schema.ts';

/** Everything the rooms of its month say about one grant. */
export interface GrantBooks {
  readonly grant: Listed<GrantFields>;
  readonly claims: readonly Listed<ClaimFields>[];
  readonly requests: readonly Listed<RequestFields>[];
  readonly settlements: readonly Listed<SettlementFields>[];
  readonly writtenOff: boolean;
  /** PN6: a case under another grant of the same tablet waits for the office. */
  readonly frozen: boolean;
  readonly verdicts: readonly Listed<VerdictFields>[];
  readonly moves: readonly Listed<PointsMoveFields>[];
}

/** What the ledger of the whole community says, every month counted. */
export interface Purse {
  /** Points in an account. */
  of(account: string): number;
  /** What the community covered for a volunteer and has not been repaid. */
  owed(volunteer: string): number;
  /** PX2 Of what a volunteer has free, what has had its time in this month. */
  overdue(volunteer: string, month: string): number;
}

export type RedemptionPosting =
  | { readonly kind: 'grant'; readonly record: string; readonly fields: GrantFields }
  | { readonly kind: 'pointsMove'; readonly record: string; readonly fields: PointsMoveFields }
  | { readonly kind: 'verdict'; readonly record: string; readonly fields: VerdictFields };

type Move = Pick<PointsMoveFields, 'volunteer' | 'points' | 'debit' | 'credit' | 'reason'> & Partial<Pick<PointsMoveFields, 'claim' | 'reverses' | 'settlement'>>;

/** One run over one grant: what was decided a line above counts in the line below. */
class Booking {
  readonly postings: RedemptionPosting[] = [];
  readonly moves: Listed<PointsMoveFields>[];
  readonly #books: GrantBooks;
  readonly #purse: Purse;
  readonly #now: number;
  readonly #tail: string;
  readonly #changed = new Map<string, number>();
  readonly #repaid = new Map<string, number>();

  constructor(books: GrantBooks, purse: Purse, now: number) {
    this.#books = books;
    this.#purse = purse;
    this.#now = now;
    this.#tail = idTail(books.grant.id);
    this.moves = [...books.moves];
  }

  of(account: string): number {
    return this.#purse.of(account) + (this.#changed.get(account) ?? 0);
  }
  held = (volunteer: string): string => heldAccount(this.#tail, volunteer);
  free(volunteer: string): number {
    return Math.max(0, this.of(volunteerAccount(volunteer)));
  }
  get redeemed(): string {
    return redeemedAccount(this.#books.grant.fields.device);
  }
  owed(volunteer: string): number {
    return this.#purse.owed(volunteer) - (this.#repaid.get(volunteer) ?? 0);
  }

  move(move: Move): void {
    if (move.points <= 0) return;
    const { month, device, nth } = this.#books.grant.fields;
    const fields = { month, ...move, occurredOn: dayOf(this.#now), grant: this.#books.grant.id };
    const record = moveId(month, `${device}.${String(nth)}`, this.moves.length);
    this.postings.push({ kind: 'pointsMove', record, fields });
    this.moves.push({ id: record, fields });
    this.#changed.set(move.debit, (this.#changed.get(move.debit) ?? 0) - move.points);
    this.#changed.set(move.credit, (this.#changed.get(move.credit) ?? 0) + move.points);
    if (move.reason === 'repaid') this.#repaid.set(move.volunteer, (this.#repaid.get(move.volunteer) ?? 0) + move.points);
  }

  verdict(about: string, result: VerdictResult, said: Partial<VerdictFields>): void {
    this.postings.push({ kind: 'verdict', record: verdictId(about), fields: { about, grant: this.#books.grant.id, result, ...said, decidedAt: this.#now } });
  }

  /** Points come back from the grant; what was covered for want of them is repaid first. */
  release(reason: Extract<MoveReason, 'returned' | 'lost'>, claim?: string): void {
    for (const volunteer of new Set(this.moves.map(({ fields }) => fields.volunteer))) {
      const points = this.of(this.held(volunteer));
      this.move({ volunteer, points, debit: this.held(volunteer), credit: volunteerAccount(volunteer), reason, ...(claim !== undefined && { claim }) });
      const repaid = Math.min(points, this.owed(volunteer), this.free(volunteer));
      this.move({ volunteer, points: repaid, debit: volunteerAccount(volunteer), credit: shortfallAccount, reason: 'repaid' });
    }
  }

  /** Pays a redemption from these, in turn; the last is the community's. @returns what the community stands for */
  pay(volunteer: string, points: number, fromHeld: number, named: Pick<Move, 'claim' | 'settlement'>): number {
    const fromFree = Math.min(this.free(volunteer), points - fromHeld);
    const shortfall = points - fromHeld - fromFree;
    const to = { volunteer, credit: this.redeemed, reason: 'redeemed', ...named } as const;
    this.move({ ...to, points: fromHeld, debit: this.held(volunteer) });
    this.move({ ...to, points: fromFree, debit: volunteerAccount(volunteer) });
    this.move({ ...to, points: shortfall, debit: shortfallAccount });
    return shortfall;
  }
}

const saidBy = ({ fields: { seq, type, volunteer, points, reward, madeAt } }: Listed<ClaimFields>): Partial<VerdictFields> => ({
  seq, type, madeAt, ...(volunteer !== undefined && { volunteer }), ...(points !== undefined && { points }), ...(reward !== undefined && { reward }),
});

/** Results of claims that are part of the chain. */
const inChain: ReadonlySet<VerdictResult> = new Set(['booked', 'late', 'beyond']);

export function decideBookings(books: GrantBooks, purse: Purse, now: number): readonly RedemptionPosting[] {
  const booking = new Booking(books, purse, now);
  const judged = new Map(books.verdicts.map(({ fields }) => [fields.about, fields.result]));
  bookChain(books, booking, judged);
  if (books.writtenOff) booking.release('lost');
  settle(books, booking);
  answerRequests(books, booking, judged);
  return booking.postings;
}

function bookChain({ claims, verdicts }: GrantBooks, booking: Booking, judged: Map<string, VerdictResult>): void {
  let seq = 0;
  let hash: string | undefined;
  for (const { fields } of verdicts) {
    if (!inChain.has(fields.result) || fields.seq === undefined || fields.seq <= seq) continue;
    seq = fields.seq;
    hash = hashInClaim(fields.about);
  }
  /** What leads away from the chain: whatever follows it does, too. */
  const astray = new Set(verdicts.flatMap(({ fields }) => (fields.result === 'forked' ? [hashInClaim(fields.about)] : [])));
  const waiting = claims.filter(({ id }) => !judged.has(id)).sort((a, b) => a.fields.seq - b.fields.seq || (a.id < b.id ? -1 : 1));
  for (const claim of waiting) {
    const { prev } = claim.fields;
    // What comes before it has not come in: it waits.
    if (claim.fields.seq > seq + 1 && !(prev !== undefined && astray.has(prev))) continue;
    const follows = claim.fields.seq === seq + 1 && prev === hash;
    const result = follows ? book(claim, claims, booking, judged) : { result: 'forked' as const };
    booking.verdict(claim.id, result.result, { ...saidBy(claim), ...(result.shortfall !== undefined && result.shortfall > 0 && { shortfall: result.shortfall }) });
    judged.set(claim.id, result.result);
    if (!follows) {
      astray.add(hashInClaim(claim.id));
      continue;
    }
    seq = claim.fields.seq;
    hash = hashInClaim(claim.id);
  }
}

interface Booked {
  readonly result: VerdictResult;
  readonly shortfall?: number;
}

function book({ id, fields }: Listed<ClaimFields>, claims: readonly Listed<ClaimFields>[], booking: Booking, judged: ReadonlyMap<string, VerdictResult>): Booked {
  if (fields.type === 'giveBack') {
    booking.release('returned', id);
    return { result: 'booked' };
  }
  if (fields.type === 'cancel') return cancel(id, fields, claims, booking, judged);
  const { volunteer, points } = fields;
  if (volunteer === undefined || points === undefined) return { result: 'beyond' };
  const fromHeld = Math.min(points, Math.max(0, booking.of(booking.held(volunteer))));
  if (fromHeld === points) {
    booking.pay(volunteer, points, fromHeld, { claim: id });
    return { result: 'booked' };
  }
  if (points - fromHeld > stillWrittenOff(booking, volunteer)) return { result: 'beyond' };
  return { result: 'late', shortfall: booking.pay(volunteer, points, fromHeld, { claim: id }) };
}

/** I7: late claims are honoured up to what was written off, and no further. */
function stillWrittenOff(booking: Booking, volunteer: string): number {
  const held = booking.held(volunteer);
  let points = 0;
  for (const { fields } of booking.moves) {
    if (fields.volunteer !== volunteer || fields.settlement !== undefined) continue;
    if (fields.reason === 'lost') points += fields.points;
    else if (fields.reason === 'redeemed' && fields.debit !== held) points -= fields.points;
    else if (fields.reason === 'cancelled' && fields.credit !== held) points += fields.points;
  }
  return points;
}

/** Each move of the claim that was taken back, with the sides swapped. */
function cancel(id: string, { cancels }: ClaimFields, claims: readonly Listed<ClaimFields>[], booking: Booking, judged: ReadonlyMap<string, VerdictResult>): Booked {
  const result = cancels === undefined ? undefined : judged.get(cancels);
  const ended = claims.some((claim) => claim.fields.type === 'giveBack' && judged.get(claim.id) === 'booked');
  const stands = !ended && claims.some((claim) => claim.id === cancels && claim.fields.type === 'redeem') && (result === 'booked' || result === 'late');
  const moves = booking.moves.filter(({ fields }) => fields.claim === cancels && fields.reason === 'redeemed');
  const done = moves.some((move) => booking.moves.some(({ fields }) => fields.reverses === move.id));
  if (!stands || done) return { result: 'beyond' };
  for (const { id: reverses, fields: { volunteer, points, debit, credit } } of moves) booking.move({ volunteer, points, debit: credit, credit: debit, reason: 'cancelled', claim: id, reverses });
  return { result: 'booked' };
}

/** PN14 */
function settle({ settlements, verdicts }: GrantBooks, booking: Booking): void {
  const cases = new Map(openCases(verdicts, []).map((verdict) => [verdict.id, verdict.fields]));
  for (const { id, fields } of settlements) {
    const about = cases.get(fields.verdict);
    if (fields.decision !== 'honour' || about?.type !== 'redeem' || about.volunteer === undefined || about.points === undefined) continue;
    if (booking.moves.some((move) => move.fields.settlement === id)) continue;
    booking.pay(about.volunteer, about.points, 0, { claim: about.about, settlement: id });
  }
}

/** PN4: a request is answered once; what it asked for is held if it is there. */
function answerRequests({ requests, claims, writtenOff, frozen, verdicts, settlements }: GrantBooks, booking: Booking, judged: ReadonlyMap<string, VerdictResult>): void {
  // A copy that was found a line above counts, too.
  const found = booking.postings.some((posting) => posting.kind === 'verdict' && posting.fields.result === 'forked');
  const closed = writtenOff || frozen || found || claims.some(({ fields }) => fields.type === 'giveBack') || isFrozen(openCases(verdicts, settlements));
  for (const { id, fields } of [...requests].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (judged.has(id)) continue;
    const { volunteer, points } = fields;
    const lacking = points - booking.of(booking.held(volunteer));
    const there = !closed && lacking <= booking.free(volunteer);
    if (there) booking.move({ volunteer, points: lacking, debit: volunteerAccount(volunteer), credit: booking.held(volunteer), reason: 'held' });
    booking.verdict(id, there ? 'given' : 'short', { volunteer, points, ...(fields.reward !== undefined && { reward: fields.reward }) });
  }
}
