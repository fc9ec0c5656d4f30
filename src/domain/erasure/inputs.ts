/** What the office says when somebody asks to be forgotten. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { erasureReasons } from './schema.ts';

export const erasePersonInput = v.strictObject({ ref: refInput, why: v.picklist(erasureReasons) });
export type ErasePerson = v.InferOutput<typeof erasePersonInput>;
