/**
 * A community that spends points: the authority's own rules over one ledger, and counters that run the real commands
 * without a network. Clocks lie, deliveries are repeated and mixed up, tablets are copied, lost and found.
 */
import { expect } from 'vitest';
import { checkFact } from '../../src/domain/check.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { given } from '../../src/domain/kernel/edit.ts';
import { encodeFact, type Fact, type Fields } from '../../src/domain/kernel/fact.ts';
import { idTail } from '../../src/domain/kernel/ids.ts';
import type { Listed } from '../../src/domain/kernel/listed.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { dayOf, monthOf } from '../../src/domain/kernel/time.ts';
import { heldAccount, isVolunteers, issuedAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { decideAllotment } from '../../src/domain/redemption/allotment.ts';
import { decideBookings, type GrantBooks, type Purse } from '../../src/domain/redemption/booking.ts';
import { deviceOfGrant, monthOfGrant, moveId, settlementId, verdictId } from '../../src/domain/redemption/ids.ts';
import { leftUnder, openCases } from '../../src/domain/redemption/left.ts';
import type { ClaimFields, GrantFields, PointsMoveFields, RequestFields, SettlementFields, VerdictFields } from '../../src/domain/redemption/schema.ts';
import { CommunityPurse } from '../../server/authority/purse.ts';
import { authority, community, counter, morning } from './community.ts';
import { Tablet } from './tablet.ts';

/** What a faulty authority does instead: each must be caught by the invariants. */
export type Fault = 'unreserved' | 'timer' | 'no chain';

interface Entry {
  readonly kind: string;
  readonly record: string;
  readonly fields: Fields;
}
const room = (family: 'ledger' | 'claims', month: string): RoomAddress => ({ community, family, month });

/** One profile of a counter; a copied one has the same tag. */
export class Profile {
  readonly tablet: Tablet;
  heard = 0;
  /** Claims and requests, in the order they were stated. */
  readonly stated: Fact[] = [];
  readonly actor: Actor;
  /** How far the tablet's clock is off, ms. */
  readonly skew: number;

  constructor(actor: Actor, skew: number) {
    this.actor = actor;
    this.skew = skew;
    this.tablet = new Tablet(actor, morning + skew);
  }
}

export class RedemptionWorld {
  now = morning;
  readonly entries: Entry[] = [];
  readonly profiles: Profile[] = [];
  readonly claims = new Map<string, Listed<ClaimFields>>();
  /** Claims that never got a fact of their own, because the copy's fact stood there already. */
  readonly refused = new Map<string, Listed<ClaimFields>>();
  readonly requests = new Map<string, Listed<RequestFields>>();
  readonly settlements = new Map<string, Listed<SettlementFields>>();
  readonly writtenOff = new Set<string>();
  readonly copied = new Set<string>();
  purse = new CommunityPurse();
  readonly #facts = new Map<string, string>();
  #earned = 0;

  readonly counters: number;
  readonly fault: Fault | undefined;

  constructor(counters: number, skews: readonly number[], fault?: Fault) {
    this.counters = counters;
    this.fault = fault;
    for (let nth = 0; nth < counters; nth += 1) this.profiles.push(new Profile({ ...counter, person: `per_k${String(nth)}`, device: `k${String(nth)}dev` }, skews[nth] ?? 0));
  }

  listed<F>(kind: string): Listed<F>[] {
    return this.entries.filter((entry) => entry.kind === kind).map(({ record, fields }) => ({ id: record, fields: fields as F }));
  }

  #post(postings: readonly { readonly kind: string; readonly record: string; readonly fields: object }[]): void {
    for (const { kind, record, fields } of postings) {
      const entry = { kind, record, fields: given(fields as Fields) };
      this.entries.push(entry);
      this.purse.note({ kind, record, set: entry.fields });
    }
  }

  /** A free purse in which what is held for others counts as free: the design that reserves nothing. */
  get #seen(): Purse {
    if (this.fault !== 'unreserved') return this.purse;
    return {
      owed: (volunteer) => this.purse.owed(volunteer),
      overdue: () => 0,
      of: (account) => {
        const own = this.purse.of(account);
        const volunteer = account.startsWith('volunteer:') ? account.slice(10) : undefined;
        if (volunteer === undefined) return own;
        return own + this.listed<GrantFields>('grant').reduce((sum, { id }) => sum + this.purse.of(heldAccount(idTail(id), volunteer)), 0);
      },
    };
  }

  earn(volunteer: string, points: number): void {
    this.#post([{ kind: 'pointsEntry', record: `pen_${String(this.#earned++)}`, fields: { volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer), occurredOn: dayOf(this.now), reason: 'service' } }]);
  }

  /** A correction of service takes points back that may have been spent; the community covers what is not there (PN5). */
  takeBack(volunteer: string, points: number): void {
    const earned = this.entries.filter(({ kind, fields }) => kind === 'pointsEntry' && fields['volunteer'] === volunteer).reduce((sum, { fields }) => sum + (fields['reason'] === 'service' ? 1 : -1) * Number(fields['points']), 0);
    const taken = Math.min(points, earned);
    if (taken <= 0) return;
    this.#post([{ kind: 'pointsEntry', record: `pen_${String(this.#earned++)}`, fields: { volunteer, points: taken, debit: volunteerAccount(volunteer), credit: issuedAccount, occurredOn: dayOf(this.now), reason: 'correction' } }]);
    this.cover();
  }

  cover(): void {
    const month = monthOf(this.now);
    this.#post(this.purse.overdrawn().map(({ volunteer, points }, index) => ({
      kind: 'pointsMove', record: moveId(month, 'c', this.entries.length + index), fields: { month, volunteer, points, debit: shortfallAccount, credit: volunteerAccount(volunteer), reason: 'covered', occurredOn: dayOf(this.now) },
    })));
  }

  #books(grant: Listed<GrantFields>): GrantBooks {
    const of = <F extends { readonly grant?: string | undefined }>(all: Iterable<Listed<F>>) => [...all].filter(({ fields }) => fields.grant === grant.id);
    return {
      grant, claims: of(this.claims.values()), requests: of(this.requests.values()), settlements: of(this.settlements.values()), writtenOff: this.writtenOff.has(grant.id), frozen: this.#isFrozen(grant.fields.device),
      verdicts: of(this.listed<VerdictFields>('verdict')), moves: of(this.listed<PointsMoveFields>('pointsMove')),
    };
  }

  book(): number {
    const before = this.entries.length;
    for (const grant of this.listed<GrantFields>('grant')) {
      const books = this.#books(grant);
      const claims = this.fault === 'no chain' ? books.claims.map((claim, index) => this.#rechained(claim, index, books)) : books.claims;
      this.#post(decideBookings({ ...books, claims }, this.#seen, this.now));
    }
    return this.entries.length - before;
  }

  /** The design that trusts numbers of a tablet less than their coming in: what comes next is next. */
  #rechained(claim: Listed<ClaimFields>, index: number, { claims }: GrantBooks): Listed<ClaimFields> {
    const before = claims[index - 1];
    const { prev: _prev, ...fields } = claim.fields;
    return { id: claim.id, fields: { ...fields, seq: index + 1, ...(before && { prev: before.id.slice(-32) }) } };
  }

  #isFrozen(device: string): boolean {
    return this.purse.forkedOf(device).some(({ id }) => !this.settlements.has(settlementId(id)));
  }

  /** The authority holds shares for a counter in contact. */
  allot(profile: Profile): void {
    const { device, person } = profile.actor;
    if (this.#isFrozen(device)) return;
    const own = this.purse.grantsOf(device);
    const last = [...own].sort((a, b) => a.fields.openedAt - b.fields.openedAt || a.fields.nth - b.fields.nth).at(-1);
    this.#post(decideAllotment({
      device, person, partner: undefined, newest: last && { ...last, closed: this.purse.isGivenBack(last.id) || this.writtenOff.has(last.id) },
      grantsThisMonth: own.filter(({ fields }) => fields.month === monthOf(this.now)).length,
      moves: this.listed<PointsMoveFields>('pointsMove').filter(({ fields }) => fields.grant === last?.id), counters: this.fault === 'unreserved' ? 1 : this.counters, volunteers: this.fault === 'unreserved' ? everybody : this.purse.volunteers(),
    }, this.#seen, this.now));
  }

  /** What the server has, for the counter. */
  hear(profile: Profile): void {
    for (const { kind, record, fields } of this.entries.slice(profile.heard)) {
      const month = String(fields['month'] ?? (typeof fields['grant'] === 'string' ? monthOfGrant(fields['grant']) : monthOf(this.now)));
      profile.tablet.add(room('ledger', month), { id: `${authority.device}-${record}`, record, kind, base: [], set: fields, by: authority.person, at: this.now });
    }
    profile.heard = this.entries.length;
  }

  /** A claim or a request reaches the gate, perhaps again. */
  deliver(profile: Profile, fact: Fact): void {
    const json = encodeFact(fact);
    const known = this.#facts.get(fact.id);
    if (known !== undefined && known !== json) {
      if (fact.kind !== 'claim' || this.claims.has(fact.record) || this.refused.has(fact.record)) return;
      const claim = { id: fact.record, fields: fact.set as ClaimFields };
      this.refused.set(fact.record, claim);
      const { grant, seq, type, volunteer, points, reward, madeAt } = claim.fields;
      this.#post([{ kind: 'verdict', record: verdictId(fact.record), fields: given({ about: fact.record, grant, result: 'forked', seq, type, volunteer, points, reward, madeAt, decidedAt: this.now }) }]);
      return;
    }
    // A free id is born once (CK3): what a copy asks for under the same one is refused.
    if (known === undefined && this.requests.has(fact.record)) return;
    expect(checkFact(profile.actor, room('claims', monthOfGrant(String(fact.set['grant']))), fact, undefined, () => false)).toBeUndefined();
    this.#facts.set(fact.id, json);
    if (fact.kind === 'claim') this.claims.set(fact.record, { id: fact.record, fields: fact.set as ClaimFields });
    else this.requests.set(fact.record, { id: fact.record, fields: fact.set as RequestFields });
  }

  /** The design that gives back what has been held for long. */
  reclaim(): void {
    for (const grant of this.listed<GrantFields>('grant')) {
      const tail = idTail(grant.id);
      for (const volunteer of everybody) {
        const points = this.purse.of(heldAccount(tail, volunteer));
        if (points > 0) this.#post([{ kind: 'pointsMove', record: `pmv_${grant.fields.month}.t${String(this.entries.length)}`, fields: { month: grant.fields.month, volunteer, points, debit: heldAccount(tail, volunteer), credit: volunteerAccount(volunteer), reason: 'returned', occurredOn: dayOf(this.now), grant: grant.id } }]);
      }
    }
  }

  writeOff(grant: string): void {
    this.writtenOff.add(grant);
  }

  settle(decision: 'honour' | 'void', nth: number): void {
    const cases = openCases(this.listed<VerdictFields>('verdict'), [...this.settlements.values()]);
    const one = cases[nth % Math.max(1, cases.length)];
    if (one) this.settlements.set(settlementId(one.id), { id: settlementId(one.id), fields: { verdict: one.id, grant: one.fields.grant, decision } });
  }

  ownGrants(profile: Profile): Listed<GrantFields>[] {
    return [...new Set([...profile.tablet.rooms.keys()].filter((name) => name.includes('/ledger/')))]
      .flatMap((name) => profile.tablet.every(room('ledger', name.split('/').at(-1) ?? ''), 'grant'))
      .filter(({ fields }) => fields['device'] === profile.actor.device)
      .map(({ record, fields }) => ({ id: record, fields: fields as unknown as GrantFields }))
      .sort((a, b) => b.fields.openedAt - a.fields.openedAt || b.fields.nth - a.fields.nth);
  }

  leftAt(profile: Profile, grant: string): ReadonlyMap<string, number> {
    const of = <F>(family: 'ledger' | 'claims', kind: string): Listed<F>[] =>
      profile.tablet.every(room(family, monthOfGrant(grant)), kind).filter(({ fields }) => fields['grant'] === grant).map(({ record, fields }) => ({ id: record, fields: fields as F }));
    return leftUnder(of<PointsMoveFields>('ledger', 'pointsMove'), of<ClaimFields>('claims', 'claim'));
  }

  state(profile: Profile, name: 'redeemPoints' | 'cancelRedemption' | 'giveBackGrant' | 'requestPoints', input: never): boolean {
    const before = new Set([...profile.tablet.rooms.entries()].filter(([room]) => room.includes('/claims/')).flatMap(([, facts]) => [...facts.keys()]));
    const decided = profile.tablet.decide(name, input);
    if (!decided.ok) return false;
    for (const statement of decided.value) profile.tablet.state(statement);
    for (const [name_, facts] of profile.tablet.rooms) if (name_.includes('/claims/')) for (const fact of facts.values()) if (!before.has(fact.id)) profile.stated.push(fact);
    return true;
  }

  /** I1 to I13 of the design, as far as they can be read from the books at any moment. */
  check(): void {
    const moves = this.listed<PointsMoveFields>('pointsMove');
    const verdicts = this.listed<VerdictFields>('verdict');
    // I11: nothing is said twice under one name.
    const named = this.entries.map(({ record }) => record);
    expect(named.filter((record, at) => named.indexOf(record) !== at)).toEqual([]);
    // I12: folded from nothing, the same.
    const again = new CommunityPurse();
    for (const { kind, record, fields } of this.entries) again.note({ kind, record, set: fields });
    const accounts = new Set(this.entries.flatMap(({ fields }) => (fields['debit'] === undefined ? [] : [String(fields['debit']), String(fields['credit'])])));
    let sum = 0;
    let shortfall = 0;
    for (const account of accounts) {
      const points = this.purse.of(account);
      expect(again.of(account)).toBe(points);
      expect(Number.isSafeInteger(points)).toBe(true);
      sum += points;
      // I1, I3: nobody below zero, free or held.
      if (isVolunteers(account) && points < 0) throw new Error(`${account} is at ${String(points)}`);
      if (account === shortfallAccount) shortfall = 0 - points;
    }
    // I10
    expect(sum + 0).toBe(0);
    for (const { fields } of moves) expect(fields.points).toBeGreaterThan(0);

    // I8: what counters have handed out for is what was booked and not taken back.
    const settled = new Map([...this.settlements.values()].map(({ fields }) => [fields.verdict, fields.decision]));
    const spent = new Map<string, number>();
    const booked = new Set(verdicts.filter(({ fields }) => fields.result === 'booked' || fields.result === 'late').map(({ fields }) => fields.about));
    for (const { id, fields } of verdicts) {
      const honoured = settled.get(id) === 'honour' && openCases([{ id, fields }], []).length > 0 && moves.some((move) => move.fields.settlement === settlementId(id));
      if (fields.type === 'redeem' && (booked.has(fields.about) || honoured)) spent.set(deviceOfGrant(fields.grant), (spent.get(deviceOfGrant(fields.grant)) ?? 0) + (fields.points ?? 0));
      if (fields.type === 'cancel' && booked.has(fields.about)) spent.set(deviceOfGrant(fields.grant), (spent.get(deviceOfGrant(fields.grant)) ?? 0) - (fields.points ?? this.claims.get(fields.about)?.fields.points ?? 0));
    }
    for (const { actor } of this.profiles) expect(this.purse.of(redeemedAccount(actor.device)) + 0).toBe((spent.get(actor.device) ?? 0) + 0);

    // I7: the community bears no more than was written off, was honoured of copies, or was corrected after it was spent.
    const total = (reason: string) => moves.reduce((all, { fields }) => all + (fields.reason === reason ? fields.points : 0), 0);
    const settlements = moves.reduce((all, { fields }) => all + (fields.settlement !== undefined ? fields.points : 0), 0);
    const covered = total('covered') - total('repaid');
    expect(covered).toBeGreaterThanOrEqual(0);
    expect(shortfall).toBeLessThanOrEqual(total('lost') + settlements + covered);
    if (this.writtenOff.size === 0 && settlements === 0) expect(shortfall).toBe(covered);
  }

  /** When everything has come in: I2, I4, I5, I6, I9. */
  checkAtRest(): void {
    const verdicts = this.listed<VerdictFields>('verdict');
    const judged = new Map(verdicts.map(({ fields }) => [fields.about, fields]));
    // I4: whatever was handed out is judged or in the books of the office; what a copy asked for in a place that was taken waits on the copy.
    for (const { actor, stated } of this.profiles) for (const fact of stated) if (fact.kind === 'claim' || !this.copied.has(actor.device)) expect(judged.has(fact.record), fact.record).toBe(true);
    // I5: an honest tablet's claims are all paid.
    for (const { fields } of verdicts)
      if (fields.seq !== undefined && !this.copied.has(deviceOfGrant(fields.grant))) expect(['booked', 'late'], JSON.stringify(fields)).toContain(fields.result);
    // I6: of two claims at one place one at most is in the chain, and the office has the other.
    const places = Map.groupBy([...this.claims.values(), ...this.refused.values()], ({ fields }) => `${fields.grant} ${String(fields.seq)}`);
    for (const claims of places.values()) expect(claims.filter(({ id }) => judged.get(id)?.result === 'forked').length).toBeGreaterThanOrEqual(claims.length - 1);
    // I2: what is held is what was held less what happened to it.
    for (const grant of this.listed<GrantFields>('grant')) {
      const { moves } = this.#books(grant);
      for (const volunteer of everybody) {
        const account = heldAccount(idTail(grant.id), volunteer);
        const expected = moves.reduce((sum, { fields }) => sum + (fields.credit === account ? fields.points : 0) - (fields.debit === account ? fields.points : 0), 0);
        expect(this.purse.of(account)).toBe(expected);
      }
    }
    // I9: asked again, there is nothing to say.
    expect(this.book()).toBe(0);
  }
}

export const everybody = ['SBA0001', 'SBA0002', 'SBA0003'] as const;
