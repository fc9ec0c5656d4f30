/** Which organiser holds what, and how often a month. Generated, but in keeping with what the account says each partner does. */
import { generatedGroups } from './groups.ts';
import { partnerRows, spaceRows, type CommunitySlug } from './pidu.ts';
import { templates, type Template, type TemplateName } from './templates.ts';

export interface Organiser {
  readonly partner: string;
  readonly perMonth: number;
  readonly templates: readonly Template[];
  /** Days of the week it meets on, 0 is Sunday; empty: any. */
  readonly weekdays: readonly number[];
  /** Holds exactly `perMonth`, on the first such weekdays of the month: an obligation that can be counted. */
  readonly owed: boolean;
}

type Plan = readonly [perMonth: number, names: readonly TemplateName[], weekdays?: readonly number[]];

/** Rows of the account that hold activities; partners who only gave money or goods hold none. */
const plans: Readonly<Partial<Record<string, Plan>>> = {
  par_muyan: [9, ['lecture', 'englishSalon', 'reading']],
  par_mingde: [6, ['pulse', 'clinic']],
  par_shuitian: [7, ['tea']],
  par_qingnian: [7, ['youth', 'afterSchool']],
  par_haijunda: [1, ['bigFestival'], [0, 6]],
  par_junshi: [2, ['shopFair'], [5, 6, 0]],
  par_haochitu: [2, ['shopFair'], [5, 6, 0]],
  par_yufu: [2, ['shopFair'], [5, 6, 0]],
  par_linju: [4, ['station'], [6]],
  par_guanyu: [4, ['apartment'], [3, 5]],
  par_lixia: [5, ['radio'], [2, 4]],
  par_waiguo: [4, ['englishSalon'], [3]],
  par_youlin: [6, ['redemption']],
  par_ucoffee: [9, ['baking', 'reading']],
  par_gongye: [12, ['societies', 'phoneClass']],
  par_jiaoyu: [8, ['afterSchool', 'calligraphy']],
  par_yanglao: [8, ['meals', 'clinic']],
  par_zhiyuan: [16, ['cleanup', 'patrol', 'meals', 'phoneClass']],
  par_ruoshui: [12, ['reading', 'sewing', 'garden']],
  par_wenyi: [22, ['revue', 'choir', 'squareDance']],
  par_zhaoyang: [22, ['dance', 'squareDance']],
  par_sanliang: [13, ['teahouse', 'mediation']],
  par_shibajiang: [15, ['homeRepair', 'repair', 'sewing']],
  par_jiaoda: [18, ['societies', 'afterSchool']],
  par_aijia: [11, ['meals', 'youth', 'reading']],
  par_kafei: [9, ['baking', 'englishSalon']],
  par_suixin: [8, ['knitting', 'calligraphy', 'sewing']],
};

export function organisersOf(community: CommunitySlug): Organiser[] {
  const fromAccount = partnerRows[community].flatMap((row): Organiser[] => {
    const plan = plans[row.id];
    if (!plan) return [];
    const [perMonth, names, weekdays = []] = plan;
    return [{ partner: row.id, perMonth: row.monthlyActivities ?? perMonth, templates: names.map((name) => templates[name]), weekdays, owed: row.monthlyActivities !== undefined }];
  });
  const generated = generatedGroups[community].map((group): Organiser => ({
    partner: group.id, perMonth: group.perMonth, templates: group.templates.map((name) => templates[name]), weekdays: [], owed: false,
  }));
  return [...fromAccount, ...generated];
}

/** A place's space record, where the community has one of that name. */
export function spaceAt(community: CommunitySlug, place: string): string | undefined {
  return spaceRows[community].find((space) => space.name === place)?.id;
}
