/**
 * The view is derived: a version that changes its shape throws it away and folds it anew from the journal, as it is done
 * here, and the tablet may die at any step of that.
 */
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';

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
  await page.evaluate(async () => {
    await window.harness.sit('a', 'sb-grid1');
    await window.harness.filled('a');
  });
  await stage.server.kill();
  // Opened once more without a server: months whose fetch was cut short are then folded from what came, as they will be below.
  await page.reload();
  await openReplicaPage(page, stage.front);
  await page.evaluate(() => window.harness.sit('a', 'sb-grid1'));
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
      const names = (await indexedDB.databases()).map(({ name }) => String(name)).filter((name) => name.includes('linhuo-a-view'));
      await Promise.all(names.map((name) => new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
      })));
    });
    const folding = page.evaluate(() => window.harness.sit('a', 'sb-grid1').then(() => 'open')).catch((error: Error) => error.message);
    await Promise.race([folding, new Promise((resolve) => setTimeout(resolve, 50 + random() * 900))]);
    await browser.kill();
    killed += 1;
    ({ browser, page } = await fresh());
  }
  expect(killed).toBe(rounds);
  await page.evaluate(() => window.harness.sit('a', 'sb-grid1'));
  await expect.poll(() => page.evaluate(async () => JSON.stringify(await window.harness.dump('a'))), { timeout: 60_000 }).toBe(before);
  await browser.kill();
  dropProfile(profile);
});
