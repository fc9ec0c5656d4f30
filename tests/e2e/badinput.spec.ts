/** What goes wrong gets a clear word where the person is, and nothing is lost. */
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { openPortal } from '../support/portal.ts';
import { badge, expect, expectConfirmed, expectOffline, goTo, names, test } from './fixtures.ts';
import { answer, nextDoor, writeVisit } from './fieldwork.ts';

const handedOver = fileURLToPath(new URL('../support/handedOver.ts', import.meta.url));

test('[CM2, TX1] a note too long is named and kept whole; half of 𠮷 does no harm', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  await goTo(page, '走访');
  const { address } = await nextDoor(page);
  await page.getByRole('link', { name: /^去下一户：/ }).click();
  const note = page.getByRole('textbox', { name: '记一笔' });
  await answer(page, '结果怎样？', '见到').click();
  const long = '𠮷'.repeat(2_001);
  await note.fill(long);
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(note).toHaveAttribute('aria-invalid', 'true');
  await expect(note).toBeFocused();
  await expect(page.getByText('写得太长了，请缩短一些。内容没有被截断。')).toBeVisible();
  await expect(note).toHaveValue(long);
  await expect(page).toHaveURL(address);

  // A paste that was cut in the middle of a character, as some keyboards leave it.
  await note.fill('');
  await note.evaluate((area: HTMLTextAreaElement) => {
    area.focus();
    document.execCommand('insertText', false, `𠮷祥家修灯${String.fromCharCode(0xd842)}，下周再去`);
  });
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(page.getByText(/^已记下：/)).toBeVisible();
  await expectConfirmed(page);
  await page.goto(address);
  const line = page.getByRole('region', { name: '以前的走访' }).getByRole('listitem').filter({ hasText: '𠮷祥家修灯' });
  await expect(line).toContainText('，下周再去');
  expect((await line.innerText()).isWellFormed()).toBe(true);
});

test('[SC7] a save pressed too early goes to the first gap and says what is missing', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  await goTo(page, '走访');
  await page.getByRole('link', { name: /^去下一户：/ }).click();
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(page.getByRole('group', { name: '结果怎样？' })).toContainText('这里要填');
  await expect(page.getByRole('radio', { name: '见到' })).toBeFocused();

  await page.goto('/activities/new');
  await page.getByRole('button', { name: '保存登记' }).click();
  await expect(page.getByText(/还有 \d 处要填/)).toBeVisible();
  await expect(page.getByRole('combobox', { name: '谁主办？' })).toBeFocused();
  await expect(page.getByRole('combobox', { name: '谁主办？' })).toHaveAttribute('aria-invalid', 'true');

  await page.goto('/volunteers/new');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('请写名字')).toBeVisible();
  await expect(page.getByRole('textbox', { name: '叫什么名字？' })).toBeFocused();
});

const refuse = `IDBFactory.prototype.open = () => { throw new DOMException('The user denied permission to access the database.', 'SecurityError'); };`;
/** Scripts for a page do not reach its workers. */
const refuseInWorker = (page: Page) =>
  page.route(/worker-[^/]*\.js$/, async (route) => {
    const script = await (await fetch(route.request().url())).text();
    await route.fulfill({ contentType: 'text/javascript', body: `${refuse}\n${script}` });
  });

for (const where of ['everywhere', 'page', 'worker']) test(`[SC8] a browser that keeps nothing says so and what to do about it: ${where}`, async ({ town }) => {
  const page = await town.tablet();
  if (where !== 'worker') await page.addInitScript(refuse);
  if (where !== 'page') await refuseInWorker(page);
  await page.goto('/seat');
  await page.getByRole('button', { name: new RegExp(`^${names['sb-grid1']}`) }).click();
  await expect(page.getByText('浏览器不让这个页面保存数据。')).toBeVisible();
  await expect(page.getByText('没有打开任何记录，所以没有内容会丢。')).toBeVisible();
  await expect(page.getByText('请退出无痕（隐私）模式', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: '再试一次' }).click();
  await expect(page.getByText('浏览器不让这个页面保存数据。')).toBeVisible();
});

test('[SC8] a window whose browser does not promise to keep what is saved, a private one for instance, says so', async ({ town }) => {
  // Each of these tablets is a private window: nothing of it outlives the window, and the browser promises nothing.
  const page = await town.seated('sb-grid1');
  expect(await page.evaluate(() => navigator.storage.persisted())).toBe(false);
  await badge(page).click();
  await expect(page.getByText('空间紧张时浏览器可能清掉数据。把邻伙“添加到主屏幕”，一般就不会了。')).toBeVisible();
  await expect(page.getByText('存成一个文件，平板坏了也不丢。')).toBeVisible();
});

test('[RP5, SC8] what the server refuses waits in the tray with its reason and a way on', async ({ town }) => {
  test.setTimeout(120_000);
  const page = await town.seated('sb-lead1');
  await town.stop();
  await expectOffline(page);
  await page.goto('/partners/par_shuangxiaobai/edit');
  await page.getByRole('textbox', { name: '备注' }).fill('每周三下午在工作室排练');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(badge(page)).toContainText('没有网络，1 条在本机');

  await town.start({ env: { LINHUO_DEMO: handedOver } });
  await expect(badge(page)).toContainText('1 条被退回', { timeout: 45_000 });
  await goTo(page, '今天');
  await page.getByRole('link', { name: '1 条被退回，要你看一下' }).click();
  const tray = page.getByRole('region', { name: '被退回的' });
  await expect(tray).toContainText('这个身份不能改这条记录。多半是负责的网格或队伍换人了。');
  await expect(tray).toContainText('每周三下午在工作室排练');
  await expect(tray.getByRole('link', { name: '打开那条记录' })).toBeVisible();
  await tray.getByRole('button', { name: '不要了' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '不要了' }).click();
  await expect(tray).toHaveCount(0);
  await expectConfirmed(page);
});

test('[SC8, CN1] a network that answers everything with a page of its own is no network, and harms nothing', async ({ town }) => {
  test.setTimeout(120_000);
  const page = await town.seated('sb-grid1');
  await town.stop();
  const portal = await openPortal(Number(new URL(town.url).port));
  try {
    await page.goto('/visits');
    await expectOffline(page);
    await writeVisit(page, '门口写的，网要登录');
    await expect(badge(page)).toContainText('没有网络，1 条在本机');
    await page.goto('/seat');
    await expect(page.getByText('连不上服务器，看不到有哪些身份。')).toBeVisible();
    await page.goto('/visits');
    await expect(badge(page)).toContainText('没有网络，1 条在本机');
  } finally {
    await portal.close();
  }
  await town.start();
  await expectConfirmed(page);
});
