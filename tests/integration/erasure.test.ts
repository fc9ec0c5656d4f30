/** Somebody is erased, over the wire and with real processes: what is left is looked for in the bytes of the data folder. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { afterEach, expect, test } from 'vitest';
import { stepOneMessage } from '../../server/rooms/messages.ts';
import { erasureId } from '../../src/domain/erasure/schema.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { memberId, volunteerId } from '../../src/domain/people/schema.ts';
import { careId } from '../../src/domain/residents/schema.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author } from '../support/author.ts';
import { community, group, peopleOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown } from '../support/wire.ts';

const names = ['欧阳修竹', '13900007777', '司马相如', '门口有红灯笼', '晚上来敲三下', '儿子在成都上班'];
const open: ServerProcess[] = [];
afterEach(() => Promise.all(open.splice(0).map((each) => each.dispose())));
async function running(...args: Parameters<typeof startServer>): Promise<ServerProcess> {
  const server = await startServer(...args);
  open.push(server);
  return server;
}

const people = peopleOf('g1');
const visits: RoomAddress = { community, family: 'visits', grid: 'g1', month: monthOf(Date.now()) };
const members: RoomAddress = { community, family: 'members', partner: group.slice('par_'.length) };

/** Which of the texts stand in the files of a folder, as UTF-8. */
const textsIn = (folder: string): string[] => {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => readFileSync(join(each.parentPath, each.name)));
  return names.filter((text) => bytes.some((file) => file.includes(text)));
};

interface Stands {
  readonly grant: TicketGrant;
  readonly author: Author;
}
const stands = async (server: ServerProcess, seat: string): Promise<Stands> => {
  const grant = await sitDown(server, seat);
  return { grant, author: new Author(grant.actor) };
};

async function say(server: ServerProcess, { grant, author }: Stands, room: RoomAddress, ...facts: readonly Fact[]): Promise<Peer> {
  author.restart();
  const peer = await Peer.into(server, room, grant);
  await peer.sync();
  peer.stepTwo(author.write(...facts));
  await peer.acked(author.doc.clientID, facts.length);
  return peer;
}

const factsOf = (peer: Peer): string => JSON.stringify(peer.doc.getMap(factsRoot).toJSON());

async function story(server: ServerProcess) {
  const [li, he, chen] = await Promise.all(['li', 'he', 'chen'].map((seat) => stands(server, seat)));
  if (!li || !he || !chen) throw new Error('three people');
  const { author } = li;
  const stamp = Date.now().toString(36).padStart(9, '0');
  const tag = li.grant.actor.device;
  const about = `res_${stamp}${tag}1`;
  const household = `hou_${stamp}${tag}2`;
  const vol = volunteerId(`SB${tag.toUpperCase()}01`.slice(0, 14));
  const volunteerNumber = vol.slice(4);
  const now = Date.now();
  const said = (fact: Fact): Fact => ({ ...fact, at: now });
  const inPeople = await say(server, li, people,
    said(author.fact(household, 'household', { grid: 'g1', building: 'bld_1', unit: 1, floor: 1, door: '101', hint: '门口有红灯笼' })),
    said(author.fact(about, 'resident', { grid: 'g1', household, name: '欧阳修竹', phone: '13900007777' })),
    said(author.fact(careId(about, 'livesAlone'), 'care', { grid: 'g1', resident: about, tag: 'livesAlone', reason: '儿子在成都上班', reviewOn: '2027-05-12' })),
    said(author.fact(vol, 'volunteer', { grid: 'g1', number: volunteerNumber, name: '司马相如' })),
  );
  const inVisits = await say(server, li, visits, said(author.fact(`vis_${stamp}${tag}3`, 'visit', { grid: 'g1', household, visitedAt: now, outcome: 'met', note: '晚上来敲三下' })));
  const inMembers = await say(server, chen, members, said(chen.author.fact(memberId(group, volunteerNumber), 'member', { partner: group, number: volunteerNumber, name: '司马相如' })));
  return { li, he, chen, about, household, vol, inPeople, inVisits, inMembers, said };
}
type Story = Awaited<ReturnType<typeof story>>;

