/** How far back the report reaches. */
import { dayMs } from '$domain/kernel/time.ts';
import type { ReportFilter } from '$domain/supervision/view.ts';

export const spans = ['since', 'week', 'month', 'ever'] as const;
export type Span = (typeof spans)[number];

/** @param looked when one last looked */
export const sinceOf = (span: Span, looked: number, now: number): number => ({ since: looked, week: now - 7 * dayMs, month: now - 30 * dayMs, ever: 0 })[span];

/** MR5: somebody chose what to see, so that what is missing may only be left out. */
export const isNarrowed = (filter: ReportFilter, span: Span): boolean => span !== 'since' || Object.values(filter).some((value) => value !== undefined);
