/** What is written down once an activity is over, and again when that is corrected. */
import type { ActivityFields } from '$domain/activity/schema.ts';
import { clockOf, dayOf, instantOf } from '$domain/kernel/time.ts';
import { errors } from '$lib/i18n/words/errors.ts';
import type { Gaps } from '../activityForm.ts';
import type { Roll } from '../rollCall.ts';

export type HeldForm = { to: string; headCount: number | null; note: string; photos: string[]; roll: Roll };

export const heldForm = (fields: ActivityFields, roll: Roll): HeldForm => ({
  to: clockOf(fields.endsAt),
  headCount: fields.headCount ?? null,
  note: fields.note ?? '',
  photos: [...(fields.photos ?? [])],
  roll: structuredClone(roll),
});

/** An activity that ran over midnight keeps its last day. */
export const endOf = (fields: ActivityFields, { to }: HeldForm): number => (to === '' ? fields.endsAt : instantOf(dayOf(fields.endsAt), to));

export function heldGaps(fields: ActivityFields, form: HeldForm): Gaps {
  const gaps: Record<string, string> = {};
  if (form.to === '') gaps['to'] = errors.missing;
  else if (endOf(fields, form) <= fields.startsAt) gaps['to'] = errors.endsBeforeStart;
  if (form.headCount === null) gaps['headCount'] = errors.missing;
  return gaps;
}
