import { words } from '../words.ts';

/** The words for what records may be. Keys are the values that stand in the fields. */

export const partnerType = words({
  zh: { business: '商企', community_group: '社群', individual: '个体' },
  en: { business: 'Business', community_group: 'Group', individual: 'Individual' },
});

export const legalForm = words({
  zh: { person: '个人', family: '家庭', organisation: '组织' },
  en: { person: 'Person', family: 'Family', organisation: 'Organisation' },
});

export const partnerStage = words({
  zh: { prospect: '意向', applied: '已申请', admitted: '已准入', active: '合作中', warned: '已警示', suspended: '已暂停', exited: '已退出' },
  en: {
    prospect: 'Prospect', applied: 'Applied', admitted: 'Admitted', active: 'Active', warned: 'Warned', suspended: 'Suspended', exited: 'Left',
  },
});

export const cooperationMode = words({
  zh: {
    governmentProject: '政府主导的项目制合伙',
    spaceForResources: '以空间换资源',
    marketCooperation: '市场主导的公益合作',
    complementaryInterest: '利益互补',
    donationInLieuOfRent: '以捐代租',
  },
  en: {
    governmentProject: 'Government project',
    spaceForResources: 'Space for resources',
    marketCooperation: 'Market cooperation',
    complementaryInterest: 'Complementary interest',
    donationInLieuOfRent: 'Donation in lieu of rent',
  },
});

export const resourceKind = words({
  zh: { money: '资金', people: '人力', goods: '物力', place: '场所', data: '信息数据' },
  en: { money: 'Money', people: 'People', goods: 'Goods', place: 'Premises', data: 'Information' },
});

export const partnerRole = words({
  zh: { provider: '提供者', supporter: '支持者', collaborator: '协作者' },
  en: { provider: 'Provider', supporter: 'Supporter', collaborator: 'Collaborator' },
});

export const frequency = words({
  zh: { one_off: '一次性', weekly: '每周', monthly: '每月', quarterly: '每季度', yearly: '每年' },
  en: { one_off: 'once', weekly: 'a week', monthly: 'a month', quarterly: 'a quarter', yearly: 'a year' },
});

export const quotaPeriod = words({
  zh: { week: '每周', month: '每月', quarter: '每季度', year: '每年' },
  en: { week: 'a week', month: 'a month', quarter: 'a quarter', year: 'a year' },
});

export const role = words({
  zh: { gridWorker: '网格员', groupLeader: '自组织负责人', supervisor: '社区工作人员', redemptionPoint: '兑换点', monitor: '监管单位', district: '区社治委' },
  en: {
    gridWorker: 'Grid worker', groupLeader: 'Group leader', supervisor: 'Community office', redemptionPoint: 'Redemption point',
    monitor: 'Monitor', district: 'District',
  },
});

export const activityKind = words({
  zh: {
    class: '课堂', performance: '演出', clinic: '义诊', market: '集市', meeting: '议事', patrol: '巡逻', cleanup: '清扫', care: '关爱', repair: '便民维修',
    festival: '便民服务日', other: '其他',
  },
  en: {
    class: 'Class', performance: 'Performance', clinic: 'Clinic', market: 'Market', meeting: 'Meeting', patrol: 'Patrol', cleanup: 'Clean-up', care: 'Care',
    repair: 'Repairs', festival: 'Open day', other: 'Other',
  },
});

export const activityStatus = words({
  zh: { planned: '计划中', held: '已开展', cancelled: '已取消' },
  en: { planned: 'Planned', held: 'Held', cancelled: 'Cancelled' },
});

export const feeClass = words({
  zh: { free: '免费', low_fee: '低偿', paid: '收费' },
  en: { free: 'Free', low_fee: 'Low fee', paid: 'Paid' },
});

export const serviceClass = words({
  zh: { general: '一般服务', skilled: '专业服务', care: '照护', urgent: '应急', none: '不计积分' },
  en: { general: 'General service', skilled: 'Skilled service', care: 'Care', urgent: 'Urgent', none: 'No points' },
});

export const dimension = words({
  zh: {
    humanCapital: '人力资本', socialCapital: '社会资本', physicalInfrastructure: '物理基础设施', economicInfrastructure: '经济基础设施',
    organisationalStructure: '组织结构', politicalCapacity: '政治力量',
  },
  en: {
    humanCapital: 'Human capital', socialCapital: 'Social capital', physicalInfrastructure: 'Physical infrastructure',
    economicInfrastructure: 'Economic infrastructure', organisationalStructure: 'Organisations', politicalCapacity: 'Political capacity',
  },
});

export const visitOutcome = words({
  zh: { met: '见到', notHome: '未遇', declined: '不便' },
  en: { met: 'Met', notHome: 'Not home', declined: 'Declined' },
});

export const withdrawalReason = words({
  zh: { mistake: '开错了', duplicate: '重复开具', asked: '本人要求' },
  en: { mistake: 'Issued by mistake', duplicate: 'Issued twice', asked: 'The person asked' },
});

