/** Acts that meet: each is decided when its turn comes, on what the ones before it made. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAuthority, type Authority } from '../../../server/authority/authority.ts';
import { createFileKeys } from '../../../server/identity/fileKeys.ts';
import { createIdentity, type Identity } from '../../../server/identity/identity.ts';
import { createMirror } from '../../../server/identity/mirror.ts';
import { openRegistry } from '../../../server/identity/registry.ts';
import { createTickets } from '../../../server/identity/tickets.ts';
import { createRooms } from '../../../server/rooms/rooms.ts';
import { StorageError } from '../../../server/storage/contract.ts';
import { openMemoryStorage } from '../../../server/storage/memory.ts';
import { ok } from '../../../src/domain/kernel/result.ts';
import type { AdminAct, Person } from '../../../src/protocol/identity.ts';

const log = { info: () => undefined, error: () => undefined };

async function started(): Promise<Identity> {
  const storage = openMemoryStorage();
  const now = (): number => 1_778_547_600_000;
  const rooms = createRooms({ storage, now, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  return createIdentity({
    storage, rooms, now, log, authority: createAuthority({ storage, rooms, now, log }), tickets: await createTickets(storage, now), fileKeys: await createFileKeys(storage, now), isReserved: () => false, onRights: () => undefined,
  });
}

function newKey() {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return { x, y };
}
async function come(identity: Identity, code: string, device: string): Promise<string> {
  const joined = await identity.joining.join({ code, device, tablet: `${device}0000000000000000`.slice(0, 16), label: 'x', key: newKey(), name: '王主任' }, '');
  if (!joined.ok) throw new Error(joined.error.error);
  return joined.value.person;
}

/** Two supervisors, each with a tablet. */
async function two(): Promise<{ identity: Identity; people: readonly [string, string] }> {
  const identity = await started();
  const first = await identity.inviteFirst({ name: '第一社区', district: '成都' });
  const one = await come(identity, first?.code ?? '', 'tab1');
  const invited = await identity.act({ by: one, community: 'c1', device: 'tab1' }, { act: 'invite', name: '何工', role: 'supervisor', grids: [], partners: [] });
  const other = await come(identity, invited.ok ? (invited.value.code ?? '') : '', 'tab2');
  await identity.act({ by: one, community: 'c1', device: 'tab1' }, { act: 'confirm', device: 'tab2' });
  return { identity, people: [one, other] };
}
const as = (person: string, device: string) => ({ by: person, community: 'c1', device });
const done = { ok: true, value: { ok: true } };

test('[IA2, IA4] two supervisors act on each other at the same moment: the first one\'s act stands, the second is none any more', async () => {
  const against: readonly ((person: string, device: string) => AdminAct)[] = [
    (person) => ({ act: 'changePerson', person, name: 'x', role: 'monitor', grids: [], partners: [], reason: 'x' }),
    (person) => ({ act: 'endPerson', person, reason: 'x' }),
    (_person, device) => ({ act: 'revokeDevice', device, reason: 'x' }),
    (_person, device) => ({ act: 'lostTablet', tablet: `${device}0000000000000000`.slice(0, 16), reason: 'x' }),
  ];
  for (const [index, act] of against.entries()) {
    const { identity, people: [one, other] } = await two();
    const answers = await Promise.all([identity.act(as(one, 'tab1'), act(other, 'tab2')), identity.act(as(other, 'tab2'), act(one, 'tab1'))]);
    expect(answers, String(index)).toEqual([done, { ok: false, error: 'not-allowed' }]);
    expect(identity.view('c1').devices.filter(({ tag, state }) => tag === 'tab1' && state === 'active').length).toBe(1);
  }
});

test('[IA3, IR3, IA1] a lost tablet of two communities: every seat on it ends in one act, and each community’s log names its own people alone', async () => {
  const { identity, people: [one] } = await two();
  await identity.addCommunity({ slug: 'c2', name: '友爱社区', district: '成都' });
  const invite = async (community: string, name: string): Promise<string> => {
    const invited = await identity.act({ by: 'operator', community }, { act: 'invite', name, role: 'supervisor', grids: [], partners: [] });
    return invited.ok ? (invited.value.code ?? '') : '';
  };
  const shared = { tablet: 'sharedsharedshar', label: 'x' };
  for (const [community, device] of [['c1', 'tab3'], ['c2', 'tab4']] as const)
    await identity.joining.join({ ...shared, code: await invite(community, device), device, key: newKey() }, '');
  const [[here], [there]] = [identity.view('c1').devices.filter(({ tag }) => tag === 'tab3'), identity.view('c2').devices];
  expect(await identity.act(as(one, 'tab1'), { act: 'lostTablet', tablet: shared.tablet, reason: '丢了' })).toEqual(done);
  expect(identity.view('c2').devices.map(({ tag, state }) => [tag, state])).toEqual([['tab4', 'lost']]);
  const [ours, theirs] = [identity.audit('c1')[0], identity.audit('c2')[0]];
  expect(theirs).toMatchObject({ seq: (ours?.seq ?? 0) + 1, by: one, act: 'lostTablet', on: shared.tablet, detail: { devices: [{ device: 'tab4', person: there?.person }], from: 'c1', reason: '丢了' } });
  expect(ours?.detail).toEqual({ devices: [{ device: 'tab3', person: here?.person }], reason: '丢了' });
  expect(await identity.act({ by: 'operator', community: 'c2' }, { act: 'lostTablet', tablet: shared.tablet, reason: 'x' })).toEqual({ ok: false, error: 'not-now' });
});

