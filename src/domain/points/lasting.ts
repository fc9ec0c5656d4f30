/**
 * Points that last for some months, where a community wants it so. Pure, over the ledger of one volunteer.
 *
 * - PX1 Each entry says itself until when its points last, so a new row of the points table shortens nothing.
 * - PX2 Whatever lapses soonest is spent first. So of what is free, as much stays as was earned in its time; the rest lapses.
 * - PX4 What is posted late lasts at least until the end of the month after.
 * - PX6 What has lapsed is never more than what stands could have let lapse: a correction takes back the very points it reverses.
 */
import { addMonths } from '../kernel/time.ts';
import { changeOf, type TwoSided } from './balance.ts';

/** PX1, PX4 @returns the last month in which points stand */
export function lastMonth(earnedIn: string, lastMonths: number, postedIn: string): string {
  const [own, told] = [addMonths(earnedIn, lastMonths), addMonths(postedIn, 1)];
  return own > told ? own : told;
}

/** Entries for service and moves of points alike. */
export interface LastingLine extends TwoSided {
  readonly reason: string;
  readonly occurredOn: string;
  readonly lastsUntil?: string | undefined;
}

/** For points without an end: after every month. */
const forGood = '9999-12';

const add = (totals: Map<string, number>, month: string, points: number): void => void totals.set(month, (totals.get(month) ?? 0) + points);
const sumWhere = (totals: ReadonlyMap<string, number>, is: (month: string) => boolean): number =>
  [...totals].reduce((sum, [month, points]) => (is(month) ? sum + points : sum), 0);

/** What the ledger says of one volunteer's points and their time. Lines may come in any order, each once. */
export class Lasting {
  /** What service earned, by the last month it stands in; what was reversed is taken off again. */
  readonly #earned = new Map<string, number>();
  /** What left the volunteer otherwise than by lapsing, by month; what came back or was covered is taken off again. */
  readonly #spent = new Map<string, number>();
  readonly #lapsed = new Map<string, number>();

  note(line: LastingLine): void {
    const change = changeOf(line);
    const month = line.occurredOn.slice(0, 7);
    if (line.reason === 'service' || line.reason === 'correction') add(this.#earned, line.lastsUntil ?? forGood, change);
    else if (line.reason === 'expired') add(this.#lapsed, month, -change);
    else if (change !== 0) add(this.#spent, month, -change);
  }

  /** Earned, and still in its time in this month. */
  kept(month: string): number {
    return sumWhere(this.#earned, (until) => until >= month);
  }

  #ended(month: string): number {
    return sumWhere(this.#earned, (until) => until < month);
  }
  #lapsedSoFar(): number {
    return sumWhere(this.#lapsed, () => true);
  }

  /** PX2 Of what is free, what has had its time. Points that the community covered are nobody's service, and have none. */
  overdue(free: number, month: string): number {
    return Math.max(0, Math.min(free - this.kept(month), this.#ended(month) - this.#lapsedSoFar()));
  }

  /** PX6 What has lapsed of points that, as the ledger stands now, were not there to lapse. */
  lapsedTooMuch(month: string): number {
    const lapsed = this.#lapsedSoFar();
    if (lapsed === 0) return 0;
    const could = [...this.#lapsed.keys(), month].map((at) => this.#ended(at) - Math.max(0, sumWhere(this.#spent, (spentIn) => spentIn < at)));
    return Math.max(0, lapsed - Math.max(0, ...could));
  }

  /** PX7 Of what is free or held, what lapses at the end of which month if nothing is spent, the soonest first. */
  ends(): readonly End[] {
    let left = this.kept('') - sumWhere(this.#spent, () => true) - this.#lapsedSoFar();
    return [...this.#earned.keys()].sort().flatMap((until): End[] => {
      if (until === forGood) return [];
      const points = Math.max(0, left - this.kept(addMonths(until, 1)));
      left -= points;
      return points > 0 ? [{ until, points }] : [];
    });
  }
}

export interface End {
  readonly until: string;
  readonly points: number;
}

/** PX7 @param lines of one volunteer or of several numbers: each lapses by itself */
export function endsOf(lines: readonly { readonly fields: LastingLine & { readonly volunteer: string } }[]): readonly End[] {
  const together = new Map<string, number>();
  for (const own of Map.groupBy(lines, ({ fields }) => fields.volunteer).values()) {
    const lasting = new Lasting();
    for (const { fields } of own) lasting.note(fields);
    for (const { until, points } of lasting.ends()) add(together, until, points);
  }
  return inOrder(together);
}

const inOrder = (ends: ReadonlyMap<string, number>): readonly End[] => [...ends].sort(([a], [b]) => (a < b ? -1 : 1)).map(([until, points]) => ({ until, points }));

const toldAheadMonths = 3;

/** PX7 What lapses in this month and the two after it. What was held over its time lapses with this month's. */
export function endingSoon(ends: readonly End[], month: string): readonly End[] {
  const soon = new Map<string, number>();
  for (const { until, points } of ends) if (until < addMonths(month, toldAheadMonths)) add(soon, until < month ? month : until, points);
  return inOrder(soon);
}
