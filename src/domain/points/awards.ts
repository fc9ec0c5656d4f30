/**
 * What each attendance earns: the one calculation behind the ledger and behind a tablet's provisional points (PN3).
 *
 * - PN2 The rule is the one in force on the activity's day. Only a held activity earns. Points are whole; half a point rounds up.
 * - RT2 A row's coefficient multiplies its points an hour.
 * - PN11 Caps count per volunteer and service class, over an activity, a day, and the month of the room; they are used up
 *   in the order activities start (then by attendance id), so it does not matter which tablet came back first.
 */
import { activityMonth, type ActivityFields, type AttendanceFields, type ServiceClass } from '../activity/schema.ts';
import type { Listed } from '../kernel/listed.ts';
import { dayOf } from '../kernel/time.ts';
import type { PointsRuleFields } from './schema.ts';

export type CapName = 'activityCap' | 'dayCap' | 'monthCap';

/** Why it is this many points, as data; the screen puts it into words. */
export type AwardReason =
  | { readonly type: 'notHeld' }
  | { readonly type: 'noRule'; readonly serviceClass: ServiceClass }
  | {
      readonly type: 'rule';
      readonly rule: string;
      readonly serviceClass: ServiceClass;
      readonly validFrom: string;
      readonly hoursTenths: number;
      readonly pointsPerHour: number;
      readonly coefficientTenths: number | undefined;
      readonly uncapped: number;
      /** The cap that took something away, and its size; the tightest of several. */
      readonly cappedBy: { readonly cap: CapName; readonly size: number } | undefined;
    };

export interface Award {
  readonly attendance: string;
  readonly activity: string;
  readonly volunteer: string;
  readonly hoursTenths: number;
  readonly on: string;
  readonly points: number;
  readonly reason: AwardReason;
}

export type Rules = readonly Listed<PointsRuleFields>[];

/** The newest row that is in force. Two rows of one day (entered apart): the more generous one, until a supervisor removes one. */
export function ruleOn(rules: Rules, serviceClass: ServiceClass, day: string): Listed<PointsRuleFields> | undefined {
  let best: Listed<PointsRuleFields> | undefined;
  for (const rule of rules) {
    if (rule.fields.serviceClass !== serviceClass || rule.fields.validFrom > day) continue;
    if (!best || isStronger(rule, best)) best = rule;
  }
  return best;
}

function isStronger(a: Listed<PointsRuleFields>, b: Listed<PointsRuleFields>): boolean {
  if (a.fields.validFrom !== b.fields.validFrom) return a.fields.validFrom > b.fields.validFrom;
  const more = rateOf(a.fields) - rateOf(b.fields) || lastsOf(a.fields) - lastsOf(b.fields);
  return more > 0 || (more === 0 && a.id > b.id);
}

type Rate = Pick<PointsRuleFields, 'pointsPerHour' | 'coefficientTenths'>;
/** Tenths of points an hour. */
const rateOf = ({ pointsPerHour, coefficientTenths = 10 }: Rate): number => pointsPerHour * coefficientTenths;
/** More than any row may say stands for good. */
const lastsOf = ({ lastMonths = 1_000 }: Pick<PointsRuleFields, 'lastMonths'>): number => lastMonths;

/** Before caps. Integers throughout: tenths of an hour times tenths of points an hour, half up. */
export const pointsFor = (rule: Rate, hoursTenths: number): number => Math.floor((rateOf(rule) * hoursTenths + 50) / 100);

const capNames: readonly CapName[] = ['activityCap', 'dayCap', 'monthCap'];

/** One award for each attendance whose activity is known, in canonical order. */
export function awardsFor(attendances: readonly Listed<AttendanceFields>[], activities: readonly Listed<ActivityFields>[], rules: Rules): Award[] {
  const activitiesById = new Map(activities.map(({ id, fields }) => [id, fields]));
  const inOrder = attendances
    .flatMap((line) => {
      const activity = activitiesById.get(line.fields.activity);
      // A correction whose birth has not arrived yet states no hours (FO5).
      return activity && Number.isInteger(line.fields.hoursTenths) ? [{ line, activity }] : [];
    })
    .sort((a, b) => a.activity.startsAt - b.activity.startsAt || (a.line.id < b.line.id ? -1 : 1));
  const used = new Map<string, number>();
  return inOrder.map(({ line, activity }) => award(line, activity, rules, used));
}

function award(line: Listed<AttendanceFields>, activity: ActivityFields, rules: Rules, used: Map<string, number>): Award {
  const { volunteer, hoursTenths } = line.fields;
  const on = dayOf(activity.startsAt);
  const common = { attendance: line.id, activity: line.fields.activity, volunteer, hoursTenths, on };
  if (activity.status !== 'held') return { ...common, points: 0, reason: { type: 'notHeld' } };
  const { serviceClass } = activity;
  const rule = ruleOn(rules, serviceClass, on);
  if (!rule) return { ...common, points: 0, reason: { type: 'noRule', serviceClass } };

  const uncapped = pointsFor(rule.fields, hoursTenths);
  const span: Readonly<Record<CapName, string>> = { activityCap: line.fields.activity, dayCap: on, monthCap: activityMonth(line.fields.activity) };
  const keyOf = (cap: CapName) => `${volunteer} ${serviceClass} ${cap} ${span[cap]}`;
  let points = uncapped;
  let cappedBy: { cap: CapName; size: number } | undefined;
  for (const cap of capNames) {
    const size = rule.fields[cap];
    if (size === undefined) continue;
    const left = Math.max(0, size - (used.get(keyOf(cap)) ?? 0));
    if (left < points) {
      points = left;
      cappedBy = { cap, size };
    }
  }
  for (const cap of capNames) used.set(keyOf(cap), (used.get(keyOf(cap)) ?? 0) + points);
  const { pointsPerHour, coefficientTenths, validFrom } = rule.fields;
  return { ...common, points, reason: { type: 'rule', rule: rule.id, serviceClass, validFrom, hoursTenths, pointsPerHour, coefficientTenths, uncapped, cappedBy } };
}
