/** Rights that change, end and move while tablets work; days that begin; proofs that are not what they say. */
import { afterEach, expect, test } from 'vitest';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { newPinMinutes, type AdminAct } from '../../src/protocol/identity.ts';
import { addDays, dayOf, instantOf } from '../../src/domain/kernel/time.ts';
import { StorageError } from '../../server/storage/contract.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { ask, bearer, EnrolledTablet, errorOf } from '../support/enrolled.ts';
import { ownServer, type OwnServer } from '../support/ownServer.ts';
import { enrol, foundCommunity, layGrids, realRoster, type RealCommunity } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer } from '../support/wire.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const night = instantOf('2026-05-12', '23:59') + 30_000;
/** Half a minute before midnight, unless said otherwise. */
async function founded(now = night): Promise<RealCommunity<OwnServer>> {
  const server = await ownServer(now);
  ends.push(() => server.end());
  const supervisor = await EnrolledTablet.joined(server, server.server.firstInvitation?.code ?? '');
  await layGrids(server, supervisor, 'g1', 'g2');
  return { server, supervisor };
}
async function foundedProcess(): Promise<RealCommunity<ServerProcess>> {
  const community = await foundCommunity();
  ends.push(() => community.server.dispose());
  return community;
}

const visitsOf = (grid: string, community = 'c1') => ({ community, family: 'visits', grid, month: '2026-05' }) as const;
const statusWith = async (server: OwnServer | ServerProcess, grant: TicketGrant): Promise<number> => (await ask(server, '/api/rooms', undefined, bearer(grant))).status;
const change = (person: string, rights: Partial<Extract<AdminAct, { act: 'changePerson' }>>): AdminAct => ({ act: 'changePerson', person, name: '李工', role: 'gridWorker', grids: ['g1'], partners: [], reason: '调岗', ...rights });

test('[IR1, IA7] a grid is taken while its socket is open: the socket closes with 4401, the next ticket is another, the roster says so', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const grant = await worker.ticket();
  const [visits, roster] = [await Peer.into(server, visitsOf('g1'), grant), await Peer.into(server, realRoster, grant)];
  await Promise.all([visits.sync(), roster.sync()]);
  expect((await supervisor.act(change(grant.actor.person, { grids: ['g2'] }))).status).toBe(200);
  expect(await visits.ended()).toEqual({ code: 4401, reason: 'rights changed' });
  expect((await roster.ended()).code).toBe(4401);
  expect(await statusWith(server, grant)).toBe(401);
  const next = await worker.ticket();
  expect(next.actor.grids).toEqual(['g2']);
  const again = await Peer.into(server, realRoster, next);
  await again.sync();
  expect(Object.values(again.doc.getMap('facts').toJSON()).map((json) => JSON.parse(String(json)) as object)).toContainEqual(expect.objectContaining({ record: grant.actor.person, set: { grids: ['g2'] } }));
  expect((await new Peer(server, formatRoomName(visitsOf('g1')), [`ticket.${next.ticket}`]).ended()).code).toBe(4403);
  again.end();

  // Words alone are no rights: the same tablet goes on.
  const open = await Peer.into(server, realRoster, next);
  await open.sync();
  expect((await supervisor.act(change(grant.actor.person, { name: '李晓', grids: ['g2'] }))).status).toBe(200);
  expect([open.closed, await statusWith(server, next)]).toEqual([undefined, 200]);
  open.end();
}, 60_000);

