/** What rosters write for the values that a field may have. The words of the screens are among them, so that an export can be read again. */
import type { Choices } from './cells.ts';

export const partnerTypeWords: Choices = {
  business: ['商企', '企业', '商家', '公司', '商户', 'Business'],
  community_group: ['社群', '自组织', '社会组织', '社区社会组织', '团队', 'Group'],
  individual: ['个体', '个人', '居民', 'Individual'],
};

export const legalFormWords: Choices = {
  person: ['个人', '自然人', 'Person'],
  family: ['家庭', 'Family'],
  organisation: ['组织', '单位', '法人', '公司', 'Organisation'],
};

export const stageWords: Choices = {
  prospect: ['意向', 'Prospect'],
  applied: ['已申请', '申请', 'Applied'],
  admitted: ['已准入', '准入', 'Admitted'],
  active: ['合作中', '在合作', '正常', 'Active'],
  warned: ['已警示', '警示', 'Warned'],
  suspended: ['已暂停', '暂停', 'Suspended'],
  exited: ['已退出', '退出', 'Left'],
};

export const modeWords: Choices = {
  governmentProject: ['政府主导的项目制合伙', '政府项目', 'Government project'],
  spaceForResources: ['以空间换资源', 'Space for resources'],
  marketCooperation: ['市场主导的公益合作', 'Market cooperation'],
  complementaryInterest: ['利益互补', 'Complementary interest'],
  donationInLieuOfRent: ['以捐代租', 'Donation in lieu of rent'],
};

export const resourceWords: Choices = {
  money: ['资金', 'Money'],
  people: ['人力', 'People'],
  goods: ['物力', '物资', 'Goods'],
  place: ['场所', '场地', 'Premises'],
  data: ['信息数据', '信息', '数据', 'Information'],
};

export const roleWords: Choices = {
  provider: ['提供者', 'Provider'],
  supporter: ['支持者', 'Supporter'],
  collaborator: ['协作者', 'Collaborator'],
};

export const frequencyWords: Choices = {
  one_off: ['一次性', '一次', 'once'],
  weekly: ['每周', 'a week'],
  monthly: ['每月', 'a month'],
  quarterly: ['每季度', '每季', 'a quarter'],
  yearly: ['每年', 'a year'],
};

export const periodWords: Choices = {
  week: ['每周', '周', 'a week'],
  month: ['每月', '月', 'a month'],
  quarter: ['每季度', '每季', '季度', 'a quarter'],
  year: ['每年', '年', 'a year'],
};

export const agreedWords: Choices = {
  yes: ['是', '同意', '已同意', '√', '✓', '有', 'Y', 'Agreed'],
  no: ['否', '不同意', '未同意', '×', '无', 'N', 'Refused'],
};

export const consentWayWords: Choices = {
  spoken: ['口头', '口头同意', 'Spoken'],
  written: ['书面', '书面同意', '签字', 'In writing'],
  guardian: ['监护人代为同意', '监护人', 'By a guardian'],
};
