/** The drill: back up while tablets write, lose the machine, restore, go on. With the commands that people type. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Storage } from '../../server/storage/contract.ts';
import { restoreMarker, storeFile } from '../../server/storage/folder.ts';
import { openStorage } from '../../server/storage/open.ts';
import { openSqliteStorage } from '../../server/storage/sqlite.ts';
import { activityId } from '../../src/domain/activity/schema.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { group, logOf, singing, visitsOf } from '../support/community.ts';
import { dyingAtSync } from '../support/failingDisk.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { storeAsText, storeFromText } from '../support/storeAsText.ts';
import { eventually, sitDown } from '../support/wire.ts';
import { appendTo } from '../contract/storageContract.ts';
import { factsOn, LoadTablet, lost } from './load.ts';

const endless = 1_000_000;
/** No server reads it, so it may hold anything. */
const room = 'v1/elsewhere/roster';
let folder = '';
const servers: ServerProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linhuo-backup-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function started(dataDir: string): Promise<ServerProcess> {
  const server = await startServer({ demo: 'small', dataDir });
  servers.push(server);
  return server;
}

/** `npm run backup` and `npm run restore`, without npm. */
async function run(script: 'backup' | 'restore', data: string, ...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LINHUO_DATA: data } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

async function storeWith(data: string, ...texts: readonly string[]): Promise<void> {
  const storage = openSqliteStorage(storeFile(data));
  await storage.append([appendTo(room, 0, ...texts)]);
  await storage.put('ticket-secret', texts.join());
  await storage.close();
}

test('[ST12, ST13] back up under load, kill, restore into a fresh folder: all that was confirmed before is there, and tablets go on', async () => {
  const [data, fresh, file] = [join(folder, 'data'), join(folder, 'fresh'), join(folder, 'backups', 'one.sqlite')];
  const server = await started(data);
  const tablets = [
    new LoadTablet(await sitDown(server, 'li'), (author) => [author.visit()]),
    new LoadTablet(await sitDown(server, 'chen'), (author) => [author.activity({ startsAt: Date.parse('2026-05-03T00:00:00Z') + author.doc.getMap('facts').size * 60_000, endsAt: Date.parse('2026-05-30T00:00:00Z') })]),
  ];
  const rooms = [visitsOf('g1'), logOf()];
  tablets.forEach((tablet, index) => {
    tablet.enter(rooms[index] ?? logOf());
    tablet.connect(server, endless);
  });
  const confirmed = (): number[] => tablets.map(({ copy }) => copy.confirmed);
  await eventually(() => expect(Math.min(...confirmed())).toBeGreaterThan(30));

  const before = confirmed();
  const answer = await run('backup', data, file);
  expect([answer.code, answer.said]).toEqual([0, expect.stringContaining('all of them checked')]);
  const behind = confirmed();
  await eventually(() => expect(confirmed().every((now, index) => now > (behind[index] ?? 0) + 10)).toBe(true));
  expect(statSync(file).mode & 0o077).toBe(0);
  await server.kill();
  for (const tablet of tablets) tablet.disconnect();
  expect(behind.every((count, index) => count > (before[index] ?? 0)), 'tablets wrote during the backup').toBe(true);

  expect(await run('restore', fresh, file)).toMatchObject({ code: 0, said: expect.stringContaining('all of them checked') });
  const again = await started(fresh);
  const supervisor = await sitDown(again, 'he');
  for (const [index, { copy }] of tablets.entries())
    expect(lost({ ...copy, confirmed: before[index] ?? 0 }, await factsOn(again, copy.address, supervisor))).toEqual([]);

  // Old tickets hold, because the secret came along; what the tablets know and the backup does not comes back from them.
  for (const tablet of tablets) tablet.connect(again, 20);
  await eventually(() => expect(tablets.every(({ copy }) => copy.confirmed === copy.stated.length)).toBe(true));
  for (const { copy, complaints } of tablets) {
    expect(complaints).toEqual([]);
    expect([...(await factsOn(again, copy.address, supervisor)).entries()].sort()).toEqual(copy.stated.map(({ id, json }) => [id, json]).sort());
    expect(copy.stated.length).toBeGreaterThan((before[0] ?? 0) + 10);
  }
  for (const tablet of tablets) tablet.disconnect();
}, 60_000);

