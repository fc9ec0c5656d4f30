/**
 * Schemas of what people type into forms, before it becomes the fields of a statement.
 * Text is cleaned here, once; text that is too long is named and never cut, so that nobody loses a sentence unseen.
 */
import * as v from 'valibot';
import { cleanText, codePoints, textMax } from './text.ts';

/** Cleaned text that may be empty: in an optional field '' means "nothing". */
export const typedText = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => cleanText(text, Number.POSITIVE_INFINITY)),
    v.check((text) => text.length <= max || codePoints(text) <= max, 'too-long'),
  );

const filledText = (max: number) =>
  v.pipe(
    typedText(max),
    v.check((text) => text !== '', 'missing'),
  );

export const typedName = typedText(textMax.name);
export const typedLine = typedText(textMax.line);
export const typedNote = typedText(textMax.note);
export const filledName = filledText(textMax.name);
export const filledLine = filledText(textMax.line);

/** A field that may be left alone (undefined) or emptied (null). */
export const clearable = <const Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema));

/** A bounded list; readonly, so that what a view derived can be handed back as it is. */
export const listOf = <const Schema extends v.GenericSchema>(schema: Schema, max: number) => v.pipe(v.array(schema), v.maxLength(max), v.readonly());
