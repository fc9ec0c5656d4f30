/**
 * A server restored from an old backup: tablets know more than it does. They are stock clients here, in that they answer
 * every sync step 1 with everything the server lacks, and they change nothing about how they speak.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { authorityTag, retiredAuthorityTag } from '../../server/authority/actor.ts';
import { numbersKey } from '../../server/authority/numbers.ts';
import { backUp } from '../../server/storage/backup.ts';
import { restore } from '../../server/storage/restore.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { encodeRuns } from '../../src/protocol/updateCodec.ts';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { claimId, settlementId, verdictId } from '../../src/domain/redemption/ids.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { logOf, visitsOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';
import { factsOn, LoadTablet, lost } from './load.ts';

let folder = '';
let server: ServerProcess;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-restored-'));
  server = await startServer({ demo: 'small', dataDir: data() });
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});
const data = (): string => join(folder, 'data');
const backup = (): string => join(folder, 'backup.sqlite');

/** The server as it was when the backup was made. */
async function goBack(): Promise<void> {
  await server.kill();
  const author = { tag: authorityTag, retiredTag: retiredAuthorityTag, numbersKey };
  await restore({ data: data(), backup: backup(), author, now: Date.now(), random: Math.random });
  server = await startServer({ demo: 'small', dataDir: data(), port: server.port });
}

/** A tablet that states what the test tells it to. */
async function tablet(seat: string, room: RoomAddress, grant?: TicketGrant) {
  const queue: Fact[][] = [];
  const made = new LoadTablet(grant ?? (await sitDown(server, seat)), () => queue.shift() ?? []);
  made.enter(room);
  ends.push(() => made.disconnect());
  return {
    tablet: made,
    author: made.author,
    /** Connects, states each of the saves, and waits until all of them are confirmed. */
    async state(...saves: readonly Fact[][]): Promise<void> {
      queue.push(...saves);
      made.disconnect();
      made.connect(server, saves.flat().length);
      await eventually(() => expect([queue.length, made.complaints]).toEqual([0, []]));
      await made.settled();
    },
    connect: () => made.connect(server, 0),
  };
}
const kept = async (room: RoomAddress, reader: { readonly ticket: string }): Promise<Map<string, string>> => factsOn(server, room, reader);

test('[SR51, SR52] what tablets had confirmed after the backup comes back from them, each fact from its own device, however they come back', async () => {
  const room = visitsOf('g1');
  const [one, two] = [await tablet('li', room), await tablet('li', room)];
  const supervisor = await sitDown(server, 'he');
  const first = one.author.visit();
  await one.state([first], [one.author.visit()]);
  await two.state([two.author.visit()]);
  await backUp(data(), backup());

  // After the backup: each goes on from what the other has just said, three times over.
  let heads = [first.id];
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { state, author } of [one, two]) {
      const change = author.fact(first.record, 'visit', { note: `第${turn}次` }, heads);
      heads = [change.id];
      await state([author.visit()], [change], [author.visit()]);
    }
  }
  const witness = new StockClient(server, room, [ticketProtocol(supervisor)]);
  ends.push(() => witness.end());
  await eventually(() => expect(Object.keys(witness.facts).length).toBe(3 + 18));
  const before = witness.facts;

  await goBack();
  expect((await kept(room, supervisor)).size).toBe(3);
  // The supervisor's tablet knows everything and made nothing: it is not refused, and brings nothing back.
  await eventually(() => expect([witness.provider.wsconnected, witness.provider.synced]).toEqual([true, true]));
  await eventually(() => expect(server.output()).toContain(`"${one.author.actor.device}":9`));
  expect((await kept(room, supervisor)).size).toBe(3);

  // The second tablet's work stands on the first's: only what stands by itself comes back, the rest waits with it.
  two.connect();
  await eventually(async () => expect((await kept(room, supervisor)).size).toBe(4));
  one.connect();
  await eventually(async () => expect(Object.fromEntries(await kept(room, supervisor))).toEqual(before));
  expect([one.tablet.complaints, two.tablet.complaints, witness.closed]).toEqual([[], [], undefined]);

  // And all of them go on, live.
  await one.state([one.author.visit()]);
  await two.state([two.author.visit()]);
  await eventually(() => expect(Object.keys(witness.facts).length).toBe(3 + 18 + 2));
}, 60_000);

