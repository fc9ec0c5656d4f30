/** Points that lapse: the real authority over a store on disk, through months that turn, restarts and a kill. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createAuthority } from '../../server/authority/authority.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import { StorageError, type Storage } from '../../server/storage/contract.ts';
import { openStorage } from '../../server/storage/open.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { claimId, settlementId, verdictId } from '../../src/domain/redemption/ids.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { updateMaxBytes } from '../../src/protocol/messages.ts';
import { Author } from '../support/author.ts';
import { anna, bo, community, counter, logOf, monitor, roster, supervisor, worker } from '../support/community.ts';
import { eventually } from '../support/wire.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const aFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'linhuo-lapsing-')));
  return folders.at(-1) ?? '';
};

const clock = { now: 0 };
const at = (day: string, time?: string): void => void (clock.now = instantOf(day, time));

/** @param diesAfter so many updates of what lapses are on disk: then nothing more is, as when the power goes */
async function start(folder: string, diesAfter = Number.POSITIVE_INFINITY) {
  const storage = openStorage(folder);
  let lapses = 0;
  const dying: Storage = {
    ...storage,
    append: (batch) => {
      const lapsing = batch.some(({ updates }) => updates.some(({ bytes }) => Buffer.from(bytes).includes('"expired"')));
      if (lapsing && (lapses += 1) > diesAfter) return Promise.reject(new StorageError('broken', 'the power is gone'));
      return storage.append(batch);
    },
  };
  const rooms = createRooms({ storage: dying, now: () => clock.now, onFacts: (room, facts) => authority.noticed(room, facts), onFault: () => undefined, onCommit: () => undefined });
  const log: string[] = [];
  const authority = createAuthority({ storage: dying, rooms, now: () => clock.now, log: { info: () => undefined, error: (event) => void log.push(event) } });
  await authority.catchUp('');

  async function ledger(): Promise<Fact[]> {
    const lines: Fact[] = [];
    for (const { room: name } of await rooms.heads(community)) {
      const address = parseRoomName(name);
      if (address?.family !== 'ledger') continue;
      const room = await rooms.open(address);
      for (const prefix of ['pen_', 'pmv_', 'grt_', 'vrd_']) for (const { record, kind, fields, heads } of room.facts.every(prefix)) lines.push({ id: heads[0] ?? '', record, kind, set: fields, base: [], by: '', at: 0 });
    }
    return lines;
  }
  return {
    authority, log, ledger,
    async state(address: RoomAddress, author: Author, ...facts: readonly Fact[]): Promise<void> {
      const room = await rooms.open(address);
      await new Promise<void>((resolve, reject) => {
        const told = room.submit(author.write(...facts), updateMaxBytes, { actor: author.actor, access: 'write' }, (fault) => (fault ? reject(fault) : resolve()));
        if (!told.ok) reject(new Error(JSON.stringify(told.error)));
      });
    },
    async accounts(): Promise<ReadonlyMap<string, number>> {
      const points = new Map<string, number>();
      const add = (account: unknown, by: number) => points.set(String(account), (points.get(String(account)) ?? 0) + by);
      for (const { set } of await ledger()) {
        if (set['debit'] === undefined) continue;
        add(set['debit'], -Number(set['points']));
        add(set['credit'], Number(set['points']));
      }
      return points;
    },
    /** Anybody says anything, and what follows from it is done. */
    async word(who: Actor = monitor): Promise<void> {
      authority.contacted(who);
      await this.settled();
    },
    /** Nothing has been posted for a while that is longer than the authority waits. */
    async settled(): Promise<void> {
      for (let before = -1, lines = (await ledger()).length; before !== lines; lines = (await ledger()).length) {
        before = lines;
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
    },
    async stop(): Promise<void> {
      await authority.stop();
      await rooms.stop().catch(() => undefined);
      await storage.close();
    },
  };
}
type Town = Awaited<ReturnType<typeof start>>;

const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2026-01-01', lastMonths: 12 } as const;
const adopt = (town: Town) => {
  const office = new Author(supervisor);
  return town.state(roster, office, office.fact(pointsRuleId(rule), 'pointsRule', rule));
};
const lapses = async (town: Town) => (await town.ledger()).filter(({ set }) => set['reason'] === 'expired').map(({ record, set }) => [record, set['points']]).sort();

test('[PX2] [PX3] [PX4] [PX5] [PX6] points lapse when their month is over, not before, not while they are held, and once; late service lasts a month, and its correction costs nobody anything', async () => {
  const folder = aFolder();
  at('2026-05-20');
  let town = await start(folder);
  await adopt(town);
  const li = new Author(worker);
  const served = li.activity();
  await town.state(logOf(), li, served, li.attendance(served.record, anna, 20), li.attendance(served.record, bo, 30));
  await eventually(async () => expect((await town.ledger()).map(({ set }) => set['lastsUntil'])).toEqual(['2027-05', '2027-05']));

  at('2027-05-31', '23:59');
  await town.word(counter);
  const grant = (await town.ledger()).find(({ kind }) => kind === 'grant')?.record ?? '';
  const held = `held:${grant.slice(4)}:${anna}`;
  expect((await town.accounts()).get(held)).toBe(20);
  at('2027-06-01', '00:00');
  await town.word();
  expect(await lapses(town)).toEqual([]);

  // Handed out for in May, heard of in June: honoured. The rest is given back, and has had its time.
  const ko = new Author(counter);
  const redeemed = { grant, seq: 1, type: 'redeem', volunteer: anna, points: 15, madeAt: clock.now - 86_400_000 };
  const first = ko.fact(claimId(redeemed), 'claim', redeemed);
  const back = { grant, seq: 2, prev: first.record.slice(-32), type: 'giveBack', madeAt: clock.now };
  await town.state({ community, family: 'claims', month: '2027-05' }, ko, first, ko.fact(claimId(back), 'claim', back));
  await eventually(async () => expect((await town.accounts()).get(`volunteer:${bo}`)).toBe(30));
  await town.word(counter);
  expect([(await town.accounts()).get(`volunteer:${anna}`), (await town.accounts()).get(held), await lapses(town)]).toEqual([5, 0, []]);

  // Of a grant that no ledger knows: it waits for the office, and so do as many of Anna's points.
  const claims = { community, family: 'claims', month: '2027-06' } as const;
  const lost = { grant: `grt_2027-06.${counter.device}.9`, seq: 1, type: 'redeem', volunteer: anna, points: 3, madeAt: clock.now };
  const stray = ko.fact(claimId(lost), 'claim', lost);
  ko.restart();
  await town.state(claims, ko, stray);
  await eventually(async () => expect((await town.ledger()).some(({ set }) => set['result'] === 'unknown')).toBe(true));

  at('2027-07-01', '00:00');
  await town.word();
  const july = [[`pmv_2027-07.x.${anna}`, 2], [`pmv_2027-07.x.${bo}`, 30]];
  expect(await lapses(town)).toEqual(july);
  const he = new Author(supervisor);
  // Her first fact is the points table.
  he.fact('prl_said', 'pointsRule', {});
  const verdict = verdictId(stray.record);
  await town.state(claims, he, he.fact(settlementId(verdict), 'settlement', { verdict, grant: lost.grant, decision: 'void' }));

  // Entered a year late.
  const late = li.activity({ startsAt: instantOf('2026-05-13', '09:00'), endsAt: instantOf('2026-05-13', '11:00') });
  await town.state(logOf(), li, late, li.attendance(late.record, bo, 20));
  await eventually(async () => expect((await town.accounts()).get(`volunteer:${bo}`)).toBe(20));
  at('2027-08-31', '23:59');
  await town.word();
  const august = [...july, [`pmv_2027-08.x.${anna}`, 3]];
  expect(await lapses(town)).toEqual(august);

  // Off at the turn of the month; then started twice.
  await town.stop();
  at('2027-09-03', '07:00');
  for (const _start of [1, 2]) {
    town = await start(folder);
    await eventually(async () => expect(await lapses(town)).toEqual([...august, [`pmv_2027-09.x.${bo}`, 20]]));
    await town.settled();
    expect(await lapses(town)).toHaveLength(4);
    if (_start === 1) await town.stop();
  }
  const end = await town.accounts();
  expect([end.get('expired'), end.get(`redeemed:${counter.device}`), end.get(`volunteer:${bo}`), [...end.values()].reduce((sum, points) => sum + points, 0)]).toEqual([55, 15, 0, 0]);
  expect(town.log).toEqual([]);

  // PX6: the late entry was a mistake. What lapsed of it comes back before it is taken, and nobody owes anything.
  const attended = li.attendance(late.record, bo, 0);
  const heads = [...li.doc.getMap('facts').entries()].filter(([, json]) => String(json).includes(`"record":"${attended.record}"`)).map(([id]) => id);
  await town.state(logOf(), li, li.fact(attended.record, 'attendance', { deleted: true }, heads));
  await eventually(async () => expect((await town.accounts()).get('expired')).toBe(35));
  await town.settled();
  expect([(await town.accounts()).get(`volunteer:${bo}`), (await town.accounts()).get('shortfall') ?? 0]).toEqual([0, 0]);
  await town.stop();
}, 60_000);

test('[PX5] killed while points lapse, it posts the rest at the next start, and none of it twice', async () => {
  const folder = aFolder();
  at('2026-05-20');
  let town = await start(folder);
  await adopt(town);
  const li = new Author(worker);
  const served = li.activity();
  // More than one update holds.
  const volunteers = Array.from({ length: 1_500 }, (_, index) => `SB${String(10_000 + index)}`);
  await town.state(logOf(), li, served);
  for (let from = 0; from < volunteers.length; from += 100) await town.state(logOf(), li, ...volunteers.slice(from, from + 100).map((volunteer) => li.attendance(served.record, volunteer, 10)));
  await eventually(async () => expect(await town.ledger()).toHaveLength(volunteers.length));
  await town.stop();

  at('2027-06-01');
  town = await start(folder, 1);
  await eventually(() => expect(town.log).toContain('points could not be posted'));
  await town.stop();

  // The very disk it left behind: some have lapsed, some not.
  town = await start(folder, 0);
  const some = (await lapses(town)).length;
  expect([some > 0, some < volunteers.length]).toEqual([true, true]);
  await town.stop();

  town = await start(folder);
  await eventually(async () => expect((await town.accounts()).get('expired')).toBe(15_000));
  await town.settled();
  const lines = await town.ledger();
  expect(lines.filter(({ set }) => set['reason'] === 'expired').map(({ record }) => record).sort()).toEqual(volunteers.map((volunteer) => `pmv_2027-06.x.${volunteer}`).sort());
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  await town.stop();
}, 60_000);
