/**
 * 5 · The first list after a cold start when ten years are on the tablet. The records of a year are fewer here than in the
 * row before: what could grow with the years is the number of rooms, some 130 a year.
 */
import { launchWith, newProfile, openPage } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs } from '../servers.ts';

const place = { replica: 'years', seat: 'bench-super', url: '' };

export const tenYears: Measure = {
  id: '5',
  title: 'reopening ten years',
  async run({ app, quick }): Promise<Row[]> {
    const years = quick ? 2 : 10;
    const records = quick ? 500 : 5_000;
    const profile = newProfile();
    const server = await startOurs({ app, records, years }, 'bench-super');
    const reader: number[] = [];
    const whole: number[] = [];
    let held = 0;
    try {
      const context = await launchWith(profile);
      const { calls } = await openPage(context, server.origin);
      await calls.oursJoin(place, records);
      held = await calls.oursFetchYears(years);
      await context.close();
      for (let time = 0; time < (quick ? 2 : 5); time += 1)
        for (const [samples, beside] of [[reader, false], [whole, true]] as const) {
          const fresh = await launchWith(profile);
          const opened = await openPage(fresh, server.origin);
          samples.push(await opened.calls.oursColdOpen(place, beside));
          await fresh.close();
        }
    } finally {
      await server.close();
    }
    return [
      { id: '5', what: `cold open to first list, ${years} years of data`, unit: 'ms', target: 120, figures: { ours: reader }, note: `${held.toLocaleString('en')} records` },
      { id: '5', what: 'the same with the worker opening beside it', unit: 'ms', figures: { ours: whole } },
    ];
  },
};
