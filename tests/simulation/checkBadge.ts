/** SI5: every figure on the badge is what the tablet's disk and sockets say. */
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

/** A tablet notices a dead line within this, ms (SR29, FAILURES). */
const noticeMs = 45_000;

function untruths(world: World, tablet: Tablet): string[] {
  const status = tablet.status();
  if (!status || tablet.disk.busy > 0) return [];
  const said: string[] = [];
  const facts = tablet.outbox().reduce((sum, row) => sum + row.facts.length, 0);
  if (status.saved + status.sent !== facts) said.push(`shows ${status.saved} saved and ${status.sent} sent, ${facts} are not confirmed`);
  if (status.refused !== tablet.tray().length) said.push(`shows ${status.refused} refused, ${tablet.tray().length} are in the tray`);
  const open = world.wire.believedOpen(tablet.name);
  if (status.link === 'online' && open.length === 0) said.push('is online without a socket');
  if (status.link === 'cut' && open.length > 0) said.push('is cut on purpose and has a socket');
  if (status.sent > 0 && open.length === 0) said.push(`calls ${status.sent} sent and has no socket`);
  const dead = open.filter((pair) => pair.deadSince !== undefined && pair.tablet.uptime - pair.deadSince > noticeMs);
  if (status.link === 'online' && dead.length > 0) said.push(`is online on ${dead.length} sockets that have been dead for long: ${dead.map((pair) => `${pair.room} since ${pair.deadSince}`).join()}`);
  return said.map((what) => `${tablet.name} ${what}`);
}

export const untrueBadges = (world: World): string[] => world.tablets.flatMap((tablet) => untruths(world, tablet));

/** At rest nothing waits, and the badge says so. */
export function restless(tablets: readonly Tablet[]): string[] {
  return tablets.map((tablet) => `${tablet.name} does not come to rest: ${JSON.stringify({ ...tablet.status(), actor: undefined })}`);
}