test('[ST13] restoring refuses while a server runs on the folder, and leaves it alone', async () => {
  const [data, file] = [join(folder, 'data'), join(folder, 'one.sqlite')];
  const server = await started(data);
  expect((await run('backup', data, file)).code).toBe(0);
  const there = readdirSync(data).sort();
  expect(await run('restore', data, file)).toMatchObject({ code: 1, said: expect.stringContaining(`Another Linhuo server is using the data folder ${data}. Stop it first`) });
  expect(readdirSync(data).sort()).toEqual(there);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('[ST13] what was in the folder is kept beside the restored store, and can itself be restored', async () => {
  const [data, other, file] = [join(folder, 'data'), join(folder, 'other'), join(folder, 'one.sqlite')];
  await openEmpty(data);
  await openEmpty(other);
  await storeWith(data, 'old');
  await storeWith(other, 'new', 'newer');
  expect((await run('backup', other, file)).code).toBe(0);
  const { code, said } = await run('restore', data, file);
  expect(code).toBe(0);
  const aside = /kept in (\S+)\.$/m.exec(said)?.[1] ?? '';
  expect(await tailOf(storeFile(data))).toEqual(['new', 'newer']);
  expect(await tailOf(storeFile(aside))).toEqual(['old']);
  expect((await run('restore', data, storeFile(aside))).code).toBe(0);
  expect(await tailOf(storeFile(data))).toEqual(['old']);
  expect(readdirSync(data).filter((name) => name.startsWith('before-restore-')).length).toBe(2);
});

test('[ST12, ST13] a damaged backup is told apart before anything is touched; a damaged store gives no backup', async () => {
  const [data, file] = [join(folder, 'data'), join(folder, 'one.sqlite')];
  await openEmpty(data);
  await storeWith(data, 'here'.repeat(2_000), 'too');
  expect((await run('backup', data, file)).code).toBe(0);
  const before = storeAsText(storeFile(data));
  const whole = readFileSync(file);

  const flipped = Uint8Array.from(whole);
  const at = whole.indexOf('herehere') + 9;
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  writeFileSync(file, flipped);
  expect(await run('restore', data, file)).toMatchObject({ code: 1, said: expect.stringContaining(`${room} breaks its chain at update 1`) });
  writeFileSync(file, whole);
  truncateSync(file, whole.length - 4_096);
  expect(await run('restore', data, file)).toMatchObject({ code: 1, said: expect.stringContaining('Nothing was restored') });
  expect(await run('restore', data, join(folder, 'nothing'))).toMatchObject({ code: 1, said: expect.stringContaining('There is no file') });
  expect(storeAsText(storeFile(data))).toBe(before);

  writeFileSync(storeFile(data), flipped);
  expect(await run('backup', data, join(folder, 'two.sqlite'))).toMatchObject({ code: 1, said: expect.stringContaining(`${room} breaks its chain at update 1`) });
  expect(readdirSync(folder).filter((name) => name.startsWith('two'))).toEqual([]);
});

test('[ST12] a backup replaces no file, and says so when there is nothing to back up', async () => {
  const [data, file] = [join(folder, 'data'), join(folder, 'one.sqlite')];
  expect(await run('backup', data, file)).toMatchObject({ code: 1, said: expect.stringContaining('There is no store') });
  await openEmpty(data);
  writeFileSync(file, 'precious');
  expect(await run('backup', data, file)).toMatchObject({ code: 1, said: expect.stringContaining('replaces nothing') });
  expect(readFileSync(file, 'utf8')).toBe('precious');
});

test('[ST13] a server does not start on a folder in which a restore was interrupted; restoring again heals it', async () => {
  const [data, file] = [join(folder, 'data'), join(folder, 'one.sqlite')];
  await openEmpty(data);
  await storeWith(data, 'here');
  expect((await run('backup', data, file)).code).toBe(0);
  // The moment in between: the old store is put aside, the new one not in its place yet.
  rmSync(storeFile(data));
  writeFileSync(restoreMarker(data), 'aside');
  await expect(startServer({ demo: 'small', dataDir: data })).rejects.toThrow('A restore was interrupted here');
  expect(existsSync(storeFile(data))).toBe(false);
  expect((await run('restore', data, file)).code).toBe(0);
  expect(await tailOf(storeFile(data))).toEqual(['here']);
  await started(data);
});

const dies = dyingAtSync(1) !== undefined;
test(`[ST12, ST13] killed at ${dies ? 'each of its syncs in turn' : 'a random moment'}: a backup is whole or has no name, a restore leaves the old store, the new one, or a folder no server starts on`, async () => {
  const [data, other] = [join(folder, 'data'), join(folder, 'other')];
  await openEmpty(other);
  await storeWith(other, 'new', 'newer');
  const met = new Set<string>();
  const ended = async (program: string, args: readonly string[], dataDir: string, nth: number): Promise<boolean> => {
    const child = spawn(process.execPath, [`server/${program}.ts`, ...args], { stdio: 'ignore', env: { ...process.env, LINHUO_DATA: dataDir, ...dyingAtSync(nth) } });
    const killer = dies ? undefined : setTimeout(() => child.kill('SIGKILL'), nth * 37);
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(killer);
    return code === 0;
  };
  const file = join(folder, 'some.sqlite');
  for (let nth = 1; !(await ended('backup', [file], other, nth)); nth += 1) {
    if (existsSync(file)) expect(await tailOf(file), `backup killed at ${nth}`).toEqual(['new', 'newer']);
    rmSync(file, { force: true });
  }
  expect(await tailOf(file)).toEqual(['new', 'newer']);

  for (let nth = 1, done = false; !done; nth += 1) {
    rmSync(data, { recursive: true, force: true });
    await openEmpty(data);
    await storeWith(data, 'old');
    done = await ended('restore', [file], data, nth);
    const found = await openedTail(data);
    met.add(found);
    expect(['old', 'new,newer', 'interrupted'], `restore killed at ${nth}`).toContain(found);
    if (found !== 'new,newer') expect((await run('restore', data, file)).code).toBe(0);
    expect(await openedTail(data)).toBe('new,newer');
    const asides = readdirSync(data).filter((name) => name.startsWith('before-restore-'));
    expect(await Promise.all(asides.map((name) => (existsSync(storeFile(join(data, name))) ? tailOf(storeFile(join(data, name))) : [])))).toContainEqual(['old']);
  }
  expect(met.has('new,newer')).toBe(true);
  if (dies) expect([...met].sort()).toEqual(['interrupted', 'new,newer', 'old']);
}, 120_000);

async function openedTail(data: string): Promise<string> {
  let storage: Storage;
  try {
    storage = openStorage(data);
  } catch (error) {
    expect(error).toMatchObject({ fault: 'conflict', message: expect.stringContaining('A restore was interrupted here') });
    return 'interrupted';
  }
  const { tail } = await storage.openRoom(room);
  await storage.close();
  return tail.map((bytes) => new TextDecoder().decode(bytes)).join();
}

test('[ST14] a restored store states nothing under numbers or clients that tablets may know with another content', async () => {
  const [data, file] = [join(folder, 'data'), join(folder, 'one.sqlite')];
  storeFromText(file, readFileSync('tests/durability/fixtures/store-1.sql', 'utf8'));
  const ledger: RoomAddress = { ...logOf(), family: 'ledger' };
  const ids: string[][] = [];
  const clients: number[] = [];
  // The same backup twice: what the server said between the two is known to tablets as well.
  for (let round = 0; round < 2; round += 1) {
    expect((await run('restore', data, file)).code).toBe(0);
    const server = await started(data);
    const tablet = new LoadTablet(await sitDown(server, 'chen', `round${round}`), (author) => [author.attendance(activityId(group, singing.startsAt), `SBB000${round}`)]);
    tablet.enter(logOf());
    tablet.connect(server, 1);
    const supervisor = await sitDown(server, 'he');
    await eventually(async () => expect((await factsOn(server, ledger, supervisor)).size).toBe(3));
    ids.push([...(await factsOn(server, ledger, supervisor)).keys()]);
    tablet.disconnect();
    expect(await server.stop()).toBe(0);
    const storage = openSqliteStorage(storeFile(data));
    const owners = [...(await storage.openRoom(formatRoomName(ledger))).clients];
    await storage.close();
    expect(owners.find(([client]) => client === 1)).toEqual([1, 'auth.retired']);
    clients.push(...owners.filter(([, owner]) => owner === 'auth').map(([client]) => client));
  }
  expect(new Set(clients).size).toBe(2);
  expect(clients).not.toContain(1);
  const [first = [], second = []] = ids;
  expect(first.filter((id) => second.includes(id)).sort()).toEqual(['auth-0', 'auth-1']);
}, 60_000);

async function openEmpty(data: string): Promise<void> {
  await openStorage(data).close();
}

async function tailOf(file: string): Promise<string[]> {
  const storage = openSqliteStorage(file);
  const { tail } = await storage.openRoom(room);
  await storage.close();
  return tail.map((bytes) => new TextDecoder().decode(bytes));
}