test('[IA10, IE2] the code a community was opened with lets nobody in unconfirmed once somebody has joined there, whatever became of them', async () => {
  const { identity, people: [one] } = await two();
  const opened = await identity.act(as(one, 'tab1'), { act: 'openCommunity', slug: 'c2', name: '友爱社区' });
  const invited = await identity.act({ by: 'operator', community: 'c2' }, { act: 'invite', name: '何工', role: 'supervisor', grids: [], partners: [] });
  await come(identity, invited.ok ? (invited.value.code ?? '') : '', 'tab3');
  await identity.act({ by: 'operator', community: 'c2' }, { act: 'revokeDevice', device: 'tab3', reason: 'x' });
  await come(identity, opened.ok ? (opened.value.code ?? '') : '', 'tab4');
  expect(identity.view('c2').devices.map(({ tag, state }) => [tag, state])).toEqual([['tab3', 'revoked'], ['tab4', 'waiting']]);
});

test('[IA2, IR6] a review that waited until its supervisor had no right any more is not done', async () => {
  const { identity, people: [one, other] } = await two();
  const [, late] = await Promise.all([
    identity.act(as(one, 'tab1'), { act: 'endPerson', person: other, reason: 'x' }),
    identity.act(as(other, 'tab2'), { act: 'review', fact: 'gone-1', decision: 'drop', reason: 'x' }),
  ]);
  expect(late).toEqual({ ok: false, error: 'not-allowed' });
});

test('[IE1] an invitation that is used twice at the same moment lets one in', async () => {
  const identity = await started();
  const first = await identity.inviteFirst({ name: '第一社区', district: '成都' });
  const answers = await Promise.all(['tab1', 'tab2', 'tab3'].map((device) => come(identity, first?.code ?? '', device).catch((error: unknown) => String(error))));
  expect(answers.filter((answer) => answer === 'Error: code').length).toBe(2);
  expect(identity.view('c1').devices.length).toBe(1);
});

test('[IA7] what the roster could not be told is told later, a crash in between included; nothing is told twice', async () => {
  const storage = openMemoryStorage();
  const registry = await openRegistry(storage, () => 5, () => undefined);
  const rooms = createRooms({ storage, now: () => 5, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  const authority = createAuthority({ storage, rooms, now: () => 5, log });
  const person: Person = { id: 'per_a', community: 'c1', name: '李工', role: 'gridWorker', grids: [], partners: [], substitutions: [], active: true, since: 1 };
  const keep = (people: readonly Person[]) => registry.change(() => ok({ change: { people, communities: [{ slug: 'c1', name: '第一社区', district: '成都' }], audit: { community: 'c1', by: 'operator', act: 'test', on: 'c1', detail: {} } }, answer: null }));
  await keep([person, { ...person, id: 'per_b', active: false }]);
  const errors: string[] = [];
  let isFull = true;
  let asked = 0;
  const moody: Pick<Authority, 'declare'> = {
    declare(...wanted) {
      asked += 1;
      return isFull ? Promise.reject(new StorageError('full', 'no space left')) : authority.declare(...wanted);
    },
  };
  const mirror = createMirror(registry, rooms, moody, { info: () => undefined, error: (event) => errors.push(event) });
  const { facts } = await rooms.open({ community: 'c1', family: 'roster' });
  await mirror.catchUp();
  expect([errors.length, facts.size]).toEqual([1, 0]);
  isFull = false;
  await mirror.catchUp();
  expect(facts.every('').map(({ record, fields }) => [record, fields['name']])).toEqual([['com_c1', '第一社区'], ['per_a', '李工']]);
  const before = asked;
  await mirror.catchUp();
  expect([asked, errors.length]).toEqual([before, 1]);

  // The process died after an act and before its roster: the next one finds out by itself.
  await keep([{ ...person, name: '李晓', grids: ['g1'] }]);
  await createMirror(registry, rooms, authority, log).catchUp();
  expect(facts.folded('per_a')?.fields).toMatchObject({ name: '李晓', grids: ['g1'] });
  expect(facts.size).toBe(3);
  await authority.stop();
});
