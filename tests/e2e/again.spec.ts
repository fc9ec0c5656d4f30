/** A server put back to a backup from before somebody joined: their tablet says so, and goes on with a new invitation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { authorityTag, retiredAuthorityTag } from '../../server/authority/actor.ts';
import { numbersKey } from '../../server/authority/numbers.ts';
import { backUp } from '../../server/storage/backup.ts';
import { restore } from '../../server/storage/restore.ts';
import { ask, bearer } from '../support/enrolled.ts';
import { foundCommunity } from '../support/realCommunity.ts';
import { startServer } from '../support/serverProcess.ts';
import { expect, joinHere, pin, unlockHere } from './enrolling.ts';
import { expectConfirmed } from './fixtures.ts';
import { addVolunteer, faults } from './realTown.ts';

test('[SC16, SC9, IE11] a restored server has forgotten a tablet: it says what happened, keeps all, and with a new code goes on; what its person had stated is for review', async ({ page }) => {
  test.setTimeout(150_000);
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-again-'));
  const [dataDir, backup] = [join(folder, 'data'), join(folder, 'backup.sqlite')];
  const { server: first, supervisor } = await foundCommunity({ dataDir });
  let server = first;
  try {
    await backUp(dataDir, backup);
    const tag = await joinHere(page, { server, supervisor }, '李工');
    await page.getByRole('link', { name: '志愿者' }).first().click();
    await addVolunteer(page, '张大爷');
    await expectConfirmed(page);
    await server.kill();
    await restore({ data: dataDir, backup, author: { tag: authorityTag, retiredTag: retiredAuthorityTag, numbersKey }, now: Date.now(), random: Math.random });
    server = await startServer({ demo: false, dataDir, port: first.port });

    await expect(page.getByRole('heading', { name: '服务器不认识这台平板了' })).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText('一条也没有清空', { exact: false })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    const { code = '' } = await supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
    // Scanned, the code would make another seat of it: the page says where it belongs.
    await page.goto(`${server.url}/join#${code}`);
    await expect(page.getByText('请先打开那个名字', { exact: false })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('link', { name: '去打开' }).click();
    await page.getByRole('button', { name: /^李工.*要重新加入/ }).click();
    await page.getByLabel('六位密码').fill(pin);
    await page.getByLabel('邀请码').fill(code);
    await page.getByLabel('六位密码').fill('314159');
    await page.getByRole('button', { name: '接着用' }).click();
    await expect(page.getByText('还能试 9 次', { exact: false })).toBeVisible();
    await page.getByLabel('六位密码').fill(pin);
    await page.getByRole('button', { name: '接着用' }).click();
    const digits = String(await page.locator('[data-digits]').textContent());
    expect((await supervisor.registry()).devices.find((device) => device.tag === tag)?.digits).toBe(digits.replace(' ', ''));

    // Locked meanwhile, it asks for no other code.
    await page.reload();
    await page.getByLabel('六位密码').fill(pin);
    await page.getByRole('button', { name: '接着用' }).waitFor();
    await expect(page.getByLabel('邀请码')).toHaveCount(0);
    await page.getByLabel('六位密码').fill(pin);
    await page.getByRole('button', { name: '接着用' }).click();
    await expect(page.locator('[data-digits]')).toHaveText(digits);
    await supervisor.done({ act: 'confirm', device: tag });
    await unlockHere(page, '李工');
    await expectConfirmed(page);
    const reviewed = async () => ((await ask(server, '/api/admin/review', undefined, bearer(await supervisor.ticket()))).body as { json: string }[]).map(({ json }) => json.includes('张大爷'));
    await expect.poll(reviewed, { timeout: 40_000 }).toEqual([true]);
    await expectConfirmed(page);
  } finally {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});
