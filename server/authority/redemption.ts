/**
 * The redemption authority: grants for counters, and what becomes of their claims. It decides with pure rules and states
 * through the gate; the caller sees to it that one thing happens at a time.
 *
 * - PN5 What came in is booked from the facts alone: after a crash at any point nothing is booked twice and nothing is lost.
 * - PN6 A claim that the gate refused because another stands in its place is not lost either: the office sees it.
 * - PX5 What lapses is posted once for each volunteer and month; after a kill in the middle, the rest.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { given, type Wanted } from '../../src/domain/kernel/edit.ts';
import { parseFact, type Fact, type Fields } from '../../src/domain/kernel/fact.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import { idTail } from '../../src/domain/kernel/ids.ts';
import type { Listed } from '../../src/domain/kernel/listed.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { dayMs, dayOf, monthOf } from '../../src/domain/kernel/time.ts';
import { badField } from '../../src/domain/check.ts';
import { kinds } from '../../src/domain/kinds.ts';
import { shortfallAccount, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { decideAllotment } from '../../src/domain/redemption/allotment.ts';
import { decideBookings, type RedemptionPosting } from '../../src/domain/redemption/booking.ts';
import { decideLapses, decideReturns } from '../../src/domain/redemption/lapsing.ts';
import { claimId, deviceOfGrant, monthOfGrant, moveId, nthOfGrant, settlementId, verdictId, writeOffId } from '../../src/domain/redemption/ids.ts';
import type { ClaimFields, GrantFields, PointsMoveFields, RequestFields, SettlementFields, VerdictFields } from '../../src/domain/redemption/schema.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { readUpdate } from '../rooms/updateReader.ts';
import { openPurse, type CommunityPurse } from './purse.ts';

/** A tablet without a grant opened in this time shares nothing any more. */
const counterLastsMs = 60 * dayMs;

export interface Redemption {
  /** What came in in a month of claims. */
  book(address: RoomAddress): Promise<void>;
  /** A tablet of a redemption point is in contact. */
  allot(actor: Actor): Promise<void>;
  /** PX6, then PN5: what lapsed of service that is corrected comes back, and nobody stays below zero. */
  cover(community: string): Promise<void>;
  /** PX2: what has had its time. To be asked once a month: what comes back from a counter in the middle of one waits for its end. */
  lapse(community: string): Promise<void>;
  /** PN6 @param bytes the update as it was refused */
  refused(address: RoomAddress, device: string, bytes: Uint8Array): Promise<void>;
  /** Entries that have become durable. */
  noticed(community: string, facts: readonly Fact[]): void;
  /** Something could not be written: what was counted is counted anew. */
  forget(): void;
}

export interface RedemptionOptions {
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly state: (room: Room, postings: readonly { readonly kind: string; readonly record: string; readonly fields: Wanted }[]) => Promise<void>;
}

const listed = <F>(records: readonly Folded[]): Listed<F>[] => records.map(({ record, fields }) => ({ id: record, fields: fields as F }));
const byGrant = <F extends { readonly grant?: string | undefined }>(records: readonly Listed<F>[]): Map<string, Listed<F>[]> => Map.groupBy(records, ({ fields }) => fields.grant ?? '');

