/** IM14 That somebody imported a file: which list, where and how much of it. What it stated is known by its facts' ids, takingBack.ts. */
import * as v from 'valibot';
import { code, count, recordRef } from '../kernel/fields.ts';
import { idTimeMs } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { monthOf } from '../kernel/time.ts';

/** Every list that can be imported; lists.ts declares each. */
export const listNames = ['doors', 'residents', 'volunteers', 'partners', 'members'] as const;
export type ListName = (typeof listNames)[number];
export const isListName = (text: string): text is ListName => (listNames as readonly string[]).includes(text);

/** Names no file and nobody in it: the whole community reads it. */
const intake = declareKind({
  name: 'intake', family: 'log', prefix: 'imp', fixed: ['list', 'grids', 'groups', 'born', 'changed', 'facts'],
  entries: {
    list: v.picklist(listNames),
    grids: v.pipe(v.array(code), v.maxLength(512)),
    groups: v.pipe(v.array(recordRef('par')), v.maxLength(512)),
    /** Rows. */
    born: count,
    changed: count,
    /** All that was stated in that one step, this record's own fact included, which is the last of them. */
    facts: count,
  },
  shard: (id) => ({ month: monthOf(idTimeMs(id)) }),
});

export const exchangeKinds = { intake };
export type IntakeFields = FieldsOf<typeof intake.entries>;
