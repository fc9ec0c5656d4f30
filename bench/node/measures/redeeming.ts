/**
 * 13 · A redemption becomes durable: the command `redeemPoints` from the page to the worker's journal and back, at a counter
 * of a community with 50,000 records, of which it keeps the log and the ledger of a year. What is held for the tablet comes
 * from service that the authority has posted before.
 */
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs } from '../servers.ts';
import { quantile } from '../stats.ts';

export const redeeming: Measure = {
  id: '13',
  title: 'redemption → durable',
  async run({ app, quick }): Promise<Row[]> {
    const records = quick ? 2_000 : 50_000;
    const rounds = quick ? 30 : 200;
    const server = await startOurs({ app, records }, 'bench-counter');
    const browser = await launch();
    try {
      const { calls } = await newDevice(browser, server.origin);
      const held = await calls.oursJoin({ replica: 'counter', seat: 'bench-counter', url: '' }, Math.floor(records / 2));
      await calls.oursRedeem(quick ? 5 : 20);
      await calls.oursConfirmed();
      await calls.cut('ours', true);
      const offline = await calls.oursRedeem(rounds);
      await calls.cut('ours', false);
      await calls.oursConfirmed();
      const online = await calls.oursRedeem(rounds);
      const here = `${held.records.toLocaleString('en')} records on the tablet`;
      return [
        { id: '13', what: `redemption → durable, at a counter of ${records.toLocaleString('en')} records`, unit: 'ms', figures: { ours: offline }, note: here },
        { id: '13', what: 'the same, p95', unit: 'ms', figures: { ours: [quantile(offline, 0.95)] } },
        { id: '13', what: 'the same while online', unit: 'ms', figures: { ours: online } },
        { id: '13', what: 'the same while online, p95', unit: 'ms', figures: { ours: [quantile(online, 0.95)] } },
      ];
    } finally {
      await browser.close();
      await server.close();
    }
  },
};