test('[IR2, IR1] somebody else\'s grid opens on its first Beijing day and closes after its last, sockets included', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const before = await worker.ticket();
  const { person } = before.actor;
  expect((await supervisor.act({ act: 'substitute', person, grid: 'g2', from: '2026-05-13', through: '2026-05-14' })).status).toBe(200);
  expect([(await worker.ticket()).actor.grids, await statusWith(server, before)]).toEqual([['g1'], 200]);
  const waiting = await Peer.into(server, realRoster, before);
  await waiting.sync();

  server.clock.now = instantOf('2026-05-13') + 1_000;
  expect(await statusWith(server, before)).toBe(401);
  expect((await waiting.ended()).code).toBe(4401);
  const during = await worker.ticket();
  expect(during.actor.grids).toEqual(['g1', 'g2']);
  server.clock.now = instantOf('2026-05-14', '23:59') + 59_000;
  const last = await worker.ticket();
  expect(last.actor.grids).toEqual(['g1', 'g2']);
  const lent = await Peer.into(server, visitsOf('g2'), last);
  await lent.sync();
  server.clock.now += 2_000;
  expect((await lent.ended()).code).toBe(4401);
  expect((await worker.ticket()).actor.grids).toEqual(['g1']);

  const today = dayOf(server.clock.now);
  const substitute = (from: string, through: string, grid = 'g2'): AdminAct => ({ act: 'substitute', person, grid, from, through });
  expect((await supervisor.act(substitute(today, addDays(today, 3)))).status).toBe(200);
  expect((await worker.ticket()).actor.grids).toEqual(['g1', 'g2']);
  expect((await supervisor.act({ act: 'endSubstitution', person, grid: 'g2' })).status).toBe(200);
  expect((await worker.ticket()).actor.grids).toEqual(['g1']);
  const rows: readonly (readonly [AdminAct, string])[] = [
    [substitute(addDays(today, -9), addDays(today, -1)), 'bad-days'], [substitute(addDays(today, 2), today), 'bad-days'], [substitute('2026-02-30', '2026-09-01'), 'bad-days'],
    [substitute(today, addDays(today, 200)), 'bad-days'], [substitute(today, today, 'g9'), 'bad-grid'], [substitute(today, today, 'g1'), 'taken'],
    [{ act: 'endSubstitution', person, grid: 'g2' }, 'unknown'], [{ ...substitute(today, today), person: 'per_nobody' } as AdminAct, 'unknown'],
    [{ ...substitute(today, today), person: supervisor.seat?.person } as AdminAct, 'not-allowed'],
  ];
  for (const [act, refusal] of rows) expect(errorOf(await supervisor.act(act)), JSON.stringify(act)).toEqual([422, refusal]);
}, 90_000);

test('[IE1] a code is good for half an hour, to the millisecond', async () => {
  const { server, supervisor } = await founded();
  const invite = { act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] } satisfies AdminAct;
  const { code = '', expiresAt = 0 } = await supervisor.done(invite);
  expect(expiresAt).toBe(night + 30 * 60_000);
  server.clock.now = expiresAt;
  expect(errorOf(await (await EnrolledTablet.unpacked(server)).join(code))).toEqual([403, 'code']);
  server.clock.now = expiresAt - 1;
  expect((await (await EnrolledTablet.unpacked(server)).join(code)).status).toBe(200);
}, 30_000);

test('[IE5] a challenge is good once, for a minute, for its purpose, its device and its key; nobody else\'s word counts', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const proof = await worker.proof('ticket');
  const post = (body: object) => ask(server, '/api/tickets', body);
  expect((await post(proof)).status).toBe(200);
  expect(errorOf(await post(proof))).toEqual([403, 'unproved']);
  const fresh = await worker.proof('ticket');
  const flipped = fresh.signature.startsWith('A') ? `B${fresh.signature.slice(1)}` : `A${fresh.signature.slice(1)}`;
  const rows: readonly object[] = [
    { ...fresh, signature: flipped },
    { ...fresh, device: supervisor.device },
    { ...(await supervisor.proof('ticket')), device: worker.device },
    await worker.proof('recovery'),
    await worker.proof('ticket', 'made.up.nonce'),
    await worker.proof('ticket', `${server.clock.now.toString(36)}.AAAA.AAAA`),
  ];
  for (const body of rows) expect(errorOf(await post(body)), JSON.stringify(body)).toEqual([403, 'unproved']);
  expect(errorOf(await post({ ...fresh, device: 'nobody' }))).toEqual([403, 'unknown']);
  expect((await post(fresh)).status).toBe(200);
  const late = await worker.proof('ticket');
  server.clock.now += 60_000;
  expect(errorOf(await post(late))).toEqual([403, 'unproved']);
  expect((await post({ ...fresh, more: 1 })).status).toBe(400);
  expect((await post({ ...fresh, nonce: 'x'.repeat(9_000) })).status).toBe(413);
}, 30_000);

