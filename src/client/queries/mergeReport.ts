/** SV5 What came in since one last looked, and everything two people disagree about, as things to settle one by one. */
import type { ActivityFields, AttendanceFields, ServiceClass } from '../../domain/activity/schema.ts';
import type { RecordRef } from '../../domain/kernel/command.ts';
import type { Fields, Value } from '../../domain/kernel/fact.ts';
import type { Clash } from '../../domain/kernel/fold.ts';
import { dayOf } from '../../domain/kernel/time.ts';
import { pointsFor, ruleOn, type Rules } from '../../domain/points/awards.ts';
import type { PointsRuleFields } from '../../domain/points/schema.ts';
import { filteredArrivals, mergeSummary, needsDecision, type ArrivedRecord, type MergeSummary, type ReportFilter } from '../../domain/supervision/view.ts';
import type { ArrivalRow, ClashRow, Live, Reader, Row } from '../../replica/contract.ts';
import { namesFor } from './history.ts';
import { chain, combine, distinct, joined, map, sameList } from './live.ts';
import { addressOf, refOf } from './ref.ts';
import { authorityPerson, type NameById } from './staff.ts';

/** What changes besides the field itself when a value is chosen. */
export type Following =
  | { readonly type: 'points'; readonly points: number }
  | { readonly type: 'pointsAnew' }
  | { readonly type: 'figures' }
  | { readonly type: 'promise' }
  | { readonly type: 'typeFrom'; readonly on: string }
  | { readonly type: 'recordStays' }
  | { readonly type: 'recordGoes' };

export interface Disagreement {
  readonly ref: RecordRef;
  readonly kind: string;
  readonly fields: Fields;
  readonly clashes: readonly Clash[];
  readonly changedAt: number;
  /** MR3 Something agreed, promised or ruled on is among it. */
  readonly decision: boolean;
}

/** What there is to narrow by. */
export interface ReportChoices {
  readonly people: readonly string[];
  readonly kinds: readonly string[];
  readonly grids: readonly string[];
}

export interface MergeReport {
  /** As filtered. */
  readonly summary: MergeSummary;
  /** As filtered; what needs a decision first, then latest first. */
  readonly disagreements: readonly Disagreement[];
  readonly choices: ReportChoices;
  readonly names: NameById;
  /** Attendances by activity, for the activities among the disagreements: what was merged beside what was not. */
  readonly came: ReadonlyMap<string, number>;
  follows(disagreement: Disagreement, field: string, value: Value): Following | undefined;
}

const pointsFields: ReadonlySet<string> = new Set(['serviceClass', 'startsAt', 'status']);
const figureFields: ReadonlySet<string> = new Set(['headCount', 'dimensions', 'outcome']);

interface Books {
  readonly rules: Rules;
  readonly activities: ReadonlyMap<string, Row<ActivityFields>>;
}

function followsOf({ kind, fields }: Disagreement, field: string, value: Value, { rules, activities }: Books): Following | undefined {
  if (field === 'deleted') return value === true ? { type: 'recordGoes' } : { type: 'recordStays' };
  if (kind === 'attendance' && field === 'hoursTenths') {
    const activity = activities.get((fields as unknown as AttendanceFields).activity)?.fields;
    const rule = activity && activity.status === 'held' ? ruleOn(rules, activity.serviceClass as ServiceClass, dayOf(activity.startsAt)) : undefined;
    return rule && typeof value === 'number' ? { type: 'points', points: pointsFor(rule.fields, value) } : undefined;
  }
  if (kind === 'activity' && pointsFields.has(field)) return { type: 'pointsAnew' };
  if (figureFields.has(field)) return { type: 'figures' };
  if (kind === 'partner' && (field.startsWith('fundIn') || field.startsWith('activityQuota'))) return { type: 'promise' };
  if (kind === 'conversion' && field === 'to') return { type: 'typeFrom', on: String(fields['on']) };
  return undefined;
}

/** MR3 Within a record, too, what needs a decision stands first. */
function toDisagreement(row: ClashRow): Disagreement {
  const { kind, fields, changedAt } = row;
  const clashes = [...row.clashes].sort((a, b) => Number(needsDecision(kind, b.field)) - Number(needsDecision(kind, a.field)));
  return { ref: refOf(row), kind, fields, clashes, changedAt, decision: clashes.some(({ field }) => needsDecision(kind, field)) };
}

