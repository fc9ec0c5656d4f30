/** A browser that clears what a tablet keeps, as it may when space is short or somebody presses the wrong button. */
import type { Page } from '@playwright/test';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';

const save = (page: Page, note: string) =>
  page.evaluate(async (text) => {
    const { harness } = window;
    const [door] = await harness.households('a');
    const grid = String(door?.room.split('/').at(-1));
    const saved = await harness.at('a').calls.run(text, 'recordVisit', { grid, household: door?.id, visitedAt: Date.now(), outcome: 'met', note: text });
    return saved.ok ? 'saved' : saved.error.type;
  }, note);

const notes = (page: Page) =>
  page.evaluate(async () => {
    const { harness } = window;
    const [door] = await harness.households('a');
    const rows = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: String(door?.id) }), () => true);
    return rows.map((row) => String(row.fields['note'] ?? '')).filter((note) => note.startsWith('visit')).sort();
  });

const saved = (page: Page) => page.evaluate(() => window.harness.when(window.harness.at('a').status, () => true).then((status) => status.saved));

const tag = (page: Page) =>
  page.evaluate(() => window.harness.when(window.harness.at('a').status, ({ actor }) => actor !== undefined).then(({ actor }) => actor?.device));

async function sit(page: Page): Promise<void> {
  await page.evaluate(async () => window.harness.sit('a', 'sb-grid1'));
}

test('[JN8, JN7] storage cleared under the open app is filled again: every save is there after opening anew, and reaches the server once', async ({ stage }) => {
  test.setTimeout(120_000);
  const page = await stage.device();
  await sit(page);
  await page.evaluate(() => window.harness.filled('a'));
  const device = await tag(page);
  expect(await save(page, 'visit 1, confirmed')).toBe('saved');
  await page.evaluate(() => window.harness.confirmed('a'));
  await stage.server.kill();
  expect([await save(page, 'visit 2, only here'), await save(page, 'visit 3, only here')]).toEqual(['saved', 'saved']);

  const chromium = await page.context().newCDPSession(page);
  await chromium.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  // While the databases are closed a save is refused, and says so; then they are filled.
  await expect.poll(() => save(page, 'visit 4, afterwards'), { timeout: 30_000 }).toBe('saved');
  const all = ['visit 1, confirmed', 'visit 2, only here', 'visit 3, only here', 'visit 4, afterwards'];
  await expect.poll(() => notes(page), { timeout: 30_000 }).toEqual(all);

  await page.reload();
  await openReplicaPage(page, stage.front);
  await sit(page);
  await expect.poll(() => notes(page), { timeout: 30_000 }).toEqual(all);
  expect(await saved(page)).toBe(3);
  await stage.restart();
  await page.evaluate(async () => {
    await window.harness.at('a').calls.syncNow();
    await window.harness.confirmed('a');
  });
  expect(await tag(page)).toBe(device);

  const other = await stage.device();
  await sit(other);
  await other.evaluate(() => window.harness.filled('a'));
  await expect.poll(() => notes(other), { timeout: 30_000 }).toEqual(all);
});
