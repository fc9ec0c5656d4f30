/**
 * What the roster says about its partners. PT2: the question is always "what was it on that day", because past
 * activities keep the type of their day.
 */
import type { Listed } from '../kernel/listed.ts';
import { addDays } from '../kernel/time.ts';
import type { ConversionFields, PartnerFields, PartnerType } from './schema.ts';

export interface PartnerState {
  readonly type: PartnerType;
  readonly legalForm: PartnerFields['legalForm'];
}

/** One stretch of a partner's life; `untilOn` is its last day, undefined for the present one. */
export interface PartnerSpan extends PartnerState {
  readonly fromOn: string | undefined;
  readonly untilOn: string | undefined;
  /** The conversion that began it, undefined for the first. */
  readonly conversion: string | undefined;
  readonly reason: string | undefined;
}

type Conversions = readonly Listed<ConversionFields>[];

const inOrder = (conversions: Conversions): Conversions =>
  [...conversions].sort((a, b) => (a.fields.on < b.fields.on ? -1 : a.fields.on > b.fields.on ? 1 : a.id < b.id ? -1 : 1));

/** @param conversions of this partner, in any order; a conversion counts from its own day on */
export function partnerStateOn(partner: PartnerFields, conversions: Conversions, day: string): PartnerState {
  let { type, legalForm } = partner;
  for (const { fields } of inOrder(conversions)) {
    if (fields.on > day) break;
    type = fields.to;
    legalForm = fields.legalForm ?? legalForm;
  }
  return { type, legalForm };
}

export const partnerTypeOn = (partner: PartnerFields, conversions: Conversions, day: string): PartnerType =>
  partnerStateOn(partner, conversions, day).type;

/** Oldest first; the spans touch and never overlap. */
export function partnerHistory(partner: PartnerFields, conversions: Conversions): PartnerSpan[] {
  const ordered = inOrder(conversions);
  const first: PartnerSpan = {
    type: partner.type, legalForm: partner.legalForm, fromOn: partner.sinceOn,
    untilOn: ordered[0] && addDays(ordered[0].fields.on, -1), conversion: undefined, reason: undefined,
  };
  const later = ordered.map(({ id, fields }, index): PartnerSpan => {
    const next = ordered[index + 1];
    return {
      ...partnerStateOn(partner, ordered, fields.on), fromOn: fields.on,
      untilOn: next && addDays(next.fields.on, -1), conversion: id, reason: fields.reason,
    };
  });
  return [first, ...later];
}

const timesPerYear = { weekly: 52, monthly: 12, quarterly: 4, yearly: 1 } as const;

export interface FundPromised {
  readonly onceFen: number;
  readonly perYearFen: number;
  /** What the first year brings if every promise is kept (FD6). */
  readonly firstYearFen: number;
}

/** A promise without a stated frequency counts once: the smaller reading. */
export function fundPromised(partners: readonly Listed<PartnerFields>[]): FundPromised {
  let onceFen = 0;
  let perYearFen = 0;
  for (const { fields } of partners) {
    const amount = fields.fundInFen ?? 0;
    const frequency = fields.fundInFrequency ?? 'one_off';
    if (frequency === 'one_off') onceFen += amount;
    else perYearFen += amount * timesPerYear[frequency];
  }
  return { onceFen, perYearFen, firstYearFen: onceFen + perYearFen };
}

export interface RosterFigures {
  readonly byType: Readonly<Record<PartnerType, number>>;
  readonly byMode: ReadonlyMap<string, number>;
  readonly fund: FundPromised;
}

/** Partners that have left are no longer counted; types are those of `day`. */
export function rosterFigures(partners: readonly Listed<PartnerFields>[], conversions: Conversions, day: string): RosterFigures {
  const present = partners.filter(({ fields }) => fields.stage !== 'exited');
  const byType: Record<PartnerType, number> = { business: 0, community_group: 0, individual: 0 };
  const byMode = new Map<string, number>();
  const conversionsByPartner = new Map<string, Listed<ConversionFields>[]>();
  for (const conversion of conversions) {
    const list = conversionsByPartner.get(conversion.fields.partner);
    if (list) list.push(conversion);
    else conversionsByPartner.set(conversion.fields.partner, [conversion]);
  }
  for (const { id, fields } of present) {
    byType[partnerTypeOn(fields, conversionsByPartner.get(id) ?? [], day)] += 1;
    if (fields.mode) byMode.set(fields.mode, (byMode.get(fields.mode) ?? 0) + 1);
  }
  return { byType, byMode, fund: fundPromised(present) };
}
