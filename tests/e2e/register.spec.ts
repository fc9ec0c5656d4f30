/** Entering what is new: a partner that may be there already, an activity nobody had planned. */
import { badge, expect, expectConfirmed, goTo, test } from './fixtures.ts';
import { fillLog, Hand, numbersOnRoll, onRoll } from './fieldwork.ts';

test('[PT3] while a partner is named, those that are like it are shown and lead to their pages', async ({ town }) => {
  const page = await town.seated('sb-super');
  await page.goto('/partners/new');
  const name = page.getByRole('textbox', { name: '叫什么名字？' });
  await name.pressSequentially('双小柏');
  await expect(page.getByText('可能已经有了：')).toBeVisible();
  const like = page.getByRole('main').getByRole('link', { name: /双小柏志愿服务队/ }).last();
  await expect(like).toHaveAttribute('href', '/partners/par_shuangxiaobai');
  await name.fill('从来没有过的名字');
  await expect(page.getByText('可能已经有了：')).toHaveCount(0);
  // By its main name and by its sound, though nobody has written it like that before.
  await name.fill('海俊达集体');
  await expect(page.getByRole('main').getByRole('link', { name: '海骏达集团（是它的别名、' })).toHaveAttribute('href', /^\/partners\//);
  await name.fill('双小柏');
  await like.click();
  await expect(page.getByRole('heading', { name: '双小柏志愿服务队', level: 1 })).toBeVisible();
});

test('[AC3, SC7] an activity nobody planned is logged with its roll in one go, undone in one tap, and found as a draft when left', async ({ town }) => {
  const page = await town.seated('sb-lead1');
  const hand = new Hand();
  await page.goto('/today');
  await hand.tap(page.getByRole('link', { name: '登记一场活动' }));
  await hand.tap(page.getByRole('group', { name: '常办的' }).getByRole('button').first());
  const title = await page.getByRole('textbox', { name: '活动叫什么？' }).inputValue();
  expect(title).not.toBe('');
  const [first = '', second = ''] = await numbersOnRoll(page);

  // Somebody calls; the form is left and found again.
  await goTo(page, '今天');
  await page.getByRole('link', { name: '还有 1 份草稿' }).click();
  await page.getByRole('main').getByRole('link', { name: title }).click();
  await expect(page.getByRole('textbox', { name: '活动叫什么？' })).toHaveValue(title);

  await fillLog(page, 17, [first, second], hand);
  await hand.tap(page.getByRole('button', { name: '保存登记' }));
  await expect(page.getByText(`已登记：${title}`)).toBeVisible();
  console.log(`logging an activity nobody planned, two attendances: ${hand.taps} taps and ${hand.letters} letters`);
  const came = page.getByRole('region', { name: '谁来服务了' });
  await expect(came.getByRole('listitem')).toHaveCount(2);

  await page.getByRole('button', { name: '撤销' }).click();
  await expect(page.getByText('这台平板上没有这场活动。')).toBeVisible();
  await expectConfirmed(page);
  await expect(onRoll(page, first)).toHaveCount(0);
  await expect(badge(page)).toContainText('全部已确认');
});
