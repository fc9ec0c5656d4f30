import type { WhyNot } from '$domain/permission.ts';
import { locale } from '../locale.svelte.ts';
import { words } from '../words.ts';
import { role } from './domain.ts';

/** What is asked about a control that is not there. */
export const whyNotAsked = words({
  zh: {
    addPartner: '为什么不能新增合伙人？',
    editPartner: '为什么不能修改资料？',
    convert: '为什么不能登记转型？',
    planActivity: '为什么不能登记或计划活动？',
    changeActivity: '为什么不能改这场活动？',
    addPerson: '为什么不能加名单以外的人？',
    addVolunteer: '为什么不能新增志愿者？',
    addResident: '为什么不能登记居民？',
    addHousehold: '为什么不能添一户？',
    recordVisit: '为什么不能在这里记走访？',
    tellNeed: '为什么不能在这里记需求？',
    moveNeed: '为什么不能做别的步骤？',
    matchNeed: '为什么不能请人来办？',
    reviseNeed: '为什么不能改这条需求？',
    seeTold: '为什么看不到是哪一户、原话是什么？',
    restore: '为什么不能恢复成以前的样子？',
    chooseValue: '为什么不能在这里选？',
    importRows: '为什么不能导入？',
    issueCertificate: '为什么不能开证明？',
    addReward: '为什么不能添兑换品？',
    editReward: '为什么不能改这样兑换品？',
  },
  en: {
    addPartner: 'Why can’t I add a partner?',
    editPartner: 'Why can’t I edit this page?',
    convert: 'Why can’t I record a conversion?',
    planActivity: 'Why can’t I log or plan an activity?',
    changeActivity: 'Why can’t I change this activity?',
    addPerson: 'Why can’t I add somebody who is not on the list?',
    addVolunteer: 'Why can’t I add a volunteer?',
    addResident: 'Why can’t I enter a resident?',
    addHousehold: 'Why can’t I add a door?',
    recordVisit: 'Why can’t I record a visit here?',
    tellNeed: 'Why can’t I write down a need here?',
    moveNeed: 'Why can’t I take other steps?',
    matchNeed: 'Why can’t I ask somebody to help?',
    reviseNeed: 'Why can’t I change this need?',
    seeTold: 'Why can’t I see the door and the words?',
    restore: 'Why can’t I restore an earlier state?',
    chooseValue: 'Why can’t I choose here?',
    importRows: 'Why can’t I import?',
    issueCertificate: 'Why can’t I issue a certificate?',
    addReward: 'Why can’t I add a reward?',
    editReward: 'Why can’t I change this reward?',
  },
});
export type Asked = Exclude<keyof typeof whyNotAsked, 'in'>;

export const whyNotWords = words({
  zh: {
    and: '、',
    or: '或',
    community: '这是别的社区的，只有那个社区的人能看、能改。',
    role: (who: string) => `这件事由${who}来做。要改什么，请告诉他们。`,
    nobody: '这里只能看，谁也不能手工改。',
    'read-only-family': '积分由服务器按规则记账，谁也不能手工改。活动或时长记错了，改活动，积分会跟着更正。',
    grid: (who: string) => `这不是你的网格。由${who}来做，网格员只管自己的网格。`,
    partner: (who: string) => `这不是你负责的自组织。由${who}来做，负责人只管自己的组织。`,
    fields: (who: string) => `这一项由${who}填写。你可以修改服务、地点、资源和备注。`,
    service: '被请去服务的自组织只说服务开始了没有、办完了没有。对接、修改、居民确认和撤销，由网格员或社区工作人员来做。',
    told: (who: string) => `哪一户、说了什么，只有${who}看得到，网格员只看自己的网格。要上门的话，请问他们。`,
    tablet: '只能用留给这台平板的额度。',
    number: '志愿者编号只能由发号的那台平板登记。',
    fixed: '这条记录就是按这一项建的，建好以后谁也不能改。',
  },
  en: {
    and: ', ',
    or: ' or ',
    community: 'It belongs to another community; only people there see and change it.',
    role: (who: string) => `This is for the ${who}. Tell them what should change.`,
    nobody: 'This is for reading; nobody changes it by hand.',
    'read-only-family': 'The server keeps the points by the rules; nobody changes them by hand. If an activity or its hours are wrong, correct the activity and the points follow.',
    grid: (who: string) => `This is not one of your grids. It is for the ${who}; a grid worker looks after their own grid only.`,
    partner: (who: string) => `You do not lead this group. It is for the ${who}; a leader looks after their own group only.`,
    fields: (who: string) => `This is filled in by the ${who}. You can change services, place, resources and notes.`,
    service: 'A group that serves says whether the service has begun and whether it is done. Matching, changing, confirming and withdrawing are for the grid worker or the community office.',
    told: (who: string) => `Which door it was and what was said only the ${who} can see, a grid worker in their own grids. Ask them before going there.`,
    tablet: 'A tablet spends only what is held for it.',
    number: 'A volunteer’s number is registered by the tablet that made it.',
    fixed: 'The record was made from this; it stays as it is for everybody.',
  },
});

/** The roles that may, as one would say them: the last after "or". */
function sayWho(who: WhyNot['who']): string {
  const said = who.map((each) => (locale.current === 'en' ? role[each].toLowerCase() : role[each]));
  return [said.slice(0, -1).join(whyNotWords.and), ...said.slice(-1)].filter((part) => part !== '').join(whyNotWords.or);
}

const ofNeeds: ReadonlySet<Asked | undefined> = new Set(['moveNeed', 'matchNeed', 'reviseNeed'] as const);
/** Where the general sentence would mislead. */
const sentenceOf = ({ reason }: WhyNot, asked: Asked | undefined) =>
  asked === 'seeTold' ? whyNotWords.told : ofNeeds.has(asked) && (reason === 'fields' || reason === 'partner') ? whyNotWords.service : whyNotWords[reason];

export function sayWhyNot(why: WhyNot, asked?: Asked): string {
  const { who } = why;
  const words = sentenceOf(why, asked);
  if (typeof words === 'string') return words;
  return who.length === 0 ? whyNotWords.nobody : words(sayWho(who));
}
