/** A bundle file reaches a real server by other hands than its author's. */
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { bundleMaxBytes } from '../../src/protocol/bundle.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import type { FilesGrant } from '../../src/protocol/files.ts';
import { auditSchema } from '../../src/protocol/identity.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author } from '../support/author.ts';
import { demoSigner, fileOf } from '../support/bundles.ts';
import { morning } from '../support/community.ts';
import { ask, bearer, EnrolledTablet, errorOf, type Answer } from '../support/enrolled.ts';
import { ownServer, type OwnServer } from '../support/ownServer.ts';
import { enrol, layGrids, type RealCommunity } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { Peer, sitDown, type Reachable } from '../support/wire.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function founded(): Promise<RealCommunity<OwnServer>> {
  const server = await ownServer(morning);
  ends.push(() => server.end());
  const supervisor = await EnrolledTablet.joined(server, server.server.firstInvitation?.code ?? '');
  await layGrids(server, supervisor, 'g1', 'g2');
  return { server, supervisor };
}

const visits: RoomAddress = { community: 'c1', family: 'visits', grid: 'g1', month: '2026-05' };

const filesOf = ({ files }: TicketGrant): FilesGrant => {
  if (!files) throw new Error('a ticket says what files are signed with');
  return files;
};

async function carry(server: Reachable, content: string, grant?: { readonly ticket: string }): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/bundles`, { method: 'POST', headers: grant ? bearer(grant) : {}, body: content });
  return { status: answer.status, body: JSON.parse(await answer.text()), headers: answer.headers };
}

async function factsIn(server: Reachable, room: RoomAddress, grant: TicketGrant): Promise<string[]> {
  const peer = await Peer.into(server, room, grant);
  await peer.sync();
  const ids = Object.keys(peer.doc.getMap('facts').toJSON()).sort();
  peer.end();
  return ids;
}

/** A worker who wrote two visits and was never online since. */
async function wrote(community: RealCommunity<OwnServer>) {
  const tablet = await enrol(community);
  const grant = await tablet.ticket();
  const author = new Author(grant.actor);
  author.write(author.visit(), author.visit('hou_102'));
  const file = await fileOf(author, visits, filesOf(grant), (text) => tablet.signs(text));
  return { tablet, grant, author, file };
}

const taken = { rooms: [{ room: formatRoomName(visits), outcome: 'taken', facts: 2 }] };

test('[BF5, BF6] a colleague who may not see the room carries it; the author, back on the wire, finds it confirmed and is refused nothing', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const { tablet, grant, author, file } = await wrote(community);
  const carrier = await enrol(community, { name: '邻居', grids: ['g2'] });
  expect(await carry(server, file, await carrier.ticket())).toMatchObject({ status: 200, body: taken });
  const ids = await factsIn(server, visits, await supervisor.ticket());
  expect(ids).toEqual([`${tablet.device}-0`, `${tablet.device}-1`]);

  // Again, by somebody else: nothing changes.
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ status: 200, body: taken });
  expect(await factsIn(server, visits, await supervisor.ticket())).toEqual(ids);

  const back = await Peer.into(server, visits, await tablet.ticket());
  await back.sync();
  await back.acked(author.doc.clientID, 2);
  back.update(author.write(author.visit('hou_103')));
  await back.acked(author.doc.clientID, 3);
  expect(back.refusal).toBeUndefined();
  back.end();
  expect(await factsIn(server, visits, grant)).toHaveLength(3);
  // What was made later holds what is there already: the same cells.
  const later = await fileOf(author, visits, filesOf(grant), (text) => tablet.signs(text));
  expect(await carry(server, later, await carrier.ticket())).toMatchObject({ status: 200, body: { rooms: [{ outcome: 'taken', facts: 3 }] } });

  const { body } = await ask(server, '/api/admin/audit', undefined, bearer(await supervisor.ticket()));
  const lines = v.parse(auditSchema, body).filter(({ act }) => act === 'bundle');
  expect(lines).toMatchObject([{ by: (await carrier.ticket()).actor.person, on: tablet.device, detail: { person: grant.actor.person, taken: 2, review: 0 } }]);
});

test('[BF5, BF7] the author\'s rights decide, as they are now: what they no longer reach waits for the review', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const { grant, file } = await wrote(community);
  await supervisor.done({ act: 'changePerson', person: grant.actor.person, name: '李工', role: 'gridWorker', grids: ['g2'], partners: [], reason: '调岗' });
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ status: 200, body: { rooms: [{ outcome: 'review', facts: 2, reason: 'read-only' }] } });
  expect(await factsIn(server, visits, await supervisor.ticket())).toEqual([]);
  expect((await supervisor.registry()).toReview).toBe(2);
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ status: 200 });
  expect((await supervisor.registry()).toReview).toBe(2);
  for (const { reason } of await server.storage.quarantined(5)) expect(reason).toBe('read-only');
});

test('[BF9] one fact that is refused keeps back what stands on it, and nothing else', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const tablet = await enrol(community);
  const grant = await tablet.ticket();
  const author = new Author(grant.actor);
  const [before, wrong, after] = [author.visit(), author.visit('hou_102', { grid: 'g2' }), author.visit('hou_103')];
  const onWrong = author.fact(wrong.record, 'visit', { note: '后来' }, [wrong.id]);
  const onAfter = author.fact(after.record, 'visit', { note: '后来' }, [after.id]);
  author.write(before, wrong, after, onWrong, onAfter);
  const file = await fileOf(author, visits, filesOf(grant), (text) => tablet.signs(text));
  const outcomes = [{ outcome: 'taken', facts: 3 }, { outcome: 'review', facts: 2, reason: 'wrong-room' }];
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ status: 200, body: { rooms: outcomes } });
  expect(await factsIn(server, visits, await supervisor.ticket())).toEqual([before.id, after.id, onAfter.id].sort());
  expect((await supervisor.registry()).toReview).toBe(2);
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ body: { rooms: outcomes } });
  expect((await supervisor.registry()).toReview).toBe(2);
  // Nobody else's rights help: a stranger to the grid who signs for themselves gets nothing in.
  const stranger = await enrol(community, { name: '邻居', grids: ['g2'] });
  const theirs = new Author((await stranger.ticket()).actor);
  theirs.write(theirs.visit('hou_104', { grid: 'g1' }));
  const otherwise = { ...filesOf(await stranger.ticket()), keys: filesOf(grant).keys };
  expect(await carry(server, await fileOf(theirs, visits, otherwise, (text) => stranger.signs(text)), await supervisor.ticket())).toMatchObject({ body: { rooms: [{ outcome: 'review', facts: 1 }] } });
});

test('[BF7] what a stopped tablet wrote is not taken and not lost: a supervisor takes it, and then the same file is nothing new', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const { tablet, file } = await wrote(community);
  await supervisor.done({ act: 'revokeDevice', device: tablet.device, reason: '停用' });
  expect(await carry(server, file, await supervisor.ticket())).toMatchObject({ status: 200, body: { rooms: [{ outcome: 'review', facts: 2, reason: 'ended' }] } });
  for (const fact of [`${tablet.device}-0`, `${tablet.device}-1`]) await supervisor.done({ act: 'review', fact, decision: 'take', reason: '属实' });
  expect(await factsIn(server, visits, await supervisor.ticket())).toHaveLength(2);
  await carry(server, file, await supervisor.ticket());
  expect((await supervisor.registry()).toReview).toBe(0);
});

test('[BF2, BF8] refused whole, each with its word: no ticket, changed, cut, another community\'s, a device of nobody, too large', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const { tablet, grant, author, file } = await wrote(community);
  const by = await supervisor.ticket();
  const verdict = async (content: string) => errorOf(await carry(server, content, by));
  expect(errorOf(await carry(server, file))).toEqual([401, 'unauthenticated']);
  const signature = file.slice(-'"}]}'.length - 86, -'"}]}'.length);
  const otherSignature = await tablet.signs('something else');
  expect(await verdict(file.replace(signature, otherSignature))).toEqual([422, 'tampered']);
  expect(await verdict(file.slice(0, -1))).toEqual([422, 'damaged']);
  expect(await verdict('{}')).toEqual([422, 'not-a-bundle']);
  expect(await verdict(file.replace('"version":1', '"version":9'))).toEqual([422, 'newer']);
  expect(await verdict(`${file}${' '.repeat(2 * bundleMaxBytes)}`)).toEqual([413, 'too-large']);
  // A key that the server certified and has forgotten, as after a restore, and one that is another's by now.
  const nobody = await EnrolledTablet.unpacked(server);
  const forged = new Author({ ...grant.actor, device: nobody.device });
  forged.write(forged.visit());
  expect(await verdict(await fileOf(forged, visits, filesOf(grant), (text) => nobody.signs(text)))).toEqual([422, 'tampered']);

  // Sealed with a key that is not this server's.
  const otherwise = { ...filesOf(grant), keys: { 'c1/visits/g1': '0'.repeat(64) } };
  expect(await verdict(await fileOf(author, visits, otherwise, (text) => tablet.signs(text)))).toEqual([422, 'damaged']);

  const { code = '' } = await supervisor.done({ act: 'openCommunity', slug: 'c2', name: '二社区' });
  const elsewhere = await EnrolledTablet.joined(server, code);
  const there = await elsewhere.ticket();
  const neighbour = new Author(there.actor);
  neighbour.write(neighbour.visit());
  expect(await verdict(await fileOf(neighbour, { ...visits, community: 'c2' }, filesOf(there), (text) => elsewhere.signs(text)))).toEqual([422, 'community']);
  expect(await factsIn(server, visits, by)).toEqual([]);
});

test('[BF8] whoever brings files faster than any tablet is told to come back, and nobody else notices', async () => {
  const { server, supervisor } = await founded();
  const grant = await supervisor.ticket();
  const answers = await Promise.all(Array.from({ length: 90 }, () => carry(server, '{}', grant)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422, 429]));
  expect((await fetch(`${server.url}/api/rooms`, { headers: bearer(grant) })).status).toBe(200);
});

test('[BF1, BF5] a demo server takes what it has certified itself, over a restart of the process', async () => {
  let server: ServerProcess = await startServer({ demo: 'small' });
  ends.push(() => server.dispose());
  const seat = ((await (await fetch(`${server.url}/api/seats`)).json()) as readonly { id: string; role: string; grids: string[] }[]).find(({ role }) => role === 'gridWorker');
  const grant = await sitDown(server, seat?.id ?? '');
  const author = new Author(grant.actor);
  const visit = author.visit();
  author.write(visit);
  const room: RoomAddress = { community: grant.actor.community, family: 'visits', grid: grant.actor.grids[0] ?? '', month: '2026-05' };
  const file = await fileOf(author, room, filesOf(grant), await demoSigner(filesOf(grant)));
  await server.stop();
  server = await startServer({ demo: 'small', dataDir: server.dataDir, port: server.port });
  const carrier = await sitDown(server, seat?.id ?? '');
  expect(await carry(server, file, carrier)).toMatchObject({ status: 200, body: { rooms: [{ outcome: 'taken', facts: 1 }] } });
  expect(await factsIn(server, room, carrier)).toContain(visit.id);
}, 60_000);
