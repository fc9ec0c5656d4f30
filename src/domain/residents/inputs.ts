/** What is entered about a resident at the door. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { code, day, recordRef } from '../kernel/fields.ts';
import { clearable, filledLine, filledName } from '../kernel/inputs.ts';
import { careTags, consentPurposes, consentWays, maskedFields, phoneNumber } from './schema.ts';

/** Written as people write numbers, with gaps and dashes. */
export const plainPhone = (text: string): string => text.replace(/[\s\-()（）]/g, '');

/** '' means none. */
const typedPhone = v.pipe(
  v.string(),
  v.transform(plainPhone),
  v.union([v.literal(''), phoneNumber]),
);

const agreed = { way: v.picklist(consentWays), until: v.optional(day) };

export const addResidentInput = v.strictObject({
  grid: code,
  household: recordRef('hou'),
  name: filledName,
  phone: clearable(typedPhone),
  /** What the resident agreed to just now. */
  purposes: v.pipe(v.array(v.picklist(consentPurposes)), v.maxLength(consentPurposes.length), v.readonly()),
  ...agreed,
});
export type AddResident = v.InferOutput<typeof addResidentInput>;

export const reviseResidentInput = v.strictObject({ ref: refInput, name: v.optional(filledName), phone: clearable(typedPhone), household: v.optional(recordRef('hou')) });
export type ReviseResident = v.InferOutput<typeof reviseResidentInput>;

export const giveConsentInput = v.strictObject({ resident: refInput, purpose: v.picklist(consentPurposes), ...agreed });
export type GiveConsent = v.InferOutput<typeof giveConsentInput>;

export const withdrawConsentInput = v.strictObject({ resident: refInput, purpose: v.picklist(consentPurposes) });
export type WithdrawConsent = v.InferOutput<typeof withdrawConsentInput>;

export const tagCareInput = v.strictObject({ resident: refInput, tag: v.picklist(careTags), reason: filledLine, reviewOn: v.optional(day) });
export type TagCare = v.InferOutput<typeof tagCareInput>;

export const readMaskedInput = v.strictObject({ resident: refInput, fields: v.pipe(v.array(v.picklist(maskedFields)), v.minLength(1), v.readonly()) });
export type ReadMasked = v.InferOutput<typeof readMaskedInput>;
