/**
 * What the published account of the 社区合伙人 model in Pidu District says (2020-02-23), as rows: communities, partners,
 * spaces, promised money and activities. Nothing here is generated.
 *
 * `inferred` names each field the account leaves open and we filled in; such a row is marked as inferred in the roster.
 * Every partner stands at stage `active`, since the account speaks of all of them as partners at work.
 * A term the account uses without explaining (犀和's 3331模式) is quoted and given no meaning.
 */
import type { cooperationModes, frequencies, legalForms, PartnerType, resourceKinds } from '../../src/domain/roster/schema.ts';

export const district = '郫都区';

export const communityNames = {
  shuyuan: '书院社区',
  shuangbai: '双柏社区',
  shuduxincun: '蜀都新邨社区',
  hexing: '合兴社区',
  fulong: '伏龙社区',
  minyang: '岷阳社区',
  boluo: '菠萝社区',
  kuixinglou: '奎星楼社区',
  xihe: '犀和社区',
  dayu: '大禹社区',
} as const;
export type CommunitySlug = keyof typeof communityNames;
export const communitySlugs = Object.keys(communityNames) as CommunitySlug[];

export interface PartnerRow {
  readonly id: string;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: PartnerType;
  readonly legalForm: (typeof legalForms)[number];
  readonly mode?: (typeof cooperationModes)[number];
  readonly resources?: readonly (typeof resourceKinds)[number][];
  readonly services?: readonly string[];
  readonly place?: string;
  readonly fundInFen?: number;
  readonly fundInFrequency?: (typeof frequencies)[number];
  /** Activities owed a month. */
  readonly monthlyActivities?: number;
  readonly consideration?: string;
  readonly note?: string;
  /** In words for people: what we filled in. */
  readonly inferred?: readonly string[];
}

const fen = (yuan: number): number => yuan * 100;

const business = { type: 'business', legalForm: 'organisation' } as const;
const group = { type: 'community_group', legalForm: 'organisation' } as const;
const individual = { type: 'individual', legalForm: 'person' } as const;

/** A shop of BLOCK街区: "各捐出8000元", read as once. */
const blockShop = (id: string, name: string): PartnerRow => ({
  ...business, id, name, place: 'BLOCK街区', mode: 'marketCooperation', resources: ['money'],
  fundInFen: fen(8_000), fundInFrequency: 'one_off', inferred: ['捐款频次（按一次性计）'],
});

export const partnerRows: Readonly<Record<CommunitySlug, readonly PartnerRow[]>> = {
  shuyuan: [
    {
      ...business, id: 'par_muyan', name: '沐言咖啡', aliases: ['沐言书咖'], mode: 'spaceForResources', resources: ['place'],
      services: ['公益讲座', '朗读活动', '名家签售', '国际友人英语沙龙', '为高校、企业活动提供场地'],
    },
    {
      ...business, id: 'par_mingde', name: '明德慈佑', mode: 'spaceForResources',
      services: ['平安脉', '市民健康养身（订制）', '艾灸（有偿）', '推拿（有偿）'],
    },
    {
      ...business, id: 'par_shuitian', name: '水天一叶', mode: 'spaceForResources', inferred: ['合伙人类型'],
      services: ['中式茶道', '插花', '古琴', '传统生日会', '传统伴手礼'],
    },
    {
      ...group, id: 'par_qingnian', name: '共青团青年之家', mode: 'complementaryInterest', inferred: ['合伙人类型'],
      services: ['长效活动', '群团项目落地'],
    },
  ],
  shuangbai: [
    {
      ...business, id: 'par_haijunda', name: '海骏达集团', aliases: ['海骏达集体', '海俊达集团'], mode: 'marketCooperation',
      resources: ['money'], fundInFen: fen(200_000), fundInFrequency: 'one_off', consideration: '社区每次大型活动冠名',
    },
    blockShop('par_junshi', '君诗'),
    blockShop('par_haochitu', '好吃兔'),
    blockShop('par_yufu', '渔夫小镇'),
    {
      ...business, id: 'par_linju', name: '邻聚e站承租公司', mode: 'spaceForResources', place: '邻聚e站', resources: ['money'],
      fundInFen: fen(25_000), fundInFrequency: 'yearly', monthlyActivities: 4, note: '来源未写公司名称，此处以所租空间称呼。',
    },
    {
      ...business, id: 'par_guanyu', name: '龙湖冠寓', mode: 'spaceForResources', resources: ['place', 'data'],
      services: ['提供场地', '共同开展活动', '提供国际友人资料'],
    },
    { ...individual, id: 'par_lixia', name: '立夏姐姐', services: ['立夏FM 电台'], inferred: ['与“立夏FM”电台的关系'] },
    { ...individual, id: 'par_waiguo', name: '外国友人' },
  ],
  shuduxincun: [
    { ...business, id: 'par_youlin', name: '友邻超市', mode: 'marketCooperation', services: ['志愿服务积分兑换'] },
    {
      ...business, id: 'par_ucoffee', name: 'U咖啡', mode: 'marketCooperation', services: ['烘焙等培训', '亲子活动'],
      note: '与社区合伙经营公共空间：社区按一定比例出资（比例未写明），社区所得投入公益基金池。',
    },
    {
      ...group, id: 'par_gongye', name: '成都工业学院', mode: 'complementaryInterest', inferred: ['合伙人类型（高校社团按社群计）'],
      services: ['“成工新邨”社区综合体', '校地合作协议', '十多个社团共同开展活动'],
    },
  ],
  hexing: [
    { ...business, id: 'par_jiaoyu', name: '合兴社区教育培训机构', mode: 'donationInLieuOfRent', note: '来源未写机构名称。以捐代租。' },
    { ...business, id: 'par_yanglao', name: '合兴社区养老中心', mode: 'donationInLieuOfRent', note: '来源未写机构名称。以捐代租。' },
  ],
  fulong: [
    { ...group, id: 'par_zhiyuan', name: '伏龙社区合伙人志愿服务队' },
    { ...group, id: 'par_ruoshui', name: '若水公益联盟' },
  ],
  minyang: [{ ...group, id: 'par_wenyi', name: '岷阳社区合伙人阿姨文艺团' }],
  boluo: [{ ...group, id: 'par_zhaoyang', name: '菠萝社区合伙人朝阳之星舞蹈队' }],
  kuixinglou: [
    { ...business, id: 'par_sanliang', name: '三两茶馆', inferred: ['合伙人类型'], note: '2018 年的微公益运营，是这一模式最早的灵感。' },
    { ...group, id: 'par_shibajiang', name: '便民十八匠', inferred: ['合伙人类型'], services: ['送上门的公益便民服务', '低偿收费服务'] },
  ],
  xihe: [{ ...group, id: 'par_jiaoda', name: '西南交大', mode: 'complementaryInterest', inferred: ['合伙人类型（高校按社群计）'] }],
  dayu: [
    { ...group, id: 'par_aijia', name: '爱家公益', mode: 'spaceForResources', place: '禹邻汇', inferred: ['合伙人类型', '所租空间（按列举顺序）'] },
    {
      ...business, id: 'par_kafei', name: '咖啡地带(甜漫时光)', aliases: ['咖啡地带', '甜漫时光'], mode: 'spaceForResources', place: '悦众空间',
      inferred: ['合伙人类型', '所租空间（按列举顺序）'],
    },
    { ...business, id: 'par_suixin', name: '随心手', mode: 'spaceForResources', place: '红房子', inferred: ['合伙人类型', '所租空间（按列举顺序）'] },
  ],
};

