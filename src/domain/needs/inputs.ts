/** What is entered about a need. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { code, day, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { clearable, filledLine, typedLine, typedNote } from '../kernel/inputs.ts';
import { needAnswers, needCategories, needStages } from './schema.ts';

export const tellNeedInput = v.strictObject({
  grid: code,
  household: recordRef('hou'),
  resident: clearable(recordRef('res')),
  category: v.picklist(needCategories),
  title: filledLine,
  words: clearable(typedNote),
  wishedOn: clearable(day),
});
export type TellNeed = v.InferOutput<typeof tellNeedInput>;

export const moveNeedInput = v.strictObject({
  ref: refInput,
  to: v.picklist(needStages),
  partner: clearable(recordRef('par')),
  volunteer: clearable(volunteerNumber),
  answer: v.optional(v.picklist(needAnswers)),
  reason: clearable(typedLine),
});
export type MoveNeed = v.InferOutput<typeof moveNeedInput>;

export const reviseNeedInput = v.strictObject({ ref: refInput, title: v.optional(filledLine), category: v.optional(v.picklist(needCategories)), wishedOn: clearable(day) });
export type ReviseNeed = v.InferOutput<typeof reviseNeedInput>;
