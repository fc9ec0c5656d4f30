/**
 * Tries docs/deploy/nginx.conf and docs/deploy/Caddyfile as they stand, with nginx and caddy as they are installed on this
 * machine: names, ports and certificate are put in, nothing else is changed. Takes two minutes, most of it silence on a socket.
 *
 *     node_modules/.bin/node scripts/tryProxies.mjs
 *
 * Prints a line for each thing tried; the exit code is 0 only if all of them held for both. A program that is not installed
 * is a failure, not something to pass over. Needs the Node this project is pinned to.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { stepOneMessage, stepTwoMessage, updateMessage } from '../server/rooms/messages.ts';
import { encodeFact } from '../src/domain/kernel/fact.ts';
import { factsRoot, messageAcknowledgement, readAcknowledgement, updateMaxBytes } from '../src/protocol/messages.ts';
import { subprotocol } from '../src/protocol/version.ts';
import { freePort, startServer } from '../tests/support/serverProcess.ts';
import { root } from './processes.mjs';

const idleMs = 100_000;
const uploads = 6;
const room = 'v1/shuangbai/visits/g1/2026-05';
const at = Date.UTC(2026, 4, 12, 1);
const certificate = join(root, 'tests/support/tls/first.crt');
const key = join(root, 'tests/support/tls/first.key');
const ca = readFileSync(certificate, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'linhuo-proxies-'));

/** @typedef {{ name: string, port: number, serverPort: number }} Tried */

/** @param {string} file @param {readonly (readonly [string, string])[]} changes */
function filledIn(file, changes) {
  let text = readFileSync(join(root, 'docs/deploy', file), 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" any more: the script must be changed with it`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const programs = {
  /** @param {Tried} tried @param {number} plainPort */
  nginx({ port, serverPort }, plainPort) {
    const site = filledIn('nginx.conf', [
      ['server 127.0.0.1:8787', `server 127.0.0.1:${serverPort}`], ['listen 80;', `listen 127.0.0.1:${plainPort};`], ['listen [::]:80;', ''],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`], ['listen [::]:443 ssl http2;', ''], ['server_name linhuo.example;', 'server_name localhost;'],
      ['/etc/letsencrypt/live/linhuo.example/fullchain.pem', certificate], ['/etc/letsencrypt/live/linhuo.example/privkey.pem', key],
    ]);
    writeFileSync(join(folder, 'site.conf'), site);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${folder}/${each};`).join(' ');
    // A large answer is put down in a file while its reader takes its time: the workers must be able to write there.
    writeFileSync(join(folder, 'nginx.conf'), `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events {} http { access_log off; ${temporary} include ${folder}/site.conf; }`);
    return { command: 'nginx', args: ['-p', folder, '-e', join(folder, 'nginx.log'), '-c', join(folder, 'nginx.conf')] };
  },
  /** @param {Tried} tried @param {number} plainPort */
  caddy({ port, serverPort }, plainPort) {
    const site = filledIn('Caddyfile', [['\nlinhuo.example {\n', `\nhttps://localhost:${port} {\n\ttls ${certificate} ${key}\n`], ['127.0.0.1:8787', `127.0.0.1:${serverPort}`]]);
    writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n\thttp_port ${plainPort}\n\tauto_https disable_redirects\n\tstorage file_system ${folder}/caddy\n}\n${site}`);
    return { command: 'caddy', args: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')] };
  },
};

/** @param {Tried} tried @param {string} path @param {{ method?: string, body?: string, headers?: Record<string, string> }} [options] */
function ask({ port }, path, { method = 'GET', body = '', headers = {} } = {}) {
  return new Promise((/** @type {(answer: { status: number | undefined, headers: import('node:http').IncomingHttpHeaders, bytes: Buffer }) => void} */ resolve, reject) => {
    const asked = request({ host: 'localhost', port, path, method, headers, ca, agent: false, timeout: 30_000 }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }));
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${path} within 30 s`)));
    asked.on('error', reject).end(body);
  });
}

/** @param {() => boolean | Promise<boolean>} holds @param {string} what */
async function until(holds, what, maxMs = 20_000) {
  const deadline = Date.now() + maxMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${maxMs / 1000} s`);
    await pause(50);
  }
}

/** A tablet's socket into the room, and what it hears. @param {Tried} tried @param {string} ticket */
async function enter({ port }, ticket, origin = `https://localhost:${port}`) {
  const socket = new WebSocket(`wss://localhost:${port}/sync/${room}`, [subprotocol, `ticket.${ticket}`], { ca, headers: { origin } });
  const heard = { clocks: /** @type {Map<number, number>} */ (new Map()), messages: 0, closed: 0 };
  socket.on('message', (/** @type {Buffer} */ data) => {
    heard.messages += 1;
    const decoder = decoding.createDecoder(data);
    if (decoding.readVarUint(decoder) === messageAcknowledgement) for (const [client, clock] of readAcknowledgement(decoder)) heard.clocks.set(client, clock);
  });
  socket.on('close', (code) => (heard.closed = code));
  socket.on('error', () => undefined);
  await until(() => socket.readyState === WebSocket.OPEN || heard.closed > 0, 'the socket opens');
  socket.send(stepOneMessage(Y.encodeStateVector(new Y.Doc())));
  socket.send(stepTwoMessage(Y.encodeStateAsUpdate(new Y.Doc())));
  await until(() => heard.messages > 0 || heard.closed > 0, 'the room answers');
  return { socket, heard };
}

