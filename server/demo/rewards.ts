/** PN8 Who hands out for points in the demo, and what. 友邻超市 does so by the account; prices and goods are generated. */
import type { RewardFields } from '../../src/domain/redemption/schema.ts';
import type { CommunitySlug } from './pidu.ts';

/** The partners of redemption points, each with a seat. */
export const counters: Readonly<Partial<Record<CommunitySlug, readonly string[]>>> = { shuangbai: ['par_haochitu'], shuduxincun: ['par_youlin'] };

/** With a count it is one of the first of the month. */
type DemoReward = Omit<RewardFields, 'stockOn'> & { readonly id: string };

const rewards: Readonly<Partial<Record<CommunitySlug, readonly DemoReward[]>>> = {
  shuangbai: [
    { id: 'rwd_sb_rabbit', name: '手撕兔一份', points: 60, partner: 'par_haochitu', stock: 40, note: '现做，周末排队' },
    { id: 'rwd_sb_noodles', name: '素椒杂酱面一碗', points: 20, partner: 'par_haochitu' },
    { id: 'rwd_sb_jelly', name: '冰粉一碗', points: 10, partner: 'par_haochitu' },
    { id: 'rwd_sb_soap', name: '肥皂两块', points: 8 },
  ],
  shuduxincun: [
    { id: 'rwd_sd_rice', name: '大米 5 斤', points: 60, partner: 'par_youlin' },
    { id: 'rwd_sd_oil', name: '菜籽油 900 毫升', points: 50, partner: 'par_youlin' },
    { id: 'rwd_sd_eggs', name: '鸡蛋 10 枚', points: 30, partner: 'par_youlin', stock: 120 },
    { id: 'rwd_sd_tissue', name: '抽纸一提', points: 25, partner: 'par_youlin' },
    { id: 'rwd_sd_soap', name: '肥皂两块', points: 8 },
  ],
};

export const rewardsOf = (community: CommunitySlug, today: string): readonly (RewardFields & { readonly id: string })[] =>
  (rewards[community] ?? []).map((reward) => (reward.stock === undefined ? reward : { ...reward, stockOn: `${today.slice(0, 7)}-01` }));
