/** A server that was put back to a backup from before a tablet joined: the whole tablet and the real server, both as they are. */
import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { authorityTag, retiredAuthorityTag } from '../../server/authority/actor.ts';
import { numbersKey } from '../../server/authority/numbers.ts';
import { backUp } from '../../server/storage/backup.ts';
import { restore } from '../../server/storage/restore.ts';
import { finishAgain, joinAgain } from '../../src/keys/again.ts';
import { join, joinState } from '../../src/keys/joining.ts';
import { seatOf } from '../../src/keys/seats.ts';
import { checkIn } from '../../src/keys/tickets.ts';
import { newPinAfterRecovery, setPin, unlock } from '../../src/keys/unlocking.ts';
import type { ReviewEntry } from '../../src/protocol/identity.ts';
import { Replica } from '../../src/replica/replica.ts';
import { ask, bearer } from '../support/enrolled.ts';
import { foundCommunity, type RealCommunity } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer } from '../support/wire.ts';

const pin = '271828';
let folder = '';
let community: RealCommunity<ServerProcess>;
let server: ServerProcess;
const tablets: Replica[] = [];
beforeEach(async () => {
  folder = mkdtempSync(pathOf(tmpdir(), 'linhuo-again-'));
  community = await foundCommunity({ dataDir: data() });
  server = community.server;
});
afterEach(async () => {
  for (const tablet of tablets.splice(0)) await tablet.leave();
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});
const data = (): string => pathOf(folder, 'data');
const backup = (): string => pathOf(folder, 'backup.sqlite');

/** The server as it was when the backup was made. */
async function goBack(): Promise<void> {
  await server.kill();
  await restore({ data: data(), backup: backup(), author: { tag: authorityTag, retiredTag: retiredAuthorityTag, numbersKey }, now: Date.now(), random: Math.random });
  server = await startServer({ demo: false, dataDir: data(), port: server.port });
}

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** @returns the device's tag, with a PIN */
async function enrolled(code: string): Promise<string> {
  const { id } = value(await join(server.url, code, 'Test · Node'));
  await community.supervisor.done({ act: 'confirm', device: id });
  expect(value(await joinState(server.url, id))).toBe('confirmed');
  value(await setPin(server.url, id, pin));
  return id;
}

async function opened(tag: string, typed = pin): Promise<Replica> {
  const dataKey = value(await unlock(tag, typed));
  const tablet = value(await Replica.open({ replica: `p-${tag}`, seat: tag, server: server.url, enrolled: { tag, dataKey } }, () => undefined));
  tablets.push(tablet);
  return tablet;
}

const save = async (tablet: Replica, name: string): Promise<string> => value(await tablet.run(name, 'addBuilding', { grid: 'g1', name })).facts[0]?.fact ?? '';
const until = (tablet: Replica, check: () => void | Promise<void>): Promise<void> =>
  eventually(async () => {
    await tablet.syncNow();
    await check();
  });
const isConfirmed = (tablet: Replica): Promise<void> => until(tablet, () => expect(tablet.status()).toMatchObject({ saved: 0, sent: 0, link: 'online' }));

/** What the server has in the room of the grid's people. */
async function stated(): Promise<string[]> {
  const peer = await Peer.into(server, { community: 'c1', family: 'people', grid: 'g1' }, await community.supervisor.ticket());
  await peer.sync();
  const ids = Object.keys(peer.doc.getMap('facts').toJSON());
  peer.end();
  return ids;
}
const reviewList = async (): Promise<ReviewEntry[]> => (await ask(server, '/api/admin/review', undefined, bearer(await community.supervisor.ticket()))).body as ReviewEntry[];

/** Joins again with the code; the supervisor finds the digits to be the same. */
async function comesBack(tag: string, code: string): Promise<void> {
  const digits = value(await joinAgain(server.url, tag, code, 'Test · Node'));
  expect(value(await finishAgain(server.url, tag, pin))).toBe('waiting');
  // Locked or reloaded in between, it is where it was.
  expect(await seatOf(tag)).toMatchObject({ state: 'ended', ended: 'unknown', again: digits });
  expect(await checkIn(server.url, tag)).toEqual({ ok: false, error: 'unknown' });
  expect((await unlock(tag, pin)).ok).toBe(true);
  expect((await community.supervisor.registry()).devices.find((device) => device.tag === tag)).toMatchObject({ state: 'waiting', digits });
  await community.supervisor.done({ act: 'confirm', device: tag });
  expect(await finishAgain(server.url, tag, '314159')).toMatchObject({ ok: false, error: { type: 'wrong' } });
  expect(value(await finishAgain(server.url, tag, pin))).toBe('done');
  expect(await seatOf(tag)).toMatchObject({ state: 'ready', ended: undefined, again: undefined });
}

