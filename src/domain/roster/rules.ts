/**
 * - PT1 A partner has a type and, apart from it, a legal form.
 * - PT2 A conversion is a dated event on the same identity; the type it was born with is never edited.
 */
import type { Decision } from '../kernel/command.ts';
import { birth, birthOnce, birthOrChange, decideChange, foundIn, type Decided } from '../kernel/decide.ts';
import { ok } from '../kernel/result.ts';
import { kinds } from '../kinds.ts';
import type { AddGrid, AddPartner, ConvertPartner, ReviseGrid, RevisePartner } from './inputs.ts';
import { conversionId, type ConversionFields, type PartnerFields } from './schema.ts';
import { partnerStateOn } from './view.ts';

export const decideAddPartner = (input: AddPartner, decision: Decision): Decided =>
  ok([birth(decision, kinds.partner, decision.newId('par'), input)]);

export const decideRevisePartner = ({ ref, ...wanted }: RevisePartner, decision: Decision): Decided =>
  decideChange(decision, ref, kinds.partner, wanted);

/** Converting to what the partner is on that day already states nothing. */
export function decideConvertPartner({ partner, ...input }: ConvertPartner, decision: Decision): Decided {
  const found = foundIn(decision, partner, 'partner');
  if (!found.ok) return found;
  const conversions = decision
    .every(partner.room, 'conversion')
    .filter((record) => record.fields['partner'] === partner.record)
    .map((record) => ({ id: record.record, fields: record.fields as ConversionFields }));
  const then = partnerStateOn(found.value.fields as PartnerFields, conversions, input.on);
  const formChanges = typeof input.legalForm === 'string' && input.legalForm !== then.legalForm;
  if (then.type === input.to && !formChanges) return ok([]);
  return ok(birthOrChange(decision, kinds.conversion, conversionId(partner.record, input.on), { partner: partner.record, ...input }));
}

/** A grid's code names its rooms, so it is given once and never changed. */
export const decideAddGrid = (input: AddGrid, decision: Decision): Decided => birthOnce(decision, kinds.grid, `grd_${input.code}`, input);

export const decideReviseGrid = ({ ref, ...wanted }: ReviseGrid, decision: Decision): Decided => decideChange(decision, ref, kinds.grid, wanted);
