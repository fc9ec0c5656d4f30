/** Field schemas that several kinds share. */
import * as v from 'valibot';
import { recordIdPattern, text } from './fact.ts';
import { textMax } from './text.ts';
import { isDay } from './time.ts';

export const nameText = text(textMax.name);
export const lineText = text(textMax.line);
export const noteText = text(textMax.note);
export const day = v.pipe(v.string(), v.check(isDay, 'not-a-day'));
/** Epoch ms between 2000 and 2100: a clock may be wrong, a year 1970 or 20000 is rubbish. */
export const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(946_684_800_000), v.maxValue(4_102_444_800_000));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(100_000));
/** Integer fen (¥0.01), so that no float ever touches money (NU1). */
export const amountFen = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000_000_00));
export const recordRef = (prefix: string) =>
  v.pipe(v.string(), v.regex(recordIdPattern), v.startsWith(`${prefix}_`));
/** Grid and community codes, as they stand in room names. */
export const code = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/));
/** PN9: a volunteer is a number everywhere outside the people rooms; never an identity-card number. */
export const volunteerNumber = v.pipe(v.string(), v.regex(/^[A-Z]{2}[A-Z0-9]{4,12}$/));
