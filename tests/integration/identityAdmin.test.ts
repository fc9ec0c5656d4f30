/** The operator's command line beside a running server, as a person types it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { operatorAccessSchema, operatorFile } from '../../server/identity/operator.ts';
import { parseStored } from '../../server/identity/records.ts';
import { csv, table } from '../../server/admin/table.ts';
import { ask, EnrolledTablet, errorOf } from '../support/enrolled.ts';
import { enrol, firstCode, foundCommunity, layGrids } from '../support/realCommunity.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { visitsOf } from '../support/community.ts';
import { Peer } from '../support/wire.ts';

const servers: ServerProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}
async function admin(data: string, ...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, ['scripts/admin.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LINHUO_DATA: data } });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, errors };
}
const linkIn = (text: string): string => /\/join#([0-9A-Z]{12})/.exec(text)?.[1] ?? '';

test('[IA9, IE2] a second community from nothing to a working supervisor, and everybody looked up and ended again', async () => {
  const community = await foundCommunity({ env: { LINHUO_ORIGIN: 'https://linhuo.example' } });
  const { server, supervisor } = community;
  servers.push(server);
  const data = server.dataDir;
  const run = async (...args: readonly string[]): Promise<string> => {
    const said = await admin(data, ...args);
    expect(said, args.join(' ')).toMatchObject({ code: 0, errors: '' });
    return said.out;
  };
  expect(await run('communities')).toMatch(/c1\s+第一社区\s+成都/);
  // With one community there is no need to name it.
  expect(await run('people')).toMatch(/per_\S+\s+王主任\s+supervisor\s+works/);
  await run('communities', 'add', 'c2', '双柏社区', '--district', '郫都区');
  const invited = await run('invite', '何主任', '--community', 'c2');
  expect(invited).toContain('https://linhuo.example/join#');
  const second = await EnrolledTablet.joined(server, linkIn(invited));
  expect(second.seat).toMatchObject({ name: '何主任', role: 'supervisor', communityName: '双柏社区', confirmed: true });
  await layGrids(server, second, 'g7');

  // From here on a supervisor could confirm, so somebody has to.
  const third = await EnrolledTablet.joined(server, linkIn(await run('invite', '刘工', '--community', 'c2', '--role', 'gridWorker', '--grids', 'g7')));
  expect(third.seat?.confirmed).toBe(false);
  expect(await run('devices', '--community', 'c2')).toMatch(new RegExp(`${third.device}\\s+${third.tablet}\\s+Test · Node\\s+刘工\\s+waiting\\s+\\d{6}`));
  await run('confirm', third.device, '--community', 'c2');
  expect((await third.ticket()).actor.grids).toEqual(['g7']);

  const worker = await enrol(community);
  const peer = await Peer.into(server, { ...visitsOf('g1'), community: 'c1' }, await worker.ticket());
  await peer.sync();
  const held = await run('lost', worker.tablet, '--community', 'c1', '--reason', '丢在公交车上');
  expect(held).toMatch(new RegExp(`${worker.device}\\s+v1/c1/visits/g1/2026-05`));
  expect((await peer.ended()).code).toBe(4401);
  expect(errorOf(await worker.askTicket())).toEqual([403, 'wipe']);

  await run('allow', 'new', 'pin', third.device, '--community', 'c2');
  await run('revoke', 'device', third.device, '--community', 'c2');
  expect(errorOf(await third.askTicket())).toEqual([403, 'revoked']);
  await run('revoke', 'person', third.seat?.person ?? '', '--community', 'c2', '--reason', '离职');
  expect(await run('people', '--community', 'c2')).toMatch(/刘工\s+gridWorker\s+g7\s+has left/);
  expect(await run('review', '--community', 'c1')).toContain('Nothing here.');
  // The operator reaches whom no supervisor does: themselves.
  await run('revoke', 'device', supervisor.device, '--community', 'c1');
  const again = await run('invite', 'again', supervisor.seat?.person ?? '', '--community', 'c1');
  expect((await EnrolledTablet.joined(server, linkIn(again))).seat?.confirmed).toBe(true);

  const log = await run('audit', '--community', 'c2');
  for (const did of ['addCommunity', 'invite', 'join', 'confirm', 'allowNewPin', 'revokeDevice', 'endPerson']) expect(log).toMatch(new RegExp(`c2\\s+(operator|device:\\w+)\\s+${did}`));
  const exported = await run('audit', '--csv');
  expect(exported.startsWith('\uFEFF"line","at","community","by","act","on","detail","hash"\r\n"1",')).toBe(true);
  expect(exported).toContain('丢在公交车上');
}, 90_000);

test('[IA9] whoever lacks the token, asks from a page, by GET or from another address finds nothing; a token ends with its server', async () => {
  const server = await startServer({ demo: false, env: { HOST: '0.0.0.0', LINHUO_PROXY: '127.0.0.1' } });
  servers.push(server);
  expect(statSync(operatorFile(server.dataDir)).mode & 0o777).toBe(0o600);
  const { token, address } = parseStored(operatorAccessSchema, readFileSync(operatorFile(server.dataDir), 'utf8'));
  expect(address).toBe(`http://0.0.0.0:${server.port}`);
  const asked = (headers: Record<string, string>) => ask(server, '/api/operator', { ask: 'communities' }, headers);
  const as = { authorization: `Bearer ${token}` };
  expect((await asked(as)).status).toBe(200);
  for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${token.slice(1)}0` }, { ...as, origin: server.url }, { ...as, 'x-forwarded-for': '203.0.113.9' }]) expect(errorOf(await asked(headers))).toEqual([404, 'not-found']);
  const fromAfar = await new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path: '/api/operator', method: 'POST', localAddress: '127.0.0.2', headers: as }, ({ statusCode }) => resolve(statusCode)).on('error', reject).end('{"ask":"communities"}');
  });
  expect(fromAfar).toBe(404);
  expect(errorOf(await ask(server, '/api/operator', undefined, as))).toEqual([404, 'not-found']);
  expect(errorOf(await ask(server, '/api/operator', { ask: 'rm' }, as))).toEqual([400, 'bad-request']);
  const code = await firstCode(server);
  await server.kill();
  const again = await startServer({ demo: false, dataDir: server.dataDir, port: server.port });
  servers.push(again);
  expect(errorOf(await asked(as))).toEqual([404, 'not-found']);
  expect((await admin(server.dataDir, 'communities')).code).toBe(0);
  expect(errorOf(await (await EnrolledTablet.unpacked(again)).join(code))).toEqual([403, 'code']);
}, 60_000);

test('[IA9] a server with TLS of its own is reached too', async () => {
  const server = await startServer({ demo: false, env: { LINHUO_TLS_CERT: 'tests/support/tls/first.crt', LINHUO_TLS_KEY: 'tests/support/tls/first.key' } });
  servers.push(server);
  const said = await admin(server.dataDir, 'communities');
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('第一社区')]);
}, 30_000);

test('[IA9] what goes wrong is said with what to do', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'linhuo-admin-'));
  folders.push(empty);
  const cases = async (data: string, rows: readonly (readonly [args: readonly string[], sentence: string])[]): Promise<void> => {
    for (const [args, sentence] of rows) {
      const { code, errors } = await admin(data, ...args);
      expect([code, errors], args.join(' ')).toEqual([1, expect.stringContaining(sentence)]);
      expect(errors).not.toContain('    at ');
    }
  };
  await cases(empty, [
    [['people'], 'LINHUO_DATA='], [['peple'], 'peple is no command'], [['people', '--role', 'x'], '--role is no option'], [['people', '--nonsense'], '--help'], [['invite'], 'takes <name>'],
  ]);
  writeFileSync(operatorFile(empty), JSON.stringify({ token: 'x', address: 'http://127.0.0.1:9', origin: 'http://127.0.0.1:9' }));
  await cases(empty, [[['people'], 'Start it']]);
  writeFileSync(operatorFile(empty), 'rubbish');
  await cases(empty, [[['people'], 'can not be read']]);

  const { server, supervisor } = await foundCommunity();
  servers.push(server);
  writeFileSync(operatorFile(empty), JSON.stringify({ token: 'x', address: server.url, origin: server.url }));
  await cases(empty, [[['communities'], 'is not the server of the data folder']]);
  await cases(server.dataDir, [
    [['communities', 'add', 'c1', '第二社区'], 'taken already'], [['communities', 'add', 'C 1', 'x'], 'bad-request'],
    [['people', '--community', 'c9'], 'no such community'], [['confirm', supervisor.device], 'not-now'],
    [['invite', '某', '--role', 'gridWorker', '--grids', 'g9'], 'Add it first'], [['invite', '某', '--role', 'king'], 'role'],
  ]);
  await admin(server.dataDir, 'communities', 'add', 'c2', '第二社区');
  await cases(server.dataDir, [[['people'], '--community c1 or c2']]);

  const help = await admin(empty, '--help');
  expect(help).toMatchObject({ code: 0, errors: '' });
  for (const name of ['communities add <slug> <name>', 'invite <name>', 'revoke person <person>', 'lost <tablet>', 'audit', 'review']) expect(help.out).toContain(name);
  expect((await admin(empty, 'lost', '--help')).out).toContain('--reason');
}, 90_000);

test('[IA9] columns stand under each other in Chinese too; what a tablet calls itself can not reach the terminal or a formula', () => {
  expect(table(['a', 'b'], [['邻伙', 'x'], ['ab', '\u001b[31my']])).toBe('a     b\n邻伙  x\nab    ·[31my');
  expect(csv(['a'], [['=1+1'], ['say "hi"'], ['-2']])).toBe('\uFEFF"a"\r\n"\'=1+1"\r\n"say ""hi"""\r\n"\'-2"\r\n');
});
