/** An activity as a form holds it: days and clocks apart, as people say them. */
import { activityKinds, dimensions, feeClasses, serviceClasses, type ActivityFields } from '$domain/activity/schema.ts';
import type { Value } from '$domain/kernel/fact.ts';
import { clockOf, dayOf, hourMs, instantOf, minuteMs } from '$domain/kernel/time.ts';
import { errors } from '$lib/i18n/words/errors.ts';

export type ActivityForm = {
  title: string;
  on: string;
  from: string;
  to: string;
  place: string;
  activityKind: (typeof activityKinds)[number];
  feeClass: (typeof feeClasses)[number];
  serviceClass: (typeof serviceClasses)[number];
  dimensions: (typeof dimensions)[number][];
  note: string;
};

const usualMs = 2 * hourMs;
const tenMinutes = 10 * minuteMs;

/** Just held: it ended about now. Planned: it starts at the next full hour. */
export function blankForm(now: number, plan: boolean): ActivityForm {
  const end = plan ? Math.ceil(now / hourMs) * hourMs + usualMs : Math.floor(now / tenMinutes) * tenMinutes;
  // Late at night or early in the morning it must not reach over midnight: then the day's own edge is nearer the truth.
  const start = dayOf(end - usualMs) === dayOf(end) ? end - usualMs : instantOf(dayOf(end));
  return {
    title: '', on: dayOf(start), from: clockOf(start), to: clockOf(end), place: '',
    activityKind: 'other', feeClass: 'free', serviceClass: 'general', dimensions: [], note: '',
  };
}

export const formOf = (fields: ActivityFields): ActivityForm => ({
  title: fields.title,
  on: dayOf(fields.startsAt),
  from: clockOf(fields.startsAt),
  to: clockOf(fields.endsAt),
  place: fields.place ?? '',
  activityKind: fields.activityKind,
  feeClass: fields.feeClass,
  serviceClass: fields.serviceClass,
  dimensions: fields.dimensions ?? [],
  note: fields.note ?? '',
});

export function spanOf({ on, from, to }: ActivityForm): { readonly startsAt: number; readonly endsAt: number } | undefined {
  return on === '' || from === '' || to === '' ? undefined : { startsAt: instantOf(on, from), endsAt: instantOf(on, to) };
}

export type Gaps = Readonly<Record<string, string>>;

/** What is missing or does not fit, by field, before anything is asked of the tablet. */
export function gapsOf(form: ActivityForm): Gaps {
  const gaps: Record<string, string> = {};
  for (const field of ['title', 'on', 'from', 'to'] as const) if (form[field].trim() === '') gaps[field] = errors.missing;
  if (!gaps['from'] && !gaps['to'] && form.to <= form.from) gaps['to'] = errors.endsBeforeStart;
  return gaps;
}

/** @param clear an emptied field takes the old value away; in a new activity it is left out */
export function inputOf(form: ActivityForm, clear: boolean) {
  const optional = <T extends Value>(value: T, empty: boolean): T | null | undefined => (empty ? (clear ? null : undefined) : value);
  return {
    title: form.title,
    activityKind: form.activityKind,
    feeClass: form.feeClass,
    serviceClass: form.serviceClass,
    place: optional(form.place, form.place === ''),
    dimensions: optional(form.dimensions, form.dimensions.length === 0),
    note: optional(form.note, form.note === ''),
  };
}
