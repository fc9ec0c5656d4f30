/**
 * RT3 What new rows would change, before they are saved: the awards of what this tablet knows, by the table as it is and by
 * the table as it would be, with the one calculation that the ledger is posted by. PX7: and how long what they earn will last.
 */
import type { ActivityFields, AttendanceFields, ServiceClass } from '../activity/schema.ts';
import { given } from '../kernel/edit.ts';
import type { Listed } from '../kernel/listed.ts';
import { addMonths, isDay } from '../kernel/time.ts';
import { awardsFor, type Award, type Rules } from './awards.ts';
import { pointsRuleId, type PointsRuleFields } from './schema.ts';

export interface Sizes {
  readonly more: number;
  readonly less: number;
  readonly same: number;
}

export interface Difference {
  readonly activity: string;
  readonly volunteer: string;
  readonly on: string;
  readonly hoursTenths: number;
  readonly before: number;
  readonly after: number;
}

export interface Comparison {
  readonly activities: Sizes;
  readonly volunteers: Sizes;
  /** All points together. */
  readonly before: number;
  readonly after: number;
  /** The largest changes, each of another activity. */
  readonly examples: readonly Difference[];
}

export interface RulesPreview {
  /** The first day on which a new row counts. */
  readonly from: string;
  /** PX7 For how long the first points by the new rows last; undefined for good. The shortest, where rows differ. */
  readonly lasts: { readonly months: number; readonly until: string } | undefined;
  /** What the ledger would move: held on that day or later. */
  readonly posted: Comparison;
  /** What the days gone by would have earned, had the new rows been in force all along. Nothing of it is posted. */
  readonly trial: Comparison;
}

export interface PreviewBooks {
  readonly attendances: readonly Listed<AttendanceFields>[];
  readonly activities: readonly Listed<ActivityFields>[];
  readonly rules: Rules;
  readonly wanted: readonly PointsRuleFields[];
}

const examplesMax = 3;
/** Before every day there is. */
const always = '0001-01-01';

export function previewRules({ attendances, activities, rules, wanted }: PreviewBooks): RulesPreview {
  const classes = new Set<ServiceClass>(wanted.map(({ serviceClass }) => serviceClass));
  const touched = activities.filter(({ fields }) => fields.status === 'held' && classes.has(fields.serviceClass));
  const earn = (table: Rules): Award[] => awardsFor(attendances, touched, table);
  const now = earn(rules);
  const listed = (fields: PointsRuleFields): Listed<PointsRuleFields> => ({ id: pointsRuleId(given(fields)), fields });
  const from = wanted.map(({ validFrom }) => validFrom).sort()[0] ?? '';
  const months = Math.min(...wanted.map(({ lastMonths = Number.POSITIVE_INFINITY }) => lastMonths));
  return {
    from,
    lasts: Number.isFinite(months) && isDay(from) ? { months, until: addMonths(from.slice(0, 7), months) } : undefined,
    posted: compare(now, earn([...rules, ...wanted.map(listed)])),
    trial: compare(now, earn(wanted.map((fields) => listed({ ...fields, validFrom: always })))),
  };
}

function compare(before: readonly Award[], after: readonly Award[]): Comparison {
  const later = new Map(after.map((award) => [award.attendance, award.points]));
  const lines = before.map(({ attendance, activity, volunteer, on, hoursTenths, points }) => ({
    attendance, activity, volunteer, on, hoursTenths, before: points, after: later.get(attendance) ?? 0,
  }));
  const sum = (of: 'before' | 'after'): number => lines.reduce((total, line) => total + line[of], 0);
  return { activities: sizes(lines, 'activity'), volunteers: sizes(lines, 'volunteer'), before: sum('before'), after: sum('after'), examples: largest(lines) };
}

type Line = Difference & { readonly attendance: string };

const change = ({ before, after }: Difference): number => after - before;

function sizes(lines: readonly Line[], by: 'activity' | 'volunteer'): Sizes {
  const changes = [...Map.groupBy(lines, (line) => line[by]).values()].map((own) => own.reduce((sum, line) => sum + change(line), 0));
  const count = (is: (change: number) => boolean): number => changes.filter(is).length;
  return { more: count((each) => each > 0), less: count((each) => each < 0), same: count((each) => each === 0) };
}

function largest(lines: readonly Line[]): Difference[] {
  const ordered = lines.filter((line) => change(line) !== 0).sort((a, b) => Math.abs(change(b)) - Math.abs(change(a)) || (a.attendance < b.attendance ? -1 : 1));
  const first = new Map<string, Difference>();
  for (const { attendance: _attendance, ...line } of ordered) if (first.size < examplesMax && !first.has(line.activity)) first.set(line.activity, line);
  return [...first.values()];
}
