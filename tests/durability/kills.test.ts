/**
 * SIGKILL at random moments, from the seed LINHUO_SEED: 200 of them, or as many as a slow machine can do in two and a half
 * minutes; LINHUO_KILLS asks for a number, however long it takes.
 * The server is the real process on a real disk; a kill ends it, not the machine, so what is proved is that nothing was
 * confirmed or passed on before the system had it. That the disk had it too is what power.test.ts and disk.test.ts show.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomOf } from '../../server/demo/random.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import type { Author } from '../support/author.ts';
import { logOf, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown } from '../support/wire.ts';
import { factsOn, LoadTablet, lost, unseen } from './load.ts';

const asked = process.env['LINHUO_KILLS'];
const kills = Number(asked ?? '200');
const budgetMs = asked === undefined ? 60_000 : Number.POSITIVE_INFINITY;
/** A machine that can not do so many in that time says nothing about the server. */
const killsMin = Math.min(kills, 40);
const seed = Number(process.env['LINHUO_SEED'] ?? '20261123');
/** Rooms are left behind after so many kills: what a restart reads shall not grow without end. */
const killsPerMonth = 10;
const factsPerLife = 100;
const killAfterMs = [20, 400] as const;

let server: ServerProcess | undefined;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-kills-'));
});
afterEach(async () => {
  await server?.dispose();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Half of a start is compiling. A process that is killed leaves nothing for the next, so one that ends by itself comes first. */
const options = () => ({ demo: 'small', dataDir: join(folder, 'data'), env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } }) as const;
async function warmedUp(): Promise<ServerProcess> {
  const first = await startServer(options());
  await first.stop();
  return startServer({ ...options(), port: first.port });
}

const dayOf = (month: number): string => `${2026 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-15`;
const noon = (month: number): number => instantOf(dayOf(month), '12:00');

/** A visit, and every third time a change of it: a change must not arrive without what it is based on. */
function visiting(at: () => number) {
  let count = 0;
  return (author: Author): Fact[] => {
    count += 1;
    // A visit belongs to the month its id was made in.
    const id = `vis_${at().toString(36).padStart(9, '0')}${author.actor.device}${count.toString(36)}`;
    const visit = author.fact(id, 'visit', { grid: author.actor.grids[0] ?? '', household: 'hou_101', visitedAt: at(), outcome: 'met' });
    return count % 3 === 0 ? [visit, author.fact(visit.record, 'visit', { note: `改 ${count}` }, [visit.id])] : [visit];
  };
}

/** An activity for each month and leader, then one volunteer after the other. */
function logging(at: () => number) {
  const activities = new Map<number, string>();
  let volunteer = 0;
  return (author: Author): Fact[] => {
    const startsAt = at();
    const activity = activities.get(startsAt);
    if (activity !== undefined) return [author.attendance(activity, `SBA${String(volunteer++).padStart(4, '0')}`)];
    const fact = author.activity({ startsAt, endsAt: startsAt + 7_200_000 });
    activities.set(startsAt, fact.record);
    return [fact];
  };
}

test(`[ST1, SR6, SR13, AU13] killed under load (${kills} times, or as often as the time allows): nothing confirmed is lost or there twice, nobody saw what is gone, points are posted once`, async () => {
  const random = randomOf('kills', seed);
  const began = performance.now();
  server = await warmedUp();
  const { port } = server;
  let supervisor = await sitDown(server, 'he');
  let month = 0;
  const at = (): number => noon(month);
  const tablets = [
    new LoadTablet(await sitDown(server, 'li'), visiting(at)), new LoadTablet(await sitDown(server, 'li'), visiting(at)),
    new LoadTablet(await sitDown(server, 'wu'), visiting(at)), new LoadTablet(await sitDown(server, 'chen'), logging(at)),
  ];
  const roomOf = (tablet: LoadTablet): RoomAddress =>
    tablet.grant.actor.role === 'groupLeader' ? logOf(at()) : visitsOf(tablet.grant.actor.grids[0] ?? '', at());
  let underWay = 0;
  const starts: number[] = [];

  /** What was cut off is sent again and confirmed. */
  const settle = async (on: ServerProcess): Promise<void> => {
    for (const tablet of tablets) tablet.connect(on, 0);
    await Promise.all(tablets.map((tablet) => tablet.settled()));
    for (const tablet of tablets) tablet.disconnect();
  };

  let kill = 0;
  for (; kill < kills && (kill < killsMin || performance.now() - began < budgetMs); kill += 1) {
    if (kill % killsPerMonth === 0) {
      if (kill > 0) await settle(server);
      month = kill / killsPerMonth;
      supervisor = await sitDown(server, 'he', supervisor.actor.device);
      for (const tablet of tablets) {
        const { person, device } = tablet.grant.actor;
        tablet.grant = await sitDown(server, person.slice('per_'.length), device);
        tablet.enter(roomOf(tablet));
      }
    }
    const witnesses = await watch(server, distinct(tablets.map(roomOf)), supervisor);
    for (const tablet of tablets) tablet.connect(server, factsPerLife);
    await after(random.between(...killAfterMs));
    await server.kill();
    for (const tablet of tablets) tablet.disconnect();
    underWay += tablets.filter(({ copy }) => copy.stated.length > copy.confirmed).length;

    const down = performance.now();
    server = await startServer({ ...options(), port });
    starts.push(performance.now() - down);
    for (const { address, peer } of witnesses) {
      const kept = await factsOn(server, address, supervisor);
      for (const { copy } of tablets) if (same(copy.address, address)) expect(lost(copy, kept), `kill ${kill}: confirmed`).toEqual([]);
      expect(unseen(peer.doc, kept), `kill ${kill}: passed on`).toEqual([]);
      peer.end();
    }
    expect(tablets.flatMap(({ complaints }) => complaints)).toEqual([]);
  }
  await settle(server);

  const stated = tablets.flatMap(({ copies }) => copies);
  supervisor = await sitDown(server, 'he', supervisor.actor.device);
  let facts = 0;
  for (const address of distinct(stated.map((copy) => copy.address))) {
    const kept = await factsOn(server, address, supervisor);
    const expected = stated.filter((copy) => same(copy.address, address)).flatMap((copy) => copy.stated.map(({ id, json }) => [id, json] as const));
    expect(kept).toEqual(new Map(expected));
    facts += kept.size;
    if (address.family === 'log') await expectPostedOnce(server, address, kept, supervisor);
  }
  expect(underWay, 'tablets that were cut off').toBeGreaterThan(kill / 2);
  starts.sort((a, b) => a - b);
  console.log(`${kill} kills (seed ${seed}): ${facts} facts confirmed, ${underWay} tablets cut off with facts under way; a restart took ${Math.round(starts[starts.length >> 1] ?? 0)} ms (median), ${Math.round(starts.at(-1) ?? 0)} ms (longest); ${Math.round((performance.now() - began) / 1_000)} s in all`);
}, 60_000 + kills * 3_000);

const same = (a: RoomAddress, b: RoomAddress): boolean => formatRoomName(a) === formatRoomName(b);
const distinct = (rooms: readonly RoomAddress[]): RoomAddress[] => [...new Map(rooms.map((room) => [formatRoomName(room), room])).values()];

/** The moment of the kill is the experiment: there is no condition to wait for. */
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const watch = (running: ServerProcess, rooms: readonly RoomAddress[], grant: { readonly ticket: string }) =>
  Promise.all(rooms.map(async (address) => {
    const peer = await Peer.into(running, address, grant);
    await peer.sync();
    return { address, peer };
  }));

async function expectPostedOnce(running: ServerProcess, log: RoomAddress, kept: ReadonlyMap<string, string>, grant: { readonly ticket: string }): Promise<void> {
  const attendances = [...kept.values()].map((json) => JSON.parse(json) as Fact).filter(({ kind }) => kind === 'attendance').map(({ record }) => record).sort();
  const entries = await eventually(async () => {
    const ledger = [...(await factsOn(running, { ...log, family: 'ledger' }, grant)).values()].map((json) => JSON.parse(json) as Fact);
    expect(ledger.length).toBeGreaterThanOrEqual(attendances.length);
    return ledger;
  });
  expect(entries.map(({ set }) => set['attendance']).sort()).toEqual(attendances);
  expect(new Set(entries.map(({ record }) => record)).size).toBe(entries.length);
  expect(entries.every(({ set }) => set['reason'] === 'service' && set['points'] === 20)).toBe(true);
}