test('[IE11, KY11] a tablet that a restored server has forgotten joins again under its tag and keys: what was confirmed and what was not is on the server, and its PIN opens it', async () => {
  const { person = '' } = await community.supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  await backUp(data(), backup());
  const tag = await enrolled((await community.supervisor.done({ act: 'inviteAgain', person })).code ?? '');
  const tablet = await opened(tag);
  const confirmed = await save(tablet, '1栋');
  await isConfirmed(tablet);
  await goBack();
  const unsent = await save(tablet, '2栋');
  await until(tablet, () => expect(tablet.status().ended).toMatchObject({ reason: 'unknown', left: 1, mayWipe: false }));
  expect(await stated()).toEqual([]);
  expect((await seatOf(tag))?.opensUntil).toBeGreaterThan(Date.now() + 29 * 86_400_000);

  // Whose digits differ has not joined, and may try once more with another code.
  const invite = async () => (await community.supervisor.done({ act: 'inviteAgain', person })).code ?? '';
  value(await joinAgain(server.url, tag, await invite(), 'Test · Node'));
  await community.supervisor.done({ act: 'refuse', device: tag });
  expect(value(await finishAgain(server.url, tag, pin))).toBe('refused');
  await comesBack(tag, await invite());
  await until(tablet, () => expect(tablet.status()).toMatchObject({ saved: 0, sent: 0, refused: 0, link: 'online' }));
  expect(tablet.status().ended).toBeUndefined();
  await eventually(async () => expect((await stated()).sort()).toEqual([confirmed, unsent].sort()));
  expect(tablet.status().actor).toMatchObject({ person, device: tag });
  expect(await joinAgain(server.url, tag, 'ABCD-EFGH-2345', 'x')).toEqual({ ok: false, error: 'known' });

  // The next morning, without a server; and when the PIN is forgotten.
  await tablet.leave();
  tablets.splice(0);
  await server.stop();
  expect((await unlock(tag, pin)).ok).toBe(true);
  server = await startServer({ demo: false, dataDir: data(), port: server.port });
  expect(value(await checkIn(server.url, tag))).toBeNull();
  expect((await unlock(tag, pin)).ok).toBe(true);
  await community.supervisor.done({ act: 'allowNewPin', device: tag });
  value(await newPinAfterRecovery(server.url, tag, '314159'));
  const again = await opened(tag, '314159');
  const later = await save(again, '3栋');
  await isConfirmed(again);
  expect(await stated()).toContain(later);
}, 90_000);

test('[IE11, IR6, KY11] whom the restored server does not know either is invited as a new person: what their tablet had stated comes to the review, and the tablet goes on', async () => {
  await backUp(data(), backup());
  const joined = await community.supervisor.done({ act: 'invite', name: '王工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const tag = await enrolled(joined.code ?? '');
  const tablet = await opened(tag);
  const first = await save(tablet, '1栋');
  const second = await save(tablet, '2栋');
  await isConfirmed(tablet);
  await goBack();
  const unsent = await save(tablet, '3栋');
  await until(tablet, () => expect(tablet.status().ended?.reason).toBe('unknown'));
  const invited = await community.supervisor.done({ act: 'invite', name: '王工', role: 'gridWorker', grids: ['g1'], partners: [] });
  expect(invited.person).not.toBe(joined.person);
  await comesBack(tag, invited.code ?? '');

  await until(tablet, async () => expect((await reviewList()).map(({ fact }) => fact).sort()).toEqual([first, second, unsent].sort()));
  expect((await reviewList()).map(({ person }) => person)).toEqual([joined.person, joined.person, joined.person]);
  await until(tablet, () => expect(tablet.status()).toMatchObject({ saved: 0, sent: 0, refused: 0, link: 'online' }));
  const own = await save(tablet, '4栋');
  await isConfirmed(tablet);
  const decide = (fact: string, decision: 'take' | 'drop') => community.supervisor.done({ act: 'review', fact, decision, reason: '核对过' });
  for (const fact of [first, unsent]) await decide(fact, 'take');
  await decide(second, 'drop');
  expect((await stated()).sort()).toEqual([first, own, unsent].sort());
  await until(tablet, () => expect(tablet.status()).toMatchObject({ saved: 0, sent: 0, refused: 0, link: 'online' }));
}, 90_000);
