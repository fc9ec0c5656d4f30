/**
 * A community whose points last for some months: one ledger, the authority's own purse and rules, a counter that holds,
 * hands out and gives back, claims that wait for the office, service that is entered late or corrected, and months that turn.
 */
import { expect } from 'vitest';
import { CommunityPurse } from '../../server/authority/purse.ts';
import type { Fields } from '../../src/domain/kernel/fact.ts';
import { addMonths, instantOf, monthOf } from '../../src/domain/kernel/time.ts';
import { expiredAccount, heldAccount, issuedAccount, redeemedAccount, shortfallAccount, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { lastMonth } from '../../src/domain/points/lasting.ts';
import { decideLapses, decideReturns, type Standing } from '../../src/domain/redemption/lapsing.ts';
import type { MoveReason } from '../../src/domain/redemption/schema.ts';

/** What a faulty authority does instead: each must be caught by the invariants. */
export type Fault = 'held counts as kept' | 'everything lapses' | 'nothing comes back';

interface Line {
  readonly kind: 'pointsEntry' | 'pointsMove';
  readonly record: string;
  readonly fields: Fields;
}

const grant = '2026-01.kodev.1';
export const firstMonth = '2026-01';

export class LapsingWorld {
  month = firstMonth;
  readonly lines: Line[] = [];
  purse = new CommunityPurse();
  /** Claims that wait for the office: points by volunteer. */
  readonly waiting = new Map<string, number>();
  readonly reversed = new Set<string>();
  readonly fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.fault = fault;
  }

  get now(): number {
    return instantOf(`${this.month}-15`);
  }
  free = (volunteer: string): number => this.purse.of(volunteerAccount(volunteer));
  held = (volunteer: string): number => this.purse.of(heldAccount(grant, volunteer));
  own = (volunteer: string): number => this.free(volunteer) + this.held(volunteer);

  #post(kind: Line['kind'], fields: Fields, record = `${kind === 'pointsEntry' ? 'pen' : 'pmv'}_${String(this.lines.length)}`): void {
    this.lines.push({ kind, record, fields });
    this.purse.note({ kind, record, set: fields });
  }
  #move(volunteer: string, points: number, debit: string, credit: string, reason: MoveReason): void {
    if (points > 0) this.#post('pointsMove', { month: this.month, volunteer, points, debit, credit, reason, occurredOn: `${this.month}-15` });
  }

  /** @param monthsAgo when it was, though it comes in only now */
  earn(volunteer: string, points: number, monthsAgo: number, lastMonths: number | undefined): string {
    const earnedIn = addMonths(this.month, -monthsAgo);
    const record = `pen_${String(this.lines.length)}`;
    const until = lastMonths === undefined ? {} : { lastsUntil: lastMonth(earnedIn, lastMonths, this.month) };
    this.#post('pointsEntry', { volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer), reason: 'service', occurredOn: `${earnedIn}-10`, ...until }, record);
    return record;
  }

  /** A correction takes back the very entry; then, as the authority does, what lapsed comes back and the rest is covered. */
  reverse(record: string): void {
    const line = this.lines.find((each) => each.record === record);
    if (!line || this.reversed.has(record)) return;
    this.reversed.add(record);
    this.#post('pointsEntry', { ...line.fields, debit: line.fields['credit'] ?? '', credit: line.fields['debit'] ?? '', reason: 'correction', reverses: record });
    if (this.fault !== 'nothing comes back') for (const { volunteer, points, debit, credit, reason } of decideReturns(this.purse.standings(), this.now)) this.#move(volunteer, points, debit, credit, reason);
    for (const { volunteer, points } of this.purse.overdrawn()) this.#move(volunteer, points, shortfallAccount, volunteerAccount(volunteer), 'covered');
  }
  reverseNth(nth: number): void {
    const earned = this.lines.filter(({ kind, fields }) => kind === 'pointsEntry' && fields['reason'] === 'service');
    this.reverse(earned[nth % Math.max(1, earned.length)]?.record ?? '');
  }

  hold(volunteer: string, points: number): void {
    const there = Math.max(0, this.free(volunteer) - this.purse.overdue(volunteer, this.month));
    this.#move(volunteer, Math.min(points, there), volunteerAccount(volunteer), heldAccount(grant, volunteer), 'held');
  }
  spend(volunteer: string, points: number): void {
    this.#move(volunteer, Math.min(points, this.held(volunteer)), heldAccount(grant, volunteer), redeemedAccount('kodev'), 'redeemed');
  }
  /** What the community covered meanwhile is repaid first, as a grant's end does. */
  giveBack(volunteer: string): void {
    const points = this.held(volunteer);
    this.#move(volunteer, points, heldAccount(grant, volunteer), volunteerAccount(volunteer), 'returned');
    this.#move(volunteer, Math.min(points, this.purse.owed(volunteer), this.free(volunteer)), volunteerAccount(volunteer), shortfallAccount, 'repaid');
  }
  claim(volunteer: string, points: number): void {
    this.waiting.set(volunteer, (this.waiting.get(volunteer) ?? 0) + points);
  }
  /** PN14 */
  honour(volunteer: string): void {
    const points = this.waiting.get(volunteer) ?? 0;
    const own = Math.min(points, Math.max(0, this.free(volunteer)));
    this.#move(volunteer, own, volunteerAccount(volunteer), redeemedAccount('kodev'), 'redeemed');
    this.#move(volunteer, points - own, shortfallAccount, redeemedAccount('kodev'), 'redeemed');
    this.waiting.delete(volunteer);
  }

  /** As faulty as it was asked to be. */
  #overdueIn(): readonly Standing[] {
    const standings = this.purse.standings();
    if (this.fault === 'everything lapses') return standings.map((each) => ({ ...each, lasting: Object.assign(Object.create(each.lasting) as typeof each.lasting, { overdue: (free: number) => Math.max(0, free) }) }));
    if (this.fault !== 'held counts as kept') return standings;
    return standings.map((each) => ({
      ...each,
      lasting: Object.assign(Object.create(each.lasting) as typeof each.lasting, {
        overdue: (free: number, month: string) => Math.min(Math.max(0, free), each.lasting.overdue(free + this.held(each.volunteer), month)),
      }),
    }));
  }

  lapse(): readonly { readonly volunteer: string; readonly points: number }[] {
    return decideLapses(this.#overdueIn(), this.waiting, this.now).flatMap(({ kind, record, fields }) => {
      if (kind !== 'pointsMove' || this.lines.some((line) => line.record === record)) return [];
      this.#post(kind, { ...fields } as Fields, record);
      return [{ volunteer: fields.volunteer, points: fields.points }];
    });
  }

  /** Each with what must be true of it. */
  turn(months: number): void {
    this.month = addMonths(this.month, months);
    const before = new Map(everybody.map((volunteer) => [volunteer, { free: this.free(volunteer), held: this.held(volunteer), kept: this.keptOf(volunteer) }]));
    const lapsed = new Map(this.lapse().map(({ volunteer, points }) => [volunteer, points]));
    for (const [volunteer, { free, held, kept }] of before) {
      const points = lapsed.get(volunteer) ?? 0;
      const waiting = this.waiting.get(volunteer) ?? 0;
      expect(this.free(volunteer)).toBe(free - points);
      // PX3: what is held stays held; of what waits for the office nothing is taken.
      expect(this.held(volunteer)).toBe(held);
      if (points > 0) expect(this.free(volunteer)).toBeGreaterThanOrEqual(waiting);
      // PX2: nobody loses what is in its time; what has had its time is gone, as far as it is free.
      expect(this.free(volunteer)).toBeGreaterThanOrEqual(Math.min(free, kept));
      expect(this.free(volunteer) - waiting).toBeLessThanOrEqual(Math.max(kept, 0));
    }
    // PX5: asked again, and asked of the ledger in another order, there is nothing to say.
    expect(this.lapse()).toEqual([]);
    expect(monthOf(this.now)).toBe(this.month);
  }

  /** What stands of a volunteer's service in its time, from the lines alone. */
  keptOf(volunteer: string): number {
    return this.#standing(volunteer).reduce((sum, { points, until }) => sum + (until === undefined || until >= this.month ? points : 0), 0);
  }
  #standing(volunteer: string) {
    return this.lines
      .filter(({ record, fields }) => fields['reason'] === 'service' && fields['volunteer'] === volunteer && !this.reversed.has(record))
      .map(({ fields }) => ({ points: Number(fields['points']), until: fields['lastsUntil'] as string | undefined }));
  }

  check(): void {
    const accounts = new Set(this.lines.flatMap(({ fields }) => [String(fields['debit']), String(fields['credit'])]));
    let sum = 0;
    for (const account of accounts) {
      sum += this.purse.of(account);
      if (account !== issuedAccount && account !== shortfallAccount) expect(this.purse.of(account), account).toBeGreaterThanOrEqual(0);
    }
    expect(sum).toBe(0);
    for (const { fields } of this.lines) expect(fields['points']).toBeGreaterThan(0);
    // PX6: nothing has lapsed that does not stand, or is in its time.
    for (const volunteer of everybody) {
      const ended = this.#standing(volunteer).reduce((all, { points, until }) => all + (until !== undefined && until < this.month ? points : 0), 0);
      const gone = this.lines.reduce((all, { fields }) => all + (fields['reason'] === 'expired' && fields['volunteer'] === volunteer ? (fields['credit'] === expiredAccount ? 1 : -1) * Number(fields['points']) : 0), 0);
      expect(gone).toBeLessThanOrEqual(ended);
    }
  }

  /** The same lines, told in another order: what lapses next is the same. */
  checkOrder(order: (a: Line, b: Line) => number): void {
    const next = instantOf(`${addMonths(this.month, 1)}-01`);
    const again = new CommunityPurse();
    for (const { kind, record, fields } of [...this.lines].sort(order)) again.note({ kind, record, set: fields });
    const said = (purse: CommunityPurse) => decideLapses(purse.standings(), this.waiting, next).map(({ record, fields }) => [record, fields]).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(said(again)).toEqual(said(this.purse));
    const returned = (purse: CommunityPurse) => decideReturns(purse.standings(), next).map(({ volunteer, points }) => `${volunteer} ${String(points)}`).sort();
    expect(returned(again)).toEqual(returned(this.purse));
  }
}

export const everybody = ['SBA0001', 'SBA0002'] as const;
