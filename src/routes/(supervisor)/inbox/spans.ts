/** How far back the report reaches. */
import { dayMs } from '$domain/kernel/time.ts';

export const spans = ['since', 'week', 'month', 'ever'] as const;
export type Span = (typeof spans)[number];

/** @param looked when one last looked */
export const sinceOf = (span: Span, looked: number, now: number): number => ({ since: looked, week: now - 7 * dayMs, month: now - 30 * dayMs, ever: 0 })[span];
