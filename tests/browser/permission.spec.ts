/** A tablet whose rights change while it is away. */
import { openReplicaFront, openReplicaPage } from '../support/replicaPage.ts';
import { startServer, type StartOptions } from '../support/serverProcess.ts';
import { expect, test } from '@playwright/test';

const worker = (grids: string, rest: StartOptions = {}) => startServer({ demo: 'small', env: { LINHUO_SMALL_GRIDS: grids }, ...rest });

test('[RP7, CN2] a grid taken away while offline leaves the tablet; what nobody else has waits in the tray, the rest goes on', async ({ page }) => {
  const server = await worker('g1,g2');
  const front = await openReplicaFront(server.url);
  await openReplicaPage(page, front);
  const addDoor = (request: string, grid: string, name: string) =>
    page.evaluate(
      async ([each, grid, name]) => {
        const { calls } = window.harness.at('a');
        const made = await calls.run(`${each}-building`, 'addBuilding', { grid, name });
        const building = made.ok ? made.value.facts[0]?.ref.record : undefined;
        return (await calls.run(`${each}-door`, 'addHousehold', { grid, building, unit: 1, floor: 2, door: '201' })).ok;
      },
      [request, grid, name] as const,
    );
  const buildings = () =>
    page.evaluate(async () => {
      const { harness } = window;
      const rows = await harness.when(harness.at('a').reader.list('people', { kind: 'building' }), (found) => found.length > 0);
      return rows.map((row) => String(row.fields['name'])).sort();
    });
  const find = (text: string) => page.evaluate((each) => window.harness.at('a').calls.search('roster', 'partner', each, 9), text);

  await page.evaluate(async () => {
    await window.harness.sit('a', 'li');
    await window.harness.filled('a');
  });
  expect([await addDoor('1', 'g1', '一号楼'), await addDoor('2', 'g2', '二号楼')]).toEqual([true, true]);
  await page.evaluate(() => window.harness.confirmed('a'));
  await server.kill();
  expect([await addDoor('3', 'g1', '三号楼'), await addDoor('4', 'g2', '四号楼')]).toEqual([true, true]);
  await expect.poll(buildings).toEqual(['一号楼', '三号楼', '二号楼', '四号楼'].sort());

  // Opened again before there is a network, so that no ticket from before the change is left; one holds for ten minutes.
  await page.evaluate(async () => {
    await window.harness.at('a').calls.leave();
    await window.harness.sit('a', 'li');
  });
  const again = await worker('g1', { dataDir: server.dataDir, port: server.port });
  const tray = await page.evaluate(async () => {
    const { harness } = window;
    const { calls, status } = harness.at('a');
    await calls.syncNow();
    await harness.when(status, (each) => each.link === 'online' && each.refused === 2 && each.saved + each.sent === 0);
    return calls.tray();
  });
  expect(tray.map((entry) => [entry.reason, entry.kind, entry.set['name'] ?? entry.set['door']]).sort()).toEqual([
    ['not-allowed', 'building', '四号楼'],
    ['not-allowed', 'household', '201'],
  ]);
  await expect.poll(buildings).toEqual(['一号楼', '三号楼'].sort());
  expect(await find('夕阳红')).toHaveLength(1);
  // Gone from the disk, not only from the screen.
  const rooms = await page.evaluate(() => window.harness.journalRooms('a'));
  expect(rooms.filter((room) => room.includes('/g2'))).toEqual([]);
  expect(rooms).toContain('v1/shuangbai/people/g1');

  await front.close();
  await again.dispose();
  await server.dispose();
});
