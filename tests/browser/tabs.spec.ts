/** Many tabs of one browser, and clocks that are wrong. */
import type { Page } from '@playwright/test';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';
import { saveVisit, sitFilled, visitNotes } from './visits.ts';

const yearMs = 365 * 86_400_000;

test('[TB1, TB2, RP2] ten tabs save at once, each once; with the owner closed the others go on', async ({ stage }) => {
  test.setTimeout(120_000);
  const first = await stage.device();
  await sitFilled(first);
  const others: Page[] = [];
  for (let count = 1; count < 10; count += 1) {
    const page = await first.context().newPage();
    await openReplicaPage(page, stage.front);
    await sitFilled(page);
    others.push(page);
  }
  const pages = [first, ...others];
  const words = pages.map((_page, index) => `tab ${index}`);
  const facts = await Promise.all(pages.map((page, index) => saveVisit(page, words[index] as string, Date.now())));
  expect(new Set(facts).size).toBe(10);
  await first.close();
  const [next] = others as [Page];
  expect(await saveVisit(next, 'tab 9, with the owner gone', Date.now())).toContain('vis_');
  await next.evaluate(() => window.harness.confirmed('a'));
  for (const page of others) await expect.poll(() => visitNotes(page, 'tab'), { timeout: 30_000 }).toEqual([...words, 'tab 9, with the owner gone'].sort());
});

test('[ID1, AR1, CN1] a clock a year ahead, then set back in the middle of the work: ids stay unique, all arrives, and the tablet knows how far it is off', async ({ stage }) => {
  test.setTimeout(120_000);
  const page = await stage.device();
  await sitFilled(page);
  const shift = (ms: number) => page.evaluate((each) => window.harness.fault({ shift: each }), ms);
  await shift(yearMs);
  const ahead = await saveVisit(page, 'clock: a year ahead', Date.now() + yearMs);
  await shift(-yearMs);
  const behind = await saveVisit(page, 'clock: a year behind', Date.now() - yearMs);
  await shift(0);
  const right = await saveVisit(page, 'clock: right', Date.now());
  const ids = [ahead, behind, right].flatMap((each) => each.split(' '));
  expect(new Set(ids).size).toBe(6);
  await page.evaluate(() => window.harness.confirmed('a'));
  const all = ['clock: a year ahead', 'clock: a year behind', 'clock: right'];
  expect(await visitNotes(page, 'clock')).toEqual(all);
  const other = await stage.device();
  await sitFilled(other);
  await other.evaluate(() => window.harness.at('a').calls.fetchMonths('visits', '2020-01', '2100-01'));
  await expect.poll(() => visitNotes(other, 'clock'), { timeout: 30_000 }).toEqual(all);

  // The server tells how far off it is with every ticket.
  await shift(yearMs);
  await page.evaluate(() => window.harness.at('a').calls.syncNow());
  const told = await page.evaluate(() => window.harness.when(window.harness.at('a').status, ({ clockOffsetMs }) => Math.abs(clockOffsetMs) > 1_000_000_000));
  expect(Math.round(told.clockOffsetMs / yearMs)).toBe(-1);
});
