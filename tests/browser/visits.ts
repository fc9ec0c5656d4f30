/** What a grid worker does in most of these tests: visits at one door, told apart by their notes. */
import type { Page } from '@playwright/test';

export async function sit(page: Page): Promise<void> {
  await page.evaluate(() => window.harness.sit('a', 'sb-grid1').then(() => undefined));
}

/** Sits down and waits for everything there is. */
export async function sitFilled(page: Page): Promise<void> {
  await sit(page);
  await page.evaluate(() => window.harness.filled('a').then(() => undefined));
}

/** The note names the request too. @returns the ids of fact and record, or the error's type */
export const saveVisit = (page: Page, note: string, visitedAt?: number): Promise<string> =>
  page.evaluate(
    async ([text, at]) => {
      const { harness } = window;
      const { grid, household } = harness.firstDoor;
      const saved = await harness.at('a').calls.run(text, 'recordVisit', { grid, household, visitedAt: at ?? Date.now(), outcome: 'met', note: text });
      return saved.ok ? `${saved.value.facts[0]?.fact} ${saved.value.facts[0]?.ref.record}` : saved.error.type;
    },
    [note, visitedAt] as const,
  );

/** The notes on screen that start so, sorted. */
export const visitNotes = (page: Page, start: string): Promise<string[]> =>
  page.evaluate(async (each) => {
    const { harness } = window;
    const rows = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: harness.firstDoor.household }), () => true);
    return rows.map((row) => String(row.fields['note'] ?? '')).filter((note) => note.startsWith(each)).sort();
  }, start);