test('[IE7] the recovery half is given once after joining and once when a new PIN was allowed, within the hour; the log says when, and who allowed it', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const until = async () => (await supervisor.registry()).devices.find(({ tag }) => tag === worker.device)?.newPinUntil;
  expect(await until()).toBe(night + newPinMinutes * 60_000);
  const first = await worker.recovery({ attempt: 'one' });
  expect(first.body).not.toEqual({ half: (await worker.ticket()).unlock?.half });
  // Whose answer was lost asks again as the same; somebody else does not get it, nor does one who does not say who asks.
  expect((await worker.recovery({ attempt: 'one' })).body).toEqual(first.body);
  for (const more of [{ attempt: 'two' }, {}]) expect(errorOf(await worker.recovery(more))).toEqual([403, 'not-allowed']);
  expect(await until()).toBeUndefined();
  for (const _twice of [1, 2]) expect(await worker.recovery({ done: true })).toMatchObject({ status: 200, body: {} });
  expect(errorOf(await worker.recovery({ attempt: 'one' }))).toEqual([403, 'not-allowed']);

  await supervisor.done({ act: 'allowNewPin', device: worker.device });
  server.clock.now += newPinMinutes * 60_000;
  expect([errorOf(await worker.recovery({ attempt: 'two' })), await until()]).toEqual([[403, 'not-allowed'], undefined]);
  await supervisor.done({ act: 'allowNewPin', device: worker.device });
  server.clock.now += newPinMinutes * 60_000 - 1;
  expect((await worker.recovery({ attempt: 'two' })).body).toEqual(first.body);
  server.clock.now += 1;
  expect(errorOf(await worker.recovery({ attempt: 'two' }))).toEqual([403, 'not-allowed']);
  const log = (await ask(server, '/api/admin/audit', undefined, bearer(await supervisor.ticket()))).body as { act: string; by: string; on: string; at: number; detail: object }[];
  const ofPins = log.filter(({ act }) => ['releaseRecovery', 'newPinSet'].includes(act));
  expect(ofPins.map(({ act }) => act)).toEqual(['releaseRecovery', 'newPinSet', 'releaseRecovery', 'releaseRecovery']);
  const { person } = (await worker.ticket()).actor;
  expect(ofPins[0]).toMatchObject({ by: `device:${worker.device}`, on: worker.device, at: server.clock.now - 1, detail: { person, allowedBy: supervisor.seat?.person } });

  await supervisor.done({ act: 'allowNewPin', device: worker.device });
  await supervisor.done({ act: 'revokeDevice', device: worker.device, reason: '离职' });
  expect(errorOf(await worker.recovery({ attempt: 'two' }))).toEqual([403, 'not-allowed']);
}, 30_000);

test('[IR3, IR8] a lost tablet: every seat on it is wiped at its next contact, its rooms are named, other tablets go on', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const one = await enrol(community);
  const two = await enrol(community, { name: '吴工', grids: ['g2'] }, one.tablet);
  const other = await enrol(community, { name: '周工', grids: ['g2'] });
  const grant = await one.ticket();
  const peer = await Peer.into(server, visitsOf('g1'), grant);
  await peer.sync();
  await ask(server, `/api/rooms/${formatRoomName(realRoster)}`, undefined, bearer(grant)).catch(() => undefined);
  await supervisor.done({ act: 'lostTablet', tablet: one.tablet, reason: '丢在公交车上' });
  expect((await peer.ended()).code).toBe(4401);
  for (const seat of [one, two]) expect(errorOf(await seat.askTicket())).toEqual([403, 'wipe']);
  expect((await other.askTicket()).status).toBe(200);
  const { devices } = await supervisor.registry();
  expect(devices.filter(({ tablet }) => tablet === one.tablet).map(({ state }) => state)).toEqual(['lost', 'lost']);
  expect(devices.find(({ tag }) => tag === one.device)?.rooms.map(({ room }) => room).sort()).toEqual([formatRoomName(realRoster), formatRoomName(visitsOf('g1'))].sort());
  expect(errorOf(await supervisor.act({ act: 'lostTablet', tablet: one.tablet, reason: 'x' }))).toEqual([422, 'not-now']);
  expect(errorOf(await supervisor.act({ act: 'lostTablet', tablet: 'nosuchtabletat00', reason: 'x' }))).toEqual([422, 'unknown']);
}, 30_000);

