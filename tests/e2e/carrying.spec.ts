/** Two tablets that are never on the network together, and a file on a stick between them. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { badge, expect, expectConfirmed, expectOffline, filled, goTo, syncMaxMs } from './fixtures.ts';
import { addGrid, addVolunteer, faults, goToUnlocked, invite, join, test } from './realTown.ts';

const pin = '730264';
const openSync = async (page: Page): Promise<void> => {
  await badge(page).click();
  await expect(page.getByRole('heading', { name: '没有网：用文件捎带' })).toBeVisible();
};

async function madeFile(page: Page): Promise<string> {
  await openSync(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '做捎带文件' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^邻伙-捎带-王芳-\d{4}-\d{2}-\d{2}\.linhuo$/);
  return readFileSync(String(await download.path()), 'utf8');
}

const takeFile = (page: Page, content: string): Promise<void> =>
  page.getByLabel('收下捎带文件').first().setInputFiles({ name: '邻伙-捎带-王芳.linhuo', mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

test('[BF1, BF2, BF4, BF6, BF10, SC9] without any network a file shows a colleague what was written, their tablet brings it to the server, and the author finds it confirmed, once', async ({ town }) => {
  test.setTimeout(240_000);
  const boss = await town.supervisor();
  await goToUnlocked(boss, '/people');
  await addGrid(boss, 'zy', '竹苑网格');
  const [author, colleague] = [await town.tablet(), await town.tablet()];
  await join(boss, author, await invite(boss, '王芳', '网格员', ['竹苑网格']), '一号平板', pin);
  await filled(author);
  await author.context().setOffline(true);
  await join(boss, colleague, await invite(boss, '李强', '网格员', ['竹苑网格']), '二号平板', pin);
  await filled(colleague);
  await colleague.context().setOffline(true);

  await goTo(author, '志愿者');
  await addVolunteer(author, '捎来的张大爷');
  await goTo(author, '志愿者');
  await addVolunteer(author, '捎来的王大妈');
  const content = await madeFile(author);
  await expect(author.getByText('做好了：2 条。')).toBeVisible();
  expect(content).not.toContain('张大爷');

  // Changed on its way, cut off, or something else altogether: nothing of it is taken, and why is said.
  await openSync(colleague);
  const at = content.indexOf('sealed') + 60;
  await takeFile(colleague, `${content.slice(0, at)}${content[at] === 'A' ? 'B' : 'A'}${content.slice(at + 1)}`);
  await expect(colleague.getByText('没有收下：内容和签名对不上，文件在路上被改过。')).toBeVisible();
  await takeFile(colleague, content.slice(0, content.length / 2));
  await expect(colleague.getByText('没有收下：文件不完整或坏了。')).toBeVisible();
  await takeFile(colleague, '姓名,门牌\n张三,101');
  await expect(colleague.getByText('没有收下：这不是邻伙的捎带文件。')).toBeVisible();
  expect(await faults(colleague)).toEqual([]);

  await takeFile(colleague, content);
  await expect(colleague.getByText('收下了王芳的 2 条，都已存在这台平板上。')).toBeVisible();
  await expect(colleague.getByText('王芳的 2 条 · 文件带来，服务器还没有确认')).toBeVisible();
  await expect(colleague.getByText('替别人带着 1 份捎带文件，服务器还没有收到。')).toBeVisible();
  await expect(badge(colleague)).toContainText('替人带着 1 份');
  await takeFile(colleague, content);
  await expect(colleague.getByText('这个文件以前收过，没有新的内容。')).toBeVisible();
  expect(await faults(colleague)).toEqual([]);
  await goTo(colleague, '志愿者');
  const brought = colleague.getByRole('listitem').filter({ hasText: '捎来的张大爷' });
  await expect(brought).toHaveCount(1);
  await expect(brought).toContainText('文件带来');

  // Opened anew without a network, with the PIN: all of it lies on the disk.
  await goToUnlocked(colleague, '/volunteers', pin);
  await expectOffline(colleague);
  await expect(colleague.getByRole('listitem').filter({ hasText: '捎来的王大妈' })).toContainText('文件带来');

  // The colleague finds a network; the author's tablet stays away.
  await colleague.context().setOffline(false);
  await openSync(colleague);
  await colleague.getByRole('button', { name: '现在就同步' }).click();
  await expect(colleague.getByText('王芳的 2 条 · 已送到服务器')).toBeVisible({ timeout: syncMaxMs });
  await expect(colleague.getByText('替别人带着')).toHaveCount(0);
  await expect(badge(colleague)).not.toContainText('替人带着');
  await goTo(colleague, '志愿者');
  await expect(brought).not.toContainText('文件带来', { timeout: syncMaxMs });
  await expectConfirmed(colleague);
  await goToUnlocked(boss, '/volunteers');
  await expect(boss.getByText('捎来的张大爷').first()).toBeVisible({ timeout: syncMaxMs });
  await expect(boss.getByText('捎来的王大妈').first()).toBeVisible();

  // And comes back after all: confirmed, nothing sent back, nobody twice.
  await author.context().setOffline(false);
  await openSync(author);
  await author.getByRole('button', { name: '现在就同步' }).click();
  await expectConfirmed(author);
  await author.getByRole('button', { name: '做捎带文件' }).click();
  await expect(author.getByText('没有可捎带的：写下的服务器都已存好。')).toBeVisible();
  for (const page of [author, colleague, boss]) {
    await goTo(page, page === boss ? '积分' : '志愿者');
    await expect(page.getByText('捎来的张大爷')).toHaveCount(1);
  }
});
