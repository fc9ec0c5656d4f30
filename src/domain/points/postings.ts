/**
 * The points authority: what the ledger of a month still lacks, given the log of that month.
 *
 * - PN1 Entries are never edited. An award that changed or fell away is reversed by an entry with the accounts swapped that names it.
 * - PN12 The standing entries depend on the facts alone, not on the order or the batches they came in.
 * - PX1 An entry says until when its points last, by the row they are earned by. It is said once: nothing posted later changes it.
 * - PN13 Asked again with its own answer posted, it has nothing to post: a crash in the middle is healed by asking again.
 */
import type { ActivityFields, AttendanceFields } from '../activity/schema.ts';
import type { FactId } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import { idTail } from '../kernel/ids.ts';
import type { Listed } from '../kernel/listed.ts';
import { awardsFor, type Award } from './awards.ts';
import { standingEntries } from './balance.ts';
import { issuedAccount, volunteerAccount } from './accounts.ts';
import { lastMonth } from './lasting.ts';
import type { PointsEntryFields, PointsRuleFields } from './schema.ts';

/** One month: the records of `log/<m>`, the rules of the roster, the entries of `ledger/<m>`. Deleted ones may be among them. */
export interface MonthBooks {
  readonly attendances: readonly Folded[];
  readonly activities: readonly Folded[];
  readonly rules: readonly Folded[];
  readonly entries: readonly Folded[];
  /** In which it is posted, by the server's clock. */
  readonly postedIn: string;
}

export interface Posting {
  readonly record: string;
  readonly fields: PointsEntryFields;
}

const live = <F>(records: readonly Folded[]): Listed<F>[] =>
  records.filter((record) => !record.deleted).map((record) => ({ id: record.record, fields: record.fields as F }));

/** `n` counts the entries of one attendance, so the id says where in its history an entry stands. */
const entryId = (attendance: string, n: number): string => `pen_${idTail(attendance)}.${n.toString(36)}`;

export function decidePostings({ attendances, activities, rules, entries, postedIn }: MonthBooks): readonly Posting[] {
  const awards = awardsFor(live<AttendanceFields>(attendances), live<ActivityFields>(activities), live<PointsRuleFields>(rules));
  const awardByAttendance = new Map(awards.map((award) => [award.attendance, award]));
  const lastMonthsByRule = new Map(rules.map(({ record, fields }) => [record, (fields as PointsRuleFields).lastMonths]));
  const recordById = new Map(attendances.map((record) => [record.record, record]));

  const posted = entries.map((record): Listed<PointsEntryFields> => ({ id: record.record, fields: record.fields as PointsEntryFields }));
  const counts = new Map<string, number>();
  for (const { fields } of posted) counts.set(fields.attendance, (counts.get(fields.attendance) ?? 0) + 1);
  const standing = new Map<string, Listed<PointsEntryFields>[]>();
  for (const entry of standingEntries(posted)) standing.set(entry.fields.attendance, [...(standing.get(entry.fields.attendance) ?? []), entry]);

  const postings: Posting[] = [];
  const post = (fields: PointsEntryFields): void => {
    const n = counts.get(fields.attendance) ?? 0;
    counts.set(fields.attendance, n + 1);
    postings.push({ record: entryId(fields.attendance, n), fields });
  };
  for (const attendance of [...new Set([...awardByAttendance.keys(), ...standing.keys()])].sort()) {
    const record = recordById.get(attendance);
    const award = awardByAttendance.get(attendance);
    const paid = award && record && award.points > 0 ? entryFor(award, latestFact(record)) : undefined;
    const due = paid && { ...paid, ...lasting(paid, lastMonthsByRule.get(paid.rule), postedIn) };
    const stands = standing.get(attendance) ?? [];
    const kept = due && stands.find((entry) => saysTheSame(entry.fields, due));
    for (const entry of stands) if (entry !== kept) post(reversalOf(entry, record && latestFact(record)));
    if (due && !kept) post(due);
  }
  return postings;
}

/** Heads are sorted, so every run of the authority names the same one. */
const latestFact = (record: Folded): FactId => record.heads[record.heads.length - 1] ?? '';

function entryFor(award: Award, fact: FactId): PointsEntryFields | undefined {
  if (award.reason.type !== 'rule') return undefined;
  const { attendance, activity, volunteer, hoursTenths, points, on } = award;
  return {
    volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer),
    activity, attendance, fact, hoursTenths, rule: award.reason.rule, occurredOn: on, reason: 'service',
  };
}

function lasting({ occurredOn }: PointsEntryFields, lastMonths: number | undefined, postedIn: string): Pick<PointsEntryFields, 'lastsUntil'> {
  return lastMonths === undefined ? {} : { lastsUntil: lastMonth(occurredOn.slice(0, 7), lastMonths, postedIn) };
}

/** `fact` is left out: a later fact that changes nothing about the award must not move points; `lastsUntil`: it follows from the rule, and stays as it was first said. */
const saysTheSame = (a: PointsEntryFields, b: PointsEntryFields): boolean =>
  a.points === b.points && a.rule === b.rule && a.hoursTenths === b.hoursTenths && a.occurredOn === b.occurredOn && a.volunteer === b.volunteer;

const reversalOf = ({ id, fields }: Listed<PointsEntryFields>, cause: FactId | undefined): PointsEntryFields => ({
  ...fields, debit: fields.credit, credit: fields.debit, fact: cause ?? fields.fact, reason: 'correction', reverses: id,
});
