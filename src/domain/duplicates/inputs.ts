/** What is entered about two records that may be one. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';

/** `take`: the fields in which the value of the one that goes is kept. */
export const mergeRecordsInput = v.strictObject({ stays: refInput, goes: refInput, take: v.pipe(v.array(v.string()), v.maxLength(40), v.readonly()) });
export type MergeRecords = v.InferOutput<typeof mergeRecordsInput>;

export const keepApartInput = v.strictObject({ one: refInput, other: refInput });
export type KeepApart = v.InferOutput<typeof keepApartInput>;

export const reopenPairInput = v.strictObject({ pair: refInput });
export type ReopenPair = v.InferOutput<typeof reopenPairInput>;
