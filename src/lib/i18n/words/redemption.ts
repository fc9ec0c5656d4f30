import { words } from '../words.ts';

/** The first page of a redemption point: what it can do today, and what is still to come. */
export const redemption = words({
  zh: {
    look: '看一本爱心存折',
    notYet: '兑换还没有开通',
    notYetLead: '以后志愿者带卡片来，你在这里扫码、扣积分、交东西，当天兑了多少、该和社区结算多少，一看就知道。',
    until: '开通以前，这里只能查积分，不能扣积分。要兑换的，请先照社区现在的办法登记。',
    also: '还可以看',
    partners: '谁在支持社区，答应了什么，做到了多少',
    activities: '要办的和办过的，谁来了多少人',
  },
  en: {
    look: 'Look at a passbook',
    notYet: 'Redeeming is not open yet',
    notYetLead: 'Later, a volunteer comes with a card: you scan it here, take the points, hand over the goods, and see what was redeemed today and what the community owes you.',
    until: 'Until then points can be read here and not taken. For goods handed out now, go on writing them down the way the community does today.',
    also: 'You can also read',
    partners: 'Who supports the community, what they promised and what they kept',
    activities: 'What is planned and what was held, and how many came',
  },
});
