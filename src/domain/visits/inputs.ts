/** What a grid worker enters at a door. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { code, day, instant, recordRef } from '../kernel/fields.ts';
import { clearable, typedNote } from '../kernel/inputs.ts';
import { visitOutcomes } from './schema.ts';

export const recordVisitInput = v.strictObject({
  grid: code,
  household: recordRef('hou'),
  visitedAt: instant,
  outcome: v.picklist(visitOutcomes),
  note: clearable(typedNote),
  nextOn: clearable(day),
});
export type RecordVisit = v.InferOutput<typeof recordVisitInput>;

export const reviseVisitInput = v.strictObject({
  ref: refInput,
  visitedAt: v.optional(instant),
  outcome: v.optional(v.picklist(visitOutcomes)),
  note: clearable(typedNote),
  nextOn: clearable(day),
});
export type ReviseVisit = v.InferOutput<typeof reviseVisitInput>;
