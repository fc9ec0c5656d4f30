/** The tablet's battery is pulled: SIGKILL to the whole browser, right after a save and in the middle of a word. The server is gone too. */
import type { Page } from '@playwright/test';
import { dropProfile, makeProfile, startBrowser, type BrowserProcess } from '../support/browserProcess.ts';
import { badge, expect, expectOffline, goTo, sitDown, test } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';

const kept = '下水道堵了，和楼上一起报修';
const begun = '独居，周二女儿回来；';
const more = '想请人教手机挂号，最好是下午，腿脚不便';

/** A browser started by hand has neither the tests' window nor their language. */
async function openTab(browser: BrowserProcess): Promise<Page> {
  browser.context.setDefaultTimeout(20_000);
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 1180, height: 820 });
  return page;
}

test('[SC3] a saved visit and a half-written one are there after the browser was killed', async ({ town }) => {
  test.setTimeout(150_000);
  const profile = makeProfile();
  let browser: BrowserProcess | undefined;
  try {
    browser = await startBrowser(profile);
    const page = await openTab(browser);
    await page.goto(`${town.url}/seat`);
    await page.getByText('中文', { exact: true }).click();
    await sitDown(page, 'sb-grid1', `${town.url}/seat`);
    await town.stop();
    await expectOffline(page);

    await goTo(page, '走访');
    const saved = await nextDoor(page);
    await page.getByRole('link', { name: /^去下一户：/ }).click();
    await answer(page, '结果怎样？', '见到').click();
    await page.getByRole('textbox', { name: '记一笔' }).fill(kept);
    await page.getByRole('button', { name: '保存走访' }).click();
    await expect(page.getByText(`已记下：${saved.name} 见到`)).toBeVisible();
    await browser.kill();

    browser = await startBrowser(profile);
    const again = await openTab(browser);
    await again.goto(town.url + saved.address);
    const earlier = again.getByRole('region', { name: '以前的走访' }).getByRole('listitem').filter({ hasText: kept });
    await expect(earlier).toHaveCount(1);
    await expect(earlier).toContainText('已保存');

    // A second tab shows what of the draft is already on the disk; after that it is typed on and the battery dies.
    await goTo(again, '走访');
    const half = await nextDoor(again);
    await again.getByRole('link', { name: /^去下一户：/ }).click();
    await answer(again, '结果怎样？', '见到').click();
    const note = again.getByRole('textbox', { name: '记一笔' });
    await note.pressSequentially(begun);
    const witness = await openTab(browser);
    await expect(async () => {
      await witness.goto(town.url + half.address);
      await expect(witness.getByRole('textbox', { name: '记一笔' })).toHaveValue(begun, { timeout: 3_000 });
    }).toPass();
    await witness.close();
    await note.pressSequentially(more);
    await browser.kill();

    browser = await startBrowser(profile);
    const last = await openTab(browser);
    await last.goto(`${town.url}/today`);
    await expect(badge(last)).toContainText('1 条在本机');
    // The first visit's own draft may have outlived its save by an instant.
    await last.getByRole('link', { name: /^还有 [12] 份草稿/ }).click();
    await last.getByRole('main').getByRole('link', { name: half.name }).click();
    await expect(last.getByText('上次没写完的内容已经放回来了。')).toBeVisible();
    await expect(last.getByRole('radio', { name: '见到' })).toBeChecked();
    const found = await last.getByRole('textbox', { name: '记一笔' }).inputValue();
    // At most the last strokes are missing, never what was there before them.
    expect(found.startsWith(begun)).toBe(true);
    expect((begun + more).startsWith(found)).toBe(true);

    await last.getByRole('button', { name: '保存走访' }).click();
    await expect(last.getByText(`已记下：${half.name} 见到`)).toBeVisible();
    await last.goto(`${town.url}/drafts`);
    await expect(last.getByRole('main')).not.toContainText('正在打开');
    await expect(last.getByRole('main').getByRole('link', { name: half.name })).toHaveCount(0);
  } finally {
    await browser?.kill();
    dropProfile(profile);
  }
});
