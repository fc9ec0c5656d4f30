/** A bundle file on its way: whoever may read a room reads it, and nothing in it can be changed unnoticed. */
import { expect, test } from 'vitest';
import { createFileKeys, type FileKeys } from '../../../server/identity/fileKeys.ts';
import { openMemoryStorage } from '../../../server/storage/memory.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import { openPart, readBundleFile, sealPart, signatureFault, type RoomPart } from '../../../src/protocol/bundle.ts';
import type { FilesGrant } from '../../../src/protocol/files.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { readBundles } from '../../../src/replica/bundles/reading.ts';
import { Author } from '../../support/author.ts';
import { demoSigner, fileOf, packed } from '../../support/bundles.ts';
import { community, group, leader, logOf, monitor, otherWorker, peopleOf, roster, supervisor, visitsOf, worker } from '../../support/community.ts';

const keysOfServer = (): Promise<FileKeys> => createFileKeys(openMemoryStorage(), () => 1_778_547_600_000);

async function written(keys: FileKeys, actor: Actor = worker): Promise<{ readonly file: string; readonly files: FilesGrant }> {
  const files = keys.grant(actor, undefined);
  const author = new Author(actor);
  author.write(author.visit(), author.visit('hou_102', { note: '王老师家的灯坏了' }));
  return { file: await fileOf(author, visitsOf('g1'), files, await demoSigner(files)), files };
}

test('[BF1, BF3] what a worker wrote is read by who may see the room, and stays closed to everybody else', async () => {
  const keys = await keysOfServer();
  const { file } = await written(keys);
  expect(file).not.toContain('王老师');
  const opens = async (actor: Actor) => {
    const read = await readBundles(file, community, keys.grant(actor, undefined), 5);
    if (!read.ok) throw new Error(read.error);
    return read.value.map(({ row, rooms }) => [row.person, row.facts, row.closed, rooms.map(({ room, facts }) => [room, facts.length])]);
  };
  const whole = [['per_li', 2, 0, [[formatRoomName(visitsOf('g1')), 2]]]];
  expect(await opens(worker)).toEqual(whole);
  expect(await opens(supervisor)).toEqual(whole);
  for (const other of [otherWorker, leader, monitor]) expect(await opens(other), other.role).toEqual([['per_li', 2, 2, []]]);
});

