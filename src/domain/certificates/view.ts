/**
 * CE3 What may be certified of a volunteer's service in a span of days: hours that the server has confirmed and posted. What
 * is only on this tablet, what the ledger pays differently, and days of more than 24 hours wait, and are said to.
 */
import type { ActivityFields, AttendanceFields } from '../activity/schema.ts';
import { overlongDays } from '../activity/view.ts';
import type { Listed } from '../kernel/listed.ts';
import { provisionalPoints, type PassbookBooks } from '../points/provisional.ts';

export interface CertifiedBooks extends PassbookBooks {
  readonly attendances: readonly Listed<AttendanceFields>[];
  readonly activities: readonly Listed<ActivityFields>[];
  /** Records of which something has not been confirmed by the server. */
  readonly unconfirmed: ReadonlySet<string>;
}

export interface Served {
  readonly attendance: string;
  readonly activity: string;
  readonly on: string;
  readonly hoursTenths: number;
  /** Why it is not certified: undefined where it is. */
  readonly waits: 'unconfirmed' | 'overlong' | undefined;
}

export interface ServedBetween {
  readonly hoursTenths: number;
  readonly times: number;
  readonly services: readonly ActivityFields['activityKind'][];
  /** Newest first. */
  readonly counted: readonly Served[];
  readonly waiting: readonly Served[];
}

export function servedBetween(books: CertifiedBooks, from: string, through: string): ServedBetween {
  const { attendances, activities, unconfirmed } = books;
  const activitiesById = new Map(activities.map(({ id, fields }) => [id, fields]));
  const tenthsById = new Map(attendances.map(({ id, fields }) => [id, fields.hoursTenths]));
  const overlong = new Set(overlongDays(attendances, activities).flatMap((each) => each.attendances));
  const served = provisionalPoints(books).lines
    .filter(({ on, reason }) => on >= from && on <= through && reason.type !== 'notHeld')
    .map(({ attendance, activity, on, points, confirmed }): Served => ({
      attendance, activity, on,
      hoursTenths: tenthsById.get(attendance) ?? 0,
      waits: unconfirmed.has(attendance) || unconfirmed.has(activity) || (confirmed?.fields.points ?? 0) !== points ? 'unconfirmed' : overlong.has(attendance) ? 'overlong' : undefined,
    }));
  const counted = served.filter(({ waits }) => waits === undefined);
  const tenthsByKind = new Map<ActivityFields['activityKind'], number>();
  for (const { activity, hoursTenths } of counted) {
    const kind = activitiesById.get(activity)?.activityKind;
    if (kind) tenthsByKind.set(kind, (tenthsByKind.get(kind) ?? 0) + hoursTenths);
  }
  return {
    hoursTenths: counted.reduce((sum, line) => sum + line.hoursTenths, 0),
    times: new Set(counted.map(({ activity }) => activity)).size,
    services: [...tenthsByKind].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([kind]) => kind),
    counted,
    waiting: served.filter(({ waits }) => waits !== undefined),
  };
}
