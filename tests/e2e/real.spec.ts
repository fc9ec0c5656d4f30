/** Real people on real tablets: joining, sharing, standing in, leaving; the server has no demo. */
import type { Page } from '@playwright/test';
import { badge, expect, expectConfirmed, filled, goTo, syncMaxMs } from './fixtures.ts';
import { addGrid, addVolunteer, bossPin, choosePin, faults, goToUnlocked, invite, join, sayName, test, unlock } from './realTown.ts';

test.setTimeout(180_000);

/** A supervisor with a grid, on the page of people. */
async function office(boss: Page): Promise<void> {
  await goTo(boss, '更多');
  await boss.getByRole('link', { name: /人员和平板/ }).click();
  await addGrid(boss, 'g01', '竹苑网格');
}

async function openPerson(boss: Page, name: string): Promise<void> {
  await boss.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await expect(boss.getByRole('heading', { name, level: 1, exact: false })).toBeVisible();
}

/** An act that asks for a reason. */
async function act(boss: Page, verb: string, reason: string): Promise<void> {
  await boss.getByRole('button', { name: verb, exact: true }).first().click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByLabel('为什么').fill(reason);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
}

test('[SC11, SC1, SC9] from an empty server to a supervisor and two enrolled tablets that log an activity', async ({ town }) => {
  const boss = await town.supervisor();
  await expect(boss).toHaveURL(/\/overview$/);
  await office(boss);
  await goTo(boss, '合伙人');
  await boss.getByRole('link', { name: '新增合伙人' }).first().click();
  await boss.getByLabel('叫什么名字？').fill('双小柏志愿服务队');
  await boss.getByText('社群', { exact: true }).click();
  await boss.getByText('组织', { exact: true }).click();
  await boss.getByRole('button', { name: '保存' }).click();
  await expect(boss.getByRole('heading', { name: '双小柏志愿服务队', level: 1, exact: false })).toBeVisible();
  await goTo(boss, '更多');
  await boss.getByRole('link', { name: /人员和平板/ }).click();

  const worker = await town.tablet({ viewport: { width: 390, height: 844 } });
  await join(boss, worker, await invite(boss, '王芳', '网格员', ['竹苑网格']), '一号平板', '730264');
  const leader = await town.tablet();
  await join(boss, leader, await invite(boss, '刘队长', '自组织负责人', ['双小柏志愿服务队']), '二号平板', '915027');
  await expect(boss.getByText('刘队长 的平板加入了')).toBeVisible();
  expect(await faults(boss)).toEqual([]);

  await addVolunteerFrom(worker, '张大爷');
  await expectConfirmed(worker);
  await goTo(leader, '活动');
  await leader.getByRole('link', { name: '登记或计划活动' }).first().click();
  await leader.getByRole('textbox', { name: '活动叫什么？' }).fill('周三清扫');
  await leader.getByRole('textbox', { name: '一共到场多少人？' }).fill('12');
  await leader.getByRole('button', { name: '保存登记' }).click();
  await expect(leader.getByText('已登记：周三清扫')).toBeVisible();
  await expectConfirmed(leader);

  await goTo(boss, '活动');
  await boss.getByRole('button', { name: '已开展' }).click();
  await expect(boss.getByText('周三清扫').first()).toBeVisible({ timeout: syncMaxMs });
  // Nobody's work is shown to anybody who opens the tablet without the six digits.
  await worker.goto('/volunteers');
  await expect(worker.getByLabel('六位密码')).toBeVisible();
  await expect(worker.getByText('张大爷')).toHaveCount(0);
});

async function addVolunteerFrom(page: Page, name: string): Promise<void> {
  const bar = page.getByRole('navigation', { name: '主要页面' });
  // A phone's bar has no room for it.
  if ((page.viewportSize()?.width ?? 0) < 600) {
    await bar.getByRole('link', { name: '更多' }).click();
    await page.getByRole('main').getByRole('link', { name: '志愿者' }).click();
  } else await goTo(page, '志愿者');
  await addVolunteer(page, name);
}

