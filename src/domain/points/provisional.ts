/**
 * PN3 What a volunteer holds and what is still to come, apart, by the authority's own rules. An entry of the ledger is
 * confirmed; a line the ledger does not pay yet, or pays differently, is provisional by the difference.
 */
import type { ActivityFields, AttendanceFields } from '../activity/schema.ts';
import type { Listed } from '../kernel/listed.ts';
import { awardsFor, type AwardReason, type Rules } from './awards.ts';
import { changeOf, standingEntries, type Entries, type TwoSided } from './balance.ts';
import type { PointsEntryFields } from './schema.ts';

export interface PointsLine {
  readonly attendance: string;
  readonly activity: string;
  readonly volunteer: string;
  readonly on: string;
  /** By the rules and facts on this tablet. */
  readonly points: number;
  readonly confirmed: Listed<PointsEntryFields> | undefined;
  readonly reason: AwardReason;
}

export interface ProvisionalPoints {
  /** Newest first. */
  readonly lines: readonly PointsLine[];
  /** Standing entries whose attendance is not among the given ones, e.g. of months this tablet does not hold. */
  readonly elsewhere: Entries;
  /** The ledger's balance over all given entries and moves: free or held for a counter. */
  readonly confirmed: number;
  /** What the ledger will add, or take back if negative, once it knows what this tablet knows. */
  readonly provisional: number;
}

export interface PassbookBooks {
  /** Of one volunteer, or of a group; with every attendance of the months they lie in, or the caps come out too generous. */
  readonly attendances: readonly Listed<AttendanceFields>[];
  readonly activities: readonly Listed<ActivityFields>[];
  readonly rules: Rules;
  readonly entries: Entries;
  /** What was held for counters, redeemed, covered or lapsed. */
  readonly moves?: readonly { readonly fields: TwoSided }[];
}

export function provisionalPoints({ attendances, activities, rules, entries, moves = [] }: PassbookBooks): ProvisionalPoints {
  const entryByAttendance = new Map(standingEntries(entries).map((entry) => [entry.fields.attendance, entry]));
  const lines = awardsFor(attendances, activities, rules)
    .reverse()
    .map(({ attendance, activity, volunteer, on, points, reason }): PointsLine => ({
      attendance, activity, volunteer, on, points, reason, confirmed: entryByAttendance.get(attendance),
    }));
  const listed = new Set(lines.map((line) => line.attendance));
  const elsewhere = [...entryByAttendance.values()].filter((entry) => !listed.has(entry.fields.attendance));
  return {
    lines,
    elsewhere,
    confirmed: [...entries, ...moves].reduce((sum, { fields }) => sum + changeOf(fields), 0),
    provisional: lines.reduce((sum, line) => sum + line.points - (line.confirmed?.fields.points ?? 0), 0),
  };
}
