/** What a grid worker enters at a door. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { code, day, instant, recordRef } from '../kernel/fields.ts';
import { clearable, typedLine, typedNote } from '../kernel/inputs.ts';
import { tellNeedInput } from '../needs/inputs.ts';
import { needAnswers } from '../needs/schema.ts';
import { photoNames } from '../photos/photo.ts';
import { visitOutcomes } from './schema.ts';

const { category, title, words, wishedOn } = tellNeedInput.entries;

export const recordVisitInput = v.strictObject({
  grid: code,
  household: recordRef('hou'),
  visitedAt: instant,
  outcome: v.picklist(visitOutcomes),
  note: clearable(typedNote),
  nextOn: clearable(day),
  photos: clearable(photoNames),
  /** VS7: what was told at this door in the same visit. */
  need: v.optional(v.strictObject({ category, title, words, wishedOn })),
  /** VS8: what was said of a partner. */
  feedback: v.optional(v.strictObject({ partner: recordRef('par'), answer: v.picklist(needAnswers), words: clearable(typedLine) })),
});
export type RecordVisit = v.InferOutput<typeof recordVisitInput>;

/** As many doors as a stairwell of the tallest house has, and some more. */
export const stairwellMax = 200;

export const recordVisitsInput = v.strictObject({
  grid: code,
  households: v.pipe(v.array(recordRef('hou')), v.minLength(1), v.maxLength(stairwellMax), v.readonly()),
  visitedAt: instant,
  outcome: v.picklist(visitOutcomes),
  note: clearable(typedNote),
  nextOn: clearable(day),
});
export type RecordVisits = v.InferOutput<typeof recordVisitsInput>;

export const reviseVisitInput = v.strictObject({
  ref: refInput,
  visitedAt: v.optional(instant),
  outcome: v.optional(v.picklist(visitOutcomes)),
  note: clearable(typedNote),
  nextOn: clearable(day),
  photos: clearable(photoNames),
});
export type ReviseVisit = v.InferOutput<typeof reviseVisitInput>;
