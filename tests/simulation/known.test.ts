/**
 * Gaps that runs found, each as small as it gets. One that is not closed yet is expected to fail, and the runs step around it;
 * one that passes is closed, and becomes an ordinary test.
 */
import { World } from './world.ts';
import { expect, test } from 'vitest';
import { hourMs } from '../../src/domain/kernel/time.ts';
import type { RollupRow, Row } from '../../src/replica/contract.ts';
import type { Projection } from '../../src/replica/projection/database.ts';
import { Projector } from '../../src/replica/projection/projector.ts';
import { Room } from '../../src/replica/rooms/room.ts';
import { roster } from '../support/community.ts';
import { aFact } from '../support/facts.ts';
import { unequalRows } from './checkContent.ts';
import { Clock } from './clock.ts';
import { Machine } from './machine.ts';
import { choir, grids } from './people.ts';
import { ClientSocket } from './socket.ts';
import type { Tablet } from './tablet.ts';
import { TabletDisk } from './tabletDisk.ts';
import { openViews } from './viewTables.ts';

/** A worker's tablet that is online and has nothing to send, and the supervisor's. */
async function online(): Promise<{ world: World; tablet: Tablet; other: Tablet }> {
  const world = new World('known', 3);
  const [other, tablet] = world.tablets as [Tablet, Tablet];
  await world.startServer();
  await world.clock.advance(300);
  for (const each of world.tablets) world.startTablet(each);
  await world.clock.advance(3_000);
  expect(tablet.status()).toMatchObject({ link: 'online', saved: 0, sent: 0 });
  return { world, tablet, other };
}

/** The stock provider counts its half minute by the clock on the wall. */
test('[SI5, LK3] a dead line is noticed also when the clock is set back', async () => {
  const { world, tablet } = await online();
  world.wire.cut(tablet.name, true);
  tablet.setClock(-3_600_000);
  await world.clock.advance(120_000);
  const link = tablet.status()?.link;
  world.end();
  expect(link).not.toBe('online');
});

/** The journal refuses to note what the server confirmed. */
test('[SI5] what was confirmed while the tablet’s disk took nothing is noted once it does', async () => {
  const { world, tablet } = await online();
  tablet.run({ command: 'reviseHousehold', input: { ref: { room: { community: 'shuangbai', family: 'people', grid: 'g1' }, record: 'hou_g1101' }, heads: 3 } }, () => {
    tablet.disk.trouble = 'full';
  });
  await world.clock.advance(5_000);
  tablet.disk.trouble = 'none';
  await world.clock.advance(120_000);
  const status = tablet.status();
  world.end();
  expect(status?.sent).toBe(0);
});

/** A browser gives up a handshake that nobody answers after four minutes. */
test('[SI5, LK3] a line that died while it was being opened is opened anew within a minute', async () => {
  const { world, tablet } = await online();
  world.wire.cut(tablet.name, false);
  const line = world.wire.line(tablet.name);
  line.joined = true;
  line.latencyMs = 400;
  const opening = (): boolean => [...world.wire.pairs].some((pair) => pair.tablet.name === tablet.name && pair.client.readyState === ClientSocket.CONNECTING);
  for (let waited = 0; waited < 5_000 && !opening(); waited += 10) await world.clock.advance(10);
  world.wire.cut(tablet.name, true);
  line.joined = true;
  await world.clock.advance(60_000);
  const link = tablet.status()?.link;
  world.end();
  expect(link).toBe('online');
});

/** Old requests cannot be forgotten then; what comes after that on opening has to happen all the same. */
test('[SI5] a disk that is full for a moment while the tablet opens does not keep it off the wire', async () => {
  const { world, tablet } = await online();
  world.crashTablet(tablet, false);
  world.startTablet(tablet);
  while (!tablet.replica) await world.clock.advance(1);
  tablet.disk.trouble = 'full';
  await world.clock.advance(1_000);
  tablet.disk.trouble = 'none';
  await world.clock.advance(60_000);
  const link = tablet.status()?.link;
  world.end();
  expect(link).toBe('online');
});

