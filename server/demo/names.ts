/** Material for invented people and places. Any likeness to a resident is chance. */
import { randomOf, type Random } from './random.ts';

/** Common in western Sichuan first; a surname stands as often as it should be drawn. */
const surnames = [
  ...'李李李王王王张张张刘刘刘陈陈陈杨杨杨黄黄周周罗罗唐唐邓邓曾曾何何吴赵徐蒋钟廖谢冯高林郑叶苏魏彭袁龚肖宋江邱谭余潘贺代雷付温范骆卿鄢淳蓝',
];
const olderWomen = ['秀英', '桂芳', '素华', '玉兰', '淑珍', '素芬', '秀兰', '桂英', '玉珍', '淑芳', '碧华', '琼芳', '光秀', '正芬', '朝碧', '素琼', '兴秀', '惠蓉', '世芬', '玉蓉'];
const olderMen = ['光明', '建国', '德明', '国强', '志明', '永福', '正华', '世杰', '兴国', '天全', '朝贵', '长生', '文彬', '开全', '顺清', '绍云', '定国', '洪发', '代云', '树林'];
const women = ['敏', '丽', '静', '燕', '蓉', '晓琴', '海燕', '春梅', '小红', '雪梅', '丽娟', '晓燕', '红梅', '雅琴', '佳慧', '思怡', '雨欣', '梦洁', '诗琪', '莉'];
const men = ['勇', '军', '强', '伟', '刚', '小波', '晓东', '建军', '志强', '海涛', '明亮', '俊杰', '浩然', '宇航', '天翔', '子豪', '鹏', '健', '超', '林'];

/** Volunteers are mostly retired people, as everywhere in the field. */
export function personName(random: Random): string {
  const given = random.chance(0.62) ? (random.chance(0.64) ? olderWomen : olderMen) : random.chance(0.58) ? women : men;
  return `${random.pick(surnames)}${random.pick(given)}`;
}

export const skillTexts = [
  '理发', '缝纫', '水电维修', '家电维修', '书法', '二胡', '广场舞', '太极拳', '摄影', '烘焙', '编织', '川菜', '茶艺', '剪纸', '英语', '电脑',
  '手机教学', '讲故事', '调解', '会计', '急救', '园艺', '配锁', '磨刀', '开车', '量血压',
] as const;

const courtyardHeads = ['金桂', '银杏', '芙蓉', '望江', '梧桐', '鹃城', '锦绣', '清水', '桃花', '翠竹', '海棠', '安康', '丰收', '团结', '和顺', '学府'];
const courtyardTails = ['苑', '里', '家园', '花园', '雅居', '小区'];

/** As many different courtyard names as asked for, in an order of the community's own. */
export function courtyardNames(community: string, count: number): string[] {
  const all = courtyardTails.flatMap((tail) => courtyardHeads.map((head) => `${head}${tail}`));
  return randomOf('courtyards', community).shuffled(all).slice(0, count);
}

const digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/** 1 to 99 as people write it: 十七, 二十, 四十. */
export function chineseNumber(value: number): string {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  return `${tens === 0 ? '' : tens === 1 ? '十' : `${digits[tens] ?? ''}十`}${ones === 0 ? '' : (digits[ones] ?? '')}`;
}

export const visitNotes = [
  '情况正常', '反映楼道灯不亮，已报社区', '想报名烘焙课', '希望周末有亲子活动', '提醒电动车不进楼道，已答应', '楼上漏水，已约物业上门',
  '租户，合同到年底', '咨询积分怎么兑换', '愿意参加楼栋清扫', '反映快递柜位置不便', '想学用手机挂号', '建议增加晾衣杆', '门铃坏了，敲门即可',
  '家里有闲置图书可捐', '愿意教邻居缝纫', '反映单元门关不严', '问义诊什么时候来', '对垃圾分类点有意见，已记下', '换了电话，已登记', '一切都好，约下季度再来',
] as const;

export const doorHints = ['请按两次铃', '白天多在家', '晚上七点后在家', '先打电话再上门', '门铃坏了，请敲门', '周末在家', '老人听力弱，请等一等', '从西侧电梯上'] as const;
