/** The points table: what is in force, new rows with what they would change, and one taken back before its day. */
import { expect, goTo, test } from './fixtures.ts';

test('[RT1, RT3, RT4, PX1, PX7] a supervisor fills in another place’s table with one tap, sees what would change, adopts it and takes one back', async ({ town }) => {
  const page = await town.seated('sb-super');
  await goTo(page, '更多');
  await page.getByRole('link', { name: /^积分规则/ }).click();
  const care = page.getByRole('region', { name: '照护' });
  await expect(care.getByRole('list', { name: '照护 在用' })).toContainText('每小时 12 分');
  await expect(care.getByText('以前的 1 条')).toBeVisible();
  await page.getByRole('link', { name: '新增规则' }).click();

  const save = page.getByRole('button', { name: '采用', exact: true });
  await save.click();
  await expect(page.getByText('请选哪一类')).toBeVisible();
  await page.getByRole('button', { name: '苏州' }).click();
  await expect(page.getByText(/DB3205\/T 1001-2020/)).toBeVisible();
  await expect(page.getByRole('region', { name: /^第 \d 条$/ })).toHaveCount(4);

  // Yesterday’s points stay: the day says so before anything is saved.
  const day = page.getByLabel('从哪天起采用？', { exact: true });
  await day.fill('2026-01-02');
  await expect(page.getByText('这一类已经有规则在用，过去的积分不改')).toBeVisible();
  await page.getByRole('button', { name: '明天' }).click();
  await page.getByRole('region', { name: '第 2 条' }).getByLabel('系数').fill('1.6');
  const preview = page.getByRole('region', { name: '会改变什么' });
  await expect(preview.getByText('已经入账的也不动')).toBeVisible();
  await expect(page.getByRole('radio', { name: '不过期' })).toBeChecked();
  await expect(preview.getByText('起挣的积分不过期。')).toBeVisible();
  await page.getByText('2 年', { exact: true }).click();
  await expect(preview.getByText(/起挣的积分有效 2 年：.*月挣的，到 .*日为止。以前挣的/)).toBeVisible();
  await expect(preview.getByRole('row', { name: /^志愿者/ })).toContainText(/志愿者\s*[1-9]\d*\s*0\s*[1-9]\d*/);
  await expect(preview.getByRole('listitem').first()).toContainText('→');
  await save.click();

  await expect(page.getByRole('heading', { name: '积分规则', level: 1 })).toBeVisible();
  const coming = page.getByRole('list', { name: '专业服务 将要采用' });
  await expect(coming).toContainText('每小时 10 分 × 1.6');
  await expect(page.getByRole('list', { name: '照护 将要采用' })).toContainText('× 1.2');
  await expect(page.getByRole('list', { name: '照护 将要采用' })).toContainText('有效 2 年');
  await coming.getByRole('button', { name: '取消这条' }).click();
  await expect(coming).toHaveCount(0);
  await expect(page.getByRole('list', { name: '应急 将要采用' })).toBeVisible();
});