const erase = (server: ServerProcess, { he, about, household, vol, said }: Story): Promise<Peer> =>
  say(server, he, people,
    said(he.author.fact(erasureId(about), 'erasure', { grid: 'g1', about, doors: [household], why: 'asked', on: '2026-05-12' })),
    said(he.author.fact(erasureId(vol), 'erasure', { grid: 'g1', about: vol, doors: [], why: 'movedAway', on: '2026-05-12' })),
  );

test('[ER6, SR60, ST18] an erased person is in no room, no refusal kept and no byte of the data folder; who has the old rooms is told to build them again', async () => {
  const server = await running({ demo: 'small' });
  const told = await story(server);
  // Something of theirs that was refused is kept for somebody to look at, too.
  const wrong = await Peer.into(server, people, told.li.grant);
  await wrong.sync();
  told.li.author.restart();
  wrong.stepTwo(told.li.author.write(told.said(told.li.author.fact(told.about, 'resident', { grid: 'g1', household: told.household, name: '欧阳修竹', faith: '无' }))));
  expect((await wrong.ended()).code).toBe(4409);
  const bystander = await Peer.into(server, visits, told.he.grant);
  await bystander.sync();
  expect(textsIn(server.dataDir).sort()).toEqual([...names].sort());

  await erase(server, told);
  for (const peer of [told.inPeople, told.inVisits, told.inMembers, bystander]) expect((await peer.ended()).code).toBe(4409);
  expect(bystander.refusal).toEqual({ reason: 'rebased' });
  await eventually(() => expect(server.output()).toContain('somebody was erased'));

  expect(textsIn(server.dataDir)).toEqual([]);
  const fresh = await Peer.into(server, people, told.he.grant);
  await fresh.sync();
  expect(names.filter((name) => factsOf(fresh).includes(name))).toEqual([]);
  expect(factsOf(fresh)).toContain(erasureId(told.about));
  // Hours and points find the number, and nothing else of the record.
  const left = Object.values(fresh.doc.getMap(factsRoot).toJSON()).map((json) => JSON.parse(String(json)) as Fact).find(({ record }) => record === told.vol);
  expect(left?.set).toEqual({ grid: 'g1', number: told.vol.slice(4), name: told.vol.slice(4) });
  const door = await Peer.into(server, visits, told.he.grant);
  await door.sync();
  expect(factsOf(door)).toContain('"outcome\\":\\"met');

  expect(await server.stop()).toBe(0);
  expect(textsIn(server.dataDir)).toEqual([]);
});

