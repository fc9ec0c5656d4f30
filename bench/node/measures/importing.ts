/** 11 · An xlsx of 10,000 doors: read, looked at, durable; and the longest time the page does not get its turn meanwhile. */
import type { ImportTimes } from '../../calls.ts';
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { startOurs } from '../servers.ts';

interface Imported extends ImportTimes {
  readonly stall: number;
  /** In a second before, in which nothing happens. */
  readonly quiet: number;
}

async function once({ app }: World, rows: number): Promise<Imported> {
  const server = await startOurs({ app, doors: 500 }, 'doors-super');
  const browser = await launch();
  try {
    const { page, calls } = await newDevice(browser, server.origin);
    await calls.oursJoin({ replica: 'office', seat: 'doors-super', url: '' }, 500);
    await calls.watch('ours');
    await calls.track('ours');
    await calls.startGaps();
    await page.waitForTimeout(1_000);
    const quiet = await calls.stopGaps();
    const times = await calls.oursImport(rows);
    await calls.settle('ours');
    return { ...times, quiet, stall: await calls.stopGaps() };
  } finally {
    await browser.close();
    await server.close();
  }
}

export const importing: Measure = {
  id: '11',
  title: 'import of 10,000 rows',
  async run(world): Promise<Row[]> {
    const rows = world.quick ? 1_000 : 10_000;
    const runs: Imported[] = [];
    for (let time = 0; time < (world.quick ? 1 : 5); time += 1) runs.push(await once(world, rows));
    const row = (what: string, of: (each: Imported) => number, target?: number): Row => ({
      id: '11', what, unit: 'ms', ...(target === undefined ? {} : { target }), figures: { ours: runs.map(of) },
    });
    const many = rows.toLocaleString('en');
    return [
      row(`read an xlsx of ${many} doors`, ({ read }) => read),
      row('look at what it would do', ({ looked }) => looked),
      row('take it: durable', ({ durable }) => durable),
      row('look at the same file again', ({ again }) => again),
      row('longest screen stall until it is shown', ({ stall }) => stall, 50),
      row('the same in a quiet second before', ({ quiet }) => quiet),
    ];
  },
};
