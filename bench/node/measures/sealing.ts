/** 10 · What sealing costs: one tablet with a data key beside one without, turn by turn in the same page. */
import { launch, newDevice } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { median } from '../stats.ts';

export const sealing: Measure = {
  id: '10',
  title: 'sealing',
  async run({ pageOrigin, quick }): Promise<Row[]> {
    const [doors, visits, saves, opens] = quick ? [200, 200, 20, 2] : [1_000, 3_000, 200, 8];
    const browser = await launch();
    try {
      const { calls } = await newDevice(browser, pageOrigin);
      const { clear, sealed } = await calls.sealing(doors, visits, saves, opens);
      const rows = (what: string, of: keyof typeof clear): Row[] => [
        { id: '10', what: `${what}, nothing sealed`, unit: 'ms', figures: { ours: clear[of] } },
        { id: '10', what: `${what}, sealed`, unit: 'ms', figures: { ours: sealed[of] }, note: `${(median(sealed[of]) / median(clear[of])).toFixed(2)} of the row above` },
      ];
      return [
        ...rows('save → durable, a visit', 'save'),
        ...rows('cold open to the first list of 50', 'firstList'),
        ...rows(`then the list of all ${doors} doors`, 'wholeList'),
        ...rows('a worker opens and has read a room', 'room'),
        ...rows(`${doors} doors and ${visits} visits saved, 50 at a time`, 'fill'),
      ];
    } finally {
      await browser.close();
    }
  },
};
