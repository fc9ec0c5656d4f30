/** The page for strangers: two tablets and a supervisor side by side. */
import type { FrameLocator, Page } from '@playwright/test';
import { expect, names, syncMaxMs, test } from './fixtures.ts';
import { fillLog, numbersOnRoll, openLog, saveLog } from './fieldwork.ts';

const frame = (page: Page, who: string): FrameLocator => page.frameLocator(`iframe[title="${who}的平板"]`);
const head = (page: Page, who: string) => page.getByRole('region', { name: who }).getByRole('status');

test('[SC5] two tablets without a wire log the same activity; joined again, the office is asked to choose', async ({ town }) => {
  test.setTimeout(150_000);
  const page = await town.tablet({ viewport: { width: 1440, height: 900 } });
  await page.goto('/demo');
  const [worker, leader, office] = [names['sb-grid1'], names['sb-lead1'], names['sb-super']];
  await expect(page.locator('iframe')).toHaveCount(3);
  for (const who of [worker, leader, office]) await expect(head(page, who)).toContainText('全部已确认', { timeout: syncMaxMs });
  for (const who of [worker, leader]) await openLog(frame(page, who));

  await page.getByRole('button', { name: '两台都断网' }).click();
  for (const who of [worker, leader]) await expect(head(page, who)).toContainText('没有网络');
  await expect(head(page, office)).toContainText('全部已确认');
  const [first = '', second = ''] = await numbersOnRoll(frame(page, worker));
  await fillLog(frame(page, worker), 61, [first, second]);
  await saveLog(frame(page, worker));
  await fillLog(frame(page, leader), 57, [first]);
  await saveLog(frame(page, leader));
  await expect(head(page, worker)).toContainText('没有网络，3 条在本机');
  await expect(head(page, leader)).toContainText('没有网络，2 条在本机');
  await expect(frame(page, office).getByText('61 人')).toHaveCount(0);

  await page.getByRole('button', { name: '两台都连上' }).click();
  for (const who of [worker, leader]) await expect(head(page, who)).toContainText('全部已确认', { timeout: syncMaxMs });
  const article = frame(page, office).getByRole('article').filter({ hasText: '61 人' });
  await expect(article).toContainText('两个人改了“到场人数”', { timeout: syncMaxMs });
  await expect(article.getByRole('listitem').filter({ hasText: '61 人' })).toContainText(worker);
  await expect(article.getByRole('listitem').filter({ hasText: '57 人' })).toContainText(leader);
  await article.getByRole('button', { name: `用 ${worker} 写的：61 人` }).click();
  await expect(article).toHaveCount(0);
});

test('[SC5, CN3] one wire can be cut alone, stays cut, and starting over takes new tablets', async ({ town }) => {
  const page = await town.tablet({ viewport: { width: 1440, height: 900 } });
  await page.goto('/demo');
  const worker = names['sb-grid1'];
  const wire = page.getByRole('switch', { name: `网络, ${worker}` });
  await expect(head(page, worker)).toContainText('全部已确认', { timeout: syncMaxMs });
  await wire.click();
  await expect(wire).toHaveAttribute('aria-checked', 'false');
  await expect(head(page, worker)).toContainText('没有网络');
  await expect(head(page, names['sb-lead1'])).toContainText('全部已确认', { timeout: syncMaxMs });
  const before = await page.locator('iframe').first().getAttribute('name');
  await page.getByRole('button', { name: '重新开始' }).click();
  await expect(page.locator('iframe').first()).not.toHaveAttribute('name', String(before));
  await expect(head(page, worker)).toContainText('全部已确认', { timeout: syncMaxMs });
});
