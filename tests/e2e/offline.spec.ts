/** After one visit nothing of the app needs the server any more: neither the page nor the records. */
import type { Page } from '@playwright/test';
import { badge, expect, expectOffline, test } from './fixtures.ts';

/** The first record of a list, as a person meets it: its address and the words it is known by. */
async function firstIn(page: Page, list: string, prefix: string): Promise<{ address: string; title: string }> {
  await page.goto(list);
  const link = page.getByRole('main').locator(`a[href^="${prefix}"]:not([href*="/new"])`).first();
  await expect(link).toBeVisible();
  return { address: String(await link.getAttribute('href')), title: (await link.locator('.title').innerText()).split(' ')[0] ?? '' };
}

test('[SC2] with the server stopped a reload and every record\'s address in a fresh tab open', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  const records = [
    await firstIn(page, '/activities?show=held', '/activities/'),
    await firstIn(page, '/partners', '/partners/'),
    await firstIn(page, '/visits', '/visits/'),
    await firstIn(page, '/volunteers', '/volunteers/'),
  ];
  await town.stop();
  await page.reload();
  await expect(page.getByRole('heading', { name: '志愿者', level: 1 })).toBeVisible();
  await expectOffline(page);
  await page.close();

  for (const { address, title } of records) {
    const fresh = await page.context().newPage();
    await fresh.goto(address);
    await expect(fresh.getByRole('main').getByRole('heading', { level: 1 }).filter({ hasText: title })).toBeVisible();
    await expect(fresh).toHaveURL(town.url + address);
    await fresh.close();
  }
  const fresh = await page.context().newPage();
  await fresh.goto('/sync');
  await expectOffline(fresh);
  await expect(fresh.getByText('连不上服务器，上次收到它的消息是')).toBeVisible();
  await expect(fresh.getByText('这台平板上写下的，服务器都已存好。')).toBeVisible();
});

test('[SC2] with the server stopped the seat page says so, and the seat used here before still opens', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  await town.stop();
  await page.goto('/seat');
  await expect(page.getByText('连不上服务器，看不到有哪些身份。')).toBeVisible();
  await page.getByRole('button', { name: '继续用 杨敏' }).click();
  await expect(badge(page)).toBeVisible();
  await expectOffline(page);
});

test('[SC2] the app can be installed and its service worker answers for the page', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  await page.reload();
  await expect(badge(page)).toBeVisible();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${town.url}/sw.js`);
  const session = await page.context().newCDPSession(page);
  const manifest = await session.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(String(manifest.data))).toMatchObject({ start_url: '/', display: 'standalone', lang: 'zh-CN' });
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A browser under test is always a private one, which alone may not install.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});
