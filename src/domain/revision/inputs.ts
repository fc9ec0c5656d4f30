/** What is entered to settle a clash or to take something back: taps, no typing. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';

const factId = v.string();

export const chooseValueInput = v.strictObject({ ref: refInput, field: v.string(), fact: factId });
export type ChooseValue = v.InferOutput<typeof chooseValueInput>;

export const undoInput = v.strictObject({ facts: v.pipe(v.array(v.strictObject({ ref: refInput, fact: factId })), v.minLength(1), v.maxLength(1_000)) });
export type Undo = v.InferOutput<typeof undoInput>;

export const restoreInput = v.strictObject({ ref: refInput, fact: factId });
export type Restore = v.InferOutput<typeof restoreInput>;

export const removeInput = v.strictObject({ ref: refInput });
export type Remove = v.InferOutput<typeof removeInput>;
