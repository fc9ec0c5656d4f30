/** The words in a name that do not tell it apart, and those that always do. */

/** Generic words by what they say: two names with the same core are one only if these are of one class. */
const classes: Readonly<Record<string, string>> = {
  company: '集团 集体 公司 有限公司 有限责任公司 股份有限公司 集团公司 集团有限公司 实业 企业',
  coffee: '咖啡 书咖 咖啡馆 咖啡店 咖啡厅 咖啡屋 咖啡吧 咖啡书屋',
  tea: '茶馆 茶楼 茶社 茶坊 茶铺 茶室 茶庄 茶园 茶舍 老茶馆',
  grocery: '超市 便利店 小超市 生活超市 便民超市 便利超市 商店 小卖部 副食店 副食 便民店 百货 杂货店',
  choir: '合唱队 合唱团 歌咏队 歌唱队 歌咏团 合唱',
  dance: '舞蹈队 舞蹈团 舞队 广场舞队 广场舞 跳舞队 舞蹈',
  arts: '文艺团 文艺队 艺术团 文艺宣传队 艺术队',
  volunteers: '志愿服务队 志愿队 志愿者队 志愿者服务队 志愿者 志愿者团队 志愿团队 义工队',
  restaurant: '餐厅 饭店 餐馆 酒楼 饭馆 酒家 食府 家常菜 小饭馆',
  noodles: '面馆 面庄 面店 面铺 小面',
  hotpot: '火锅 火锅店 老火锅',
  bakery: '烘焙 面包店 蛋糕店 烘焙坊 面包房 烘焙店 西点 蛋糕',
  fruit: '水果店 水果 鲜果 果蔬店 水果超市',
  pharmacy: '药店 大药房 药房 药铺',
  hair: '理发店 理发 美发 美发店 发廊 美发沙龙 理发室',
  clinic: '诊所 卫生站 门诊部 卫生服务站 医务室',
  books: '书店 书屋 书吧 书坊 书房',
  kindergarten: '幼儿园 幼稚园 托儿所',
  training: '培训 培训学校 培训中心 教育 教育培训 培训机构 教育咨询',
  care: '养老中心 养老院 养老服务中心 敬老院 护理院 养老',
  estate: '物业 物业公司 物业管理 物业服务 物业服务中心 物业管理公司',
  studio: '工作室 工作坊',
  flowers: '花店 花艺 鲜花 鲜花店 花坊 花艺馆',
  laundry: '洗衣店 干洗店 干洗 洗衣',
  hotel: '酒店 宾馆 民宿 旅馆 招待所',
  fitness: '健身房 健身 健身会所 健身馆 健身中心',
  household: '家政 家政服务 家政公司 家政服务部',
  band: '乐队 民乐队 乐团 民乐团',
  hardware: '五金店 五金 五金建材 五金店铺',
  photo: '照相馆 摄影 摄影店 影楼 摄影工作室',
  taichi: '太极队 太极拳队 太极拳 太极协会',
  calligraphy: '书法社 书法协会 书法班 书画社',
  university: '大学 学院 学校',
  association: '协会 联盟 联合会 公益 公益联盟 社会组织 公益组织',
  flats: '公寓',
  canteen: '食堂 老年食堂 社区食堂',
  centre: '中心 服务中心 活动中心',
  chess: '棋社 棋牌室 棋牌 棋院',
  team: '队 团 社 团队 小组 服务队',
  shop: '店 馆 铺 坊 屋',
};

export const classOf: ReadonlyMap<string, string> = new Map(Object.entries(classes).flatMap(([name, said]) => said.split(' ').map((word) => [word, name] as const)));
export const longestWord = Math.max(...[...classOf.keys()].map((word) => word.length));
/** Classes so wide that they agree with any other. */
export const wide: ReadonlySet<string> = new Set(['team', 'shop']);

/** Where a firm is registered says nothing about who it is. */
export const regions = /^(?:四川省?|成都市?|郫都区?|郫县|郫筒(?:街道|镇)?)(?=.{2})/;
/** 双柏社区…, 郫筒街道…: a part of its own. */
export const placeAhead = /^(.{2,5}?)(?:社区|街道)/;
export const fillers = /合伙人/g;
/** Joins that come and go. */
export const joins: ReadonlySet<string> = new Set('的之和与及');

/** Two words of one line never name the same. */
const contrasts = '东 西 南 北|上 下|男 女|大 小|老 少 青 幼 童|爷 妈 婆 姨 叔 嬢 伯 奶|姐 妹 哥 弟|新 旧|早 晚|春 夏 秋 冬|红 黄 蓝 绿 白 黑 紫|甲 乙 丙 丁|左 右|内 外|前 后|a b c d e f|父 母|金 银 铜';
const contrastOf: ReadonlyMap<string, number> = new Map(contrasts.split('|').flatMap((line, index) => line.split(' ').map((word) => [word, index] as const)));

export function contrast(one: string, other: string): boolean {
  const line = contrastOf.get(one);
  return line !== undefined && line === contrastOf.get(other);
}

/** 周大爷, 李阿姨: the surname of somebody whose name was not asked. */
export const title = /(?:大爷|大妈|阿姨|婆婆|奶奶|爷爷|老师|先生|女士|叔叔|嬢嬢|伯伯|大哥|大姐|师傅|老人|医生)$/;
