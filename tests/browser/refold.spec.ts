/**
 * The view is derived: a version that changes its shape throws it away and folds it anew from the journal, as it is done
 * here, and the tablet may die at any step of that.
 */
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';
import { sit, sitFilled } from './visits.ts';

const rounds = 5;

test('[PJ2, PJ3, RP3] a view thrown away and folded anew, killed at any step, ends up equal to what it was', async ({ stage }) => {
  test.setTimeout(180_000);
  const profile = makeProfile();
  const random = ((state) => () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)(20_261_124);
  const fresh = async () => {
    const browser = await startBrowser(profile);
    const page = await browser.context.newPage();
    await openReplicaPage(page, stage.front);
    return { browser, page };
  };
  let { browser, page } = await fresh();
  await sitFilled(page);
  await stage.server.kill();
  // Opened once more without a server: months whose fetch was cut short are then folded from what came, as they will be below.
  await page.reload();
  await openReplicaPage(page, stage.front);
  await sit(page);
  let before = '';
  let still = 0;
  const look = async (): Promise<number> => {
    const dump = await page.evaluate(async () => JSON.stringify(await window.harness.dump('a')));
    still = dump === before ? still + 1 : 0;
    before = dump;
    return still;
  };
  await expect.poll(look, { timeout: 30_000, intervals: [300] }).toBeGreaterThan(5);
  expect(before.length).toBeGreaterThan(100_000);
  let killed = 0;
  for (let round = 0; round < rounds; round += 1) {
    await page.evaluate(async () => {
      if (window.harness.opened.has('a')) await window.harness.at('a').close();
      await window.harness.dropView('a');
    });
    const folding = page.evaluate(() => window.harness.sit('a', 'sb-grid1').then(() => 'open')).catch((error: Error) => error.message);
    await Promise.race([folding, new Promise((resolve) => setTimeout(resolve, 50 + random() * 900))]);
    await browser.kill();
    killed += 1;
    ({ browser, page } = await fresh());
  }
  expect(killed).toBe(rounds);
  await sit(page);
  await expect.poll(() => page.evaluate(async () => JSON.stringify(await window.harness.dump('a'))), { timeout: 60_000 }).toBe(before);
  await browser.kill();
  dropProfile(profile);
});

test('[RP3, PJ2] a month that was worked on and rests since is in the new view too, without a server', async ({ stage }) => {
  const page = await stage.device();
  await sitFilled(page);
  const titles = () =>
    page.evaluate(async () => {
      const rows = await window.harness.when(window.harness.at('a').reader.list('log', { kind: 'activity' }), () => true);
      return rows.map((row) => String(row.fields['title'])).filter((title) => title.startsWith('far'));
    });
  await page.evaluate(async () => {
    const startsAt = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 100 * 86_400_000;
    const input = { organiser: 'par_shuangxiaobai', title: 'far away', activityKind: 'cleanup', startsAt, endsAt: startsAt + 3_600_000, feeClass: 'free', serviceClass: 'general' };
    await window.harness.at('a').calls.run('far away', 'planActivity', input);
    await window.harness.confirmed('a');
  });
  await expect.poll(titles).toEqual(['far away']);
  await stage.server.kill();
  await page.evaluate(async () => {
    await window.harness.at('a').close();
    await window.harness.dropView('a');
  });
  await page.reload();
  await openReplicaPage(page, stage.front);
  await sit(page);
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['far away']);
});