test('[BF3] keys reach exactly the rooms that the table of permissions opens, grids to come included', async () => {
  const keys = await keysOfServer();
  const part: RoomPart = { runs: [{ client: 1, clock: 0, cells: [{ id: 'lidev-0', json: '{}' }] }], earlier: [] };
  const rooms = [roster, logOf(), peopleOf('g1'), peopleOf('g2'), visitsOf('g1'), peopleOf('g99'), { community, family: 'members', partner: group.slice(4) } as const];
  const reach = async (actor: Actor) => {
    const { keys: own } = keys.grant(actor, undefined);
    return Promise.all(rooms.map(async (room) => {
      const sealed = await sealPart(formatRoomName(room), 'lidev', part, keys.keysOf(community));
      const opened = await openPart({ room: formatRoomName(room), facts: 1, sealed: sealed ?? '' }, 'lidev', own);
      return typeof opened === 'object' ? 1 : 0;
    }));
  };
  expect(await reach(supervisor)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(await reach(worker)).toEqual([1, 1, 1, 0, 1, 0, 0]);
  expect(await reach(leader)).toEqual([1, 1, 0, 0, 0, 0, 1]);
  expect(await reach(monitor)).toEqual([1, 1, 0, 0, 0, 0, 0]);
  expect(await reach({ ...supervisor, community: 'elsewhere' })).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(Object.keys(keys.grant(supervisor, undefined).keys).join()).not.toContain('ledger');
});

test('[BF2] every byte counts: a file with any one changed, cut or added is refused with a reason', async () => {
  const keys = await keysOfServer();
  const { file, files } = await written(keys);
  const bytes = new TextEncoder().encode(file);
  const read = (content: Uint8Array) => readBundles(new TextDecoder().decode(content), community, files, 5);
  expect((await read(bytes)).ok).toBe(true);
  const reasons = new Map<string, number>();
  for (let at = 0; at < bytes.length; at += 1)
    for (const bit of [1, 2, 4, 64]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      const answer = await read(changed);
      expect(answer.ok, `byte ${at} of ${bytes.length}, bit ${bit}: ${String.fromCharCode(bytes[at] ?? 0)} → ${String.fromCharCode(changed[at] ?? 0)}`).toBe(false);
      if (!answer.ok) reasons.set(answer.error, (reasons.get(answer.error) ?? 0) + 1);
    }
  for (const reason of ['tampered', 'foreign', 'damaged', 'not-a-bundle', 'newer']) expect(reasons.get(reason), reason).toBeGreaterThan(0);
  for (let length = 0; length < bytes.length; length += 1) expect((await read(bytes.subarray(0, length))).ok, `cut at ${length}`).toBe(false);
  // A signature's last letter carries fewer bits than it has: another letter for the same bytes is a changed file, too.
  const end = file.length - '"}]}'.length;
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    if (letter !== file[end - 1]) expect((await read(new TextEncoder().encode(file.slice(0, end - 1) + letter + file.slice(end)))).ok, letter).toBe(false);
  expect(await read(new TextEncoder().encode(`${file}x`))).toEqual({ ok: false, error: 'damaged' });
}, 120_000);

test('[BF2] another community, another server, a newer version and another file are told apart', async () => {
  const keys = await keysOfServer();
  const { file, files } = await written(keys);
  const verdict = async (content: string, by = files, at = community) => {
    const read = await readBundles(content, at, by, 5);
    return read.ok ? 'taken' : read.error;
  };
  expect(await verdict(file)).toBe('taken');
  expect(await verdict(file, files, 'elsewhere')).toBe('community');
  expect(await verdict(file, (await keysOfServer()).grant(worker, undefined))).toBe('foreign');
  expect(await verdict(file.replace('"version":1', '"version":2'))).toBe('newer');
  expect(await verdict('name,door\n李,101')).toBe('not-a-bundle');
  expect(await verdict('{"format":"linhuo-unconfirmed:v1"}')).toBe('not-a-bundle');
  expect(await verdict(' '.repeat(17 * 1_048_576))).toBe('too-large');
});

test('[BF2] whoever has a certificate signs for its device alone: another tablet\'s facts, or another\'s certificate, are noticed', async () => {
  const keys = await keysOfServer();
  const [files, others] = [keys.grant(worker, undefined), keys.grant(otherWorker, undefined)];
  const forger = new Author(worker);
  forger.write({ ...forger.visit(), id: 'wudev-7' });
  expect(await readBundles(await fileOf(forger, visitsOf('g1'), files, await demoSigner(files)), community, files, 5)).toEqual({ ok: false, error: 'damaged' });

  const author = new Author(otherWorker);
  author.write(author.visit());
  const made = await packed(author, logOf(), { ...files, certificate: others.certificate }, await demoSigner(files));
  const read = readBundleFile(JSON.stringify({ format: 'linhuo-bundle', version: 1, bundles: made.bundles }));
  if (!read.ok || !read.value[0]) throw new Error('it can be read');
  expect(await signatureFault(read.value[0], keys.publicKey)).toBe('tampered');
});

test('[BF1] what is in a room without a key stays where it is, and is counted', async () => {
  const keys = await keysOfServer();
  const files = keys.grant(worker, undefined);
  const author = new Author(worker);
  author.write(author.visit());
  expect(await packed(author, visitsOf('g2'), files, await demoSigner(files))).toMatchObject({ facts: 0, left: 1, bundles: [] });
});

test('[BF1] a month of work becomes several bundles, each small enough for one request', async () => {
  const keys = await keysOfServer();
  const files = keys.grant(worker, undefined);
  const author = new Author(worker);
  author.write(...Array.from({ length: 400 }, (_, nth) => author.visit('hou_101', { note: `${nth} ${'灯'.repeat(1_900)}` })));
  const { bundles, facts } = await packed(author, visitsOf('g1'), files, await demoSigner(files));
  expect(facts).toBe(400);
  expect(bundles.length).toBeGreaterThan(3);
  for (const { body } of bundles) expect(body.length).toBeLessThan(1_048_576);
  const read = await readBundles(JSON.stringify({ format: 'linhuo-bundle', version: 1, bundles }), community, files, 5);
  expect(read.ok && read.value.flatMap(({ rooms }) => rooms.flatMap((room) => room.facts.map(({ id }) => id)))).toEqual(Array.from({ length: 400 }, (_, nth) => `lidev-${nth.toString(36)}`));
}, 30_000);