test('[IR3, IA3] a tablet that people of two communities share is lost whole, by whichever of them reports it; a seat that was cleared reaches nobody else', async () => {
  const server = await ownServer(night, 'c1', 'c2');
  ends.push(() => server.end());
  const supervisor = await EnrolledTablet.joined(server, server.server.firstInvitation?.code ?? '');
  const community = { server, supervisor };
  await layGrids(server, supervisor, 'g1', 'g2');
  const here = await enrol(community);
  const moved = await enrol(community, { name: '吴工' }, here.tablet);
  const { person } = (await moved.ticket()).actor;
  expect(await server.operate('c1', { act: 'movePerson', person, community: 'c2', role: 'groupLeader', grids: [], partners: [], reason: '调动' })).toBe(200);
  await supervisor.done({ act: 'lostTablet', tablet: here.tablet, reason: '丢了' });
  for (const seat of [here, moved]) expect(errorOf(await seat.askTicket())).toEqual([403, 'wipe']);
  const [line] = (await ask(server, '/api/admin/audit', undefined, bearer(await supervisor.ticket()))).body as { act: string; detail: { devices: object[] } }[];
  expect([line?.act, line?.detail.devices]).toEqual(['lostTablet', [{ device: here.device, person: here.seat?.person }]]);

  // Here nothing of the community is left on the tablet: it is the other one's alone.
  const [gone, theirs] = [await enrol(community, { name: '周工' }), await enrol(community, { name: '赵工' })];
  const other = await enrol(community, { name: '钱工' }, gone.tablet);
  expect(await server.operate('c1', { act: 'movePerson', person: other.seat?.person ?? '', community: 'c2', role: 'groupLeader', grids: [], partners: [], reason: '调动' })).toBe(200);
  await supervisor.done({ act: 'revokeDevice', device: gone.device, reason: '离职' });
  expect((await gone.wiped()).status).toBe(200);
  await supervisor.done({ act: 'lostTablet', tablet: gone.tablet, reason: '丢了' });
  expect([errorOf(await gone.askTicket()), (await other.askTicket()).status, (await theirs.askTicket()).status]).toEqual([[403, 'wipe'], 200, 200]);
}, 30_000);

test('[IA3, IA4, IA5, IA8] what is refused: oneself, the last supervisor, grids and groups there are not, other communities, other roles', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const own = supervisor.seat?.person ?? '';
  const worker = await enrol(community);
  const { person } = (await worker.ticket()).actor;
  const rows: readonly (readonly [AdminAct, string])[] = [
    [{ act: 'endPerson', person: own, reason: 'x' }, 'last-supervisor'],
    [{ act: 'revokeDevice', device: supervisor.device, reason: 'x' }, 'last-supervisor'],
    [{ act: 'lostTablet', tablet: supervisor.tablet, reason: 'x' }, 'last-supervisor'],
    [change(own, {}), 'last-supervisor'],
    [change(person, { grids: ['g9'] }), 'bad-grid'],
    [change(person, { partners: ['par_none'] }), 'unknown'],
    [change('per_nobody', {}), 'unknown'],
    [{ act: 'invite', name: '某', role: 'gridWorker', grids: ['G1'], partners: [] }, 'bad-grid'],
    [{ act: 'movePerson', person, community: 'c9', role: 'gridWorker', grids: [], partners: [], reason: 'x' }, 'unknown'],
    [{ act: 'movePerson', person, community: 'c1', role: 'gridWorker', grids: [], partners: [], reason: 'x' }, 'not-now'],
    [{ act: 'confirm', device: worker.device }, 'not-now'], [{ act: 'refuse', device: worker.device }, 'not-now'],
    [{ act: 'confirm', device: 'nobody' }, 'unknown'], [{ act: 'allowNewPin', device: 'nobody' }, 'unknown'], [{ act: 'cancelInvitation', invitation: 'inv_x' }, 'unknown'],
    [{ act: 'review', fact: 'nobody-1', decision: 'take', reason: 'x' }, 'unknown'],
  ];
  for (const [act, refusal] of rows) expect(errorOf(await supervisor.act(act)), JSON.stringify(act)).toEqual([422, refusal]);
  const second = await enrol(community, { name: '何工', role: 'supervisor', grids: [] });
  for (const act of rows.slice(0, 4).map(([each]) => each)) expect(errorOf(await supervisor.act(act)), JSON.stringify(act)).toEqual([422, 'yourself']);
  await supervisor.done({ ...change(own, {}), name: '王主任', role: 'supervisor', grids: [] } as AdminAct);

  const grant = await worker.ticket();
  for (const path of ['/api/admin', '/api/admin/audit', '/api/admin/review']) {
    expect(errorOf(await ask(server, path, undefined, bearer(grant)))).toEqual([403, 'forbidden']);
    expect(errorOf(await ask(server, path))).toEqual([401, 'unauthenticated']);
  }
  expect(errorOf(await worker.act(change(person, { role: 'supervisor', grids: [] })))).toEqual([403, 'forbidden']);
  expect(errorOf(await ask(server, '/api/admin', { act: 'nonsense' }, bearer(await second.ticket())))).toEqual([400, 'bad-request']);
  expect(errorOf(await supervisor.act({ act: 'invite', name: '坏\u0007名', role: 'gridWorker', grids: [], partners: [] }))).toEqual([400, 'bad-request']);
  expect(errorOf(await ask(server, '/api/admin', change(person, {}), { ...bearer(await supervisor.ticket()), origin: 'https://evil.example' }))).toEqual([403, 'forbidden']);

  await second.done({ act: 'endPerson', person, reason: '离职' });
  expect(errorOf(await worker.askTicket())).toEqual([403, 'revoked']);
  for (const act of [{ act: 'inviteAgain', person }, change(person, {}), { act: 'endPerson', person, reason: 'x' }] as AdminAct[]) expect(errorOf(await supervisor.act(act))).toEqual([422, 'not-now']);
  expect((await supervisor.registry()).people.find(({ id }) => id === person)).toMatchObject({ active: false, name: '李工' });
}, 60_000);