test('[IA10, IE9, SC9, SC15] a supervisor opens a community on screen and hands its code on; the first there says who they are', async ({ town }) => {
  const boss = await town.supervisor();
  await goTo(boss, '更多');
  await boss.getByRole('link', { name: /人员和平板/ }).click();
  await boss.getByRole('button', { name: '开一个新社区' }).click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByRole('button', { name: '开一个新社区' }).click();
  await expect(dialog.getByLabel('社区叫什么')).toBeFocused();
  await dialog.getByLabel('社区叫什么').fill('友爱社区');
  await dialog.getByLabel('编号').fill('c1');
  await dialog.getByRole('button', { name: '开一个新社区' }).click();
  await expect(dialog.getByText('已经有了。')).toBeVisible();
  await dialog.getByLabel('编号').fill('youai');
  expect(await faults(boss)).toEqual([]);
  await dialog.getByRole('button', { name: '开一个新社区' }).click();
  await expect(dialog.locator('.code')).toBeVisible();
  expect(await faults(boss)).toEqual([]);
  await dialog.getByRole('button', { name: '好了' }).click();
  await expect(boss.getByText(/youai · 还没有人加入/)).toBeVisible();
  await boss.getByRole('button', { name: '换一个邀请码' }).click();
  const code = String(await dialog.locator('.code').textContent()).trim();
  await dialog.getByRole('button', { name: '好了' }).click();
  await expect(boss.getByText('把人调到另一个社区，由服务器管理员来做', { exact: false })).toBeVisible();
  expect(await faults(boss)).toEqual([]);

  const first = await town.tablet();
  await first.goto('/join');
  await first.getByLabel('邀请码').fill(code);
  await first.getByRole('button', { name: '加入' }).click();
  await expect(first.getByLabel('姓名')).toBeVisible();
  await first.getByRole('button', { name: '加入' }).click();
  await expect(first.getByText('写上姓名', { exact: true })).toBeVisible();
  expect(await faults(first)).toEqual([]);
  await sayName(first, '何主任');
  await choosePin(first, '730264');
  await expect(first.getByText('友爱社区').first()).toBeVisible();
  await goTo(first, '更多');
  await first.getByRole('link', { name: /人员和平板/ }).click();
  await first.getByRole('link', { name: /^日志/ }).click();
  await expect(first.getByText('社区 c1 的工作人员')).toHaveCount(2);
  await boss.getByRole('link', { name: /^日志/ }).click();
  await expect(boss.getByRole('listitem').filter({ hasText: /王主任.*开了新社区/ })).toHaveCount(2);

  // Without the server the list stays to be read and says of when it is; an act says that it may not be done; nothing needs a reload.
  await boss.getByRole('link', { name: '返回' }).click();
  await expect(boss.getByRole('button', { name: '邀请一个人' })).toBeVisible();
  await town.stop();
  await expect(boss.getByText(/连不上服务器。下面是.*的情况，现在看得到，改不了。/)).toBeVisible();
  expect(await faults(boss)).toEqual([]);
  await boss.getByRole('link', { name: /^王主任/ }).click();
  await expect(boss.getByText('人员和平板只在有网时能看、能改', { exact: false })).toBeVisible();
  expect(await faults(boss)).toEqual([]);
  await town.start();
  await expect(boss.getByRole('heading', { level: 1, name: '王主任' })).toBeVisible({ timeout: syncMaxMs });
  await town.stop();
  await boss.getByRole('button', { name: '允许设新密码' }).click();
  await expect(boss.getByText('连不上服务器，可能没有做成', { exact: false })).toBeVisible({ timeout: syncMaxMs });
});

test('[SC12, SC9, KY4] two people share a tablet: ten wrong PINs lock one seat and not the other, and nothing in it is lost', async ({ town }) => {
  const boss = await town.supervisor();
  await office(boss);
  const tablet = await town.tablet();
  await join(boss, tablet, await invite(boss, '王芳', '网格员', ['竹苑网格']), '一号平板', '730264');
  await addVolunteerFrom(tablet, '张大爷');
  await expectConfirmed(tablet);
  await join(boss, tablet, await invite(boss, '李强', '网格员', ['竹苑网格']), '一号平板', '915027');
  await tablet.goto('/seat');
  expect(await faults(tablet)).toEqual([]);
  await tablet.getByRole('button', { name: /^王芳/ }).click();
  await expect(tablet.getByLabel('六位密码')).toBeVisible();
  expect(await faults(tablet)).toEqual([]);
  for (let left = 9; left >= 1; left -= 1) {
    await tablet.getByLabel('六位密码').fill('000001');
    await expect(tablet.getByText(`还能试 ${left} 次`)).toBeVisible();
  }
  await tablet.getByLabel('六位密码').fill('000001');
  await expect(tablet.getByText('密码连错十次，锁上了')).toBeVisible();
  // Not by the right one either, until a supervisor has allowed it.
  await tablet.getByRole('button', { name: '设新密码' }).click();
  await tablet.getByLabel('六位密码').fill('640182');
  await tablet.getByLabel('再输一遍').fill('640182');
  await tablet.getByRole('button', { name: '设新密码' }).click();
  await expect(tablet.getByText('服务器还没有同意设新密码', { exact: false })).toBeVisible();

  await tablet.getByRole('button', { name: '换一个人' }).click();
  await tablet.getByRole('button', { name: /^李强/ }).click();
  await unlock(tablet, '915027');
  await openPerson(boss, '王芳');
  await boss.getByRole('button', { name: '允许设新密码' }).click();
  await expect(boss.getByText('可以设新密码了', { exact: false })).toBeVisible();

  await tablet.goto('/seat');
  await tablet.getByRole('button', { name: /^王芳/ }).click();
  await tablet.getByRole('button', { name: '设新密码' }).click();
  await choosePin(tablet, '640182');
  await goTo(tablet, '志愿者');
  await expect(tablet.getByText('张大爷').first()).toBeVisible();
  // Without a network the new one opens it too.
  await town.stop();
  await tablet.goto('/volunteers');
  await unlock(tablet, '640182');
  await expect(tablet.getByText('张大爷').first()).toBeVisible();
});

