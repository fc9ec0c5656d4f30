/**
 * 8 · Finding people by name, pinyin and initials. Through the worker on a tablet with the usual records (a few hundred to
 * some thousand named people), and the index alone over 50,000 names. The first search makes the index.
 */
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startOurs } from '../servers.ts';

export const search: Measure = {
  id: '8',
  title: 'Chinese search',
  async run({ app, quick }): Promise<Row[]> {
    const records = quick ? 1_000 : 10_000;
    const names = quick ? 5_000 : 50_000;
    const server = await startOurs({ app, records }, 'bench-super');
    const browser = await launch();
    try {
      const { calls } = await newDevice(browser, server.origin);
      await calls.oursJoin({ replica: 'search', seat: 'bench-super', url: '' }, records);
      const tablet = await calls.oursSearch();
      const alone = await calls.searchAlone(names);
      const size = names.toLocaleString('en');
      return [
        { id: '8', what: `search over ${size} names, by name`, unit: 'ms', target: 30, figures: { ours: alone.name } },
        { id: '8', what: 'by pinyin', unit: 'ms', target: 30, figures: { ours: alone.pinyin } },
        { id: '8', what: 'by initials', unit: 'ms', target: 30, figures: { ours: alone.initials } },
        { id: '8', what: 'the first one, which makes the index', unit: 'ms', target: 30, figures: { ours: [alone.first] } },
        { id: '8', what: `through the worker, ${tablet.entries} people`, unit: 'ms', target: 30, figures: { ours: [...tablet.name, ...tablet.pinyin, ...tablet.initials] } },
        { id: '8', what: 'the first one through the worker', unit: 'ms', target: 30, figures: { ours: [tablet.first] } },
      ];
    } finally {
      await browser.close();
      await server.close();
    }
  },
};
