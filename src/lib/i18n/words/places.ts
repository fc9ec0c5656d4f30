import { words } from '../words.ts';

/** What the main pages are called. */
export const places = words({
  zh: {
    today: '今天',
    visits: '走访',
    residents: '居民',
    activities: '活动',
    partners: '合伙人',
    points: '积分',
    volunteers: '志愿者',
    members: '成员',
    overview: '总览',
    inbox: '收件',
    redemption: '兑换',
    more: '更多',
    sync: '这台平板',
    drafts: '草稿',
  },
  en: {
    today: 'Today',
    visits: 'Visits',
    residents: 'Residents',
    activities: 'Activities',
    partners: 'Partners',
    points: 'Points',
    volunteers: 'People',
    members: 'Members',
    overview: 'Overview',
    inbox: 'Inbox',
    redemption: 'Redeem',
    more: 'More',
    sync: 'This tablet',
    drafts: 'Drafts',
  },
});