test('[SR51, SR52] a tablet that never returns: its own facts stay out and so does what stands on them; nobody is refused, the rest is back', async () => {
  const room = visitsOf('g1');
  const [one, gone] = [await tablet('li', room), await tablet('li', room)];
  const supervisor = await sitDown(server, 'he');
  await one.state([one.author.visit()]);
  await backUp(data(), backup());
  const visit = gone.author.visit();
  await gone.state([visit]);
  const free = one.author.visit();
  const standing = one.author.fact(visit.record, 'visit', { note: '改' }, [visit.id]);
  await one.state([free], [standing]);
  await goBack();

  one.connect();
  await eventually(async () => expect([...(await kept(room, supervisor)).keys()]).toContain(free.id));
  await eventually(() => expect(server.output()).toContain('a tablet knows facts of others that are not here'));
  expect([...(await kept(room, supervisor)).keys()]).not.toContain(standing.id);
  expect(one.tablet.complaints).toEqual([]);
  expect(Object.keys(one.tablet.copy.doc.getMap(factsRoot).toJSON())).toEqual(expect.arrayContaining([visit.id, standing.id]));
  // What it states from its next start on, under a new Yjs client, arrives.
  const { grant } = one.tablet;
  one.tablet.disconnect();
  const restarted = await tablet('li', room, grant);
  Y.applyUpdate(restarted.tablet.copy.doc, Y.encodeStateAsUpdate(one.tablet.copy.doc));
  const later = restarted.author.fact(`vis_${(1_778_547_600_000).toString(36).padStart(9, '0')}${grant.actor.device}zz`, 'visit', { grid: 'g1', household: 'hou_101', visitedAt: 1_778_547_600_000, outcome: 'met' });
  await restarted.state([{ ...later, id: `${grant.actor.device}-zz` }]);
  expect([...(await kept(room, supervisor)).keys()]).toContain(`${grant.actor.device}-zz`);
}, 60_000);

test('[SR51, ST14] after a restore somebody else\'s facts can still not be stated, nor somebody else\'s client continued', async () => {
  const room = visitsOf('g1');
  const [one, two] = [await tablet('li', room), await tablet('li', room)];
  await one.state([one.author.visit()]);
  await backUp(data(), backup());
  await goBack();
  const { grant, author } = two.tablet;
  const inOthersName = { ...author.visit(), id: `${one.author.actor.device}-zz` };
  const offer = async (facts: readonly Fact[], client = two.tablet.copy.doc.clientID): Promise<Peer> => {
    const peer = await Peer.into(server, room, grant);
    ends.push(() => peer.end());
    await peer.sync();
    const runs = [{ client, clock: 0, cells: facts.map((fact) => ({ id: fact.id, json: encodeFact(fact) })) }];
    peer.stepTwo(encodeRuns(client === one.tablet.copy.doc.clientID ? runs.map((run) => ({ ...run, clock: 1 })) : runs));
    return peer;
  };
  // Alone it is passed over, as what a tablet relays; beside an own fact of the same client it is refused.
  const passedOver = await offer([inOthersName]);
  await eventually(() => expect(server.output()).toContain(`{"${one.author.actor.device}":1}`));
  await passedOver.sync();
  expect(passedOver.closed).toBeUndefined();
  expect(await (await offer([author.visit(), inOthersName])).ended()).toEqual({ code: 4409, reason: 'wrong-author' });
  expect(await (await offer([author.visit()], one.tablet.copy.doc.clientID)).ended()).toEqual({ code: 4409, reason: 'foreign-client' });
  expect((await kept(room, grant)).size).toBe(1);
}, 60_000);

test('[SR53] who gets a ticket is told that the store was put back, and when', async () => {
  expect(await sitDown(server, 'he')).not.toHaveProperty('restoredAt');
  await backUp(data(), backup());
  const from = Date.now();
  await goBack();
  const { restoredAt } = await sitDown(server, 'he');
  expect(restoredAt).toBeGreaterThanOrEqual(from);
  expect(restoredAt).toBeLessThanOrEqual(Date.now());
});

