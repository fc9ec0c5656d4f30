/** What is handed over to be imported: rows that were read and typed from a file. */
import * as v from 'valibot';
import { code, count, recordRef } from '../kernel/fields.ts';
import { refInput } from '../kernel/edit.ts';
import { listOf } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { TypedRow } from './column.ts';
import { importLists, listNames, type ListName } from './lists.ts';

export const importRowsMax = 20_000;

export const importRowsInput = v.strictObject({
  list: v.picklist(listNames),
  /** The grids whose people are looked through: those the rows name, and for volunteers all that this person sees, for the sake of their numbers. */
  grids: listOf(code, 512),
  /** The groups whose members the rows name. */
  groups: v.optional(listOf(recordRef('par'), 512), []),
  /** `TypedRow[]` as JSON: thousands of rows pass through the page as one text, which costs it nothing. */
  rows: v.string(),
  /** How many rows of the file could not even be read, and are not among them. */
  unreadable: count,
  /** The person has seen what is wrong and said to go on without it. Else nothing is taken while anything is wrong. */
  leaveOutWrong: v.boolean(),
});
export type ImportRows = v.InferOutput<typeof importRowsInput>;

/** @see roomsOfTakingBack: a command names its rooms before it can look at the record, so the screen says what stands in it. */
export const takeBackImportInput = v.strictObject({ ref: refInput, list: v.picklist(listNames), grids: listOf(code, 512), groups: listOf(recordRef('par'), 512) });
export type TakeBackImport = v.InferOutput<typeof takeBackImportInput>;

const rowNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export function rowsFrom(list: ListName, text: string): Result<readonly TypedRow[], 'not-rows'> {
  const schema = v.pipe(v.string(), v.parseJson(), v.array(v.strictObject({ row: rowNumber, fields: importLists[list].row })), v.maxLength(importRowsMax));
  const parsed = v.safeParse(schema, text);
  return parsed.success ? ok(parsed.output) : err('not-rows');
}
