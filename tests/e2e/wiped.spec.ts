/** A tablet that was wiped is a new one: the next person joins on it, and it opens without a network again. */
import { test, type Page } from '@playwright/test';
import { foundCommunity } from '../support/realCommunity.ts';
import { expect, joinHere, unlockHere } from './enrolling.ts';

const cachedFiles = (page: Page) => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length))).reduce((sum, each) => sum + each, 0));

test('[KY7, SC2] a person leaves, their tablet clears itself, and the next one who joins on it opens it without a network', async ({ page }) => {
  test.setTimeout(150_000);
  const community = await foundCommunity();
  try {
    const tag = await joinHere(page, community, '李工');
    await expect.poll(() => cachedFiles(page)).toBeGreaterThan(20);
    await community.supervisor.done({ act: 'revokeDevice', device: tag, reason: '离职' });
    await expect(page.getByText('这台平板上的资料已清空。')).toBeVisible({ timeout: 30_000 });
    expect(await cachedFiles(page)).toBe(0);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);

    await joinHere(page, community, '王工');
    await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations())[0]?.active?.state)).toBe('activated');
    expect(await cachedFiles(page)).toBeGreaterThan(20);
    await community.server.stop();
    await page.reload();
    await unlockHere(page, '王工');
  } finally {
    await community.server.dispose();
  }
});