test('[ST14, AU13] points after a restore: a tablet takes the server\'s ledger instead of its own, and every attendance is posted once', async () => {
  const ledger: RoomAddress = { ...logOf(), family: 'ledger' };
  const log = await tablet('chen', logOf());
  const supervisor = await sitDown(server, 'he');
  const activity = log.author.activity();
  const attendances = Array.from({ length: 6 }, (_, index) => log.author.attendance(activity.record, `SBA000${index}`));
  await log.state([activity], attendances.slice(0, 2));
  await eventually(async () => expect((await kept(ledger, supervisor)).size).toBe(2));
  await backUp(data(), backup());
  await log.state(attendances.slice(2));
  await eventually(async () => expect((await kept(ledger, supervisor)).size).toBe(6));
  const reader = await Peer.into(server, ledger, supervisor);
  await reader.sync();
  const old = reader.doc;
  expect(old.getMap(factsRoot).size).toBe(6);
  log.tablet.disconnect();
  await goBack();

  const again = await Peer.into(server, ledger, supervisor);
  ends.push(() => again.end());
  await again.sync();
  again.stepTwo(Y.encodeStateAsUpdate(old, Y.encodeStateVector(again.doc)));
  expect((await again.ended()).code).toBe(4409);

  log.connect();
  await eventually(async () => expect((await kept(ledger, supervisor)).size).toBe(6));
  expect(lost(log.tablet.copy, await kept(logOf(), supervisor))).toEqual([]);
  const entries = [...(await kept(ledger, supervisor))].map(([id, json]) => ({ id, fact: JSON.parse(json) as Fact }));
  expect(new Set(entries.map(({ fact }) => fact.set['attendance'])).size).toBe(6);
  // The two of before the backup are the same, the others are new facts: no id means two things.
  const known = old.getMap<string>(factsRoot);
  expect(entries.filter(({ id }) => known.has(id)).length).toBe(2);
  reader.end();
}, 60_000);

test('[ST14, PN5, PN14] points that were spent after the backup: the claim comes back from its tablet, is never lost, and is paid once', async () => {
  const month = monthOf(Date.now());
  const [earned, ledger, claims] = [{ ...logOf(), family: 'ledger' }, { ...logOf(), family: 'ledger', month }, { ...logOf(), family: 'claims', month }] as const;
  const volunteer = 'SBA0001';
  const supervisor = await sitDown(server, 'he');
  const stated = async (room: RoomAddress): Promise<Fact[]> => [...(await kept(room, supervisor)).values()].map((json) => JSON.parse(json) as Fact);
  const points = async (): Promise<Map<string, number>> => {
    const all = new Map<string, number>();
    for (const { set } of [...(await stated(earned)), ...(await stated(ledger))]) {
      if (set['debit'] === undefined) continue;
      all.set(String(set['debit']), (all.get(String(set['debit'])) ?? 0) - Number(set['points']));
      all.set(String(set['credit']), (all.get(String(set['credit'])) ?? 0) + Number(set['points']));
    }
    return all;
  };
  const verdictOn = async (claim: string) => (await stated(ledger)).find(({ record }) => record === verdictId(claim))?.set['result'];

  await backUp(data(), backup());
  const log = await tablet('chen', logOf());
  const activity = log.author.activity();
  await log.state([activity, log.author.attendance(activity.record, volunteer, 40)]);
  await eventually(async () => expect((await points()).get(`volunteer:${volunteer}`)).toBe(40));
  const counter = await tablet('ko', claims);
  counter.connect();
  const grant = await eventually(async () => {
    expect((await points()).get(`volunteer:${volunteer}`)).toBe(0);
    return (await stated(ledger)).find(({ kind }) => kind === 'grant')?.record as string;
  });
  const redeemed = { grant, seq: 1, type: 'redeem', volunteer, points: 30, madeAt: Date.now() };
  const claim = counter.author.fact(claimId(redeemed), 'claim', redeemed);
  await counter.state([claim]);
  await eventually(async () => expect(await verdictOn(claim.record)).toBe('booked'));
  for (const each of [log, counter]) each.tablet.disconnect();
  await goBack();
  expect([await stated(ledger), await stated(claims), await stated(earned)]).toEqual([[], [], []]);

  // The counter is there before the hours that its points came from.
  counter.connect();
  const found = await eventually(async () => {
    const result = await verdictOn(claim.record);
    expect(result).toBeDefined();
    return result;
  });
  // What was handed out is not denied: no points are held for it any more, so the office looks.
  expect(['beyond', 'unknown']).toContain(found);
  log.connect();
  await eventually(async () => expect([...(await points()).values()].reduce((most, each) => Math.max(most, each), 0)).toBe(40));
  const desk = await tablet('he', claims, supervisor);
  const verdict = verdictId(claim.record);
  await desk.state([desk.author.fact(settlementId(verdict), 'settlement', { verdict, grant, decision: 'honour' })]);
  await eventually(async () => expect((await points()).get(`redeemed:${counter.author.actor.device}`)).toBe(30));

  const end = await points();
  expect([...end.values()].reduce((sum, each) => sum + each, 0)).toBe(0);
  expect([...end].filter(([account, each]) => each < 0 && account !== 'issued' && account !== 'shortfall')).toEqual([]);
  expect([counter.tablet.complaints, log.tablet.complaints]).toEqual([[], []]);
}, 60_000);