test('[SC13, SC9, IR1] a stopped tablet hands over twenty facts it held; a supervisor takes and drops; nothing slips in', async ({ town }) => {
  const boss = await town.supervisor();
  await office(boss);
  const tablet = await town.tablet();
  await join(boss, tablet, await invite(boss, '王芳', '网格员', ['竹苑网格']), '一号平板', '730264');
  await filled(tablet);
  await goTo(tablet, '志愿者');
  await tablet.context().setOffline(true);
  for (let count = 1; count <= 20; count += 1) {
    await addVolunteer(tablet, `离线${count}号`);
    await goTo(tablet, '志愿者');
  }
  await openPerson(boss, '王芳');
  await act(boss, '停用这台', '换平板');
  await expect(boss.getByText('一号平板 · 已停用')).toBeVisible();
  await tablet.context().setOffline(false);
  await expect(tablet.getByText('20 条已交给社区工作人员审')).toBeVisible({ timeout: syncMaxMs });
  await expect(tablet.getByText('这台平板上的资料已清空。')).toBeVisible({ timeout: syncMaxMs });
  expect(await tablet.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name?.includes('-p-')))).toEqual([]);

  await boss.getByRole('link', { name: '返回' }).click();
  await boss.getByRole('link', { name: '待审' }).first().click();
  const waiting = boss.locator('[data-review]');
  await expect(waiting).toHaveCount(20);
  expect(await faults(boss)).toEqual([]);
  const first = waiting.filter({ hasText: '离线1号' });
  await first.getByRole('button', { name: '收下' }).click();
  await expect(waiting).toHaveCount(19);
  await waiting.filter({ hasText: '离线2号' }).getByRole('button', { name: '不收' }).click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByRole('button', { name: '不收' }).click();
  await expect(dialog.getByText('写一句为什么', { exact: false })).toBeVisible();
  await dialog.getByLabel('为什么').fill('重名');
  await dialog.getByRole('button', { name: '不收' }).click();
  await expect(waiting).toHaveCount(18);
  await goTo(boss, '积分');
  await expect(boss.getByText('离线1号').first()).toBeVisible({ timeout: syncMaxMs });
  await expect(boss.getByText('离线2号')).toHaveCount(0);
  await expect(boss.getByText('离线3号')).toHaveCount(0);
});

test('[SC14, SC9, IR2] a lost tablet says whose data it held and clears itself at its next contact; a substitute has a grid for a time', async ({ town }) => {
  const boss = await town.supervisor();
  await office(boss);
  await addGrid(boss, 'g02', '柏苑网格');
  const lost = await town.tablet();
  await join(boss, lost, await invite(boss, '王芳', '网格员', ['竹苑网格']), '一号平板', '730264');
  await addVolunteerFrom(lost, '张大爷');
  await expectConfirmed(lost);
  const other = await town.tablet();
  await join(boss, other, await invite(boss, '李强', '网格员', ['柏苑网格']), '二号平板', '915027');
  await goTo(other, '志愿者');
  await expect(other.getByText('张大爷')).toHaveCount(0);

  await openPerson(boss, '李强');
  await boss.getByRole('button', { name: '代班' }).click();
  await boss.getByRole('dialog').getByText('竹苑网格', { exact: true }).click();
  await boss.getByRole('button', { name: '安排代班' }).click();
  await expect(boss.getByRole('button', { name: '提前结束' })).toBeVisible();
  expect(await faults(boss)).toEqual([]);
  await other.getByRole('button', { name: '重新打开' }).click({ timeout: syncMaxMs });
  await unlock(other, '915027');
  await expect(other.getByText('张大爷').first()).toBeVisible({ timeout: syncMaxMs });
  await boss.getByRole('button', { name: '提前结束' }).click();
  await other.getByRole('button', { name: '重新打开' }).click({ timeout: syncMaxMs });
  await unlock(other, '915027');
  await expect(other.getByText('张大爷')).toHaveCount(0);

  // Left locked somewhere, without a network.
  await lost.goto('/seat');
  await lost.context().setOffline(true);
  await boss.getByRole('link', { name: '返回' }).click();
  await openPerson(boss, '王芳');
  await act(boss, '报失', '公交车上丢了');
  await boss.getByRole('link', { name: '它存着谁的资料' }).click();
  await expect(boss.getByText('志愿者和成员 1 人', { exact: false })).toBeVisible();
  await expect(boss.getByText('张大爷')).toBeVisible();
  expect(await faults(boss)).toEqual([]);
  await lost.getByRole('button', { name: /^王芳/ }).click();
  await expect(lost.getByLabel('六位密码')).toBeVisible();
  await lost.context().setOffline(false);
  await lost.reload();
  await expect(lost.getByText('这台平板还没有人加入')).toBeVisible({ timeout: syncMaxMs });
  expect(await lost.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name?.includes('-p-')))).toEqual([]);
  await goToUnlocked(boss, '/people/log', bossPin);
  // IE9: the log names a person, also the first of all.
  await expect(boss.getByRole('listitem').filter({ hasText: '报失平板' })).toContainText('王主任');
  expect(await faults(boss)).toEqual([]);
  await expect(badge(boss)).toBeVisible();
});
