/** A tablet that was away for so long that what it has to send fits into no message. */
import { messageMaxBytes } from '../../src/protocol/messages.ts';
import { expect, test } from './fixtures.ts';
import { sitFilled } from './visits.ts';

test('[RO4, CN1] more than a message holds, saved without a network, is confirmed in parts', async ({ stage }) => {
  test.setTimeout(120_000);
  const page = await stage.device();
  await sitFilled(page);
  await stage.server.kill();
  const note = '走访所见，'.repeat(190);
  const count = Math.ceil((1.2 * messageMaxBytes) / new TextEncoder().encode(note).length);
  const saved = await page.evaluate(
    async ([text, times]) => {
      const { harness } = window;
      const { calls } = harness.at('a');
      const [door] = await harness.households('a');
      const grid = String(door?.room.split('/').at(-1));
      const answers = [];
      for (let each = 0; each < times; each += 1)
        answers.push(calls.run(`long-${each}`, 'recordVisit', { grid, household: door?.id, visitedAt: Date.now(), outcome: 'met', note: `${each} ${text}` }));
      return (await Promise.all(answers)).filter(({ ok }) => ok).length;
    },
    [note, count] as const,
  );
  expect(saved).toBe(count);
  await stage.restart();
  const before = stage.front.bytes.up;
  await page.evaluate(async () => {
    await window.harness.at('a').calls.syncNow();
    await window.harness.confirmed('a');
  });
  expect(stage.front.bytes.up - before).toBeGreaterThan(messageMaxBytes);
  expect(await page.evaluate(() => window.harness.at('a').calls.tray())).toEqual([]);

  const other = await stage.device();
  await sitFilled(other);
  const found = () =>
    other.evaluate(async () => {
      const { harness } = window;
      const [door] = await harness.households('a');
      const rows = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: String(door?.id) }), () => true);
      return rows.filter((row) => String(row.fields['note'] ?? '').includes('走访所见')).length;
    });
  await expect.poll(found, { timeout: 30_000 }).toBe(count);
});