test('[IR4, IA6, IA3] who moves to another community works there with the same tablet; the old seat has ended, the old name stands', async () => {
  const server = await ownServer(night, 'c1', 'c2');
  ends.push(() => server.end());
  const supervisor = await EnrolledTablet.joined(server, server.server.firstInvitation?.code ?? '');
  const community = { server, supervisor };
  await layGrids(server, supervisor, 'g1');
  const worker = await enrol(community);
  const grant = await worker.ticket();
  const { person } = grant.actor;
  const peer = await Peer.into(server, visitsOf('g1'), grant);
  await peer.sync();
  const move = { act: 'movePerson', person, community: 'c2', role: 'groupLeader', grids: [], partners: [], reason: '调动' } satisfies AdminAct;
  // No supervisor puts anybody into a community that is not theirs: rights over there are not theirs to give.
  for (const each of [move, { ...move, role: 'supervisor' as const }, { ...move, grids: ['g1'] }]) expect(errorOf(await supervisor.act(each))).toEqual([422, 'not-allowed']);
  expect(await server.operate('c1', { ...move, grids: ['g1'] })).toBe(422);
  expect(await server.operate('c1', move)).toBe(200);
  expect((await peer.ended()).code).toBe(4401);
  const next = await worker.ticket();
  expect(next.actor).toEqual({ person, role: 'groupLeader', community: 'c2', grids: [], partners: [], device: worker.device });
  expect((await new Peer(server, formatRoomName(realRoster), [`ticket.${next.ticket}`]).ended()).code).toBe(4403);
  const there = await Peer.into(server, { community: 'c2', family: 'roster' }, next);
  await there.sync();
  expect(Object.values(there.doc.getMap('facts').toJSON()).map((json) => (JSON.parse(String(json)) as { record: string }).record).sort()).toEqual(['com_c2', person]);
  there.end();
  const { people, devices } = await supervisor.registry();
  expect(people.find(({ id }) => id === person)).toMatchObject({ active: false, community: 'c1', role: 'gridWorker' });
  expect(devices.some(({ tag }) => tag === worker.device)).toBe(false);
  for (const act of [{ act: 'revokeDevice', device: worker.device, reason: 'x' }, { act: 'lostTablet', tablet: worker.tablet, reason: 'x' }] as AdminAct[]) expect(errorOf(await supervisor.act(act))).toEqual([422, 'unknown']);
  expect(errorOf(await supervisor.act({ act: 'endPerson', person, reason: 'x' }))).toEqual([422, 'not-now']);
  const old = await Peer.into(server, realRoster, await supervisor.ticket());
  await old.sync();
  expect(Object.values(old.doc.getMap('facts').toJSON()).map((json) => (JSON.parse(String(json)) as { record: string }).record)).toContain(person);
  old.end();
}, 60_000);