test('[SR61, ER5, GT14] a tablet that comes back with the old room mixes nothing into the new one, and nothing of it is said again', async () => {
  const server = await running({ demo: 'small' });
  const told = await story(server);
  const old = await Peer.into(server, people, told.li.grant);
  await old.sync();
  old.socket.terminate();
  await erase(server, told);
  await eventually(() => expect(server.output()).toContain('somebody was erased'));

  const back = new Peer(server, formatRoomName(people), ['linhuo.v1', `ticket.${told.li.grant.ticket}`]);
  await back.opened();
  back.socket.send(stepOneMessage(encodeStateVector(old.doc)));
  expect((await back.ended()).code).toBe(4409);
  expect(back.refusal).toEqual({ reason: 'rebased' });
  expect(back.heard).not.toContain('stepTwo');

  // Brought in by a peer that asks for nothing, under clients of its own, or as a new fact about the same person.
  const rude = await Peer.into(server, people, told.li.grant);
  rude.stepTwo(encodeStateAsUpdate(old.doc));
  await Promise.race([rude.ended(), new Promise((resolve) => setTimeout(resolve, 300))]);
  told.li.author.restart();
  const again = await Peer.into(server, people, told.li.grant);
  await again.sync();
  again.stepTwo(encodeStateAsUpdate(told.li.author.doc));
  again.update(told.li.author.write(told.said(told.li.author.fact(told.about, 'resident', { grid: 'g1', household: told.household, name: '欧阳修竹' }))));
  expect((await again.ended()).code).toBe(4409);
  expect(again.refusal?.reason).toBe('erased');
  const late = await Peer.into(server, visits, told.li.grant);
  await late.sync();
  told.li.author.restart();
  late.stepTwo(encodeStateAsUpdate(told.li.author.doc));
  late.update(told.li.author.write({ ...told.li.author.visit(told.household, { note: '晚上来敲三下' }), at: Date.now() - 60_000 }));
  expect((await late.ended()).code).toBe(4409);
  expect(late.refusal?.reason).toBe('erased');

  const fresh = await Peer.into(server, people, told.he.grant);
  await fresh.sync();
  expect(names.filter((name) => factsOf(fresh).includes(name))).toEqual([]);
  expect(await server.stop()).toBe(0);
  expect(textsIn(server.dataDir)).toEqual([]);
});

test('[ER7] a server that is killed while it erases has ended it after the next start', async () => {
  const server = await running({ demo: 'small' });
  const told = await story(server);
  await erase(server, told);
  await server.kill();
  const again = await running({ demo: 'small', dataDir: server.dataDir, port: server.port });
  await eventually(() => expect(textsIn(server.dataDir)).toEqual([]));
  await again.stop();
  expect(textsIn(server.dataDir)).toEqual([]);
  const once = await running({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const fresh = await Peer.into(once, people, (await sitDown(once, 'he')));
  await fresh.sync();
  expect(names.filter((name) => factsOf(fresh).includes(name))).toEqual([]);
});

const command = (script: string, data: string, ...args: readonly string[]): string =>
  execFileSync(process.execPath, [`scripts/${script}.mjs`, ...args], { env: { ...process.env, LINHUO_DATA: data } }).toString();

test('[ER9] a backup made before loses the person, too, and one that is put back does not bring them back', async () => {
  const server = await running({ demo: 'small' });
  const told = await story(server);
  const backups = mkdtempSync(join(tmpdir(), 'linhuo-backups-'));
  try {
    const [one, other] = [join(backups, 'one.sqlite'), join(backups, 'other.sqlite')];
    command('backup', server.dataDir, one);
    command('backup', server.dataDir, other);
    await erase(server, told);
    await eventually(() => expect(server.output()).toContain('somebody was erased'));
    expect(textsIn(backups).sort()).toEqual([...names].sort());

    // With the server running, as an operator would.
    expect(command('eraseBackups', server.dataDir, one)).toContain('were made anew');
    expect(command('eraseBackups', server.dataDir, one)).toContain('nothing in it was erased since');
    expect(readdirSync(backups).sort()).toEqual(['one.sqlite', 'other.sqlite']);
    expect(names.filter((name) => readFileSync(one).includes(name))).toEqual([]);

    expect(await server.stop()).toBe(0);
    expect(command('restore', server.dataDir, other)).toContain('made anew');
    const [store] = readdirSync(server.dataDir).filter((name) => name === 'linhuo.sqlite');
    expect(names.filter((name) => readFileSync(join(server.dataDir, store ?? '')).includes(name))).toEqual([]);
    const again = await running({ demo: 'small', dataDir: server.dataDir, port: server.port });
    const fresh = await Peer.into(again, people, await sitDown(again, 'he'));
    await fresh.sync();
    expect(names.filter((name) => factsOf(fresh).includes(name))).toEqual([]);
    expect(factsOf(fresh)).toContain(erasureId(told.about));
  } finally {
    rmSync(backups, { recursive: true, force: true });
  }
});
