/** The end of a run: whatever was broken is mended, everybody is online, and nobody does anything any more. */
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

/**
 * A handshake that was cut unnoticed takes a browser four minutes to give up, and a tablet looks for the rooms of a new month
 * every ten: what is not done after twelve is stuck.
 */
const patienceMs = 720_000;
const lookMs = 3_000;

export function mend(world: World): void {
  world.serverDisk.trouble = 'none';
  for (const tablet of world.tablets) {
    tablet.disk.trouble = 'none';
    if (tablet.disk.closed) tablet.disk.open();
    const line = world.wire.line(tablet.name);
    line.joined = true;
    line.latencyMs = 5;
    if (tablet.status()?.link === 'cut') tablet.cutWire(false);
  }
}

/** Whether a tablet says that everything is done. */
export function isCalm(tablet: Tablet): boolean {
  const status = tablet.status();
  return status?.link === 'online' && status.saved === 0 && status.sent === 0 && status.roomsSyncing === 0 && status.filled && tablet.disk.busy === 0;
}

/** @returns the tablets that do not come to rest */
export async function rest(world: World): Promise<readonly Tablet[]> {
  mend(world);
  world.say('rest');
  for (let waited = 0; waited < patienceMs; waited += lookMs) {
    await world.startServer();
    for (const tablet of world.tablets) world.startTablet(tablet);
    await world.clock.advance(lookMs);
    if (world.tablets.every((tablet) => isCalm(tablet) && world.wire.believedOpen(tablet.name).every(({ deadSince }) => deadSince === undefined))) {
      // Frames and rows that are still on their way, points that a full disk held up, and what arrived while a database was closed.
      const slow = world.serverDisk.hasRefused || world.tablets.some(({ disk }) => disk.hasClosed);
      await world.clock.advance(slow ? 12 * lookMs : 2 * lookMs);
      return [];
    }
  }
  return world.tablets.filter((tablet) => !isCalm(tablet));
}