test('[IA2, IA4] two supervisors demote each other at the same moment: one of them stays', async () => {
  const community = await founded();
  const second = await enrol(community, { name: '何工', role: 'supervisor', grids: [] });
  const { supervisor } = community;
  const demote = (tablet: EnrolledTablet): AdminAct => change(tablet.seat?.person ?? '', { grids: [] });
  const [one, two] = [bearer(await supervisor.ticket()), bearer(await second.ticket())];
  const answers = await Promise.all([ask(community.server, '/api/admin', demote(second), one), ask(community.server, '/api/admin', demote(supervisor), two)]);
  // The second one's ticket is no longer good when it comes, or its turn comes when it no longer holds.
  expect(answers.map(({ status }) => (status === 401 || status === 422 ? 'refused' : status)).sort()).toEqual([200, 'refused']);
  const roles = [(await supervisor.ticket()).actor.role, (await second.ticket()).actor.role];
  expect(roles.sort()).toEqual(['gridWorker', 'supervisor']);
}, 30_000);

test('[IA2] the server is killed in the middle: everything that was answered stands, and tickets stay good', async () => {
  const community = await foundedProcess();
  const { server, supervisor } = community;
  const worker = await enrol(community);
  const leaver = await enrol(community, { name: '周工', grids: ['g2'] });
  const { code = '' } = await supervisor.done({ act: 'invite', name: '吴工', role: 'gridWorker', grids: ['g2'], partners: [] });
  const [person] = (await supervisor.registry()).people.filter(({ name }) => name === '李工');
  const grant = await worker.ticket();
  await supervisor.done({ act: 'lostTablet', tablet: leaver.tablet, reason: '丢了' });
  await server.kill();
  const again = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
  ends.push(() => again.dispose());
  expect(again.output()).not.toContain('/join#');
  expect(await statusWith(again, grant)).toBe(200);
  expect(errorOf(await leaver.askTicket())).toEqual([403, 'wipe']);
  expect((await worker.ticket()).actor).toMatchObject({ person: person?.id, grids: ['g1'] });
  expect((await (await EnrolledTablet.unpacked(again)).join(code)).status).toBe(200);
  await eventually(async () => expect((await supervisor.registry()).people.length).toBe(4));
}, 60_000);

test('[SR50, IA1] on a full disk an act is refused as a whole, and done when there is room', async () => {
  const { server, supervisor } = await founded();
  const { putAll } = server.storage;
  server.storage.putAll = () => Promise.reject(new StorageError('full', 'no space left'));
  const invite = { act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] } satisfies AdminAct;
  expect(errorOf(await supervisor.act(invite))).toEqual([503, 'disk-full']);
  expect((await supervisor.registry()).people.length).toBe(1);
  server.storage.putAll = putAll;
  expect((await supervisor.act(invite)).status).toBe(200);
  expect((await supervisor.registry()).people.length).toBe(2);
}, 30_000);

test('[IA1, IA2] killed at any moment while people are invited: everybody who was answered for is there, and the log holds together', async () => {
  const community = await foundedProcess();
  const { supervisor } = community;
  let { server } = community;
  const answered: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const auth = bearer(await supervisor.ticket());
    const killed = setTimeout(() => void server.kill(), 40 + round * 35);
    for (let number = 0; ; number += 1) {
      const name = `第${round}-${number}`;
      const answer = await ask(server, '/api/admin', { act: 'invite', name, role: 'gridWorker', grids: ['g1'], partners: [] }, auth).catch(() => undefined);
      if (!answer) break;
      expect(answer.status).toBe(200);
      answered.push(name);
    }
    clearTimeout(killed);
    await server.kill();
    server = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
    const { dispose } = server;
    ends.push(dispose);
    const { people } = await supervisor.registry();
    const names = new Set(people.map(({ name }) => name));
    expect(answered.filter((name) => !names.has(name))).toEqual([]);
    // Each of them is one line: nobody without, no line without somebody.
    const log = (await ask(server, '/api/admin/audit', undefined, bearer(await supervisor.ticket()))).body as { act: string; seq: number }[];
    expect(log.filter(({ act }) => act === 'invite').length).toBe(people.length - 1);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => log.length - index));
  }
  expect(answered.length).toBeGreaterThan(20);
}, 90_000);
