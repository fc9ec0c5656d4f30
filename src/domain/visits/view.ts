/**
 * VS3–VS5 The route: every door of a grid in walking order, with its last visit, when it is due and why. Whatever is due stands
 * out by day, never by a clock running in the background: `today` comes in.
 */
import type { Fields } from '../kernel/fact.ts';
import { addDays, dayOf, daysBetween } from '../kernel/time.ts';
import type { VisitOutcome } from './schema.ts';

export interface LastVisit {
  readonly visit: string;
  readonly visitedAt: number;
  readonly outcome: VisitOutcome;
  readonly nextOn: string | undefined;
}

/** `appointed`: a date was agreed; `retry`: nobody was home; `interval`: the usual time has passed; `first`: never visited. */
export type DueReason = 'appointed' | 'retry' | 'interval' | 'first';

export interface Due {
  readonly state: 'overdue' | 'today' | 'later' | 'never';
  /** The day it was or is due; undefined for a door never visited. */
  readonly dueOn: string | undefined;
  readonly overdueDays: number;
  readonly why: DueReason;
}

export interface Intervals {
  /** Days until a visited household is due again when nothing was agreed. */
  readonly visitDays: number;
  /** Days until a door nobody opened is tried again. */
  readonly retryDays: number;
}
export const usualIntervals: Intervals = { visitDays: 90, retryDays: 7 };

interface Latest {
  readonly order: number;
  readonly record: string;
  readonly keep: Fields;
}

/** The last visit of each household, from the `latest` of any number of month roll-ups of the visits rooms. */
export function lastVisits(rollups: readonly { readonly latest: Readonly<Record<string, Latest>> }[]): Map<string, LastVisit> {
  const newest = new Map<string, Latest>();
  for (const { latest } of rollups)
    for (const [household, each] of Object.entries(latest)) {
      const known = newest.get(household);
      if (!known || each.order > known.order || (each.order === known.order && each.record > known.record)) newest.set(household, each);
    }
  const last = new Map<string, LastVisit>();
  for (const [household, { record, keep }] of newest) {
    const nextOn = typeof keep['nextOn'] === 'string' ? keep['nextOn'] : undefined;
    last.set(household, { visit: record, visitedAt: Number(keep['visitedAt']), outcome: keep['outcome'] as VisitOutcome, nextOn });
  }
  return last;
}

export function dueOf(last: LastVisit | undefined, today: string, intervals: Intervals): Due {
  if (!last) return { state: 'never', dueOn: undefined, overdueDays: 0, why: 'first' };
  const visitedOn = dayOf(last.visitedAt);
  const why: DueReason = last.nextOn ? 'appointed' : last.outcome === 'notHome' ? 'retry' : 'interval';
  const dueOn = last.nextOn ?? addDays(visitedOn, why === 'retry' ? intervals.retryDays : intervals.visitDays);
  const overdueDays = Math.max(0, daysBetween(dueOn, today));
  return { state: overdueDays > 0 ? 'overdue' : dueOn === today ? 'today' : 'later', dueOn, overdueDays, why };
}
