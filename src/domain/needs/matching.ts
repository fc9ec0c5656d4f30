/**
 * ND2 Who might help with a need, offline and with the reason for each. Nothing is weighed that cannot be said in a sentence.
 */
import type { Listed } from '../kernel/listed.ts';
import type { VolunteerFields } from '../people/schema.ts';
import type { PartnerFields } from '../roster/schema.ts';
import type { NeedCategory, NeedFields } from './schema.ts';

type ResourceKind = NonNullable<PartnerFields['resources']>[number];

/** What a category asks for: words that a partner's services or a volunteer's skills would use, and kinds of resources. */
const askedFor: Readonly<Record<NeedCategory, { readonly words: readonly string[]; readonly resources: readonly ResourceKind[] }>> = {
  repair: { words: ['修', '维修', '水电', '家电', '开锁', '电工', '木工', 'repair'], resources: ['people'] },
  care: { words: ['照料', '陪', '护', '老人', '关爱', '探访', '助老', '康养', '理发', '义诊', '健康', 'care'], resources: ['people'] },
  errand: { words: ['代购', '跑腿', '接送', '代办', '送', '出行', 'errand'], resources: ['people'] },
  learning: { words: ['辅导', '培训', '课', '教', '学', '阅读', '书', '作业', 'class'], resources: ['people', 'place'] },
  culture: { words: ['歌', '唱', '舞', '乐', '书画', '棋', '文', '演', '瑜伽', '运动', '健身', 'music'], resources: ['people', 'place'] },
  environment: { words: ['清洁', '保洁', '绿化', '环境', '环保', '园艺', '垃圾', '花', 'clean'], resources: ['people', 'goods'] },
  mediation: { words: ['调解', '法律', '律师', '咨询', '议事', '矛盾', 'mediat'], resources: ['people'] },
  goods: { words: ['物资', '捐', '食', '米', '衣', '超市', '便利', '用品', 'goods'], resources: ['goods', 'money'] },
  work: { words: ['就业', '招聘', '创业', '技能', '培训', 'job'], resources: ['data', 'money'] },
  other: { words: [], resources: [] },
};

export type MatchReason =
  | { readonly why: 'service' | 'skill'; readonly words: string }
  | { readonly why: 'resource'; readonly resource: ResourceKind }
  /** The same grid or place is named. */
  | { readonly why: 'place'; readonly place: string }
  /** Activities promised for the period and not yet held. */
  | { readonly why: 'owes'; readonly left: number }
  /** Needs answered and confirmed by residents. */
  | { readonly why: 'answered'; readonly count: number };

export interface Match {
  readonly id: string;
  readonly reasons: readonly MatchReason[];
  readonly score: number;
}

/** A reason in which words agree outweighs all that only fit in kind. */
const weight: Readonly<Record<MatchReason['why'], number>> = { service: 6, skill: 6, owes: 3, place: 2, resource: 1, answered: 1 };
const serving: ReadonlySet<string> = new Set(['admitted', 'active']);
const shownMax = 8;

export interface Helpers {
  readonly partners: readonly Listed<PartnerFields>[];
  readonly volunteers: readonly Listed<VolunteerFields>[];
  /** Where the need is, as people call it. */
  readonly gridName: string;
  /** By partner: activities still owed in the running period. */
  readonly owed: ReadonlyMap<string, number>;
  /** By partner or volunteer number: needs they answered and the resident confirmed. */
  readonly answered: ReadonlyMap<string, number>;
}

const agrees = (text: string, words: readonly string[], title: string): boolean =>
  words.some((word) => text.includes(word)) || pairsOf(title).some((pair) => text.includes(pair));

/** Two Chinese characters that stand together in the need's own words: the smallest piece that means something. */
function pairsOf(title: string): string[] {
  const runs = title.match(/\p{Script=Han}+/gu) ?? [];
  return runs.flatMap((run) => [...run].slice(1).map((letter, index) => `${[...run][index] ?? ''}${letter}`)).filter((pair) => !tooCommon.has(pair));
}
/** Pairs that stand in most needs and most services. */
const tooCommon: ReadonlySet<string> = new Set(['需要', '服务', '社区', '居民', '帮助', '帮忙', '活动', '希望', '一下', '一个', '志愿']);

const scored = (id: string, reasons: readonly MatchReason[]): Match => ({ id, reasons, score: reasons.reduce((sum, { why }) => sum + weight[why], 0) });
const best = (matches: readonly Match[]): readonly Match[] =>
  matches.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, shownMax);

const answeredBy = (id: string, { answered }: Helpers): MatchReason[] => {
  const count = answered.get(id) ?? 0;
  return count > 0 ? [{ why: 'answered', count }] : [];
};

function partnerReasons(id: string, partner: PartnerFields, need: NeedFields, helpers: Helpers): MatchReason[] {
  const { words, resources } = askedFor[need.category];
  const services = (partner.services ?? []).filter((service) => agrees(service, words, need.title)).slice(0, 2);
  const left = helpers.owed.get(id) ?? 0;
  const fits: MatchReason[] = [
    ...services.map((service): MatchReason => ({ why: 'service', words: service })),
    ...resources.filter((resource) => partner.resources?.includes(resource)).map((resource): MatchReason => ({ why: 'resource', resource })),
  ];
  // Near or in debt is a reason to ask whoever can help, not whoever cannot.
  if (fits.length === 0) return [];
  const { place } = partner;
  return [
    ...fits,
    ...(left > 0 ? [{ why: 'owes', left } as const] : []),
    ...(place !== undefined && helpers.gridName !== '' && place.includes(helpers.gridName) ? [{ why: 'place', place } as const] : []),
    ...answeredBy(id, helpers),
  ];
}

export const matchingPartners = (need: NeedFields, helpers: Helpers): readonly Match[] =>
  best(helpers.partners.filter(({ fields }) => serving.has(fields.stage)).map(({ id, fields }) => scored(id, partnerReasons(id, fields, need, helpers))));

export function matchingVolunteers(need: NeedFields, helpers: Helpers): readonly Match[] {
  const { words } = askedFor[need.category];
  return best(
    helpers.volunteers.map(({ fields }) => {
      const skills = (fields.skills ?? []).filter((skill) => agrees(skill, words, need.title)).slice(0, 2);
      const reasons = skills.map((skill): MatchReason => ({ why: 'skill', words: skill }));
      return scored(fields.number, reasons.length === 0 ? [] : [...reasons, ...answeredBy(fields.number, helpers)]);
    }),
  );
}
