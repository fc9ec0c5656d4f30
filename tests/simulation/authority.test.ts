/** The authority on a disk that fails, in a world small enough to read. */
import { World } from './world.ts';
import { expect, test } from 'vitest';
import { hourMs } from '../../src/domain/kernel/time.ts';
import { inexact } from './checkLedger.ts';
import { choir, volunteers } from './people.ts';
import type { Tablet } from './tablet.ts';

test('[AU17] points that a full disk held up are posted by themselves once there is room', async () => {
  const world = new World('authority', 1);
  const tablet = world.tablets[0] as Tablet;
  await world.startServer();
  await world.clock.advance(300);
  world.startTablet(tablet);
  await world.clock.advance(3_000);
  const startsAt = Math.floor(world.clock.now / hourMs) * hourMs;
  const logged = {
    organiser: choir, title: '合唱', activityKind: 'class', startsAt, endsAt: startsAt + hourMs, feeClass: 'free', serviceClass: 'general',
    attendances: [{ volunteer: volunteers[0], hoursTenths: 20 }],
  };
  // The facts themselves are the last that the disk takes.
  world.serverDisk.onFact = () => (world.serverDisk.trouble = 'full');
  tablet.run({ command: 'logActivity', input: logged }, () => undefined);
  await world.clock.advance(5_000);
  expect(inexact(world, world.random)).not.toEqual([]);
  world.serverDisk.trouble = 'none';
  world.serverDisk.onFact = () => undefined;
  await world.clock.advance(35_000);
  const missing = inexact(world, world.random);
  world.end();
  expect(missing).toEqual([]);
});
