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

test('[TB4] what an owner wrote and told nobody of, because it died, stands in the lists of the tab that takes over', async ({ stage }) => {
  const first = await stage.device();
  const second = await first.context().newPage();
  await openReplicaPage(second, stage.front);
  await sitFilled(first);
  await sitFilled(second);
  await second.evaluate(() => {
    const { harness } = window;
    const { reader } = harness.at('a');
    const shown = { notes: [] as unknown[], byId: undefined as unknown, pending: -1 };
    Object.assign(window, { shown });
    reader.list('visits', { kind: 'visit', parent: harness.firstDoor.household }).subscribe((rows) => (shown.notes = rows.map(({ fields }) => fields['note'])));
    reader.pending().subscribe((rows) => (shown.pending = rows.length));
    reader.one('people', harness.firstDoor.household).subscribe((row) => (shown.byId = row?.fields['hint']));
  });
  const shown = () => second.evaluate(() => (window as unknown as { shown: { notes: string[]; byId?: string; pending: number } }).shown);
  await saveVisit(first, 'untold: heard of');
  await expect.poll(shown).toMatchObject({ notes: expect.arrayContaining(['untold: heard of']), pending: 0 });

  // From here on the word of a row is held back until long after its owner is gone.
  await first.evaluate(() => window.harness.fault({ late: 600_000 }));
  await saveVisit(first, 'untold: not heard of');
  await first.evaluate(async () => {
    const { harness } = window;
    const { household, grid } = harness.firstDoor;
    const ref = { room: { community: 'shuangbai', family: 'people', grid }, record: household };
    const saved = await harness.at('a').calls.run('hint', 'reviseHousehold', { ref, hint: 'ring twice' } as never);
    if (!saved.ok) throw new Error(saved.error.type);
    await harness.confirmed('a');
  });
  // It stands in the database: who begins to read now finds it.
  await expect.poll(() => visitNotes(first, 'untold: not')).toEqual(['untold: not heard of']);
  await second.evaluate(() => window.harness.fault({ late: 0 }));
  expect((await shown()).notes).not.toContain('untold: not heard of');

  await first.close();
  await expect.poll(shown, { timeout: 15_000 }).toMatchObject({ notes: expect.arrayContaining(['untold: heard of', 'untold: not heard of']), byId: 'ring twice', pending: 0 });
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
