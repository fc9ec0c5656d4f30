/** PM6: who mostly reads, a monitor and a redemption point, finds a way through the app that is theirs. */
import { test, type Page } from '@playwright/test';
import { monthOf, hourMs } from '../../src/domain/kernel/time.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { Author } from '../support/author.ts';
import { anna, bo, group, logOf } from '../support/community.ts';
import { enrol, foundCommunity, realRoster, stateIn, type RealCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';
import { expect, joinHere, pin } from './enrolling.ts';
import { faults, goToUnlocked } from './realTown.ts';
import { settled } from './screens.ts';

/** A group, a rule of points, an activity that two people came to, and a place that was written in two ways. */
async function fill(community: RealCommunity<ServerProcess>): Promise<void> {
  const { server } = community;
  const office = await enrol(community, { name: '何姐', role: 'supervisor', grids: [] });
  const author = new Author((await office.ticket()).actor);
  const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2026-01-01' };
  const choir = author.fact(group, 'partner', { name: '夕阳红合唱团', type: 'community_group', legalForm: 'organisation', stage: 'active' });
  const places = ['活动室', '小广场'].map((place) => author.fact(group, 'partner', { place }, [choir.id]));
  await stateIn(server, office, realRoster, author, [choir, ...places, author.fact(pointsRuleId(rule), 'pointsRule', rule)]);
  author.restart();
  const startsAt = Math.floor(Date.now() / hourMs) * hourMs - 2 * hourMs;
  const activity = author.activity({ startsAt, endsAt: startsAt + hourMs, headCount: 12 });
  const came = [anna, bo].map((number) => author.attendance(activity.record, number));
  await stateIn(server, office, { ...logOf(startsAt), community: realRoster.community, month: monthOf(startsAt) }, author, [activity, ...came]);
}

const rail = (page: Page) => page.getByRole('navigation', { name: '主要页面' }).getByRole('link');
const asked = (page: Page): Promise<string[]> => page.getByRole('main').locator('summary', { hasText: '为什么' }).allTextContents();
/** What a page offers to press or open, by its words. */
const offered = (page: Page): Promise<string[]> => page.getByRole('main').locator('button:visible, a:visible').allTextContents();
const acts = /新增|登记一|计划活动|修改|保存|取消活动|恢复|选这个|就用这个|更正|邀请|加成员/;

/** Goes through every page of the rail and looks at it. @returns what is asked "why not" on each */
async function walk(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const word of await rail(page).allTextContents()) {
    const name = word.trim();
    await rail(page).filter({ hasText: name }).click();
    await settled(page);
    expect((await offered(page)).filter((each) => acts.test(each)), name).toEqual([]);
    expect(await faults(page)).toEqual([]);
    found[name] = await asked(page);
  }
  return found;
}

async function open(page: Page, place: string, record: string): Promise<void> {
  await rail(page).filter({ hasText: place }).click();
  const link = page.getByRole('main').getByRole('link', { name: new RegExp(record) });
  const held = page.getByRole('button', { name: '已开展' });
  await expect(link.or(held)).toBeVisible();
  if (await held.isVisible()) await held.click();
  await link.click();
  await expect(page.getByRole('heading', { level: 1, name: record })).toBeVisible();
  await settled(page);
  expect((await offered(page)).filter((each) => acts.test(each)), record).toEqual([]);
  expect(await faults(page)).toEqual([]);
}

test('[PM6, PM4, SC9, CT1] a monitor and a redemption point walk through every page they are offered and find nothing that is refused', async ({ page, browser }) => {
  test.setTimeout(360_000);
  const community = await foundCommunity();
  const counter = await (await browser.newContext()).newPage();
  try {
    await fill(community);
    await joinHere(page, community, '周审', { role: 'monitor', grids: [], partners: [] });
    await expect(page).toHaveURL(/\/overview$/);
    await expect(page.getByText('有 1 项两个人写得不一样，等社区工作人员选')).toBeVisible();
    expect(await walk(page)).toEqual({
      总览: [], 收件: ['为什么不能在这里选？'], 合伙人: ['为什么不能新增合伙人？'], 活动: ['为什么不能登记或计划活动？'], 更多: [],
    });
    await rail(page).filter({ hasText: '总览' }).click();
    await expect(page.getByText('未遇')).toHaveCount(0);
    await page.getByRole('link', { name: /发放积分/ }).click();
    await page.getByRole('link', { name: new RegExp(anna) }).click();
    await expect(page.getByText('这里只看编号和积分', { exact: false })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await open(page, '合伙人', '夕阳红合唱团');
    expect(await asked(page)).toEqual(expect.arrayContaining(['为什么不能修改资料？', '为什么不能登记转型？']));
    await open(page, '活动', '合唱排练');
    expect(await asked(page)).toContain('为什么不能改这场活动？');
    await goToUnlocked(page, `${community.server.url}/people`, pin);
    await expect(page.getByText('这个身份不能做这一步。')).toBeVisible();
    await goToUnlocked(page, `${community.server.url}/partners/new`, pin);
    await expect(page.getByText('这件事由社区工作人员来做。', { exact: false }).last()).toBeVisible();
    expect((await offered(page)).filter((each) => acts.test(each))).toEqual([]);

    await joinHere(counter, community, '好吃兔', { role: 'redemptionPoint', grids: [], partners: [group] });
    await expect(counter).toHaveURL(/\/redemption$/);
    await expect(counter.getByText('今天还没有人来兑换。')).toBeVisible();
    expect(await walk(counter)).toEqual({ 兑换: [], 合伙人: ['为什么不能新增合伙人？'], 活动: ['为什么不能登记或计划活动？'], 更多: [] });
    await rail(counter).filter({ hasText: '兑换' }).click();
    await counter.getByRole('button', { name: '打开' }).click();
    await expect(counter.getByLabel('志愿者编号')).toBeFocused();
    await counter.getByLabel('志愿者编号').fill(anna.toLowerCase());
    await counter.getByRole('button', { name: '打开' }).click();
    await expect(counter.getByText('已确认积分').locator('..')).toContainText('20');
    await expect(counter.getByText('现在可换').locator('..')).toContainText('20');
    expect(await faults(counter)).toEqual([]);
    await counter.getByRole('link', { name: '看存折' }).click();
    await expect(counter.getByRole('heading', { level: 1, name: anna })).toBeVisible();
    await expect(counter.getByText('已确认积分').locator('..')).toContainText('20');
    await expect(counter.getByRole('link', { name: '合唱排练' })).toBeVisible();
    expect(await faults(counter)).toEqual([]);
    await open(counter, '活动', '合唱排练');
  } finally {
    await counter.context().close();
    await community.server.dispose();
  }
});
