/** Joining, working and leaving over the wire: the real server without demo data, and tablets that are keys in Node. */
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { encodeFact } from '../../src/domain/kernel/fact.ts';
import { auditSchema, comparisonDigits, type JoinAnswer, type ReviewEntry } from '../../src/protocol/identity.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author } from '../support/author.ts';
import { ask, bearer, EnrolledTablet, errorOf } from '../support/enrolled.ts';
import { enrol, firstCode, foundCommunity, realRoster } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer } from '../support/wire.ts';
import { visitsOf } from '../support/community.ts';

const servers: ServerProcess[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
});
async function founded() {
  const community = await foundCommunity();
  servers.push(community.server);
  return community;
}
const visits = { ...visitsOf('g1'), community: 'c1' };

/** What a room says of a record's fields, as a tablet would fold it: the last fact that set each. */
async function rosterFacts(server: ServerProcess, tablet: EnrolledTablet): Promise<{ record: string; kind: string; set: Record<string, unknown>; by: string }[]> {
  const peer = await Peer.into(server, realRoster, await tablet.ticket());
  await peer.sync();
  const facts = Object.values(peer.doc.getMap('facts').toJSON()).map((json) => JSON.parse(String(json)) as { record: string; kind: string; set: Record<string, unknown>; by: string });
  peer.end();
  return facts;
}

test('[IE8, IE2] the first supervisor comes in by the printed link without a confirmation; until then each start prints another', async () => {
  const server = await startServer({ demo: false, env: { LINHUO_COMMUNITY: '双柏社区' } });
  servers.push(server);
  const old = await firstCode(server);
  expect(server.output()).toContain(`${server.url}/join#${old}`);
  expect(server.output()).toContain('双柏社区');
  expect(server.output()).toContain('▀');
  expect(await server.stop()).toBe(0);
  const again = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
  servers.push(again);
  const code = await firstCode(again);
  const tablet = await EnrolledTablet.unpacked(again);
  expect(errorOf(await tablet.join(old))).toEqual([403, 'code']);
  expect((await tablet.join(code)).body).toMatchObject({ role: 'supervisor', community: 'c1', communityName: '双柏社区', confirmed: true });
  expect(await tablet.joinState()).toBe('confirmed');
  expect((await tablet.ticket()).actor).toMatchObject({ role: 'supervisor', community: 'c1', device: tablet.device });
  const digits = await comparisonDigits(code, tablet.key);
  await eventually(() => expect(again.output()).toContain(`"digits":"${digits}"`));
  expect(await again.stop()).toBe(0);
  const third = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
  servers.push(third);
  expect(third.output()).not.toContain('/join#');
}, 60_000);

test('[IE9, IA1] the first supervisor says who they are: colleagues and the log see a person; nobody else renames anybody by joining', async () => {
  const server = await startServer({ demo: false });
  servers.push(server);
  const code = await firstCode(server);
  const tablet = await EnrolledTablet.unpacked(server);
  expect(errorOf(await tablet.join(code, null))).toEqual([422, 'name']);
  for (const name of ['', '  ', '王\u0007', '王'.repeat(65)]) expect(errorOf(await tablet.join(code, name)), JSON.stringify(name)).toEqual([400, 'bad-request']);
  expect((await tablet.join(code, '王晓琴')).body).toMatchObject({ name: '王晓琴', confirmed: true });
  // An answer that was lost is given again; a name that is said then changes nothing.
  expect((await tablet.join(code, '别人')).body).toMatchObject({ name: '王晓琴' });
  const { people: [person] } = await tablet.registry();
  expect(person).toMatchObject({ name: '王晓琴', role: 'supervisor' });
  await eventually(async () => expect((await rosterFacts(server, tablet)).findLast(({ record }) => record === person?.id)?.set).toMatchObject({ name: '王晓琴' }));
  const [, joined] = v.parse(auditSchema, (await ask(server, '/api/admin/audit', undefined, bearer(await tablet.ticket()))).body);
  expect(joined).toMatchObject({ act: 'join', detail: { person: person?.id, name: '王晓琴' } });
  const invited = await enrol({ server, supervisor: tablet }, { name: '何工', role: 'supervisor', grids: [] });
  expect(invited.seat?.name).toBe('何工');
});

