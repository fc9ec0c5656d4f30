/** TL4 in a browser: the screens work under the policy, and nothing they do runs against it. */
import type { Page } from '@playwright/test';
import { settled } from './screens.ts';
import { expect, test } from './fixtures.ts';

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
