/** A certificate from its issue to the public page, which somebody without a seat opens. */
import type { Page } from '@playwright/test';
import { expect, expectConfirmed, goTo, test } from './fixtures.ts';

const paper = (page: Page) => page.getByRole('article');

/** The first volunteer of the list who has served. */
async function openPassbook(page: Page): Promise<string> {
  await goTo(page, '积分');
  const link = page.getByRole('main').locator('a[href^="/volunteers/"]:not([href$="/new"])').first();
  await expect(link).toBeVisible();
  const number = String(await link.getAttribute('href')).slice('/volunteers/'.length);
  await link.click();
  await expect(page.getByText('已确认积分')).toBeVisible();
  return number;
}

test('[CE3, CE4, CE5, CE7] issued from confirmed hours, printed in both languages, verified without a seat, withdrawn', async ({ town }) => {
  const page = await town.seated('sb-super');
  const number = await openPassbook(page);
  const name = (await page.getByRole('heading', { name: /爱心存折/ }).innerText()).replace('爱心存折', '').trim();
  await page.getByRole('link', { name: '服务证明' }).click();
  await expect(page.getByText('还没有给这位志愿者开过证明。')).toBeVisible();
  await page.getByRole('link', { name: '开具证明' }).click();

  const issue = page.getByRole('button', { name: '开具证明' });

  await page.getByRole('button', { name: /^去年,/ }).click();
  await issue.click();
  await expect(page.getByText('请填写')).toHaveCount(2);
  await page.getByRole('textbox', { name: '负责人' }).fill('何书记');
  await page.getByRole('textbox', { name: '联系方式' }).fill('028-8700 0000');
  await page.getByRole('textbox', { name: '备注' }).fill('510124199003071234');
  await issue.click();
  await expect(page.getByText('这里像有身份证号')).toBeVisible();
  await page.getByRole('textbox', { name: '备注' }).fill('评优用');
  // Without the server nobody knows whether the months are whole.
  await page.context().setOffline(true);
  await page.getByRole('button', { name: /^今年,/ }).click();
  await expect(page.getByRole('alert').getByText('没有连上服务器，取不全这段时间的记录。')).toBeVisible();
  await issue.click();
  await expect(issue).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: '再取一次' }).click();
  await expect(page.getByText('没有连上服务器，取不全这段时间的记录。')).toHaveCount(0);

  await issue.click();

  await expect(paper(page).getByRole('heading', { name: '志愿服务记录证明' })).toBeVisible();
  await expect(paper(page)).toContainText(name);
  await expect(paper(page)).toContainText(number);
  await expect(paper(page)).toContainText('身份证件类型及号码');
  const hours = await paper(page).getByRole('row', { name: /^累计服务时长/ }).getByRole('cell').innerText();
  expect(hours).toMatch(/^[\d,.]+ 小时$/);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(paper(page).getByRole('heading', { name: 'Certificate of Volunteer Service' })).toBeVisible();
  await page.getByRole('button', { name: '中文' }).click();
  const serial = await paper(page).locator('.serial strong').innerText();
  const code = await paper(page).locator('.code').innerText();
  await expectConfirmed(page);
  await expect(page.getByText('服务器还没有收到这份证明')).toHaveCount(0);

  // Somebody at another desk, with nothing but the paper.
  const desk = await town.tablet();
  await desk.goto(`/verify/${serial}#${code.replaceAll(' ', '')}`);
  await expect(desk.getByRole('heading', { name: '有效' })).toBeVisible();
  await expect(desk.getByRole('main')).toContainText(hours);
  await expect(desk.getByRole('main')).toContainText(number);
  await expect(desk.getByRole('main')).not.toContainText(name);
  await desk.getByRole('button', { name: '核对另一份' }).click();
  await desk.getByRole('textbox', { name: '编号' }).fill(serial.toLowerCase());
  await desk.getByRole('textbox', { name: '验证码' }).fill(code.replace(/.$/, (last) => (last === '7' ? '8' : '7')));
  await desk.getByRole('button', { name: '核对' }).click();
  await expect(desk.getByRole('heading', { name: '查不到' })).toBeVisible();

  await page.getByRole('button', { name: '撤回证明' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('开错了').click();
  await dialog.getByRole('button', { name: '撤回证明' }).click();
  await expect(paper(page)).toContainText('已撤回，此件作废');
  await expectConfirmed(page);
  await desk.getByRole('button', { name: '核对另一份' }).click();
  await desk.getByRole('textbox', { name: '编号' }).fill(serial);
  await desk.getByRole('textbox', { name: '验证码' }).fill(code);
  await desk.getByRole('button', { name: '核对' }).click();
  await expect(desk.getByRole('heading', { name: '已撤回' })).toBeVisible();
  await expect(desk.getByRole('main')).not.toContainText(hours);
});
