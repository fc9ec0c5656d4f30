/** The office keeps the list of rewards without a network; a counter hands out by it once it has heard of it. */
import { answer } from './fieldwork.ts';
import { expect, expectConfirmed, expectOffline, goTo, names, syncMaxMs, test } from './fixtures.ts';

test('[RW3, RW4, PN8] a reward is added without a network, found again half-written, counted anew, and offered at the counter; a worker only reads', async ({ town }) => {
  test.setTimeout(180_000);
  const office = await town.seated('sb-super');
  await goTo(office, '更多');
  await office.getByRole('link', { name: /^兑换品/ }).click();
  await expect(office.getByRole('list', { name: '现在能换' }).getByRole('listitem')).toHaveCount(4);
  await town.stop();
  await expectOffline(office);

  await office.getByRole('link', { name: '添一样兑换品' }).click();
  const save = office.getByRole('button', { name: '保存', exact: true });
  await save.click();
  await expect(office.getByText('填上名称')).toBeVisible();
  await expect(office.getByText('填上一份多少积分，至少 1 分')).toBeVisible();
  await office.getByLabel('换什么？').fill('菜籽油 900 毫升');
  await office.getByLabel('一份多少积分？').fill('45');
  await office.getByLabel('现在有几份？').fill('12');
  await office.getByLabel('从哪天起能换？').fill('2020-01-01');

  // The page dies; what was typed does not.
  await office.reload();
  await expect(office.getByLabel('换什么？')).toHaveValue('菜籽油 900 毫升');
  await expect(office.getByLabel('现在有几份？')).toHaveValue('12');
  await answer(office, '在哪里能换？', '只在一处').click();
  await office.getByRole('combobox', { name: '哪一处？' }).fill('好吃兔');
  await office.getByRole('option', { name: /好吃兔/ }).first().click();
  await office.getByLabel('到哪天为止？').fill('2019-12-31');
  await save.click();
  await expect(office.getByText('结束的日子比开始的还早')).toBeVisible();
  await office.getByLabel('到哪天为止？').fill('');
  await save.click();
  await expect(office.getByRole('heading', { level: 1, name: '菜籽油 900 毫升' })).toBeVisible();
  await expect(office.getByText('还剩 12 份').first()).toBeVisible();

  // Counted again: the number stands from today on. A price that is changed leaves the count alone.
  await office.getByRole('button', { name: '记下这个数' }).click();
  await expect(office.getByText('填上货架上有几份')).toBeVisible();
  await office.getByLabel('现在有几份？').fill('9');
  await office.getByRole('button', { name: '记下这个数' }).click();
  await expect(office.getByText('还剩 9 份').first()).toBeVisible();
  await office.getByRole('link', { name: '修改', exact: true }).click();
  await office.getByLabel('一份多少积分？').fill('40');
  await save.click();
  await expect(office.getByRole('heading', { level: 1, name: '菜籽油 900 毫升' })).toBeVisible();
  await town.start();
  await expectConfirmed(office);

  // A worker sees it, and is told why there is no button.
  const worker = await town.seated('sb-grid1');
  await worker.goto('/rewards');
  await expect(worker.getByRole('link', { name: /菜籽油 900 毫升.*40 分/ })).toBeVisible({ timeout: syncMaxMs });
  await expect(worker.getByRole('link', { name: '添一样兑换品' })).toHaveCount(0);
  await expect(worker.getByText('为什么不能添兑换品？')).toBeVisible();
  await worker.goto('/rewards/new');
  await expect(worker.getByLabel('换什么？')).toHaveCount(0);

  // The counter offers it for its price.
  const shop = await town.seated('sb-shop1');
  await shop.goto('/rewards');
  await shop.getByRole('link', { name: /菜籽油 900 毫升/ }).click();
  await expect(shop.getByText('还剩 9 份').first()).toBeVisible({ timeout: syncMaxMs });
  await expect(shop.getByText(names['sb-super']).first()).toBeVisible();
});