test('[IE1, IE2, IE6, IA7, AU8, AU9] a worker joins: digits equal on both sides, nothing before the confirmation, then ticket, socket and name', async () => {
  const { server, supervisor } = await founded();
  const { code = '', person = '' } = await supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const worker = await EnrolledTablet.joined(server, code);
  expect(worker.seat).toEqual({ person, name: '李工', role: 'gridWorker', community: 'c1', communityName: '第一社区', grids: ['g1'], partners: [], confirmed: false });
  const [waiting] = (await supervisor.registry()).devices.filter(({ tag }) => tag === worker.device);
  expect([waiting?.state, waiting?.digits]).toEqual(['waiting', await comparisonDigits(code, worker.key)]);
  expect(await worker.joinState()).toBe('waiting');
  expect(errorOf(await worker.askTicket())).toEqual([403, 'unproved']);

  await supervisor.done({ act: 'confirm', device: worker.device });
  expect(await worker.joinState()).toBe('confirmed');
  const grant = await worker.ticket();
  expect(grant.actor).toEqual({ person, role: 'gridWorker', community: 'c1', grids: ['g1'], partners: [], device: worker.device });
  expect(grant.communityGrids).toEqual(['g1', 'g2']);
  expect(grant.unlock?.half).toMatch(/^[0-9a-f]{64}$/);
  expect((grant.unlock?.until ?? 0) - grant.serverNow).toBeGreaterThan(29 * 86_400_000);
  expect((await worker.ticket()).unlock?.half).toBe(grant.unlock?.half);

  const author = new Author(grant.actor);
  const peer = await Peer.into(server, visits, grant);
  await peer.sync();
  peer.update(author.write(author.visit()));
  await peer.acked(author.doc.clientID, 1);
  peer.end();
  expect(await rosterFacts(server, worker)).toContainEqual(expect.objectContaining({ record: person, kind: 'staff', set: { name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] }, by: 'per_authority' }));
  expect(await rosterFacts(server, worker)).toContainEqual(expect.objectContaining({ kind: 'community', set: { name: '第一社区', district: '成都' } }));
  expect((await ask(server, '/api/contacts', undefined, bearer(await supervisor.ticket()))).body).toEqual(expect.arrayContaining([expect.objectContaining({ device: worker.device, person, role: 'gridWorker' }), expect.objectContaining({ device: supervisor.device })]));
  expect(errorOf(await ask(server, '/api/contacts', undefined, bearer(grant)))).toEqual([403, 'forbidden']);
  expect(errorOf(await ask(server, '/api/seats'))).toEqual([404, 'not-found']);
}, 60_000);

test('[IE1, IE3] a code is good once, for one tablet; the same tablet is answered again; refused and cancelled ones do not come in', async () => {
  const { server, supervisor } = await founded();
  const { code = '', invitation = '' } = await supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const worker = await EnrolledTablet.joined(server, code);
  expect((await worker.join(code)).body).toEqual(worker.seat as JoinAnswer);
  expect(errorOf(await (await EnrolledTablet.unpacked(server)).join(code))).toEqual([403, 'code']);
  await supervisor.done({ act: 'refuse', device: worker.device });
  expect(await worker.joinState()).toBe('refused');
  expect(errorOf(await worker.askTicket())).toEqual([403, 'unknown']);
  expect(errorOf(await worker.join(code))).toEqual([403, 'code']);
  expect(errorOf(await supervisor.act({ act: 'cancelInvitation', invitation }))).toEqual([422, 'not-now']);

  const [person] = (await supervisor.registry()).people.filter(({ name }) => name === '李工');
  const second = await supervisor.done({ act: 'inviteAgain', person: person?.id ?? '' });
  const third = await supervisor.done({ act: 'inviteAgain', person: person?.id ?? '' });
  expect(errorOf(await (await EnrolledTablet.unpacked(server)).join(second.code ?? ''))).toEqual([403, 'code']);
  await supervisor.done({ act: 'cancelInvitation', invitation: third.invitation ?? '' });
  expect(errorOf(await (await EnrolledTablet.unpacked(server)).join(third.code ?? ''))).toEqual([403, 'code']);

  const fourth = await supervisor.done({ act: 'inviteAgain', person: person?.id ?? '' });
  const taken = { code: fourth.code, device: worker.device, tablet: worker.tablet, label: 'x', key: supervisor.key };
  expect(errorOf(await ask(server, '/api/join', taken))).toEqual([409, 'taken']);
  expect(errorOf(await ask(server, '/api/join', { ...taken, device: 'auth' }))).toEqual([409, 'taken']);
  expect(errorOf(await ask(server, '/api/join', { ...taken, device: 'fresh1', key: { x: 'AAAA', y: 'AAAA' } }))).toEqual([400, 'key']);
  expect(JSON.stringify((await supervisor.registry()))).not.toContain(fourth.code);
}, 60_000);

