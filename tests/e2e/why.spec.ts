/** PM4: what a role may not do is missing from its screens, and says why to whoever asks. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { settled } from './screens.ts';

async function why(page: Page, asked: string): Promise<string> {
  const note = page.locator('details', { has: page.locator('summary', { hasText: asked }) }).first();
  await expect(note.locator('p')).toBeHidden();
  await note.locator('summary').click();
  await expect(note.locator('p')).toBeVisible();
  return (await note.locator('p').textContent()) ?? '';
}
const open = async (page: Page, address: string): Promise<void> => {
  await page.goto(address);
  await settled(page);
};

test('[PM4] a worker is told who keeps partners; a supervisor, who visits; each can do the other', async ({ town }) => {
  test.setTimeout(180_000);
  const worker = await town.seated('sb-grid1');
  await open(worker, '/partners/par_shuangxiaobai');
  await expect(worker.getByRole('link', { name: '修改资料' })).toHaveCount(0);
  expect(await why(worker, '为什么不能修改资料？')).toContain('自组织负责人或社区工作人员');
  expect(await why(worker, '为什么不能登记转型？')).toBe('这件事由社区工作人员来做。要改什么，请告诉他们。');
  expect(await why(worker, '为什么不能新增合伙人？')).toContain('社区工作人员');
  await open(worker, '/partners/par_shuangxiaobai/edit');
  await expect(worker.getByText('这件事由自组织负责人或社区工作人员来做。').last()).toBeVisible();
  await expect(worker.getByRole('button', { name: '保存' })).toHaveCount(0);
  await open(worker, '/visits');
  const door = await worker.locator('main a[href^="/visits/"]:not([href*="/new"])').first().getAttribute('href');
  await open(worker, String(door));
  await expect(worker.getByText('为什么不能')).toHaveCount(0);

  const office = await town.seated('sb-super');
  await open(office, String(door));
  expect(await why(office, '为什么不能在这里记走访？')).toBe('这件事由网格员来做。要改什么，请告诉他们。');
  await expect(office.getByRole('radio')).toHaveCount(0);
  await open(office, '/partners/par_shuangxiaobai');
  await expect(office.getByRole('link', { name: '修改资料' })).toBeVisible();
  await expect(office.getByText('为什么不能')).toHaveCount(0);
});

test('[PM4] a leader is told whose an activity of another group is', async ({ town }) => {
  const leader = await town.seated('sb-lead1');
  await open(leader, '/activities?show=held');
  await leader.getByText('全社区').first().click();
  await settled(leader);
  const links = await leader.locator('main a[href^="/activities/act_"]').evaluateAll((all) => all.map((each) => String(each.getAttribute('href'))));
  const others = links.find((href) => !href.includes('shuangxiaobai'));
  expect(others).toBeDefined();
  await open(leader, String(others));
  expect(await why(leader, '为什么不能改这场活动？')).toContain('这不是你负责的自组织');
});
