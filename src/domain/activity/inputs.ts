/** What is entered about an activity and who came. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { count, instant, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { clearable, filledName, listOf, typedLine, typedNote } from '../kernel/inputs.ts';
import { photoNames } from '../photos/photo.ts';
import { activityKinds, dimensions, feeClasses, hoursTenths, serviceClasses } from './schema.ts';

const required = {
  title: filledName,
  activityKind: v.picklist(activityKinds),
  startsAt: instant,
  endsAt: instant,
  feeClass: v.picklist(feeClasses),
  serviceClass: v.picklist(serviceClasses),
};
const optional = {
  place: clearable(typedLine),
  space: clearable(recordRef('spa')),
  dimensions: clearable(listOf(v.picklist(dimensions), 2)),
  partners: clearable(listOf(recordRef('par'), 12)),
  note: clearable(typedNote),
};

export const planActivityInput = v.strictObject({ organiser: recordRef('par'), ...required, ...optional });
export type PlanActivity = v.InferOutput<typeof planActivityInput>;

export const reviseActivityInput = v.strictObject({ ref: refInput, ...v.partial(v.object(required)).entries, ...optional, headCount: clearable(count), photos: clearable(photoNames) });
export type ReviseActivity = v.InferOutput<typeof reviseActivityInput>;

const present = v.strictObject({ volunteer: volunteerNumber, hoursTenths, byProxy: v.optional(v.boolean()) });
/** A roll-call is one durable step: large enough for a festival, small enough for one update on the wire. */
const rollCall = listOf(present, 500);
export type Present = v.InferOutput<typeof present>;

/** Either `ref`, an activity on the screen, or the fields of a plan. */
export const logActivityInput = v.strictObject({
  ref: v.optional(refInput),
  organiser: v.optional(recordRef('par')),
  ...v.partial(v.object(required)).entries,
  ...optional,
  headCount: clearable(count),
  photos: clearable(photoNames),
  attendances: rollCall,
});
export type LogActivity = v.InferOutput<typeof logActivityInput>;
export const neededToLog = ['organiser', 'title', 'activityKind', 'startsAt', 'endsAt', 'feeClass', 'serviceClass'] as const;

export const recordAttendanceInput = v.strictObject({
  activity: refInput,
  present: rollCall,
  absent: listOf(volunteerNumber, 500),
});
export type RecordAttendance = v.InferOutput<typeof recordAttendanceInput>;

export const cancelActivityInput = v.strictObject({ ref: refInput });
export type CancelActivity = v.InferOutput<typeof cancelActivityInput>;