/** Visits with the longest notes there are, as many as one message carries. @param {string} device */
function author(device) {
  const doc = new Y.Doc();
  let counter = 0;
  return {
    client: doc.clientID,
    said: () => counter,
    /** @param {number} bytes at most */
    write(bytes) {
      const before = Y.encodeStateVector(doc);
      const facts = doc.getMap(factsRoot);
      let room = bytes - 1_000;
      doc.transact(() => {
        for (;;) {
          const id = `${device}-${counter.toString(36)}`;
          const record = `vis_${at.toString(36).padStart(9, '0')}${device}${counter.toString(36)}`;
          const json = encodeFact({ id, record, kind: 'visit', base: [], set: { grid: 'g1', household: 'hou_1', visitedAt: at, outcome: 'met', note: '邻'.repeat(2_000) }, by: 'per_li', at });
          room -= Buffer.byteLength(json) + 100;
          if (room < 0) break;
          facts.set(id, json);
          counter += 1;
        }
      });
      return Y.encodeStateAsUpdate(doc, before);
    },
  };
}

/** @param {'nginx' | 'caddy'} name */
async function tryOne(name) {
  const server = await startServer({ demo: 'small', env: { LINHUO_PROXY: '127.0.0.1' } });
  const tried = { name, port: await freePort(), serverPort: server.port };
  const { command, args } = programs[name](tried, await freePort());
  const proxy = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
  let printed = '';
  proxy.stderr.on('data', (chunk) => (printed += chunk));
  const gone = new Promise((resolve) => proxy.once('exit', resolve).once('error', (error) => resolve((printed += error.message))));
  /** @type {string[]} */
  const failed = [];
  /** @param {string} what @param {boolean} held */
  const note = (what, held) => {
    console.log(`${held ? 'held  ' : 'FAILED'} ${name}: ${what}`);
    if (!held) failed.push(what);
  };
  try {
    await Promise.race([
      until(async () => (await ask(tried, '/healthz').catch(() => undefined))?.status === 200, 'the proxy answers'),
      gone.then(() => Promise.reject(new Error(`${command} ended: ${printed}`))),
    ]);
    const { headers } = await ask(tried, '/', { headers: { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' } });
    note('the answer came over TLS, and says so for a year, whatever the asker claims', headers['strict-transport-security'] === 'max-age=31536000');
    note('the policy names the public host for sockets', String(headers['content-security-policy']).includes(`connect-src 'self' wss://localhost:${tried.port};`));
    note('the other headers come through', headers['x-content-type-options'] === 'nosniff' && headers['cross-origin-opener-policy'] === 'same-origin');

    /** @param {string} device */
    const sit = async (device) => {
      const { bytes } = await ask(tried, '/api/tickets', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ seat: 'li', device, secret: 'ab'.repeat(16) }) });
      return /** @type {{ ticket: string }} */ (JSON.parse(bytes.toString())).ticket;
    };
    const [ticket, otherTicket] = [await sit('proxa'), await sit('proxb')];
    const [speaker, silent] = [await enter(tried, ticket), await enter(tried, otherTicket)];
    note('two sockets opened with their tickets', speaker.heard.closed + silent.heard.closed === 0);
    const stranger = await enter(tried, ticket, 'https://evil.example');
    note('a page of another origin is closed with 4403', stranger.heard.closed === 4403);

    const writer = author('proxa');
    let bytes = 0;
    for (let round = 0; round < uploads; round += 1) {
      const update = writer.write(updateMaxBytes);
      bytes = update.byteLength;
      speaker.socket.send(updateMessage(update));
      await until(() => (speaker.heard.clocks.get(writer.client) ?? 0) >= writer.said() || speaker.heard.closed > 0, 'a message of 1 MB is confirmed', 60_000);
    }
    note(`${uploads} messages of ${(bytes / updateMaxBytes).toFixed(2)} MB were confirmed`, speaker.heard.closed === 0 && bytes > 0.95 * updateMaxBytes);

    const authorization = `Bearer ${ticket}`;
    const direct = Buffer.from(await (await fetch(`${server.url}/api/rooms/${room}`, { headers: { authorization } })).arrayBuffer());
    const through = await ask(tried, `/api/rooms/${room}`, { headers: { authorization } });
    note(`a room of ${(direct.byteLength / 1_048_576).toFixed(1)} MB came as it is`, direct.byteLength > 4_000_000 && direct.equals(through.bytes) && /^"\d+"$/.test(String(through.headers.etag)));
    const again = await ask(tried, `/api/rooms/${room}`, { headers: { authorization, 'if-none-match': String(through.headers.etag) } });
    note('asked for again unchanged it is a 304', again.status === 304);

    const messages = silent.heard.messages;
    await pause(idleMs);
    note(`after ${idleMs / 1000} s without a word both sockets are open`, speaker.heard.closed + silent.heard.closed === 0);
    speaker.socket.send(updateMessage(writer.write(8_000)));
    await until(() => silent.heard.messages > messages, 'the other tablet hears it');
    note('and carry a fact from one tablet to the other', true);
  } catch (error) {
    note(error instanceof Error ? error.message : String(error), false);
  } finally {
    proxy.kill('SIGTERM');
    await Promise.race([gone, pause(5_000)]);
    await server.dispose();
  }
  return failed;
}

const failed = (await Promise.all([tryOne('nginx'), tryOne('caddy')])).flat();
rmSync(folder, { recursive: true, force: true });
console.log(failed.length === 0 ? 'Both configurations hold.' : `${failed.length} things did not hold.`);
process.exit(failed.length === 0 ? 0 : 1);
