/** A browser that clears what a tablet keeps, as it may when space is short or somebody presses the wrong button. */
import type { Page } from '@playwright/test';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';
import { saveVisit, sit, sitFilled, visitNotes } from './visits.ts';

const saved = (page: Page) => page.evaluate(() => window.harness.when(window.harness.at('a').status, () => true).then((status) => status.saved));

const tag = (page: Page) =>
  page.evaluate(() => window.harness.when(window.harness.at('a').status, ({ actor }) => actor !== undefined).then(({ actor }) => actor?.device));

test('[JN8, JN7, BF4] storage cleared under the open app is filled again: every save, and what came by file, is there after opening anew, and reaches the server once', async ({ stage }) => {
  test.setTimeout(120_000);
  const page = await stage.device();
  await sitFilled(page);
  const device = await tag(page);
  expect(await saveVisit(page, 'visit 1, confirmed')).toContain('vis_');
  await page.evaluate(() => window.harness.confirmed('a'));
  const author = await stage.device();
  await sitFilled(author);
  await stage.server.kill();
  expect(await saveVisit(author, 'visit 5, by file')).toContain('vis_');
  const file = await author.evaluate(() => window.harness.at('a').calls.makeBundle().then((made) => (made.ok ? made.value.text : made.error)));
  expect(await page.evaluate((content) => window.harness.at('a').calls.takeBundle(content).then(({ ok }) => ok), file)).toBe(true);
  expect(await saveVisit(page, 'visit 2, only here')).toContain('vis_');
  expect(await saveVisit(page, 'visit 3, only here')).toContain('vis_');

  const chromium = await page.context().newCDPSession(page);
  await chromium.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  // While the databases are closed a save is refused, and says so; then they are filled.
  await expect.poll(() => saveVisit(page, 'visit 4, afterwards'), { timeout: 30_000 }).toContain('vis_');
  const all = ['visit 1, confirmed', 'visit 2, only here', 'visit 3, only here', 'visit 4, afterwards', 'visit 5, by file'];
  await expect.poll(() => visitNotes(page, 'visit'), { timeout: 30_000 }).toEqual(all);

  await page.reload();
  await openReplicaPage(page, stage.front);
  await sit(page);
  await expect.poll(() => visitNotes(page, 'visit'), { timeout: 30_000 }).toEqual(all);
  expect(await saved(page)).toBe(3);
  expect(await page.evaluate(() => window.harness.at('a').calls.bundles().then((files) => files.map(({ state, facts }) => [state, facts])))).toEqual([['waiting', 1]]);
  // It has not forgotten either what its own files are signed with.
  expect(await page.evaluate(() => window.harness.at('a').calls.makeBundle().then((made) => made.ok && [made.value.facts, made.value.others]))).toEqual([4, 1]);
  await stage.restart();
  await page.evaluate(async () => {
    await window.harness.at('a').calls.syncNow();
    await window.harness.confirmed('a');
  });
  expect(await tag(page)).toBe(device);

  const other = await stage.device();
  await sitFilled(other);
  await expect.poll(() => visitNotes(other, 'visit'), { timeout: 30_000 }).toEqual(all);
});
