/** The register of partners, and one partner's page. PT2: what a partner is depends on the day one asks for. */
import type { ActivityFields } from '../../domain/activity/schema.ts';
import type { FeedbackFields } from '../../domain/feedback/schema.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { dayOf } from '../../domain/kernel/time.ts';
import type { ConversionFields, PartnerFields, PartnerType } from '../../domain/roster/schema.ts';
import { partnerHistory, partnerTypeOn, type PartnerSpan } from '../../domain/roster/view.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { combine, map } from './live.ts';

export interface PartnerLine {
  readonly row: Row<PartnerFields>;
  /** On the day asked for. */
  readonly type: PartnerType;
}

const byName = new Intl.Collator('zh-CN-u-co-pinyin', { numeric: true }).compare;

/** In the order of their names as a Chinese register has it, by pinyin. */
export const partnersOn = (reader: Reader, day: string): Live<readonly PartnerLine[]> =>
  combine(
    {
      partners: reader.list<PartnerFields>('roster', { kind: 'partner' }),
      conversions: reader.list<ConversionFields>('roster', { kind: 'conversion' }),
    },
    ({ partners, conversions }) => {
      const byPartner = Map.groupBy(conversions, (row) => row.fields.partner);
      return partners
        .map((row) => ({ row, type: partnerTypeOn(row.fields, byPartner.get(row.id) ?? [], day) }))
        .sort((a, b) => byName(a.row.fields.name, b.row.fields.name));
    },
  );

export interface GroupChoice {
  readonly id: string;
  /** The first is its own, the others are what else it is called. */
  readonly names: readonly string[];
}

/** Those whose list of members a person may keep: their own, and for a supervisor every group. */
export const groupsOf = (reader: Reader, actor: Actor, day: string): Live<readonly GroupChoice[]> =>
  map(partnersOn(reader, day), (lines) =>
    lines
      .filter(({ row, type }) => (actor.role === 'supervisor' ? type === 'community_group' : actor.partners.includes(row.id)))
      .map(({ row }) => ({ id: row.id, names: [row.fields.name, ...(row.fields.aliases ?? [])] })),
  );

export interface Quota {
  readonly per: NonNullable<PartnerFields['activityQuotaPer']>;
  readonly owed: number;
  readonly held: number;
  /** First day of the period that is running. */
  readonly fromOn: string;
}

function periodStart(per: Quota['per'], today: string): string {
  const [year = '', month = ''] = today.split('-');
  if (per === 'year') return `${year}-01-01`;
  if (per === 'month') return `${year}-${month}-01`;
  if (per === 'quarter') return `${year}-${String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;
  const date = new Date(`${today}T00:00:00Z`);
  // Weeks begin on Monday.
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** How many of the promised activities were held in the period that is running; a promise without a period counts by month. */
export function quotaOf(partner: PartnerFields, activities: readonly Row<ActivityFields>[], today: string): Quota | undefined {
  if (partner.activityQuota === undefined) return undefined;
  const per = partner.activityQuotaPer ?? 'month';
  const fromOn = periodStart(per, today);
  const held = activities.filter(({ fields }) => fields.status === 'held' && dayOf(fields.startsAt) >= fromOn && dayOf(fields.startsAt) <= today).length;
  return { per, owed: partner.activityQuota, held, fromOn };
}

export interface PartnerPage {
  readonly row: Row<PartnerFields> | undefined;
  readonly conversions: readonly Row<ConversionFields>[];
  /** Oldest first. */
  readonly spans: readonly PartnerSpan[];
  /** Newest first, planned ones on top. */
  readonly activities: readonly Row<ActivityFields>[];
}

/** More than a year of the busiest partner. */
const activitiesShown = 500;

export const partnerPage = (reader: Reader, id: string): Live<PartnerPage> =>
  combine(
    {
      row: reader.one<PartnerFields>('roster', id),
      conversions: reader.list<ConversionFields>('roster', { kind: 'conversion', parent: id }),
      activities: reader.list<ActivityFields>('log', { kind: 'activity', parent: id, limit: activitiesShown }),
    },
    ({ row, conversions, activities }) => ({ row, conversions, activities, spans: row ? partnerHistory(row.fields, conversions) : [] }),
  );

/** VS8. Newest first. */
export const feedbackOf = (reader: Reader, partner: string): Live<readonly Row<FeedbackFields>[]> =>
  reader.list<FeedbackFields>('log', { kind: 'feedback', parent: partner, limit: activitiesShown });
