/** A new version is deployed while somebody writes. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { buildApp } from '../support/buildApp.ts';
import { expect, goTo, test } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';

/** Where the change-over stands, for the message of a failure. */
const workers = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const { installing, waiting, active } = registration ?? {};
    return `installing ${installing?.state}, waiting ${waiting?.state}, active ${active?.state}, ${navigator.serviceWorker.controller === active ? 'in' : 'out of'} charge`;
  });

const note = '想学剪纸，周末有空';

test('[SC4] a new version is offered, waits for a half-written form, and finds its draft', async ({ town }) => {
  test.setTimeout(180_000);
  const building = buildApp('2099-01-01T00:00:00.000Z');
  const page = await town.seated('sb-grid1');
  await page.reload();
  let loads = 0;
  page.on('load', () => (loads += 1));
  const entry = () => page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel="modulepreload"]')?.href.split('/').at(-1));
  const before = await entry();
  await goTo(page, '走访');
  const { address } = await nextDoor(page);
  await page.getByRole('link', { name: /^去下一户：/ }).click();
  await answer(page, '结果怎样？', '见到').click();
  const written = page.getByRole('textbox', { name: '记一笔' });
  await written.fill(note);

  const app = await building;
  await town.stop();
  await town.start({ env: { LINHUO_APP: app } });
  // The person looks away and comes back: that is when a page asks whether there is something new.
  await page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByText('有新版本。')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('写了一半的内容已存为草稿，什么时候换都可以。')).toBeVisible();
  await expect(written).toHaveValue(note);
  await written.pressSequentially('，还没写完');
  expect(loads).toBe(0);
  expect(await entry()).toBe(before);

  await page.getByRole('button', { name: '现在换' }).click();
  await expect.poll(() => loads, { timeout: 30_000 }).toBe(1);
  await expect(page).toHaveURL(address);
  await expect(page.getByText('上次没写完的内容已经放回来了。')).toBeVisible();
  await expect(written).toHaveValue(`${note}，还没写完`);
  const now = await entry();
  expect(now).not.toBe(before);
  expect(readFileSync(join(app, 'index.html'), 'utf8')).toContain(now);
});

test('[SC4] a second window is not reloaded when the first changes over', async ({ town }) => {
  test.setTimeout(180_000);
  const building = buildApp('2099-01-01T00:00:00.000Z');
  // Opened before there was any service worker, and never reloaded since.
  const page = await town.seated('sb-grid1');
  await goTo(page, '走访');
  await page.getByRole('link', { name: /^去下一户：/ }).click();
  const written = page.getByRole('textbox', { name: '记一笔' });
  await written.fill(note);
  const other = await page.context().newPage();
  await other.goto('/today');
  await expect(other.getByRole('heading', { name: '今天', level: 1 })).toBeVisible();

  const app = await building;
  await town.stop();
  await town.start({ env: { LINHUO_APP: app } });
  await other.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));
  await other.getByRole('button', { name: '现在换' }).click();
  const told = page.getByText('另一个窗口已换成新版本。写完后请重新打开这一页。');
  // Chromium may hold an old worker back for minutes when it believes it busy; then it stops it, as is done here.
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('ServiceWorker.enable');
  const change = async (): Promise<string> => {
    if (await told.isVisible()) return 'told';
    await chromium.send('ServiceWorker.stopAllWorkers');
    return workers(page);
  };
  await expect.poll(change, { timeout: 60_000, intervals: [2_000] }).toBe('told');
  await expect(written).toHaveValue(note);
  // The old page's own code still works to the end of the visit.
  await answer(page, '结果怎样？', '见到').click();
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(page.getByText(/^已记下：/)).toBeVisible();
});

test('[SC4, SC2] a version that is deployed by half is not taken: the old one goes on, also without a network', async ({ town }) => {
  test.setTimeout(180_000);
  const page = await town.seated('sb-grid1');
  const half = mkdtempSync(join(tmpdir(), 'linhuo-half-'));
  cpSync(await buildApp('2099-01-01T00:00:00.000Z'), half, { recursive: true });
  // One that the old version does not have: what it has stays in the browser's own cache for a year.
  const scripts = (folder: string) => (readdirSync(join(folder, '_app/immutable'), { recursive: true }) as string[]).filter((name) => name.endsWith('.js'));
  const old = new Set(scripts(fileURLToPath(new URL('../../build', import.meta.url))));
  const [missing = ''] = scripts(half).filter((name) => !old.has(name));
  rmSync(join(half, '_app/immutable', missing));
  await town.stop();
  await town.start({ env: { LINHUO_APP: half } });
  const refused = page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const worker = new Promise<ServiceWorker | null>((resolve) => (registration.onupdatefound = () => resolve(registration.installing)));
    await registration.update();
    const found = await worker;
    return new Promise<string>((resolve) => {
      const look = (): void => void (found?.state !== 'installing' && resolve(String(found?.state)));
      found?.addEventListener('statechange', look);
      look();
    });
  });
  expect(await refused).toBe('redundant');
  await expect(page.getByText('有新版本。')).toHaveCount(0);
  await town.stop();
  await page.goto('/visits');
  await expect(page.getByRole('heading', { name: '走访', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: /^去下一户：/ }).click();
  await answer(page, '结果怎样？', '见到').click();
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(page.getByText(/^已记下：/)).toBeVisible();
  rmSync(half, { recursive: true });
});
