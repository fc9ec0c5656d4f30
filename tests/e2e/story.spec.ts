/** The main job, end to end: two tablets without a server, then with one, and a community worker who settles what differs. */
import type { Page } from '@playwright/test';
import { badge, expect, expectConfirmed, expectOffline, goTo, sharedActivity, syncMaxMs, test, undoBar } from './fixtures.ts';
import { fillLog, Hand, notHome, numbersOnRoll, onRoll, openShared, saveLog, writeVisit } from './fieldwork.ts';

const note = '想参加周三的合唱，家里电梯坏了两天';

/** The heads of today's activity as this screen shows them. */
const headsOf = (page: Page, heads: number) => page.getByRole('main').getByText(new RegExp(`^${heads} 人$`)).first();

test('[SC1] visits and one activity logged on two tablets without a server become one record, and every difference waits for a choice', async ({ town }) => {
  test.setTimeout(240_000);
  const [worker, leader, office] = await Promise.all([town.seated('sb-grid1'), town.seated('sb-lead1'), town.seated('sb-super')]);
  await town.stop();
  await Promise.all([expectOffline(worker), expectOffline(leader)]);

  // Door to door: one met with a note, one not home in a single tap from the list.
  await goTo(worker, '走访');
  const visiting = new Hand();
  const met = await writeVisit(worker, note, visiting);
  const missed = await notHome(worker);
  await expect(badge(worker)).toContainText('没有网络，2 条在本机');
  console.log(`a visit with a note: ${visiting.taps} taps and ${visiting.letters} letters; not home: 1 tap`);

  // The same activity on both, with people who overlap and counts that differ.
  const logging = new Hand();
  await openShared(worker, logging);
  await openShared(leader);
  const offered = await numbersOnRoll(leader);
  const both = (await numbersOnRoll(worker)).filter((number) => offered.includes(number));
  const [first = '', common = '', alsoCommon = '', last = ''] = both;
  expect(last).not.toBe('');
  await fillLog(worker, 52, [first, common, alsoCommon], logging);
  await saveLog(worker, logging);
  console.log(`logging an activity with three attendances: ${logging.taps} taps and ${logging.letters} letters`);
  await fillLog(leader, 48, [common, alsoCommon, last]);
  await onRoll(leader, common).getByRole('button', { name: /加半小时/ }).click();
  await saveLog(leader);
  await expect(worker.getByRole('main').getByText('已保存').first()).toBeVisible();
  await expect(badge(worker)).toContainText('没有网络，6 条在本机');
  await expect(badge(leader)).toContainText('没有网络，4 条在本机');

  await town.start();
  await Promise.all([worker, leader, office].map(expectConfirmed));

  // The visits, with the words of the visit.
  await goTo(office, '总览');
  await office.getByRole('main').getByRole('link', { name: '走访' }).click();
  const visits = office.getByRole('list', { name: '走访' }).getByRole('link');
  await expect(visits.filter({ hasText: note }).and(office.locator(`[href="${met.address}"]`))).toContainText('杨敏记的');
  await expect(visits.filter({ hasText: '未遇' }).and(office.locator(`[href="${missed.address}"]`)).first()).toContainText('刚刚');

  // One activity, each attendee once.
  await goTo(office, '活动');
  await office.getByRole('button', { name: '已开展' }).click();
  const today = office.getByRole('link').filter({ hasText: sharedActivity }).filter({ hasText: '今天' });
  await expect(today).toHaveCount(1);
  await today.click();
  const came = office.getByRole('region', { name: '谁来服务了' });
  for (const number of [first, common, alsoCommon, last]) await expect(came.getByRole('link').filter({ hasText: number })).toHaveCount(1);
  await expect(came.getByRole('listitem')).toHaveCount(4);

  // Points posted once.
  await came.getByRole('link').filter({ hasText: alsoCommon }).click();
  const line = office.getByRole('listitem').filter({ has: office.getByRole('link', { name: sharedActivity }) }).filter({ hasText: '今天' });
  await expect(line).toHaveCount(1);
  await expect(line).not.toContainText('待确认', { timeout: syncMaxMs });
  await expect(office.getByText('没有待确认的')).toBeVisible();

  // Each difference with both values, who and when.
  await goTo(office, '收件');
  await expect(office.getByText('有 2 台平板回来了，带来：')).toBeVisible();
  const heads = office.getByRole('article').filter({ has: office.getByRole('heading', { name: sharedActivity }) }).filter({ hasText: '到场人数' });
  await expect(heads).toContainText('两个人改了“到场人数”');
  await expect(heads.getByRole('listitem').filter({ hasText: '52 人' })).toContainText('杨敏');
  await expect(heads.getByRole('listitem').filter({ hasText: '48 人' })).toContainText('刘淑芳');
  const hours = office.getByRole('article').filter({ hasText: common });
  await expect(hours).toContainText('两个人改了“时长”');
  await expect(hours.getByRole('listitem').filter({ hasText: '2 小时' })).toContainText('杨敏');
  await expect(hours.getByRole('listitem').filter({ hasText: '2.5 小时' })).toContainText('刘淑芳');
  // The two of today and the one that waits from the start; the one who was entered alike on both is no difference.
  await expect(office.getByText('有 3 项两个人写得不一样，等你选')).toBeVisible();

  // One tap each, and both tablets show it; taken back, they show what stood there before.
  await hours.getByRole('button', { name: '用 刘淑芳 写的：2.5 小时' }).click();
  await expect(hours).toHaveCount(0);
  await heads.getByRole('button', { name: '用 杨敏 写的：52 人' }).click();
  await expect(heads).toHaveCount(0);
  await expect(undoBar(office)).toContainText('已选定：到场人数');
  // Under the pointer the bar waits.
  await undoBar(office).getByRole('button', { name: '撤销' }).hover();
  for (const tablet of [worker, leader]) {
    await expect(headsOf(tablet, 52)).toBeVisible({ timeout: syncMaxMs });
    await expect(tablet.getByRole('region', { name: '谁来服务了' }).getByRole('listitem').filter({ hasText: common })).toContainText('2.5 小时');
    await expect(tablet.getByText('两个人写得不一样')).toHaveCount(0);
  }
  await undoBar(office).getByRole('button', { name: '撤销' }).click();
  for (const tablet of [worker, leader]) await expect(headsOf(tablet, 48)).toBeVisible({ timeout: syncMaxMs });
  await expectConfirmed(office);
});
