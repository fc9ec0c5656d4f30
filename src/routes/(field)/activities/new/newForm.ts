/** A new activity while it is written: who, what, when, and, if it was held, who came. */
import type { ActivityRow, Organiser } from '$client/queries/activities.ts';
import { activityId, type ActivityFields } from '$domain/activity/schema.ts';
import { blankForm, spanOf, type ActivityForm } from '../activityForm.ts';
import type { Roll } from '../rollCall.ts';

export type NewForm = {
  mode: 'log' | 'plan';
  organiser: { id: string; name: string } | null;
  what: ActivityForm;
  headCount: number | null;
  photos: string[];
  roll: Roll;
};

/** @param own the group one leads: its name is filled in once the roster is read */
export const startActivity = (now: number, plan: boolean, own: string | undefined): NewForm => ({
  mode: plan ? 'plan' : 'log',
  organiser: own === undefined ? null : { id: own, name: '' },
  what: blankForm(now, plan),
  headCount: null,
  photos: [],
  roll: {},
});

/** Nothing of one's own in it yet: no draft is kept for opening a page. */
export const isBlank = ({ what, headCount, photos, roll }: NewForm): boolean =>
  what.title === '' && photos.length === 0 && what.note === '' && headCount === null && Object.keys(roll).length === 0;

const titlesShown = 4;

/** Titles this organiser used last, newest first. */
export const usualTitles = (rows: readonly ActivityRow[]): string[] => [...new Set(rows.map(({ fields }) => fields.title))].slice(0, titlesShown);

/** What usually stays the same from time to time; day and clock are the person's. */
export function likeLast(what: ActivityForm, rows: readonly ActivityRow[], title: string): ActivityForm {
  const last = rows.find(({ fields }) => fields.title === title) ?? rows[0];
  if (!last) return { ...what, title };
  const { place, activityKind, feeClass, serviceClass, dimensions } = last.fields;
  return { ...what, title, place: what.place || (place ?? ''), activityKind, feeClass, serviceClass, dimensions: [...(dimensions ?? [])] };
}

/** The activity as it will be once saved, for the roll's points; undefined while the form lacks what names it. */
export function asSaved({ organiser, what }: { readonly organiser: Organiser | null; readonly what: ActivityForm }): { readonly id: string; readonly fields: ActivityFields } | undefined {
  const span = spanOf(what);
  if (!organiser || !span || span.endsAt <= span.startsAt) return undefined;
  const { title, activityKind, feeClass, serviceClass } = what;
  return {
    id: activityId(organiser.id, span.startsAt),
    fields: { organiser: organiser.id, title, activityKind, feeClass, serviceClass, ...span, status: 'held' },
  };
}
