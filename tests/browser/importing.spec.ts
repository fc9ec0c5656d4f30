/**
 * An import of some thousand rows in a real browser's IndexedDB, and SIGKILL to every process of it in the middle: what is found
 * afterwards is the whole import or nothing of it, and where the answer had come, the whole.
 */
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { openReplicaPage } from '../support/replicaPage.ts';
import { importOf } from '../support/rosterFiles.ts';
import { expect, test } from './fixtures.ts';

const rounds = 6;
const doors = 3_000;

/** Each round in a building of its own, so that what is found says which imports there were. */
const importOfRound = (grid: string, round: number) =>
  importOf('doors', Array.from({ length: doors }, (_, index) => ({
    row: index + 2, fields: { grid, building: `${900 + round}栋`, unit: 1 + (index % 6), floor: 1 + Math.floor(index / 100), door: `${1 + Math.floor(index / 100)}${String(index % 100).padStart(2, '0')}-${index}` },
  })), { grids: [grid] });

test('[IM6, IM7, JN2] a browser killed in the middle of an import holds all of it or nothing', async ({ stage }) => {
  test.setTimeout(240_000);
  const profile = makeProfile();
  const answered = new Set<number>();
  let grid = '';
  const random = ((state) => () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)(20_261_124);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const browser = await startBrowser(profile);
      const page = await browser.context.newPage();
      await page.exposeFunction('answered', () => void answered.add(round));
      let begun = (): void => undefined;
      const begins = new Promise<void>((resolve) => (begun = resolve));
      await page.exposeFunction('begins', () => begun());
      await openReplicaPage(page, stage.front);
      grid = await page.evaluate(async (first) => {
        const seated = await window.harness.sit('a', 'sb-grid1');
        if (first) await window.harness.filled('a');
        return (seated.ok && seated.value.grids[0]) || '';
      }, round === 0);
      // From here on there is no server: what is found in the end comes from this tablet alone.
      if (round === 0) await stage.server.kill();
      const importing = page.evaluate(async ({ input, request }) => {
        const told = window as unknown as { begins(): Promise<void>; answered(): Promise<void> };
        await told.begins();
        const saved = await window.harness.at('a').calls.importRows(request, input);
        if (!saved.ok) throw new Error(JSON.stringify(saved.error));
        await told.answered();
      }, { input: importOfRound(grid, round), request: `round-${round}` }).catch((error: Error) => error);
      await begins;
      // The last rounds are given the time to be answered; the others die on the way, each after a time of its own: no event of the page marks the points between.
      if (round >= rounds - 2) await Promise.race([importing, expect.poll(() => answered.has(round), { timeout: 60_000 }).toBe(true)]);
      else await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), 40 + random() * 600).catch(() => undefined);
      await browser.kill();
      await importing;
    }

    const browser = await startBrowser(profile);
    const page = await browser.context.newPage();
    await openReplicaPage(page, stage.front);
    const found = await page.evaluate(async () => {
      const { harness } = window;
      await harness.sit('a', 'sb-grid1');
      const exported = JSON.parse(await harness.at('a').calls.exportUnconfirmed()) as { outbox: { facts: { json: string }[] }[] };
      const facts = exported.outbox.flatMap((row) => row.facts.map(({ json }) => JSON.parse(json) as { record: string; kind: string; set: { name?: string; building?: string } }));
      const buildings = new Map(facts.filter(({ kind }) => kind === 'building').map(({ record, set }) => [record, String(set.name)]));
      const counts: Record<string, number> = {};
      for (const { kind, set } of facts) if (kind === 'household') counts[buildings.get(set.building ?? '') ?? '?'] = (counts[buildings.get(set.building ?? '') ?? '?'] ?? 0) + 1;
      return { counts, buildings: [...buildings.values()].sort() };
    });
    expect(answered.size).toBeGreaterThanOrEqual(2);
    expect(Object.values(found.counts).every((count) => count === doors)).toBe(true);
    expect(Object.keys(found.counts).sort()).toEqual(found.buildings);
    for (const round of answered) expect(found.counts[`${900 + round}栋`]).toBe(doors);
    await browser.kill();
  } finally {
    dropProfile(profile);
  }
});