export function createRedemption({ rooms, now, state }: RedemptionOptions): Redemption {
  const purses = new Map<string, Promise<CommunityPurse>>();

  function purseOf(community: string): Promise<CommunityPurse> {
    const known = purses.get(community);
    if (known) return known;
    const opening = openPurse(rooms, community);
    purses.set(community, opening);
    opening.catch(() => purses.delete(community));
    return opening;
  }

  async function post(room: Room, purse: CommunityPurse, postings: readonly RedemptionPosting[]): Promise<void> {
    if (postings.length === 0) return;
    for (const { kind, record, fields } of postings) purse.note({ kind, record, set: given(fields) });
    await state(room, postings.map(({ kind, record, fields }) => ({ kind, record, fields })));
  }

  async function roomsOf(community: string, month: string): Promise<{ readonly ledger: Room; readonly claims: Room }> {
    const ledger = await rooms.open({ community, family: 'ledger', month });
    return { ledger, claims: await rooms.open({ community, family: 'claims', month }) };
  }

  /** Moves of this month that follow from no grant. */
  async function postApart(community: string, purse: CommunityPurse, moves: readonly PointsMoveFields[]): Promise<void> {
    if (moves.length === 0) return;
    const month = monthOf(now());
    const { ledger } = await roomsOf(community, month);
    const before = listed<PointsMoveFields>(ledger.facts.every('pmv_')).filter(({ fields }) => fields.grant === undefined).length;
    await post(ledger, purse, moves.map((fields, index) => ({ kind: 'pointsMove', record: moveId(month, 'c', before + index), fields })));
  }

  /** PX3 Points of claims that wait for the office, by volunteer. */
  async function waitingIn(community: string, purse: CommunityPurse): Promise<ReadonlyMap<string, number>> {
    const waiting = new Map<string, number>();
    for (const { id, fields: { grant, volunteer = '', points = 0 } } of purse.cases()) {
      const { claims } = await roomsOf(community, monthOfGrant(grant));
      if (!claims.facts.folded(settlementId(id))) waiting.set(volunteer, (waiting.get(volunteer) ?? 0) + points);
    }
    return waiting;
  }

  /** Claims of a grant that no ledger knows: the store was put back to a time before it. */
  const strangers = (claims: Room, grants: ReadonlySet<string>, judged: ReadonlySet<string>): RedemptionPosting[] =>
    listed<ClaimFields>(claims.facts.every('clm_'))
      .filter(({ id, fields }) => !grants.has(fields.grant) && !judged.has(id))
      .map((claim) => ({ kind: 'verdict', record: verdictId(claim.id), fields: { ...verdictOn(claim), result: 'unknown' } }));

  const verdictOn = ({ id, fields: { grant, seq, type, volunteer, points, reward, madeAt } }: Listed<ClaimFields>): Omit<VerdictFields, 'result'> => ({
    about: id, grant, seq, type, madeAt, decidedAt: now(), ...(volunteer !== undefined && { volunteer }), ...(points !== undefined && { points }), ...(reward !== undefined && { reward }),
  });

  /** PN6: whether a case of this tablet, under whichever grant, waits for the office. */
  async function isFrozen(community: string, purse: CommunityPurse, device: string): Promise<boolean> {
    for (const { id, fields } of purse.forkedOf(device)) {
      const { claims } = await roomsOf(community, monthOfGrant(fields.grant));
      if (!claims.facts.folded(settlementId(id))) return true;
    }
    return false;
  }

  return {
    async book({ community, month }) {
      if (month === undefined) return;
      const purse = await purseOf(community);
      const { ledger, claims } = await roomsOf(community, month);
      const grants = listed<GrantFields>(ledger.facts.every('grt_'));
      const made = byGrant(listed<ClaimFields>(claims.facts.every('clm_')));
      const requests = byGrant(listed<RequestFields>(claims.facts.every('req_')));
      const settlements = byGrant(listed<SettlementFields>(claims.facts.every('stl_')));
      const verdicts = byGrant(listed<VerdictFields>(ledger.facts.every('vrd_')));
      const moves = byGrant(listed<PointsMoveFields>(ledger.facts.every('pmv_')));
      for (const grant of grants)
        await post(ledger, purse, decideBookings({
          grant,
          claims: made.get(grant.id) ?? [], requests: requests.get(grant.id) ?? [], settlements: settlements.get(grant.id) ?? [],
          writtenOff: claims.facts.folded(writeOffId(grant.id)) !== undefined, frozen: await isFrozen(community, purse, grant.fields.device),
          verdicts: verdicts.get(grant.id) ?? [], moves: moves.get(grant.id) ?? [],
        }, purse, now()));
      // PN14: the office may honour what stands under a grant that this ledger does not know.
      for (const [id, settled] of settlements) {
        if (grants.some((grant) => grant.id === id)) continue;
        const grant = { id, fields: { month, device: deviceOfGrant(id), nth: nthOfGrant(id), person: '', openedAt: 0 } };
        await post(ledger, purse, decideBookings({ grant, claims: [], requests: [], settlements: settled, writtenOff: false, frozen: false, verdicts: verdicts.get(id) ?? [], moves: moves.get(id) ?? [] }, purse, now()));
      }
      const judged = new Set([...verdicts.values()].flat().map(({ fields }) => fields.about));
      await post(ledger, purse, strangers(claims, new Set(grants.map(({ id }) => id)), judged));
    },

    async allot({ community, device, person, partners }) {
      const purse = await purseOf(community);
      const month = monthOf(now());
      // PN6: nothing more for a tablet of which there are two.
      if (await isFrozen(community, purse, device)) return;
      const own = purse.grantsOf(device);
      const last = [...own].sort((a, b) => a.fields.openedAt - b.fields.openedAt || a.fields.nth - b.fields.nth).at(-1);
      const of = last && (await roomsOf(community, last.fields.month));
      const closed = last !== undefined && (purse.isGivenBack(last.id) || of?.claims.facts.folded(writeOffId(last.id)) !== undefined);
      const { ledger } = await roomsOf(community, month);
      const counters = new Set([...purse.countersSince(now() - counterLastsMs), device]);
      await post(ledger, purse, decideAllotment({
        device, person, partner: partners[0],
        newest: last && { ...last, closed },
        grantsThisMonth: own.filter(({ fields }) => fields.month === month).length,
        moves: listed<PointsMoveFields>(of?.ledger.facts.every('pmv_') ?? []).filter(({ fields }) => fields.grant === last?.id),
        counters: counters.size,
        volunteers: purse.volunteers(),
      }, purse, now()));
    },

    async cover(community) {
      const purse = await purseOf(community);
      await postApart(community, purse, decideReturns(purse.standings(), now()));
      const common = { month: monthOf(now()), debit: shortfallAccount, reason: 'covered', occurredOn: dayOf(now()) } as const;
      await postApart(community, purse, purse.overdrawn().map(({ volunteer, points }) => ({ ...common, volunteer, points, credit: volunteerAccount(volunteer) })));
    },

    async lapse(community) {
      const purse = await purseOf(community);
      const waiting = await waitingIn(community, purse);
      const { ledger } = await roomsOf(community, monthOf(now()));
      const due = decideLapses(purse.standings(), waiting, now());
      await post(ledger, purse, due.filter(({ record }) => !ledger.facts.folded(record)));
    },

    async refused({ community, month }, device, bytes) {
      if (month === undefined) return;
      const purse = await purseOf(community);
      const { ledger, claims } = await roomsOf(community, month);
      const postings: RedemptionPosting[] = [];
      for (const placed of readUpdate(bytes)) {
        const fact = placed.ok ? parseFact(placed.value.cell.id, placed.value.cell.json) : undefined;
        const claim = fact && claimIn(fact, device, month);
        if (!claim || claims.facts.folded(claim.id) || ledger.facts.folded(verdictId(claim.id))) continue;
        postings.push({ kind: 'verdict', record: verdictId(claim.id), fields: { ...verdictOn(claim), result: 'forked' } });
      }
      await post(ledger, purse, postings);
    },

    noticed(community, facts) {
      void purses.get(community)?.then((purse) => facts.forEach((fact) => purse.note(fact)), () => undefined);
    },
    forget: () => purses.clear(),
  };
}

/** What a refused update says may be anything: only a claim that this tablet can have made counts. */
function claimIn({ kind, record, base, set }: Fact, device: string, month: string): Listed<ClaimFields> | undefined {
  if (kind !== 'claim' || base.length > 0 || badClaim(set)) return undefined;
  const fields = set as ClaimFields;
  return claimId(set) === record && deviceOfGrant(fields.grant) === device && idTail(fields.grant).startsWith(month) ? { id: record, fields } : undefined;
}

const badClaim = (set: Fields): boolean => badField(kinds.claim, set, true) !== undefined;
