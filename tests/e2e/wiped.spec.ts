/** A tablet that was wiped is a new one: the next person joins on it, and it opens without a network again. */
import { expect as plainExpect, test, type Page } from '@playwright/test';
import { foundCommunity, type RealCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';

const expect = plainExpect.configure({ timeout: 20_000 });
const pin = '271828';
const cachedFiles = (page: Page) => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length))).reduce((sum, each) => sum + each, 0));

/** As a person does it, with the words on the screen. @returns the device's tag */
async function joinHere(page: Page, { server, supervisor }: RealCommunity<ServerProcess>, name: string): Promise<string> {
  const { code = '', person } = await supervisor.done({ act: 'invite', name, role: 'gridWorker', grids: ['g1'], partners: [] });
  await page.goto(`${server.url}/join#${code}`);
  await page.getByRole('button', { name: '加入', exact: true }).click();
  await expect(page.getByText('正在等对方核对')).toBeVisible();
  const waiting = (await supervisor.registry()).devices.find((device) => device.person === person);
  const shown = (await page.locator('body').innerText()).replaceAll(' ', '');
  expect(shown).toContain(waiting?.digits);
  await supervisor.done({ act: 'confirm', device: waiting?.tag ?? '' });
  await page.getByLabel('六位密码', { exact: true }).fill(pin);
  await page.getByLabel('再输一遍', { exact: true }).fill(pin);
  await page.getByRole('button', { name: '设好了' }).click();
  await unlockHere(page, name);
  return waiting?.tag ?? '';
}

async function unlockHere(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.getByLabel('六位密码', { exact: true }).fill(pin);
  await expect(page.getByRole('link', { name: '走访' }).first()).toBeVisible();
}

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
