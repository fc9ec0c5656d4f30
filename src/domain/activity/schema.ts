/** What partners do with and for residents, and who came (AC1, AC2). */
import * as v from 'valibot';
import type { Fields } from '../kernel/fact.ts';
import { count, instant, lineText, nameText, noteText, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { idTail } from '../kernel/ids.ts';
import { minuteMs, monthOf } from '../kernel/time.ts';
import { photoNames } from '../photos/photo.ts';

export const activityKinds = ['class', 'performance', 'clinic', 'market', 'meeting', 'patrol', 'cleanup', 'care', 'repair', 'festival', 'other'] as const;
export const feeClasses = ['free', 'low_fee', 'paid'] as const;
export const activityStatuses = ['planned', 'held', 'cancelled'] as const;
/** The six dimensions of development. */
export const dimensions = ['humanCapital', 'socialCapital', 'physicalInfrastructure', 'economicInfrastructure', 'organisationalStructure', 'politicalCapacity'] as const;
/** What a volunteer's hour counts as in the points table (PN2); `none` earns no points. */
export const serviceClasses = ['general', 'skilled', 'care', 'urgent', 'none'] as const;
export type ServiceClass = (typeof serviceClasses)[number];

/** An activity is who organises it and the minute it starts: two tablets that log it apart name it alike. */
export const activityId = (organiser: string, startsAt: number): string =>
  `act_${idTail(organiser)}.${Math.floor(startsAt / minuteMs).toString(36)}`;

/** The start an activity was born with, epoch ms; a later correction of `startsAt` does not move it to another room. */
export const activityStartMs = (id: string): number => Number.parseInt(id.slice(id.lastIndexOf('.') + 1), 36) * minuteMs;
export const activityMonth = (id: string): string => monthOf(activityStartMs(id));

export const attendanceId = (activity: string, volunteer: string): string => `att_${idTail(activity)}-${volunteer}`;
/** AC2: hours in steps of 0.1, kept as integer tenths, at most 24 h. */
export const hoursTenths = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(240));

/**
 * The ids of activity, attendance and ledger entry each hold the one before: an organiser's leaves room for all of them, or
 * the ledger could not name an entry. 48 characters after the prefix, as many as the name of a member list's room takes.
 */
const organiserRef = v.pipe(recordRef('par'), v.maxLength('par_'.length + 48));

const activity = declareKind({
  name: 'activity', family: 'log', prefix: 'act', fixed: ['organiser'],
  entries: {
    organiser: organiserRef,
    partners: v.optional(v.pipe(v.array(recordRef('par')), v.maxLength(12))),
    title: nameText,
    activityKind: v.picklist(activityKinds),
    place: v.optional(lineText),
    space: v.optional(recordRef('spa')),
    startsAt: instant,
    endsAt: instant,
    feeClass: v.picklist(feeClasses),
    dimensions: v.optional(v.pipe(v.array(v.picklist(dimensions)), v.maxLength(2))),
    status: v.picklist(activityStatuses),
    serviceClass: v.picklist(serviceClasses),
    headCount: v.optional(count),
    note: v.optional(noteText),
    photos: v.optional(photoNames),
  },
  shard: (id) => ({ month: activityMonth(id) }),
  derivedId: (fields) => activityId(String(fields['organiser']), Number(fields['startsAt'])),
  placeOf: (_id, field) => ({ partner: field('organiser') }),
  order: (fields) => Number(fields['startsAt']),
  parent: (fields) => String(fields['organiser']),
  names: (fields) => [String(fields['title'])],
  tallies: (fields) => tallyActivity(fields),
});

function tallyActivity(fields: Fields) {
  const status = String(fields['status']);
  if (status !== 'held') return [{ key: `activities:${status}`, amount: 1 }];
  return [
    { key: 'activities:held', amount: 1 },
    { key: `activities:partner:${String(fields['organiser'])}`, amount: 1 },
    { key: 'headCount', amount: Number(fields['headCount'] ?? 0) },
    ...((fields['dimensions'] as readonly string[] | undefined) ?? []).map((name) => ({ key: `dimension:${name}`, amount: 1 })),
  ];
}

/** AC2: one record per activity and person, whoever logs it and how often. */
const attendance = declareKind({
  name: 'attendance', family: 'log', prefix: 'att', fixed: ['activity', 'volunteer'],
  entries: {
    activity: recordRef('act'),
    volunteer: volunteerNumber,
    hoursTenths,
    /** AC3: entered for a person without a phone. */
    byProxy: v.optional(v.boolean()),
  },
  shard: (_id, fields) => ({ month: activityMonth(String(fields['activity'])) }),
  derivedId: (fields) => attendanceId(String(fields['activity']), String(fields['volunteer'])),
  placeOf: (_id, field) => {
    const activityOf = idTail(String(field('activity')));
    // The organiser's id stands inside the activity's, so no second record has to be looked up.
    return { partner: `par_${activityOf.slice(0, activityOf.lastIndexOf('.'))}` };
  },
  order: (fields) => activityStartMs(String(fields['activity'])),
  parent: (fields) => String(fields['activity']),
  holder: (fields) => String(fields['volunteer']),
  tallies: (fields) => [
    { key: 'attendances', amount: 1 },
    { key: 'hoursTenths', amount: Number(fields['hoursTenths']) },
  ],
});

export const activityKindsTable = { activity, attendance };
export type ActivityFields = FieldsOf<typeof activity.entries>;
export type AttendanceFields = FieldsOf<typeof attendance.entries>;