/** The account says 合兴 has this many self-organised partners and names none of them. */
export const hexingSelfOrganisedGroups = 17;

/** 大禹's supervising unit: a monitor, not a partner, and named by its kind only. */
export const dayuMonitor = '社工机构（监管单位）';

/**
 * Partners the account names without a community. They serve the whole district, so each community's roster lists them,
 * under one id, as prospects: known, reachable, not yet anyone's. To make them active somewhere would invent a fact;
 * to leave them out would hide from a community whom it may ask.
 */
export const districtPartnerRows: readonly PartnerRow[] = [
  { ...business, id: 'par_tianfu-bank', name: '天府银行', mode: 'marketCooperation', resources: ['goods'], services: ['捐赠物资', '纪念品发放'] },
  { ...business, id: 'par_chengdu-bank', name: '成都银行', resources: ['goods'], services: ['捐赠物资'] },
  { ...business, id: 'par_china-bank', name: '中国银行', mode: 'marketCooperation', services: ['纪念品发放'] },
  { ...business, id: 'par_wanshun', name: '万顺叫车', mode: 'marketCooperation', services: ['进社区宣传'] },
  { ...business, id: 'par_huamei', name: '华美牙医', mode: 'marketCooperation', services: ['进社区宣传'] },
  { ...individual, id: 'par_genyuya', name: '成都市根与芽文化交流中心工作人员' },
];

export interface SpaceRow {
  readonly id: string;
  readonly name: string;
  /** A partner's id. */
  readonly operator?: string;
  readonly owner?: string;
  readonly terms?: string;
}

/** The account's rule for community assets: owned collectively, by sub-district and residents' committee. */
const collective = '街道、社区居委会集体';
const tendered = '项目招投标，公益租赁；社区聘请社工机构监管。租用单位按来源列举顺序对应，为推断。';

export const spaceRows: Readonly<Record<CommunitySlug, readonly SpaceRow[]>> = {
  shuyuan: [],
  shuangbai: [
    { id: 'spa_linju', name: '邻聚e站', operator: 'par_linju', owner: collective, terms: '租给公司：每年 25,000 元入公益基金池，每月 4 次公益活动。' },
    { id: 'spa_block', name: 'BLOCK街区', terms: '消费新场景打造。' },
    { id: 'spa_shuangxiaobai', name: '双小柏工作室' },
  ],
  shuduxincun: [{ id: 'spa_chenggong', name: '成工新邨社区综合体' }],
  hexing: [
    {
      id: 'spa_hexing', name: '合兴社区公共空间', owner: collective,
      terms: '由租空间向租时间转变；依据《合兴社区公共空间运营与管理办法》及《合作协议》。',
    },
  ],
  fulong: [],
  minyang: [],
  boluo: [],
  kuixinglou: [],
  xihe: [{ id: 'spa_xihe', name: '犀和社区公共空间', owner: collective, terms: '“3331模式”，数据化精准服务。' }],
  dayu: [
    { id: 'spa_yulinhui', name: '禹邻汇', operator: 'par_aijia', owner: collective, terms: tendered },
    { id: 'spa_yuezhong', name: '悦众空间', operator: 'par_kafei', owner: collective, terms: tendered },
    { id: 'spa_hongfangzi', name: '红房子', operator: 'par_suixin', owner: collective, terms: tendered },
  ],
};

/** Money promised to a community's public-benefit fund, from the rows alone (FD6). */
export function promisedFen(community: CommunitySlug): { readonly oneOffFen: number; readonly yearlyFen: number; readonly firstYearFen: number } {
  const sum = (frequency: PartnerRow['fundInFrequency']): number =>
    partnerRows[community].reduce((total, row) => total + (row.fundInFrequency === frequency ? (row.fundInFen ?? 0) : 0), 0);
  const oneOffFen = sum('one_off');
  const yearlyFen = sum('yearly');
  return { oneOffFen, yearlyFen, firstYearFen: oneOffFen + yearlyFen };
}
