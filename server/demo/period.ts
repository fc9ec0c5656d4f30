/** The stretch of time the demo covers: twelve whole months before this one, this month up to yesterday, and what is planned. */
import { addDays, addMonths, dayMs, dayOf, instantOf, monthOf } from '../../src/domain/kernel/time.ts';

export interface Period {
  readonly firstDay: string;
  readonly today: string;
  readonly months: readonly string[];
  /** Activities up to this day stand in the plan. */
  readonly lastPlannedDay: string;
  /** January 1 of last year and of this one. */
  readonly lastNewYear: string;
  readonly newYear: string;
}

const planDays = 10;

/** Depends on `now`'s Beijing day only. */
export function periodAt(now: number): Period {
  const today = dayOf(now);
  const month = monthOf(now);
  const year = Number(today.slice(0, 4));
  const lastPlannedDay = addDays(today, planDays);
  const months = Array.from({ length: 13 }, (_, index) => addMonths(month, index - 12));
  const planMonth = lastPlannedDay.slice(0, 7);
  return {
    firstDay: `${months[0] ?? month}-01`,
    today,
    months: planMonth === month ? months : [...months, planMonth],
    lastPlannedDay,
    lastNewYear: `${year - 1}-01-01`,
    newYear: `${year}-01-01`,
  };
}

/** 0 is Sunday. */
export const weekdayOf = (day: string): number => (Math.floor(instantOf(day) / dayMs + 0.5) + 4) % 7;

export function daysOfMonth(month: string): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  return days;
}

export const monthIndex = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
