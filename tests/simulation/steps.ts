/** What happens next: mostly people at work, and now and then everything that goes wrong in a neighbourhood. */
import { nextAct } from './acts.ts';
import { isCounter, type Town } from './people.ts';
import { spies } from './spy.ts';
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

type Happening = (world: World, tablet: Tablet) => Promise<void> | void;

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const skews = [0, 0, 5 * minuteMs, -90 * minuteMs, -3 * dayMs, 40 * dayMs];

const happenings: readonly (readonly [weight: number, name: string, happens: Happening])[] = [
  [120, 'act', (world, tablet) => {
    const act = tablet.replica && nextAct(tablet.screens(), tablet.random, world.town);
    if (!act) return;
    tablet.run(act, (outcome) => {
      if (outcome === 'saved') world.tally.saved += 1;
      if (outcome.startsWith('Storage')) world.tally.refusedWrites += 1;
      world.say(`${tablet.name} ${act.command}: ${outcome}`);
    });
  }],
  [14, 'wait', (world) => world.clock.advance(world.random.between(1_000, 8_000))],
  [10, 'cut', (world, { name }) => {
    const silently = world.random.chance(0.3);
    if (!world.wire.line(name).joined) return;
    world.say(`${name} loses the network${silently ? ' unnoticed' : ''}`);
    world.tally.cuts += 1;
    world.wire.cut(name, silently);
  }],
  [16, 'join', (world, { name }) => {
    world.wire.line(name).joined = true;
  }],
  [2, 'cut on purpose', (world, tablet) => {
    const cut = tablet.status()?.link !== 'cut';
    if (tablet.replica) world.say(`${tablet.name} ${cut ? 'takes itself off the wire' : 'goes back on the wire'}`);
    tablet.cutWire(cut);
  }],
  [4, 'slow', (world, { name }) => {
    world.wire.line(name).latencyMs = world.random.pick([5, 5, 60, 400, 2_500]);
  }],
  [4, 'tablet crash', (world, tablet) => {
    if (tablet.machine) world.crashTablet(tablet, world.random.chance(0.3));
  }],
  [10, 'tablet start', (world, tablet) => world.startTablet(tablet)],
  [3, 'server crash', (world) => world.crashServer(world.random.chance(0.2))],
  [10, 'server start', (world) => world.startServer()],
  [3, 'tablet disk', (world, tablet) => {
    tablet.disk.trouble = world.random.pick(['full', 'broken']);
    world.say(`the disk of ${tablet.name} is ${tablet.disk.trouble}`);
  }],
  [2, 'database closed', (world, tablet) => {
    if (!tablet.machine || tablet.ranForMs < 5_000) return;
    world.say(`the browser of ${tablet.name} closes its database`);
    tablet.disk.close();
  }],
  [8, 'tablet disk heals', (_world, tablet) => {
    tablet.disk.trouble = 'none';
  }],
  [2, 'server disk', (world) => {
    world.serverDisk.trouble = world.random.pick(['full', 'full', 'broken']);
    world.say(`the server's disk is ${world.serverDisk.trouble}`);
  }],
  [8, 'server disk heals', (world) => {
    world.serverDisk.trouble = 'none';
  }],
  [2, 'clock', (world, tablet) => {
    tablet.setClock(world.random.pick(skews));
    world.say(`the clock of ${tablet.name} is off by ${tablet.skewMs} ms`);
  }],
  [2, 'rights', (world) => {
    world.tally.rightsChanged += 1;
    world.say(world.people.change(world.random.pick(['wu', 'chen'])));
  }],
  [3, 'spy', (world) => {
    world.spyCount += 1;
    spies(world, world.spyCount);
  }],
  [1, 'sleep', async (world) => {
    const ms = world.random.between(10 * minuteMs, 20 * 60 * minuteMs);
    world.say(`everybody sleeps for ${Math.round(ms / minuteMs)} minutes`);
    await world.clock.sleep(ms);
  }],
  [2, 'rebuild view', async (world, tablet) => {
    tablet.rebuildView(() => world.say(`${tablet.name} folded its lists again`));
    await world.clock.advance(2_000);
  }],
];

/** Copies of a disk that run beside it, in one world. */
const copiesMax = 2;
const year = 365 * dayMs;

/** Counters, besides what goes wrong everywhere; nobody's rights change there and nobody spies. */
const atCounters: typeof happenings = [
  ...happenings.filter(([, name]) => name !== 'rights' && name !== 'spy'),
  [2, 'a clock that is no clock', (world, tablet) => {
    tablet.setClock(world.random.pick([-1, 1]) * world.random.between(0, year));
    world.say(`the clock of ${tablet.name} is off by ${tablet.skewMs} ms`);
  }],
  [1, 'copy', (world, tablet) => {
    if (world.copies < copiesMax && isCounter(tablet.seat)) world.copyTablet(tablet);
  }],
  [1, 'days', async (world) => {
    const days = world.random.between(1, 5);
    world.say(`${days} days pass`);
    await world.clock.sleep(days * dayMs);
  }],
];
const byTown: Readonly<Record<Town, typeof happenings>> = { neighbourhood: happenings, counters: atCounters };

function drawn({ random, town }: World): Happening {
  const all = byTown[town];
  let rest = random.between(0, all.reduce((sum, [weight]) => sum + weight, 0) - 1);
  for (const [weight, , happens] of all) {
    rest -= weight;
    if (rest < 0) return happens;
  }
  throw new Error('weights do not add up');
}

export async function step(world: World): Promise<void> {
  await drawn(world)(world, world.random.pick(world.tablets));
  await world.clock.advance(world.random.between(0, 300));
}
