/** TL4 in a browser: the screens work under the policy, and nothing they do runs against it. */
import type { Page } from '@playwright/test';
import { firstCode } from '../support/realCommunity.ts';
import { startServer } from '../support/serverProcess.ts';
import { expect, test } from './fixtures.ts';
import { sayName } from './realTown.ts';
import { settled } from './screens.ts';

/** What the browser blocked, in a page, its frames and its workers. */
function watchPolicy(page: Page): string[] {
  const blocked: string[] = [];
  page.context().on('console', (message) => {
    if (/Content Security Policy|Permissions-Policy|Trusted/i.test(message.text())) blocked.push(message.text().slice(0, 200));
  });
  return blocked;
}

test('[TL4] the main screens of a worker and of a supervisor run without one violation of the policy', async ({ town }) => {
  test.setTimeout(180_000);
  for (const [seat, screens] of [
    ['sb-grid1', ['/today', '/visits', '/activities', '/activities/new', '/partners', '/volunteers', '/sync', '/more']],
    ['sb-super', ['/overview', '/overview/visits', '/inbox', '/partners/new']],
  ] as const) {
    const page = await town.seated(seat);
    const blocked = watchPolicy(page);
    for (const address of screens) {
      await page.goto(town.url + address);
      await settled(page);
    }
    expect(blocked).toEqual([]);
  }
});

test('[TL4] the demo page shows its three frames', async ({ town }) => {
  const page = await town.tablet();
  const blocked = watchPolicy(page);
  await page.goto(`${town.url}/demo`);
  await expect(page.locator('iframe')).toHaveCount(3);
  await expect(page.frameLocator('iframe').first().getByRole('heading', { level: 1 })).toBeVisible();
  expect(blocked).toEqual([]);
});

test('[TL4] outside demo mode joining, choosing a PIN and the office run under the policy that allows no frames', async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await startServer({ demo: false });
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const blocked = watchPolicy(page);
  await page.goto(`/join#${await firstCode(server)}`);
  await page.getByRole('button', { name: '加入', exact: true }).click();
  await sayName(page, '王主任');
  await page.getByLabel('六位密码').fill('274913');
  await page.getByLabel('再输一遍').fill('274913');
  await page.getByRole('button', { name: '设好了，打开邻伙' }).click();
  await expect(page).toHaveURL(/\/overview$/, { timeout: 60_000 });
  await page.getByRole('navigation', { name: '主要页面' }).getByRole('link', { name: '合伙人' }).click();
  await settled(page);
  expect(blocked).toEqual([]);
  await context.close();
  await server.dispose();
});

test('[TL4] the watch sees what the policy blocks: a style, a script and an image of somebody else', async ({ town }) => {
  const page = await town.tablet();
  const blocked = watchPolicy(page);
  await page.goto(`${town.url}/seat`);
  await page.evaluate(() => {
    document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { opacity: 0 }' }));
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "taken"' }));
    document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' }));
  });
  await expect.poll(() => blocked.length).toBeGreaterThanOrEqual(3);
  expect(await page.title()).not.toBe('taken');
});
