/**
 * Partners we generated: the self-organised groups that log activities every day. Each carries a note that says so.
 * 合兴 gets as many as the account counts there; every other community gets one, and 双柏 also a person whose
 * repair corner grew into a group, so that a conversion (PT2) can be seen.
 */
import { communitySlugs, hexingSelfOrganisedGroups, type CommunitySlug, type PartnerRow } from './pidu.ts';
import { chineseNumber } from './names.ts';
import { profileOf, shortName } from './profiles.ts';
import type { TemplateName } from './templates.ts';

export interface GeneratedGroup extends PartnerRow {
  readonly templates: readonly TemplateName[];
  readonly perMonth: number;
}

const generatedNote = '演示数据：自动生成，并非真实组织。';
const unnamedNote = `来源写有 ${hexingSelfOrganisedGroups} 个自组织合伙人，未列名称；此名称与资料为演示自动生成。`;

const base = { type: 'community_group', legalForm: 'organisation', resources: ['people'] } as const;

const hexingFlavours: readonly (readonly [service: string, template: TemplateName])[] = [
  ['广场舞', 'squareDance'], ['合唱', 'choir'], ['书法', 'calligraphy'], ['太极', 'taichi'], ['夜间巡逻', 'patrol'], ['院落清扫', 'cleanup'],
  ['可食地景', 'garden'], ['编织', 'knitting'], ['义诊引导', 'clinic'], ['便民维修', 'repair'], ['调解', 'mediation'], ['亲子阅读', 'reading'],
  ['烘焙', 'baking'], ['手机教学', 'phoneClass'], ['缝补', 'sewing'], ['助老送餐', 'meals'], ['四点半课堂', 'afterSchool'],
];

const hexingGroups = (): GeneratedGroup[] =>
  hexingFlavours.slice(0, hexingSelfOrganisedGroups).map(([service, template], index) => ({
    ...base, id: `par_hx${String(index + 1).padStart(2, '0')}`, name: `合兴自组织${chineseNumber(index + 1)}`,
    services: [service], templates: [template, index % 2 === 0 ? 'cleanup' : 'patrol'], perMonth: 14, note: unnamedNote,
  }));

const courtyardGroup = (slug: CommunitySlug): GeneratedGroup => ({
  ...base, id: 'par_yuanluo', name: `${shortName(profileOf(slug))}院落互助队`, services: ['巡逻', '清扫', '助老'],
  templates: ['patrol', 'cleanup', 'meals', 'phoneClass', 'mediation'], perMonth: slug === 'minyang' || slug === 'boluo' ? 18 : slug === 'xihe' ? 22 : 12,
  note: generatedNote,
});

/** 双柏's group: its leader's tablet and the grid workers' meet in its activity of today. */
export const shuangbaiGroup = 'par_shuangxiaobai';
export const convertedPartner = 'par_zhou';

const shuangbaiGroups: readonly GeneratedGroup[] = [
  {
    ...base, id: shuangbaiGroup, name: '双小柏志愿服务队', place: '双小柏工作室', services: ['便民服务日', '清扫', '巡逻', '助老送餐'],
    templates: ['serviceDay', 'cleanup', 'patrol', 'meals'], perMonth: 12, note: generatedNote,
  },
  {
    type: 'individual', legalForm: 'person', id: convertedPartner, name: '周师傅修理角', services: ['小家电维修', '磨刀', '配锁'],
    resources: ['people'], templates: ['repair'], perMonth: 5, note: generatedNote,
  },
];

export const generatedGroups: Readonly<Record<CommunitySlug, readonly GeneratedGroup[]>> = Object.fromEntries(
  communitySlugs.map((slug) => [slug, slug === 'hexing' ? hexingGroups() : slug === 'shuangbai' ? shuangbaiGroups : [courtyardGroup(slug)]]),
) as Record<CommunitySlug, readonly GeneratedGroup[]>;
