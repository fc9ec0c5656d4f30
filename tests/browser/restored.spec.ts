/** The server was put back to a backup: what a tablet had stated since comes back from the tablet, also in months that are not live. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';

const dayMs = 86_400_000;

/** Plans an activity so many days from now: its day says in which month's room it stands. */
const plan = (page: Page, title: string, days: number) =>
  page.evaluate(
    async ([text, ms]) => {
      const startsAt = Math.floor((Date.now() + ms) / 3_600_000) * 3_600_000;
      const input = { organiser: 'par_shuangxiaobai', title: text, activityKind: 'cleanup', startsAt, endsAt: startsAt + 3_600_000, feeClass: 'free', serviceClass: 'general' };
      return (await window.harness.at('a').calls.run(text, 'planActivity', input)).ok;
    },
    [title, days * dayMs] as const,
  );

const titles = (page: Page) =>
  page.evaluate(async () => {
    const { harness } = window;
    await harness.at('a').calls.fetchMonths('log', '2020-01', '2100-01');
    const rows = await harness.when(harness.at('a').reader.list('log', { kind: 'activity' }), () => true);
    return rows.map((row) => String(row.fields['title'])).filter((title) => title.startsWith('restored')).sort();
  });

async function sit(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await window.harness.sit('a', 'sb-grid1');
    await window.harness.filled('a');
  });
}

function operator(command: 'backup' | 'restore', file: string, data: string): void {
  const { status, stderr } = spawnSync(process.execPath, [`server/${command}.ts`, file], { env: { ...process.env, LINHUO_DATA: data }, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

test('[RP8, SR53] a tablet opened anew brings back to a restored server what it stated, in this month and in one that is not live', async ({ stage }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-backup-'));
  const page = await stage.device();
  await sit(page);
  const { dataDir } = stage.server;
  operator('backup', join(folder, 'early.sqlite'), dataDir);
  expect([await plan(page, 'restored: this month', 0), await plan(page, 'restored: far away', 100)]).toEqual([true, true]);
  await page.evaluate(() => window.harness.confirmed('a'));
  await page.evaluate(() => window.harness.at('a').calls.leave());
  await stage.server.kill();
  operator('restore', join(folder, 'early.sqlite'), dataDir);
  await stage.restart();

  const other = await stage.device();
  await sit(other);
  expect(await titles(other)).toEqual([]);
  await page.reload();
  await openReplicaPage(page, stage.front);
  await sit(page);
  const all = ['restored: far away', 'restored: this month'];
  await expect.poll(() => titles(other), { timeout: 30_000 }).toEqual(all);
  expect(await titles(page)).toEqual(all);
  rmSync(folder, { recursive: true });
});