/** A supervisor's command looks into one grid, where alone a number can be stepped over. */
test('[SI2, PE2] two volunteers entered within a second in two grids are two records', async () => {
  const { world, other } = await online();
  const outcomes: string[] = [];
  for (const grid of grids) other.run({ command: 'addVolunteer', input: { grid, name: '李' } }, (outcome) => outcomes.push(outcome));
  await world.clock.advance(500);
  expect(outcomes).toEqual(['saved', 'saved']);
  const entered = other.screens().rows('people', 'volunteer').filter(({ fields }) => fields['name'] === '李');
  world.end();
  expect(entered).toHaveLength(2);
});

/** The journal refused what arrived, the view took it; opened anew, the tablet knows of no such record when the room has to go. */
test('[SI4, RP7] nothing stays on a tablet of a room that was taken away, also when the journal had refused it', async () => {
  const { world, other } = await online();
  const worker = world.tablets[2] as Tablet;
  worker.disk.trouble = 'full';
  other.run({ command: 'addVolunteer', input: { grid: 'g1', name: '李' } }, () => undefined);
  await world.clock.advance(2_000);
  worker.disk.trouble = 'none';
  await world.clock.advance(10_000);
  world.crashTablet(worker, false);
  world.people.change('wu');
  world.startTablet(worker);
  await world.clock.advance(10_000);
  const kept = worker.screens().rows('people', 'volunteer').filter(({ fields }) => fields['grid'] === 'g1');
  world.end();
  expect(kept).toEqual([]);
});

/** Whether a request was done before is asked of the database, too. */
test('[SI5] the first save is refused in words while the browser has closed the database', async () => {
  const { world, tablet } = await online();
  const outcomes: string[] = [];
  tablet.onError = () => undefined;
  tablet.disk.close();
  tablet.run({ command: 'addBuilding', input: { grid: 'g1', name: '2栋' } }, (outcome) => outcomes.push(outcome));
  await world.clock.advance(500);
  const storage = tablet.status()?.storage;
  world.end();
  expect([outcomes, storage]).toEqual([['StorageBroken'], 'blocked']);
});

const planned = (startsAt: number) => ({
  command: 'planActivity',
  input: { organiser: choir, title: '活动', activityKind: 'class', startsAt, endsAt: startsAt + hourMs, feeClass: 'free', serviceClass: 'general' },
});
const unheard = (): void => undefined;

/** Rows of records that arrive meanwhile look like leftovers. */
test('[SI2, PJ3] what arrives while the lists are folded anew is on them', async () => {
  const { world, tablet, other } = await online();
  const startsAt = Math.floor(world.clock.now / hourMs) * hourMs;
  const differences: string[] = [];
  for (let lead = 0; lead < 60; lead += 4) {
    other.run(planned(startsAt - lead * hourMs), unheard);
    await world.clock.advance(lead);
    tablet.rebuildView(unheard);
    await world.clock.advance(1_000);
    differences.push(...unequalRows(world, tablet));
  }
  world.end();
  expect(differences).toEqual([]);
});

/** What arrived just before a refused room is replaced is still to be projected from the old one, or is under way. */
test('[SI2, RP5] totals of a room that was rebuilt after a refusal are those of its records', async () => {
  const clock = new Clock(0);
  const machine = new Machine('tablet', clock, 'known');
  const disk = new TabletDisk(machine.random);
  const projector = new Projector(openViews(machine, disk) as Projection, unheard);
  const [old, rebuilt] = [new Room(roster), new Room(roster)];
  for (const room of [old, rebuilt]) room.apply(room.stage([aFact('lidev-1', { name: '甲' })]).bytes, 'journal');
  old.apply(old.stage([aFact('lidev-2', { name: '乙' }, [], { record: 'par_y' })]).bytes, 'journal');
  const replaced = machine.run(async () => {
    await projector.queue(old, old.records(), 1);
    const underWay = projector.queue(old, ['par_y'], 1);
    await Promise.resolve();
    await Promise.resolve();
    const late = projector.queue(old, ['par_x'], 1);
    await Promise.all([underWay, late, projector.replace(old, rebuilt, 2), projector.queue(old, ['par_y'], 1)]);
  });
  await clock.advance(1_000);
  await replaced;
  expect(disk.rows<RollupRow>('rollups')[0]?.tallies).toEqual({ 'kind:partner': 1 });
  expect(disk.rows<Row>('roster').map(({ id }) => id)).toEqual([...rebuilt.records()]);
});
