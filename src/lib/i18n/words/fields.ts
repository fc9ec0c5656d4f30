import { words } from '../words.ts';

/** What each field is called where it is shown, by `kind.field` or, where all kinds agree, by field. */
export const fields = words({
  zh: {
    name: '名称', 'staff.name': '姓名', 'volunteer.name': '姓名', 'member.name': '称呼', aliases: '别名', type: '最初的类型', legalForm: '法律形式', stage: '阶段',
    mode: '合作模式', resources: '带来的资源', roles: '担当的角色', services: '服务', place: '地点', sinceOn: '合作开始', fundInFen: '承诺的钱', fundInFrequency: '多久给一次',
    activityQuota: '承诺的活动', activityQuotaPer: '按什么计', consideration: '社区的回报', inferred: '资料里没有写明', note: '备注',
    to: '变成', on: '从哪天起', reason: '原因', partner: '合伙人',
    title: '活动名称', activityKind: '活动类别', organiser: '主办', partners: '一起办的', space: '空间', startsAt: '开始', endsAt: '结束', feeClass: '收费',
    dimensions: '发展维度', status: '状态', serviceClass: '服务类别', headCount: '到场人数',
    activity: '活动', volunteer: '志愿者编号', hoursTenths: '时长', byProxy: '代为登记',
    visitedAt: '走访时间', outcome: '结果', nextOn: '下次走访', household: '住户', grid: '网格',
    building: '楼栋', unit: '单元', floor: '楼层', door: '门牌', heads: '几口人', hint: '上门提示', courtyard: '院落', rank: '顺序', code: '编号', residents: '居民数',
    number: '志愿者编号', skills: '会做什么', joinedOn: '加入日期',
    pointsPerHour: '每小时积分', activityCap: '每次活动上限', dayCap: '每日上限', monthCap: '每月上限', validFrom: '从哪天起',
    points: '积分', debit: '从', credit: '到', fact: '依据', rule: '规则', occurredOn: '日期', reverses: '冲销', owner: '归谁所有', operator: '谁在运营', terms: '条件',
    capacity: '容纳人数', district: '区', subDistrict: '街道', role: '角色', grids: '网格', deleted: '记录',
  },
  en: {
    name: 'Name', 'staff.name': 'Name', 'volunteer.name': 'Name', 'member.name': 'Called', aliases: 'Also known as', type: 'First type', legalForm: 'Legal form', stage: 'Stage',
    mode: 'Cooperation', resources: 'Brings', roles: 'Roles', services: 'Services', place: 'Place', sinceOn: 'Partner since', fundInFen: 'Promised money', fundInFrequency: 'How often',
    activityQuota: 'Promised activities', activityQuotaPer: 'Counted per', consideration: 'In return', inferred: 'Not stated by the source', note: 'Note',
    to: 'Became', on: 'From', reason: 'Reason', partner: 'Partner',
    title: 'Title', activityKind: 'Kind', organiser: 'Organiser', partners: 'Together with', space: 'Space', startsAt: 'Starts', endsAt: 'Ends', feeClass: 'Fee',
    dimensions: 'Dimensions', status: 'Status', serviceClass: 'Service', headCount: 'People there',
    activity: 'Activity', volunteer: 'Volunteer number', hoursTenths: 'Hours', byProxy: 'Entered for them',
    visitedAt: 'Visited', outcome: 'Outcome', nextOn: 'Next visit', household: 'Household', grid: 'Grid',
    building: 'Building', unit: 'Unit', floor: 'Floor', door: 'Door', heads: 'People', hint: 'Hint', courtyard: 'Courtyard', rank: 'Order', code: 'Code', residents: 'Residents',
    number: 'Volunteer number', skills: 'Skills', joinedOn: 'Joined',
    pointsPerHour: 'Points an hour', activityCap: 'At most per activity', dayCap: 'At most per day', monthCap: 'At most per month', validFrom: 'From',
    points: 'Points', debit: 'From', credit: 'To', fact: 'Stated by', rule: 'Rule', occurredOn: 'Date', reverses: 'Takes back', owner: 'Owner', operator: 'Run by', terms: 'Terms',
    capacity: 'Room for', district: 'District', subDistrict: 'Sub-district', role: 'Role', grids: 'Grids', deleted: 'Record',
  },
});

export const fieldValue = words({
  zh: {
    yes: '是',
    no: '不是',
    kept: '保留',
    removed: '删除',
    people: (count: string) => `${count} 人`,
    times: (count: string) => `${count} 次`,
    perHour: (points: string) => `每小时 ${points}`,
    and: '、',
  },
  en: {
    yes: 'Yes',
    no: 'No',
    kept: 'Kept',
    removed: 'Deleted',
    people: (count: string) => `${count} people`,
    times: (count: string) => `${count} times`,
    perHour: (points: string) => `${points} an hour`,
    and: ', ',
  },
});
