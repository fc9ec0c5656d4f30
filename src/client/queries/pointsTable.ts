/** The points table as people read it: for each class what is in force, what is coming and what was, and what is known to try new rows on. */
import { serviceClasses, type ActivityFields, type AttendanceFields, type ServiceClass } from '../../domain/activity/schema.ts';
import { addDays, monthOf } from '../../domain/kernel/time.ts';
import { ruleOn } from '../../domain/points/awards.ts';
import type { PointsRuleFields } from '../../domain/points/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { map, once } from './live.ts';

export type RuleRow = Row<PointsRuleFields>;

export interface PastRule {
  readonly row: RuleRow;
  /** Its last day; before the one it began on where another row of that day takes its place. */
  readonly until: string;
}

export interface ClassRules {
  readonly serviceClass: ServiceClass;
  readonly inForce: RuleRow | undefined;
  /** The next one first. */
  readonly coming: readonly RuleRow[];
  /** The latest first. */
  readonly past: readonly PastRule[];
}

export const pointsRules = (reader: Reader): Live<readonly RuleRow[]> => reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' });

const byDay = (a: RuleRow, b: RuleRow): number => (a.fields.validFrom < b.fields.validFrom ? -1 : a.fields.validFrom > b.fields.validFrom ? 1 : a.id < b.id ? -1 : 1);

export function pointsTableOf(rows: readonly RuleRow[], today: string): readonly ClassRules[] {
  return serviceClasses.map((serviceClass) => {
    const own = rows.filter(({ fields }) => fields.serviceClass === serviceClass).sort(byDay);
    const inForce = own.find(({ id }) => id === ruleOn(own, serviceClass, today)?.id);
    const begun = own.filter((row) => row !== inForce && row.fields.validFrom <= today);
    const endOf = (row: RuleRow): string => {
      const next = own.find((other) => other.fields.validFrom > row.fields.validFrom);
      const last = next && next.fields.validFrom <= today ? next.fields.validFrom : (inForce?.fields.validFrom ?? row.fields.validFrom);
      return addDays(last, -1);
    };
    return {
      serviceClass,
      inForce,
      coming: own.filter(({ fields }) => fields.validFrom > today),
      past: begun.reverse().map((row) => ({ row, until: endOf(row) })),
    };
  });
}

export const pointsTable = (reader: Reader, today: string): Live<readonly ClassRules[]> => map(pointsRules(reader), (rows) => pointsTableOf(rows, today));

/** What was held, as far as this tablet knows. Read once: a preview is about the past. */
export interface KnownService {
  readonly activities: readonly Row<ActivityFields>[];
  readonly attendances: readonly Row<AttendanceFields>[];
  /** Of the first and the last activity; undefined where there is none. */
  readonly months: readonly [first: string, last: string] | undefined;
}

export async function knownService(reader: Reader): Promise<KnownService> {
  const [all, attendances] = await Promise.all([
    once(reader.list<ActivityFields>('log', { kind: 'activity' })),
    once(reader.list<AttendanceFields>('log', { kind: 'attendance' })),
  ]);
  const activities = all.filter(({ fields }) => fields.status === 'held');
  const times = activities.map(({ fields }) => fields.startsAt);
  const last = times.reduce((a, b) => Math.max(a, b), 0);
  const first = times.reduce((a, b) => Math.min(a, b), last);
  return { activities, attendances, months: activities.length === 0 ? undefined : [monthOf(first), monthOf(last)] };
}
