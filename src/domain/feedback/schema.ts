/** VS8 What residents say of a partner at their doors: heard by everybody, with nobody's name or door on it. */
import * as v from 'valibot';
import { code, instant, lineText, recordRef } from '../kernel/fields.ts';
import { idTimeMs } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { monthOf } from '../kernel/time.ts';
import { needAnswers } from '../needs/schema.ts';

const feedback = declareKind({
  name: 'feedback', family: 'log', prefix: 'fbk', fixed: ['grid', 'partner'],
  entries: { grid: code, partner: recordRef('par'), answer: v.picklist(needAnswers), words: v.optional(lineText), saidAt: instant },
  shard: (id) => ({ month: monthOf(idTimeMs(id)) }),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  order: (fields) => Number(fields['saidAt']),
  parent: (fields) => String(fields['partner']),
  holder: (fields) => String(fields['grid']),
  tallies: (fields) => [{ key: `feedback:${String(fields['answer'])}`, amount: 1 }],
});

export const feedbackKinds = { feedback };
export type FeedbackFields = FieldsOf<typeof feedback.entries>;