const byDecision = (a: Disagreement, b: Disagreement): number =>
  Number(b.decision) - Number(a.decision) || b.changedAt - a.changedAt || (a.ref.record < b.ref.record ? -1 : 1);

const gridOf = ({ fields, room }: ClashRow): string => (typeof fields['grid'] === 'string' ? fields['grid'] : (addressOf(room).grid ?? ''));

const fits = (row: ClashRow, { person, kind, grid }: ReportFilter): boolean =>
  (kind === undefined || row.kind === kind) &&
  (grid === undefined || gridOf(row) === grid) &&
  (person === undefined || row.clashes.some(({ options }) => options.some(({ by }) => by === person)));

function choicesOf(arrivals: readonly ArrivalRow[], clashes: readonly ClashRow[]): ReportChoices {
  const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].filter((value) => value !== '').sort();
  return {
    people: sorted([...arrivals.map(({ by }) => by), ...clashes.flatMap((row) => row.clashes.flatMap(({ options }) => options.map(({ by }) => by)))]),
    kinds: sorted([...arrivals.flatMap(({ born, changed }) => [...Object.keys(born), ...Object.keys(changed)]), ...clashes.map(({ kind }) => kind)]),
    grids: sorted([...arrivals.map(({ grid = '' }) => grid), ...clashes.map(gridOf)]),
  };
}

/** Ids inside the values that are to choose from count too: an organiser may be what two people disagree about. */
const withOptions = (row: ClashRow): { readonly fields: Fields } => ({
  fields: { ...row.fields, ...Object.fromEntries(row.clashes.flatMap((clash) => clash.options.map((option, index) => [`${clash.field}${index}`, option.value]))) },
});

/** @param since when one last looked, epoch ms; clashes are all that are open, however old */
export function mergeReport(reader: Reader, since: number, filter: ReportFilter = {}): Live<MergeReport> {
  const clashes = reader.clashes();
  const activities = chain(
    distinct(map(clashes, (rows) => [...new Set(rows.flatMap(({ fields }) => (typeof fields['activity'] === 'string' ? [fields['activity']] : [])))].sort()), sameList),
    (ids) => reader.many<ActivityFields>('log', ids),
  );
  const rolls = chain(
    distinct(map(clashes, (rows) => rows.filter(({ kind }) => kind === 'activity').map(({ id }) => id).sort()), sameList),
    (ids) => joined(ids.map((parent) => reader.list<AttendanceFields>('log', { kind: 'attendance', parent }))),
  );
  return combine(
    {
      clashes, activities, rolls,
      arrivals: reader.arrivals(since),
      names: namesFor(reader, map(clashes, (rows) => rows.map(withOptions))),
      rules: reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' }),
    },
    (found) => {
      const books: Books = { rules: found.rules, activities: new Map(found.activities.map((row) => [row.id, row])) };
      // The server posts points for what came in; it is not a tablet that came back.
      const arrivals = found.arrivals.filter(({ by }) => by !== authorityPerson);
      const clashed = found.clashes.filter((row) => fits(row, filter));
      return {
        summary: mergeSummary(filteredArrivals(arrivals, filter), clashed),
        disagreements: clashed.map(toDisagreement).sort(byDecision),
        choices: choicesOf(arrivals, found.clashes),
        names: found.names,
        came: new Map([...Map.groupBy(found.rolls, (row) => row.fields.activity)].map(([id, rows]) => [id, rows.length])),
        follows: (disagreement, field, value) => followsOf(disagreement, field, value, books),
      };
    },
  );
}

/** How many fields wait for a person: the number at the inbox in the menu. */
export const openClashes = (reader: Reader): Live<number> => map(reader.clashes(), (rows) => rows.reduce((sum, row) => sum + row.clashes.length, 0));

/** The records behind some lines of the report; one that is gone, or rests elsewhere, is not among them. */
export function arrivedRows(reader: Reader, records: readonly ArrivedRecord[]): Live<ReadonlyMap<string, Row>> {
  const byFamily = Map.groupBy(records, ({ room }) => addressOf(room).family);
  return map(joined([...byFamily].map(([family, own]) => reader.many(family, own.map(({ record }) => record)))), (rows) => new Map(rows.map((row) => [row.id, row])));
}