test('[IE10] the device\'s key alone gets its state, the half and nothing else: no ticket, no handover, no other key behind the PIN', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const waiting = await EnrolledTablet.joined(server, (await supervisor.done({ act: 'invite', name: '吴工', role: 'gridWorker', grids: ['g1'], partners: [] })).code ?? '');
  expect([errorOf(await waiting.checkIn()), errorOf(await waiting.tellSeatKey())]).toEqual([[403, 'unproved'], [403, 'unproved']]);
  // A tablet of an earlier version has none yet, and would make one known with the same signature.
  expect((await worker.askTicket()).status).toBe(200);
  expect(await worker.tellSeatKey()).toMatchObject({ status: 200, body: {} });
  const half = (await worker.ticket()).unlock?.half;
  const alone = (purpose: 'ticket' | 'handover') => worker.proof(purpose, undefined, 'device');
  expect(errorOf(await ask(server, '/api/tickets', { ...(await alone('ticket')), unsent: { saved: 0, refused: 9 } }))).toEqual([403, 'locked']);
  expect((await supervisor.registry()).devices.find(({ tag }) => tag === worker.device)?.unsent).toEqual({ saved: 0, refused: 0 });
  expect((await worker.checkIn()).body).toMatchObject({ unlock: { half } });
  expect(Object.keys((await worker.checkIn()).body as object).sort()).toEqual(['serverNow', 'unlock']);

  // Nobody puts another key in its place: not with the device's key and one of their own, not with a signature that fits another.
  const thief = await EnrolledTablet.unpacked(server);
  expect(errorOf(await worker.tellSeatKey(thief))).toEqual([409, 'taken']);
  expect((await worker.tellSeatKey()).status).toBe(200);
  const nonce = await worker.challenge();
  const torn = { device: worker.device, nonce, key: thief.seatKey, signature: (await worker.proof('seat-key', nonce)).signature, seatSignature: (await worker.proof('seat-key', nonce, 'seat')).signature };
  expect(errorOf(await ask(server, '/api/seat-key', torn))).toEqual([403, 'unproved']);
  expect(errorOf(await ask(server, '/api/check-in', await worker.proof('check-in', undefined, 'seat')))).toEqual([403, 'unproved']);

  await supervisor.done({ act: 'revokeDevice', device: worker.device, reason: '离职' });
  const facts = [{ room: formatRoomName(visits), id: `${worker.device}-1`, json: '{}' }];
  expect(errorOf(await ask(server, '/api/handover', { ...(await alone('handover')), facts }))).toEqual([403, 'locked']);
  // It hears its end all the same, and may say that it has wiped itself.
  expect([errorOf(await worker.checkIn()), errorOf(await ask(server, '/api/tickets', await alone('ticket')))]).toEqual([[403, 'revoked'], [403, 'revoked']]);
  expect(await worker.handOver(facts)).toEqual([`${worker.device}-1`]);
  expect((await worker.wiped()).status).toBe(200);
  // Known for good: over a restart, and in the log.
  expect(await server.stop()).toBe(0);
  const again = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
  servers.push(again);
  expect(errorOf(await ask(again, '/api/tickets', await supervisor.proof('ticket', undefined, 'device')))).toEqual([403, 'locked']);
  const log = (await ask(again, '/api/admin/audit', undefined, bearer(await supervisor.ticket()))).body as { act: string; on: string }[];
  expect(log.filter(({ act }) => act === 'seatKey').map(({ on }) => on)).toEqual([worker.device, supervisor.device]);
}, 60_000);

