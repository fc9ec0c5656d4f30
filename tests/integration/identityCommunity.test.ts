/** A community that a supervisor opens: who may, what comes of it, and that it is nobody's but its own first supervisor's. */
import { afterEach, expect, test } from 'vitest';
import * as v from 'valibot';
import { auditSchema, type AdminAct, type AuditEntry } from '../../src/protocol/identity.ts';
import type { Role } from '../../src/domain/kernel/actor.ts';
import { asking, columns } from '../support/permissionCases.ts';
import { ask, bearer, EnrolledTablet, errorOf } from '../support/enrolled.ts';
import { enrol, foundCommunity, layGrids, realRoster } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer } from '../support/wire.ts';

const servers: ServerProcess[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
});
async function founded() {
  const community = await foundCommunity();
  servers.push(community.server);
  return community;
}
const open = (slug: string, name = '友爱社区'): AdminAct => ({ act: 'openCommunity', slug, name });
const log = async (server: ServerProcess, tablet: EnrolledTablet): Promise<AuditEntry[]> => v.parse(auditSchema, (await ask(server, '/api/admin/audit', undefined, bearer(await tablet.ticket()))).body);

test('[IA10, IE2, IE9, IA1] a supervisor opens a community: its first supervisor comes without a confirmation, both logs say so, and the two have nothing of each other', async () => {
  const community = await founded();
  const { server, supervisor } = community;
  const { code = '', person, expiresAt = 0 } = await supervisor.done(open('c2'));
  expect(expiresAt - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect(expiresAt - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
  expect((await supervisor.registry()).communities).toEqual([{ slug: 'c1', name: '第一社区' }, { slug: 'c2', name: '友爱社区', openUntil: expiresAt }]);

  const first = await EnrolledTablet.unpacked(server);
  expect(errorOf(await first.join(code, null))).toEqual([422, 'name']);
  expect((await first.join(code, '何主任')).body).toMatchObject({ person, name: '何主任', role: 'supervisor', community: 'c2', communityName: '友爱社区', confirmed: true });
  await layGrids(server, first, 'g7');
  await enrol({ server, supervisor: first }, { name: '李工', grids: ['g7'] });

  const [here, there] = [(await log(server, supervisor))[0], await log(server, first)];
  const act = { by: supervisor.seat?.person, act: 'openCommunity', on: 'c2' };
  expect(here).toMatchObject({ ...act, detail: { name: '友爱社区' } });
  expect(there.at(-1)).toMatchObject({ ...act, detail: { name: '友爱社区', from: 'c1' } });
  expect(there.at(-2)).toMatchObject({ act: 'join', detail: { name: '何主任', confirmed: true } });

  const known = await supervisor.registry();
  expect(known.communities).toEqual([{ slug: 'c1', name: '第一社区' }, { slug: 'c2', name: '友爱社区' }]);
  expect([...known.people, ...known.devices].filter((each) => JSON.stringify(each).includes('何主任') || JSON.stringify(each).includes(first.device))).toEqual([]);
  expect(errorOf(await supervisor.act({ act: 'endPerson', person: person ?? '', reason: 'x' }))).toEqual([422, 'unknown']);
  expect(errorOf(await supervisor.act({ act: 'inviteAgain', person: person ?? '' }))).toEqual([422, 'unknown']);
  expect(errorOf(await supervisor.act(open('c2')))).toEqual([422, 'taken']);
  const peer = await Peer.into(server, { ...realRoster, community: 'c2' }, await supervisor.ticket());
  expect((await peer.ended()).code).toBe(4403);
});

test('[IA10] while nobody has joined the code is made anew, from there alone; a code of before opens nothing, and once somebody came none needs no confirmation', async () => {
  const { server, supervisor } = await founded();
  const { code: old = '' } = await supervisor.done(open('c2'));
  const { code: other = '' } = await supervisor.done(open('c3', '棕榈社区'));
  const elsewhere = await EnrolledTablet.joined(server, other);
  expect(errorOf(await elsewhere.act(open('c2')))).toEqual([422, 'taken']);
  expect((await elsewhere.registry()).communities.find(({ slug }) => slug === 'c2')).toEqual({ slug: 'c2', name: '友爱社区' });
  const { code = '' } = await supervisor.done(open('c2', '别的名字'));
  const tablet = await EnrolledTablet.unpacked(server);
  expect(errorOf(await tablet.join(old))).toEqual([403, 'code']);
  expect((await tablet.join(code)).body).toMatchObject({ communityName: '友爱社区', confirmed: true });
  expect(errorOf(await supervisor.act(open('c2')))).toEqual([422, 'taken']);
  expect(errorOf(await supervisor.act(open('c1')))).toEqual([422, 'taken']);
});

test('[IA10] five a day, and the sixth waits; a name that is none and a code that no room could have are refused', async () => {
  const { supervisor } = await founded();
  for (const [slug, name] of [['C2', '友爱'], ['c/2', '友爱'], ['', '友爱'], ['c2', ' '], ['c2', '友\u0007爱'], ['c2', '友'.repeat(65)]] as const)
    expect(errorOf(await supervisor.act(open(slug, name))), `${slug} ${name}`).toEqual([400, 'bad-request']);
  for (let count = 2; count <= 6; count += 1) await supervisor.done(open(`c${count}`));
  expect(errorOf(await supervisor.act(open('c7')))).toEqual([422, 'too-many']);
  expect(errorOf(await supervisor.act(open('c2')))).toEqual([422, 'too-many']);
  expect((await supervisor.registry()).communities).toHaveLength(6);
});

test('[PM2, IA8] what the server does for whom, over the wire, role by role', async () => {
  const community = await founded();
  const { server } = community;
  // A district has no tablet.
  const columnsHere = columns.filter((role): role is Exclude<Role, 'district'> => role !== 'district');
  const found: Record<string, string[]> = { administer: [], openCommunity: [] };
  for (const role of columnsHere) {
    const tablet = await enrol(community, { name: role, role, grids: role === 'gridWorker' ? ['g1'] : [], partners: [] });
    const [asked, opened] = [await ask(server, '/api/admin', undefined, bearer(await tablet.ticket())), await tablet.act(open(`of-${role.toLowerCase()}`))];
    found['administer']?.push(asked.status === 200 ? '+' : '-');
    found['openCommunity']?.push(opened.status === 200 ? '+' : '-');
    if (opened.status !== 200) expect(errorOf(opened)).toEqual([403, 'forbidden']);
  }
  for (const [service, row] of Object.entries(asking)) expect(found[service]?.join(' '), service).toBe(row.split(' ').slice(0, columnsHere.length).join(' '));
  await eventually(async () => expect((await community.supervisor.registry()).communities.map(({ slug }) => slug)).toEqual(['c1', 'of-supervisor']));
});
