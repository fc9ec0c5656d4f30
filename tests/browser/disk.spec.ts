/**
 * A disk that is really full. Chromium then closes the databases themselves, and opens none until there is room; the test
 * page's own pretended refusals (replica.spec.ts) never show that.
 */
import type { Page } from '@playwright/test';
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { openReplicaPage } from '../support/replicaPage.ts';
import { smallDisk } from '../support/smallDisk.ts';
import { expect, test } from './fixtures.ts';
import { saveVisit, sit, sitFilled, visitNotes } from './visits.ts';

/** Enough for the profile and the demo's community, little enough to fill in no time. */
const diskMegabytes = 96;

const storage = (page: Page) => page.evaluate(() => window.harness.when(window.harness.at('a').status, () => true).then((status) => status.storage));

test('[JN3, JN7, RP4] on a disk that is really full a save is refused whole, and with room again saving and lists go on without opening anew', async ({ stage }) => {
  test.setTimeout(150_000);
  const profile = makeProfile();
  const disk = smallDisk(profile, diskMegabytes);
  console.log(disk ? `a disk of ${diskMegabytes} MB, filled` : 'no disk of its own may be mounted here: only what replica.spec.ts pretends is shown');
  const browser = await startBrowser(profile, disk?.wrap);
  const page = await browser.context.newPage();
  await openReplicaPage(page, stage.front);
  await sitFilled(page);
  await stage.server.kill();
  const pretend = (full: string) => page.evaluate((what) => window.harness.fault({ full: what }), full);
  const saved: string[] = [];
  let refused = 0;
  let count = 0;
  const attempt = async (): Promise<void> => {
    const answer = await saveVisit(page, `visit-${(count += 1)}`);
    if (answer.includes('vis_')) saved.push(`visit-${count}`);
    else refused += 1;
  };

  await attempt();
  expect(saved).toHaveLength(1);
  // What the browser gives back while it tidies up is taken at once.
  for (let round = 0; round < 60 && refused < 5; round += 1) {
    if (disk) disk.fill(browser.pid);
    else await pretend('journal');
    await attempt();
  }
  expect(refused).toBe(5);
  expect(['full', 'blocked']).toContain(await storage(page));

  if (disk) disk.free(browser.pid);
  else await pretend('');
  const before = saved.length;
  await expect.poll(async () => attempt().then(() => saved.length), { timeout: 30_000 }).toBeGreaterThan(before);
  await expect.poll(() => storage(page), { timeout: 30_000 }).toBe('ok');
  await expect.poll(() => visitNotes(page, 'visit-'), { timeout: 30_000 }).toEqual([...saved].sort());

  await page.reload();
  await page.waitForFunction(() => window.harness !== undefined);
  await sit(page);
  await expect.poll(() => visitNotes(page, 'visit-'), { timeout: 30_000 }).toEqual([...saved].sort());
  await browser.kill();
  dropProfile(profile);
});
