/** What came by file, on the disk of a tablet. */
import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, expect, test } from 'vitest';
import { createFileKeys } from '../../../server/identity/fileKeys.ts';
import { openMemoryStorage } from '../../../server/storage/memory.ts';
import { bundleText, certificateText } from '../../../src/protocol/bundle.ts';
import { Files } from '../../../src/replica/bundles/files.ts';
import { bringInto } from '../../../src/replica/bundles/bringing.ts';
import { readBundles } from '../../../src/replica/bundles/reading.ts';
import { journalName, openJournalDatabase, type JournalDatabase } from '../../../src/replica/journal/database.ts';
import { JournalWriter } from '../../../src/replica/journal/journal.ts';
import { JournalSealing } from '../../../src/replica/journal/sealed.ts';
import { Room } from '../../../src/replica/rooms/room.ts';
import { sealingOf } from '../../../src/replica/sealing.ts';
import { makeDataKey } from '../../../src/keys/wrapping.ts';
import { Author } from '../../support/author.ts';
import { demoSigner, fileOf } from '../../support/bundles.ts';
import { community, visitsOf, worker } from '../../support/community.ts';

let opened: JournalDatabase[] = [];
afterEach(() => {
  for (const database of opened) database.close();
  opened = [];
});
async function journalOf(replica: string, sealing = new JournalSealing(undefined)) {
  const database = await openJournalDatabase(replica);
  opened.push(database);
  return { database, sealing, writer: new JournalWriter(database, sealing) };
}

async function brought(actor = worker, note = '王老师家的灯坏了') {
  const keys = await createFileKeys(openMemoryStorage(), () => 1);
  const files = keys.grant(actor, undefined);
  const author = new Author(actor);
  const visit = author.visit('hou_101', { note });
  author.write(visit);
  const read = await readBundles(await fileOf(author, visitsOf('g1'), files, await demoSigner(files)), community, files, 7);
  if (!read.ok || !read.value[0]) throw new Error('it can be read');
  return { files, visit, ...read.value[0] };
}

test('[SL3, BF4] on an enrolled tablet a bundle, what it brought and the keys of files lie sealed, and open again as they were', async () => {
  const { files, row, rooms } = await brought();
  const { database, sealing, writer } = await journalOf('sealedbundles', new JournalSealing(sealingOf(await makeDataKey())));
  const marks = await writer.takeBundles([row], rooms);
  expect([...marks.keys()]).toEqual([rooms[0]?.room]);
  await new Files(database, sealing, undefined).learn(files);
  const onDisk = JSON.stringify([await database.bundles.toArray(), await database.brought.toArray(), await database.files.toArray()].flat(), (_, value: unknown) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value));
  for (const secret of ['王老师', 'hou_101', 'linhuo:v1', ...Object.values(files.keys), files.signer ?? '?']) expect(onDisk).not.toContain(secret);
  expect(await writer.bundles()).toEqual({ bundles: [row], brought: rooms });
  const again = new Files(database, sealing, undefined);
  await again.load();
  expect(again.grant).toEqual(files);
});

test('[BF1] a file is signed with the key that the server vouched for, and with that one alone', async () => {
  const { files } = await brought();
  const { database, sealing } = await journalOf('signing');
  const own = new Files(database, sealing, undefined);
  expect(await own.sign('x')).toBeUndefined();
  await own.learn(files);
  const signature = (await own.sign(bundleText('x'))) ?? '';
  const { key } = JSON.parse(files.certificate.text) as { key: JsonWebKey };
  const verifies = async (text: string) => crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', ...key }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']), Buffer.from(signature, 'base64url'), new TextEncoder().encode(text));
  expect([await verifies(bundleText('x')), await verifies(certificateText('x'))]).toEqual([true, false]);
});

test('[BF4] a journal of the version before files keeps all it has, and takes files from then on', async () => {
  const before = new Dexie(journalName('older'));
  before.version(1).stores({ updates: '++seq, room', outbox: 'seq, room', snapshots: 'room', rooms: 'room', requests: 'request, at', tray: 'fact', quarantine: 'id', drafts: 'id, changedAt', device: 'key' });
  await before.table('device').put({ key: 'identity', value: { tag: 'lidev', secret: '0' } });
  await before.table('updates').add({ room: 'v1/shuangbai/roster', bytes: new Uint8Array([1]) });
  before.close();
  const { database, writer } = await journalOf('older');
  expect(await database.device.get('identity')).toMatchObject({ value: { tag: 'lidev' } });
  expect(await writer.end('v1/shuangbai/roster')).toBe(1);
  const { row, rooms } = await brought();
  expect([...(await writer.takeBundles([row], rooms)).values()]).toEqual([2]);
  expect((await writer.bundles()).bundles).toHaveLength(1);
});

test('[BF5] a tablet shows nothing of a file that its author had no right to state', async () => {
  const { rooms, visit } = await brought();
  const room = new Room(visitsOf('g1'));
  const asCertified = (grids: string[]) => rooms.map((each) => ({ ...each, author: { ...each.author, grids } }));
  expect(bringInto(room, asCertified(['g2']))).toEqual([]);
  expect(bringInto(room, rooms.map((each) => ({ ...each, author: { ...each.author, person: 'per_wu' } })))).toEqual([]);
  expect(bringInto(room, asCertified(['g1'])).map(({ id }) => id)).toEqual([visit.id]);
});