/** What a record is, as a small seal or at the head of a line. */
export const recordKind = words({
  zh: {
    community: '社区', grid: '网格', staff: '工作人员', partner: '合伙人', conversion: '转型', space: '空间', building: '楼栋', household: '住户',
    volunteer: '志愿者', member: '成员', visit: '走访', activity: '活动', attendance: '签到', pointsRule: '积分规则', pointsEntry: '积分',
    resident: '居民', consent: '同意', care: '关照', reading: '查看记录', need: '需求', needTold: '需求原话', pair: '重复', partnerPair: '重复',
    feedback: '居民评价', certificate: '服务证明', erasure: '抹去', doorErasure: '门口的话抹去', memberErasure: '名单抹去', intake: '导入',
    grant: '兑换额度', pointsMove: '积分往来', verdict: '兑换入账', claim: '兑换', redemptionRequest: '兑换申请', settlement: '兑换处理', writeOff: '额度核销', reward: '兑换品',
  },
  en: {
    community: 'Community', grid: 'Grid', staff: 'Staff', partner: 'Partner', conversion: 'Conversion', space: 'Space', building: 'Building',
    household: 'Household', volunteer: 'Volunteer', member: 'Member', visit: 'Visit', activity: 'Activity', attendance: 'Attendance',
    pointsRule: 'Points rule', pointsEntry: 'Points', resident: 'Resident', consent: 'Consent', care: 'Care', reading: 'Reading',
    need: 'Need', needTold: 'Need as told', pair: 'Duplicate', partnerPair: 'Duplicate',
    feedback: 'What residents say', certificate: 'Certificate', erasure: 'Erasure', doorErasure: 'Erasure at a door', memberErasure: 'Erasure from a list', intake: 'Import',
    grant: 'Grant', pointsMove: 'Points moved', verdict: 'Redemption booked', claim: 'Redemption', redemptionRequest: 'Request', settlement: 'Settlement', writeOff: 'Write-off', reward: 'Reward',
  },
});

/** The rosters that come in by a file. */
export const importedList = words({
  zh: { doors: '住户', residents: '居民', volunteers: '志愿者', partners: '合伙人', members: '组织成员' },
  en: { doors: 'Doors', residents: 'Residents', volunteers: 'Volunteers', partners: 'Partners', members: 'Members of a group' },
});

/** What was said about two records that may be one. */
export const pairVerdict = words({
  zh: { merged: '是同一个，已合并', different: '不是同一个', open: '还没有定' },
  en: { merged: 'The same, merged', different: 'Not the same', open: 'Undecided' },
});

export const consentPurpose = words({
  zh: { registration: '登记在册', contact: '电话联系', referral: '转介给合伙人', photo: '拍照' },
  en: { registration: 'Being registered', contact: 'Being called', referral: 'Being referred to partners', photo: 'Photographs' },
});

export const consentWay = words({
  zh: { spoken: '口头', written: '书面', guardian: '监护人代为同意' },
  en: { spoken: 'Spoken', written: 'In writing', guardian: 'By a guardian' },
});

export const consentState = words({
  zh: { given: '同意', expired: '已到期', withdrawn: '已撤回', none: '未征求' },
  en: { given: 'Agreed', expired: 'Run out', withdrawn: 'Withdrawn', none: 'Not asked' },
});

export const careTag = words({
  zh: { livesAlone: '独居', veryOld: '高龄', childLeftBehind: '留守儿童', hardship: '困难家庭', hardToGetAbout: '行动不便' },
  en: { livesAlone: 'Lives alone', veryOld: 'Very old', childLeftBehind: 'Child left behind', hardship: 'In hardship', hardToGetAbout: 'Hard to get about' },
});

export const maskedField = words({
  zh: { name: '姓名', phone: '电话' },
  en: { name: 'the name', phone: 'the telephone number' },
});

export const needCategory = words({
  zh: {
    repair: '修理', care: '陪伴照料', errand: '代办跑腿', learning: '学习辅导', culture: '文体活动', environment: '环境卫生', mediation: '邻里调解', goods: '物资',
    work: '就业', other: '其他',
  },
  en: {
    repair: 'Repairs', care: 'Care', errand: 'Errands', learning: 'Learning', culture: 'Culture and sport', environment: 'Surroundings', mediation: 'Mediation',
    goods: 'Goods', work: 'Work', other: 'Other',
  },
});

export const needStage = words({
  zh: { open: '待对接', matched: '已对接', inService: '服务中', done: '已完成', confirmed: '居民已确认', withdrawn: '已撤销' },
  en: { open: 'Open', matched: 'Matched', inService: 'In service', done: 'Done', confirmed: 'Confirmed by the resident', withdrawn: 'Withdrawn' },
});

export const needAnswer = words({
  zh: { satisfied: '满意', partly: '一般', notSatisfied: '不满意' },
  en: { satisfied: 'Satisfied', partly: 'Partly', notSatisfied: 'Not satisfied' },
});
