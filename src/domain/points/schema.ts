/** The dated points table and the ledger it produces (PN1, PN2). */
import * as v from 'valibot';
import { factIdPattern, type Fields } from '../kernel/fact.ts';
import { count, day, lineText, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { isMonth } from '../kernel/time.ts';
import { activityMonth, serviceClasses } from '../activity/schema.ts';
import { volunteerAccount } from './accounts.ts';

export const pointsPerHour = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000));
/** RT2 What an hour of the class counts, in tenths: 15 is × 1.5. */
export const coefficientTenths = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100));
/** PX1 How many months points last after the month they were earned in; for good where nothing is said. */
export const lastMonths = v.pipe(v.number(), v.safeInteger(), v.minValue(12), v.maxValue(60));

/**
 * A row is all of its figures: two rows that differ have two ids, so no merge ever blends two rules into a third.
 * e.g. `prl_general.2026-01-01.10.x.40.x` = 10 points an hour, at most 40 a day; with `.15` after it, times 1.5; with `.m24`, for
 * points that last 24 months.
 */
export const pointsRuleId = (fields: Fields): string => {
  const cap = (name: string) => (fields[name] === undefined ? 'x' : String(fields[name]));
  // Only where there is one: rows entered before there were coefficients, and points that lapse, keep their ids.
  const coefficient = fields['coefficientTenths'] === undefined ? '' : `.${String(fields['coefficientTenths'])}`;
  const lasts = fields['lastMonths'] === undefined ? '' : `.m${String(fields['lastMonths'])}`;
  return `prl_${String(fields['serviceClass'])}.${String(fields['validFrom'])}.${String(fields['pointsPerHour'])}.${cap('activityCap')}.${cap('dayCap')}.${cap('monthCap')}${coefficient}${lasts}`;
};

/** PN2: a row is never edited, a newer row takes over from its day; so an old entry's reason stays readable. */
const pointsRule = declareKind({
  name: 'pointsRule', family: 'roster', prefix: 'prl',
  fixed: ['serviceClass', 'pointsPerHour', 'coefficientTenths', 'activityCap', 'dayCap', 'monthCap', 'lastMonths', 'validFrom'],
  entries: {
    serviceClass: v.picklist(serviceClasses),
    pointsPerHour,
    coefficientTenths: v.optional(coefficientTenths),
    /** Caps in points for one activity, one day, one calendar month of one volunteer. */
    activityCap: v.optional(count),
    dayCap: v.optional(count),
    monthCap: v.optional(count),
    lastMonths: v.optional(lastMonths),
    validFrom: day,
    note: v.optional(lineText),
  },
  shard: () => ({}),
  derivedId: pointsRuleId,
});

export const entryReasons = ['service', 'correction'] as const;
const account = v.pipe(v.string(), v.regex(/^(issued|volunteer:[A-Z]{2}[A-Z0-9]{4,12})$/));

/** PN1: immutable, two-sided, written by the authority only. A correction is an entry that names what it reverses. */
const pointsEntry = declareKind({
  name: 'pointsEntry', family: 'ledger', prefix: 'pen',
  fixed: ['volunteer', 'points', 'debit', 'credit', 'activity', 'attendance', 'fact', 'rule', 'occurredOn', 'reverses', 'reason', 'hoursTenths', 'lastsUntil'],
  entries: {
    volunteer: volunteerNumber,
    points: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    debit: account,
    credit: account,
    activity: recordRef('act'),
    attendance: recordRef('att'),
    /** The fact that stated the hours this entry pays. */
    fact: v.pipe(v.string(), v.regex(factIdPattern)),
    hoursTenths: count,
    rule: recordRef('prl'),
    occurredOn: day,
    reason: v.picklist(entryReasons),
    reverses: v.optional(recordRef('pen')),
    /** PX1: the last month in which the points stand, said when they are posted and kept. */
    lastsUntil: v.optional(v.pipe(v.string(), v.check(isMonth))),
  },
  // The ledger room of a month pays for the log room of that month, one to one.
  shard: (_id, fields) => ({ month: activityMonth(String(fields['activity'])) }),
  order: (fields) => Date.parse(`${String(fields['occurredOn'])}T00:00:00Z`),
  parent: (fields) => String(fields['attendance']),
  holder: (fields) => String(fields['volunteer']),
  tallies: (fields) => {
    const points = Number(fields['points']);
    const signed = fields['credit'] === volunteerAccount(String(fields['volunteer'])) ? points : -points;
    return [
      { key: `points:${String(fields['volunteer'])}`, amount: signed },
      { key: 'points', amount: signed },
    ];
  },
});

export const pointsKinds = { pointsRule, pointsEntry };
export type PointsRuleFields = FieldsOf<typeof pointsRule.entries>;
export type PointsEntryFields = FieldsOf<typeof pointsEntry.entries>;
