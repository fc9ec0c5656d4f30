/** 15 · What every volunteer has, of a year's ledger of 50,000 lines on a tablet: from the totals kept of each month, and from every line. */
import { launchWith, newProfile, openPage } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs } from '../servers.ts';

const place = { replica: 'balances', seat: 'ledger-super', url: '' };

export const balances: Measure = {
  id: '15',
  title: 'balances',
  async run({ app, quick }): Promise<Row[]> {
    const lines = quick ? 5_000 : 50_000;
    const server = await startOurs({ app, lines }, place.seat);
    const rollups: number[] = [];
    const scratch: number[] = [];
    const fold: number[] = [];
    try {
      const context = await launchWith(newProfile());
      const first = await openPage(context, server.origin);
      await first.calls.oursJoin(place, lines);
      await first.page.close();
      for (let time = 0; time < (quick ? 2 : 8); time += 1) {
        const { page, calls } = await openPage(context, server.origin);
        const times = await calls.oursBalances(place);
        if (times.lines !== lines) throw new Error(`${times.lines} lines of the ledger are on the tablet, and ${lines} on the server`);
        rollups.push(times.rollups);
        scratch.push(times.scratch);
        fold.push(times.fold);
        await page.close();
      }
      await context.close();
    } finally {
      await server.close();
    }
    const size = lines.toLocaleString('en');
    return [
      { id: '15', what: `balances over ${size} lines of the ledger, from the months' totals`, unit: 'ms', figures: { ours: rollups } },
      { id: '15', what: 'from scratch, every line read and folded', unit: 'ms', figures: { ours: scratch } },
      { id: '15', what: 'of it the fold alone', unit: 'ms', figures: { ours: fold } },
    ];
  },
};
