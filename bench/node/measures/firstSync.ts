/**
 * 6 · A tablet with nothing on it joins: until daily work can start, and until all 10,000 records are in its lists.
 * Ours reads live rooms over sockets and closed months over HTTP. Yardstick: 3.1 s for PouchDB.
 */
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs, startStock } from '../servers.ts';
import type { FirstSync } from '../../calls.ts';

export const firstSync: Measure = {
  id: '6',
  title: 'first sync',
  async run({ app, pageOrigin, quick, now }): Promise<Row[]> {
    const records = quick ? 1_000 : 10_000;
    const times = quick ? 1 : 5;
    const ours: FirstSync[] = [];
    const stock: FirstSync[] = [];
    const pouch: number[] = [];

    const server = await startOurs({ app, records }, 'bench-super');
    const stockServer = await startStock();
    const browser = await launch();
    const url = stockServer.origin.replace('http', 'ws');
    try {
      const source = await newDevice(browser, pageOrigin);
      await source.calls.stockJoin({ replica: 'source', seat: '', url });
      await source.calls.stockFillRecords(records, now);
      await source.calls.content('stock');
      for (let time = 0; time < times; time += 1) {
        const tablet = await newDevice(browser, server.origin);
        ours.push(await tablet.calls.oursJoin({ replica: 'empty', seat: 'bench-super', url: '' }, records));
        await tablet.close();
        const other = await newDevice(browser, pageOrigin);
        stock.push(await other.calls.stockJoin({ replica: 'empty', seat: '', url }));
        await other.close();
      }
      await source.close();
      for (let time = 0; time < (quick ? 1 : 2); time += 1) {
        const tablet = await newDevice(browser, pageOrigin);
        pouch.push(await tablet.calls.pouchFirstSync(records, now));
        await tablet.close();
      }
    } finally {
      await browser.close();
      await stockServer.close();
      await server.close();
    }
    const size = records.toLocaleString('en');
    return [
      { id: '6', what: `first sync of ${size} into an empty tablet`, unit: 'ms', target: 1_200, figures: { ours: ours.map(({ complete }) => complete), pouch, stock: stock.map(({ complete }) => complete) }, note: `ours ${ours[0]?.records ?? 0} records, rows and totals written; stock: in memory and stored, no lists; PouchDB from a store in the same page, no index` },
      { id: '6', what: 'daily work can start after', unit: 'ms', target: 500, figures: { ours: ours.map(({ usable }) => usable) } },
      { id: '6', what: 'first list after', unit: 'ms', figures: { ours: ours.map(({ firstList }) => firstList) } },
    ];
  },
};
