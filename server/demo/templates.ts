/** What kinds of activity the demo's partners hold, how long, with how many hands and guests. All generated. */
import type { activityKinds, dimensions, feeClasses, ServiceClass } from '../../src/domain/activity/schema.ts';

export interface Template {
  readonly titles: readonly string[];
  readonly kind: (typeof activityKinds)[number];
  readonly service: ServiceClass;
  readonly fee: (typeof feeClasses)[number];
  readonly dimensions: readonly (typeof dimensions)[number][];
  /** `HH:MM` it may start at. */
  readonly clocks: readonly string[];
  readonly minutes: number;
  /** Volunteers who serve: attendances. */
  readonly team: readonly [min: number, max: number];
  /** Residents who come besides. */
  readonly guests: readonly [min: number, max: number];
  readonly place: string;
}

type Rest = Partial<Pick<Template, 'fee' | 'dimensions' | 'place'>>;

const template = (
  titles: readonly string[], kind: Template['kind'], service: ServiceClass, clocks: readonly string[], minutes: number,
  team: Template['team'], guests: Template['guests'], rest: Rest = {},
): Template => ({ titles, kind, service, clocks, minutes, team, guests, fee: 'free', dimensions: ['socialCapital'], place: '社区活动室', ...rest });

const morning = ['09:00', '09:30', '10:00'];
const afternoon = ['14:00', '14:30', '15:00'];
const evening = ['19:00', '19:30'];