test('[IR1, IR3, IR5, IR6, IA1] a device is revoked: its socket closes, it gets no ticket, hands over, and a supervisor takes and drops', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const grant = await worker.ticket();
  const author = new Author(grant.actor);
  const peer = await Peer.into(server, visits, grant);
  await peer.sync();
  const stated = author.visit('hou_1');
  peer.update(author.write(stated));
  await peer.acked(author.doc.clientID, 1);

  const from = performance.now();
  await supervisor.done({ act: 'revokeDevice', device: worker.device, reason: '离职' });
  expect((await peer.ended()).code).toBe(4401);
  expect(performance.now() - from).toBeLessThan(5_000);
  expect(errorOf(await worker.askTicket({ unsent: { saved: 20, refused: 1 } }))).toEqual([403, 'revoked']);
  expect(errorOf(await ask(server, '/api/rooms', undefined, bearer(grant)))).toEqual([401, 'unauthenticated']);
  expect((await new Peer(server, formatRoomName(visits), [`ticket.${grant.ticket}`]).ended()).code).toBe(4401);
  expect((await supervisor.registry()).devices).toContainEqual(expect.objectContaining({ tag: worker.device, state: 'revoked', unsent: { saved: 20, refused: 1 }, rooms: [expect.objectContaining({ room: formatRoomName(visits) })] }));

  const birth = author.visit('hou_2');
  const change = author.fact(birth.record, 'visit', { outcome: 'notHome' }, [birth.id]);
  const others = Array.from({ length: 18 }, (_, index) => author.visit(`hou_${index + 10}`));
  const all = [stated, birth, change, ...others];
  const handed = all.map((fact) => ({ room: formatRoomName(visits), id: fact.id, json: encodeFact(fact) }));
  expect(await worker.handOver(handed)).toEqual(all.map(({ id }) => id));
  expect(await worker.handOver(handed)).toEqual(all.map(({ id }) => id));
  const grantOfSupervisor = await supervisor.ticket();
  const reviewList = async (): Promise<ReviewEntry[]> => (await ask(server, '/api/admin/review', undefined, bearer(grantOfSupervisor))).body as ReviewEntry[];
  expect((await reviewList()).map(({ fact }) => fact)).toEqual(all.slice(1).map(({ id }) => id));
  expect((await supervisor.registry()).toReview).toBe(20);

  const decide = (fact: string, decision: 'take' | 'drop') => supervisor.act({ act: 'review', fact, decision, reason: '核对过' });
  expect(errorOf(await decide(change.id, 'take'))).toEqual([422, 'base-missing']);
  expect((await decide(birth.id, 'take')).status).toBe(200);
  expect((await decide(change.id, 'take')).status).toBe(200);
  expect(errorOf(await decide(change.id, 'take'))).toEqual([422, 'not-now']);
  expect((await decide(others[0]?.id ?? '', 'drop')).status).toBe(200);
  expect(await worker.handOver([{ room: formatRoomName(visits), id: others[0]?.id ?? '', json: encodeFact(others[0] ?? birth) }])).toEqual([others[0]?.id]);
  expect((await reviewList()).length).toBe(17);
  const reader = await Peer.into(server, visits, await supervisor.ticket());
  await reader.sync();
  const room = reader.doc.getMap('facts').toJSON() as Record<string, string>;
  expect(room[birth.id]).toBe(encodeFact(birth));
  expect(room[change.id]).toBe(encodeFact(change));
  expect(others.some(({ id }) => id in room)).toBe(false);
  reader.end();

  expect(await worker.wiped()).toMatchObject({ status: 200, body: {} });
  const [device] = (await supervisor.registry()).devices.filter(({ tag }) => tag === worker.device);
  expect(device?.wipedAt).toBeGreaterThan(device?.endedAt ?? Infinity);
  const log = (await ask(server, '/api/admin/audit', undefined, bearer(grantOfSupervisor))).body as { act: string; by: string; seq: number }[];
  expect(log.map(({ act }) => act)).toEqual(['wiped', 'drop', 'take', 'take', 'handover', 'revokeDevice', 'seatKey', 'confirm', 'join', 'invite', 'seatKey', 'join', 'inviteFirst']);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => log.length - index));
}, 60_000);
