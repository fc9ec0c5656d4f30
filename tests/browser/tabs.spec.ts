/** Many tabs of one browser, and clocks that are wrong. */
import type { Page } from '@playwright/test';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';

const yearMs = 365 * 86_400_000;

async function sit(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await window.harness.sit('a', 'sb-grid1');
    await window.harness.filled('a');
  });
}

const save = (page: Page, note: string, visitedAt: number) =>
  page.evaluate(
    async ([text, at]) => {
      const { harness } = window;
      const [door] = await harness.households('a');
      const grid = String(door?.room.split('/').at(-1));
      const saved = await harness.at('a').calls.run(text, 'recordVisit', { grid, household: door?.id, visitedAt: at, outcome: 'met', note: text });
      return saved.ok ? `${saved.value.facts[0]?.fact} ${saved.value.facts[0]?.ref.record}` : saved.error.type;
    },
    [note, visitedAt] as const,
  );

const notes = (page: Page, start: string) =>
  page.evaluate(async (each) => {
    const { harness } = window;
    const [door] = await harness.households('a');
    const rows = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: String(door?.id) }), () => true);
    return rows.map((row) => String(row.fields['note'] ?? '')).filter((note) => note.startsWith(each)).sort();
  }, start);

test('[TB1, TB2, RP2] ten tabs save at once, each once; with the owner closed the others go on', async ({ stage }) => {
  test.setTimeout(120_000);
  const first = await stage.device();
  await sit(first);
  const others: Page[] = [];
  for (let count = 1; count < 10; count += 1) {
    const page = await first.context().newPage();
    await openReplicaPage(page, stage.front);
    await sit(page);
    others.push(page);
  }
  const pages = [first, ...others];
  const words = pages.map((_page, index) => `tab ${index}`);
  const facts = await Promise.all(pages.map((page, index) => save(page, words[index] as string, Date.now())));
  expect(new Set(facts).size).toBe(10);
  await first.close();
  const [next] = others as [Page];
  expect(await save(next, 'tab 9, with the owner gone', Date.now())).toContain('vis_');
  await next.evaluate(() => window.harness.confirmed('a'));
  for (const page of others) await expect.poll(() => notes(page, 'tab'), { timeout: 30_000 }).toEqual([...words, 'tab 9, with the owner gone'].sort());
});

test('[ID1, AR1, CN1] a clock a year ahead, then set back in the middle of the work: ids stay unique, all arrives, and the tablet knows how far it is off', async ({ stage }) => {
  test.setTimeout(120_000);
  const page = await stage.device();
  await sit(page);
  const shift = (ms: number) => page.evaluate((each) => window.harness.fault({ shift: each }), ms);
  await shift(yearMs);
  const ahead = await save(page, 'clock: a year ahead', Date.now() + yearMs);
  await shift(-yearMs);
  const behind = await save(page, 'clock: a year behind', Date.now() - yearMs);
  await shift(0);
  const right = await save(page, 'clock: right', Date.now());
  const ids = [ahead, behind, right].flatMap((each) => each.split(' '));
  expect(new Set(ids).size).toBe(6);
  await page.evaluate(() => window.harness.confirmed('a'));
  const all = ['clock: a year ahead', 'clock: a year behind', 'clock: right'];
  expect(await notes(page, 'clock')).toEqual(all);
  const other = await stage.device();
  await sit(other);
  await other.evaluate(() => window.harness.at('a').calls.fetchMonths('visits', '2020-01', '2100-01'));
  await expect.poll(() => notes(other, 'clock'), { timeout: 30_000 }).toEqual(all);

  // The server tells how far off it is with every ticket.
  await shift(yearMs);
  await page.evaluate(() => window.harness.at('a').calls.syncNow());
  const told = await page.evaluate(() => window.harness.when(window.harness.at('a').status, ({ clockOffsetMs }) => Math.abs(clockOffsetMs) > 1_000_000_000));
  expect(Math.round(told.clockOffsetMs / yearMs)).toBe(-1);
});