export const templates = {
  squareDance: template(['广场舞排练', '广场舞新曲学习', '敬老演出排练'], 'performance', 'none', evening, 90, [12, 20], [4, 20], { place: '社区广场', dimensions: ['socialCapital', 'humanCapital'] }),
  dance: template(['舞蹈队基训', '民族舞排练', '社区汇演彩排', '广场舞排练'], 'performance', 'none', evening, 120, [12, 22], [0, 25], { place: '社区广场', dimensions: ['socialCapital', 'humanCapital'] }),
  choir: template(['合唱队排练', '红歌联唱', '声乐入门'], 'performance', 'none', morning, 120, [10, 18], [0, 20]),
  revue: template(['文艺团排练', '进院落慰问演出', '川剧折子戏排练', '节日汇演'], 'performance', 'general', afternoon, 120, [12, 20], [10, 60], { place: '社区小舞台' }),
  calligraphy: template(['书法课', '书法练习', '硬笔书法'], 'class', 'skilled', afternoon, 120, [6, 12], [6, 18], { dimensions: ['humanCapital'] }),
  taichi: template(['太极晨练', '八段锦教学'], 'class', 'none', ['07:30', '08:00'], 60, [12, 20], [5, 15], { place: '社区广场', dimensions: ['humanCapital'] }),
  patrol: template(['院落夜间巡逻', '防火防盗巡查', '楼道安全巡逻'], 'patrol', 'general', ['19:00', '19:30', '20:00'], 90, [8, 14], [0, 0], { place: '各院落', dimensions: ['politicalCapacity', 'socialCapital'] }),
  cleanup: template(['院落大扫除', '楼道清扫', '河道捡拾', '绿化带清理'], 'cleanup', 'general', ['08:30', ...morning], 120, [12, 18], [0, 20], { place: '各院落', dimensions: ['physicalInfrastructure'] }),
  garden: template(['可食地景松土', '社区菜园播种', '菜园分享会'], 'other', 'general', morning, 120, [10, 16], [2, 15], { place: '社区菜园', dimensions: ['physicalInfrastructure', 'socialCapital'] }),
  knitting: template(['编织课', '为老人织围巾'], 'class', 'general', afternoon, 120, [8, 14], [2, 10], { dimensions: ['humanCapital'] }),
  clinic: template(['义诊', '量血压测血糖', '口腔义诊'], 'clinic', 'skilled', morning, 150, [8, 14], [30, 80], { dimensions: ['humanCapital', 'socialCapital'] }),
  pulse: template(['平安脉问诊', '养生讲座', '艾灸体验'], 'clinic', 'skilled', afternoon, 120, [6, 12], [15, 40], { fee: 'low_fee', dimensions: ['humanCapital'] }),
  repair: template(['小家电维修', '磨刀配锁', '修伞补鞋'], 'repair', 'skilled', morning, 150, [6, 12], [20, 50], { dimensions: ['economicInfrastructure', 'socialCapital'] }),
  homeRepair: template(['上门便民服务', '十八匠进院落', '水电上门检修'], 'repair', 'skilled', morning, 180, [10, 18], [20, 60], { fee: 'low_fee', place: '各院落', dimensions: ['economicInfrastructure'] }),
  mediation: template(['邻里议事会', '停车问题协商', '院落自治例会'], 'meeting', 'general', evening, 90, [8, 14], [5, 20], { dimensions: ['organisationalStructure', 'politicalCapacity'] }),
  reading: template(['亲子阅读', '绘本故事会', '旧书交换'], 'class', 'general', afternoon, 90, [8, 14], [10, 30], { dimensions: ['humanCapital'] }),
  baking: template(['烘焙课', '蛋挞亲子课', '面包制作'], 'class', 'skilled', afternoon, 120, [6, 12], [10, 20], { fee: 'low_fee', dimensions: ['humanCapital', 'economicInfrastructure'] }),
  phoneClass: template(['老人用手机', '手机挂号教学', '防诈骗小课'], 'class', 'skilled', morning, 90, [8, 12], [10, 30], { dimensions: ['humanCapital'] }),
  sewing: template(['爱心缝补', '旧衣改造'], 'repair', 'skilled', afternoon, 120, [8, 14], [10, 30]),
  meals: template(['助老送餐', '陪老人买菜', '独居老人探访'], 'care', 'care', ['10:30', '11:00'], 90, [8, 14], [8, 25], { place: '各院落', dimensions: ['socialCapital'] }),
  afterSchool: template(['四点半课堂', '作业辅导', '科学小实验'], 'class', 'skilled', ['16:30'], 120, [8, 12], [12, 30], { dimensions: ['humanCapital'] }),
  serviceDay: template(['双小柏便民服务日', '双小柏邻里集市'], 'festival', 'general', ['09:30'], 120, [12, 18], [30, 70], { place: '双小柏工作室', dimensions: ['socialCapital', 'economicInfrastructure'] }),
  lecture: template(['公益讲座', '朗读活动', '名家签售'], 'class', 'general', afternoon, 120, [10, 14], [25, 60], { place: '沐言咖啡', dimensions: ['humanCapital'] }),
  englishSalon: template(['国际友人英语沙龙', '英语角'], 'class', 'skilled', evening, 90, [8, 14], [10, 30], { dimensions: ['humanCapital', 'socialCapital'] }),
  tea: template(['中式茶道', '插花课', '古琴雅集', '传统生日会'], 'class', 'skilled', afternoon, 120, [8, 12], [8, 20], { place: '水天一叶', dimensions: ['humanCapital'] }),
  youth: template(['青年志愿行动', '团员进社区', '周末托管'], 'care', 'general', morning, 180, [12, 18], [10, 40], { dimensions: ['socialCapital', 'organisationalStructure'] }),
  shopFair: template(['BLOCK街区邻里集市', '街区歇脚日'], 'market', 'general', afternoon, 180, [8, 14], [40, 120], { place: 'BLOCK街区', dimensions: ['economicInfrastructure'] }),
  bigFestival: template(['海骏达邻里文化节', '海骏达社区运动会'], 'festival', 'general', ['09:00'], 240, [22, 32], [150, 300], { place: 'BLOCK街区', dimensions: ['socialCapital'] }),
  station: template(['邻聚e站公益课', '邻聚e站亲子手工', '邻聚e站健康讲座', '邻聚e站电影夜'], 'class', 'general', ['14:00'], 120, [8, 12], [15, 40], { place: '邻聚e站', dimensions: ['humanCapital'] }),
  apartment: template(['青年邻里日', '公寓开放日', '国际友人文化沙龙'], 'festival', 'general', evening, 120, [8, 14], [20, 50], { place: '龙湖冠寓', dimensions: ['socialCapital'] }),
  radio: template(['立夏FM 邻里故事录制', '立夏FM 社区播报'], 'other', 'skilled', ['10:00', '15:00'], 120, [6, 10], [2, 8], { place: '双小柏工作室', dimensions: ['socialCapital'] }),
  redemption: template(['积分兑换日', '旧物换绿植'], 'market', 'general', morning, 180, [8, 12], [40, 100], { place: '友邻超市', dimensions: ['economicInfrastructure'] }),
  societies: template(['高校社团进社区', '电子义修', '大学生支教', '校地文艺汇演'], 'care', 'skilled', afternoon, 150, [14, 22], [20, 60], { dimensions: ['humanCapital', 'socialCapital'] }),
  teahouse: template(['坝坝茶议事', '盖碗茶故事会', '微公益义卖'], 'meeting', 'general', afternoon, 120, [8, 14], [10, 30], { place: '三两茶馆', dimensions: ['politicalCapacity', 'socialCapital'] }),
} as const satisfies Readonly<Record<string, Template>>;
export type TemplateName = keyof typeof templates;
