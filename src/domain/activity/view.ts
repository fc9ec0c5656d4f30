/** What the log says: who came, for how long, and what the organiser was on that day. */
import type { Listed } from '../kernel/listed.ts';
import { dayOf, minuteMs } from '../kernel/time.ts';
import { partnerTypeOn } from '../roster/view.ts';
import type { ConversionFields, PartnerFields, PartnerType } from '../roster/schema.ts';
import type { ActivityFields, AttendanceFields } from './schema.ts';

/** PT2: the type on the day the activity starts, whatever the partner has become since. */
export const organiserTypeOn = (activity: ActivityFields, organiser: PartnerFields, conversions: readonly Listed<ConversionFields>[]): PartnerType =>
  partnerTypeOn(organiser, conversions, dayOf(activity.startsAt));

export interface ActivityTotals {
  readonly people: number;
  readonly hoursTenths: number;
}

export const totalAttendance = (attendances: readonly Listed<AttendanceFields>[]): ActivityTotals => ({
  people: attendances.length,
  hoursTenths: attendances.reduce((sum, { fields }) => sum + fields.hoursTenths, 0),
});

export interface OverlongDay {
  readonly volunteer: string;
  readonly on: string;
  readonly hoursTenths: number;
  readonly attendances: readonly string[];
}

const dayTenths = 240;

/** AC2: nobody serves more than 24 h a day over all activities; such days are flagged, not refused: one of the lines is wrong, not the person. */
export function overlongDays(attendances: readonly Listed<AttendanceFields>[], activities: readonly Listed<ActivityFields>[]): OverlongDay[] {
  const activitiesById = new Map(activities.map(({ id, fields }) => [id, fields]));
  const days = new Map<string, { volunteer: string; on: string; hoursTenths: number; attendances: string[] }>();
  for (const { id, fields } of attendances) {
    const activity = activitiesById.get(fields.activity);
    if (activity?.status !== 'held') continue;
    const on = dayOf(activity.startsAt);
    const key = `${fields.volunteer} ${on}`;
    const day = days.get(key) ?? { volunteer: fields.volunteer, on, hoursTenths: 0, attendances: [] };
    day.hoursTenths += fields.hoursTenths;
    day.attendances.push(id);
    days.set(key, day);
  }
  return [...days.entries()].filter(([, day]) => day.hoursTenths > dayTenths).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

export interface Overlap {
  readonly volunteer: string;
  readonly on: string;
  /** The two activities, the earlier first, and how long both had this person. */
  readonly activities: readonly [string, string];
  readonly minutes: number;
}

const minutesInTenth = 6;

/** PQ4: somebody's hours at two held activities overlap in time. Each is taken to begin with its activity: nobody writes down who came later. */
export function overlaps(attendances: readonly Listed<AttendanceFields>[], activities: readonly Listed<ActivityFields>[]): Overlap[] {
  const activitiesById = new Map(activities.map(({ id, fields }) => [id, fields]));
  const spans = attendances.flatMap(({ fields }) => {
    const activity = activitiesById.get(fields.activity);
    if (activity?.status !== 'held') return [];
    const until = Math.min(activity.endsAt, activity.startsAt + fields.hoursTenths * minutesInTenth * minuteMs);
    return [{ volunteer: fields.volunteer, activity: fields.activity, from: activity.startsAt, until }];
  });
  const found: Overlap[] = [];
  for (const [volunteer, own] of Map.groupBy(spans, (span) => span.volunteer)) {
    own.sort((a, b) => a.from - b.from || (a.activity < b.activity ? -1 : 1));
    own.forEach((span, index) => {
      for (const later of own.slice(index + 1)) {
        if (later.from >= span.until) break;
        found.push({ volunteer, on: dayOf(later.from), activities: [span.activity, later.activity], minutes: Math.round((Math.min(span.until, later.until) - later.from) / minuteMs) });
      }
    });
  }
  return found.sort((a, b) => (a.on === b.on ? (a.volunteer < b.volunteer ? -1 : 1) : a.on < b.on ? 1 : -1));
}
