/** What a supervisor enters about the community's grids and partners, and a group on its own page. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { amountFen, code, count, day } from '../kernel/fields.ts';
import { clearable, filledLine, filledName, listOf, typedLine, typedNote } from '../kernel/inputs.ts';
import { cooperationModes, frequencies, legalForms, partnerRoles, partnerStages, partnerTypes, quotaPeriods, resourceKinds } from './schema.ts';

const optional = {
  aliases: clearable(listOf(filledName, 12)),
  mode: clearable(v.picklist(cooperationModes)),
  resources: clearable(listOf(v.picklist(resourceKinds), 5)),
  roles: clearable(listOf(v.picklist(partnerRoles), 3)),
  services: clearable(listOf(filledLine, 24)),
  place: clearable(typedLine),
  sinceOn: clearable(day),
  fundInFen: clearable(amountFen),
  fundInFrequency: clearable(v.picklist(frequencies)),
  activityQuota: clearable(count),
  activityQuotaPer: clearable(v.picklist(quotaPeriods)),
  consideration: clearable(typedLine),
  inferred: clearable(v.boolean()),
  note: clearable(typedNote),
};

export const addPartnerInput = v.strictObject({
  name: filledName,
  type: v.picklist(partnerTypes),
  legalForm: v.picklist(legalForms),
  stage: v.picklist(partnerStages),
  ...optional,
});
export type AddPartner = v.InferOutput<typeof addPartnerInput>;

export const revisePartnerInput = v.strictObject({
  ref: refInput,
  name: v.optional(filledName),
  legalForm: v.optional(v.picklist(legalForms)),
  stage: v.optional(v.picklist(partnerStages)),
  ...optional,
});
export type RevisePartner = v.InferOutput<typeof revisePartnerInput>;

export const convertPartnerInput = v.strictObject({
  partner: refInput,
  to: v.picklist(partnerTypes),
  on: day,
  legalForm: clearable(v.picklist(legalForms)),
  reason: clearable(typedLine),
});
export type ConvertPartner = v.InferOutput<typeof convertPartnerInput>;

export const addGridInput = v.strictObject({ code, name: filledName, residents: clearable(count) });
export type AddGrid = v.InferOutput<typeof addGridInput>;

export const reviseGridInput = v.strictObject({ ref: refInput, name: v.optional(filledName), residents: clearable(count) });
export type ReviseGrid = v.InferOutput<typeof reviseGridInput>;
