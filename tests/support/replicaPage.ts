/**
 * The replica's test page: built once, served in front of a running server so that page and server share one origin.
 * Everything else passes through to the server, byte for byte and counted.
 */
import { rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';

const root = fileURLToPath(new URL('./page/', import.meta.url));
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
const prefix = '/replica-page/';
let built: Promise<string> | undefined;

/** Builds a page's folder (an index.html and its modules). @returns the folder with the result, gone when the process ends */
export async function buildPage(from: string, base: string): Promise<string> {
  const outDir = await fs.mkdtemp(path.join(os.tmpdir(), 'linhuo-page-'));
  // Nothing asynchronous runs any more when a process exits.
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false, root: from, base, logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2024', minify: false },
  });
  return outDir;
}

export interface FrontServer {
  readonly origin: string;
  /** Bytes of WebSocket and HTTP traffic through to the server: `up` from the browser, `down` to it. */
  readonly bytes: { up: number; down: number };
  /** The path and query of every request and socket that passed. */
  readonly addresses: string[];
  /** Once a request is to be cut, its first bytes are passed on and then nothing: neither end hears more. */
  cutting: (method: string, address: string) => boolean;
  /** Points to another server, e.g. the same one restarted on another port. */
  pointTo(serverUrl: string): void;
  close(): Promise<void>;
}

/**
 * What a message can do to the worker: `shift` sets its clock off by so many milliseconds, `late` holds back by so many
 * milliseconds what it tells other realms of its rows, `full` makes its disk refuse: its IndexedDB refuses every write of its `journal` or its `projection` while a message says so: what Chromium does on a full disk, at the same place.
 * (A disk that is really full needs a mount, which an ordinary user may not make.)
 */
const faults = `
{
  let full = '';
  let shift = 0;
  let late = 0;
  const faults = new BroadcastChannel('faults');
  faults.onmessage = ({ data }) => {
    full = data.full ?? full;
    shift = data.shift ?? shift;
    late = data.late ?? late;
    faults.postMessage('done');
  };
  const now = Date.now.bind(Date);
  Date.now = () => now() + shift;
  const post = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function (message) {
    if (late > 0 && this.name.includes('RxDB:')) setTimeout(() => post.call(this, message), late);
    else post.call(this, message);
  };
  for (const name of ['add', 'put']) {
    const real = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...args) {
      if (!full || this.transaction.db.name.endsWith('-journal') !== (full === 'journal')) return real.apply(this, args);
      this.transaction.abort();
      throw new DOMException('no space left', 'QuotaExceededError');
    };
  }
}
`;

/** Serves `folder` under `base` and passes the rest to `serverUrl`. */
export async function openFront(serverUrl: string, folder: string, base: string): Promise<FrontServer> {
  let target = new URL(serverUrl);
  const bytes = { up: 0, down: 0 };
  const addresses: string[] = [];
  const sockets = new Set<net.Socket>();

  const listening = http.createServer((request, response) => {
    const pathname = new URL(request.url ?? '/', 'http://front').pathname;
    if (pathname.startsWith(base)) {
      const name = pathname.slice(base.length) || 'index.html';
      fs.readFile(path.join(folder, path.normalize(`/${name}`))).then(
        (body) =>
          response
            .writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' })
            .end(/worker-[^/]*\.js$/.test(name) ? faults + body.toString() : body),
        () => response.writeHead(404).end(),
      );
      return;
    }
    addresses.push(request.url ?? '');
    const onward = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => (bytes.down += chunk.length));
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => (bytes.up += chunk.length));
    if (front.cutting(request.method ?? '', request.url ?? '')) {
      request.once('data', (chunk: Buffer) => {
        onward.write(chunk.subarray(0, chunk.length / 2), () => onward.destroy());
        request.destroy();
      });
      return;
    }
    request.pipe(onward);
  });
  listening.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  listening.on('upgrade', (request, socket, head) => {
    addresses.push(request.url ?? '');
    const onward = net.connect(Number(target.port), target.hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
      onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    socket.on('data', (chunk: Buffer) => (bytes.up += chunk.length));
    onward.on('data', (chunk: Buffer) => (bytes.down += chunk.length));
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as net.AddressInfo;
  const front: FrontServer = {
    origin: `http://127.0.0.1:${port}`,
    bytes,
    addresses,
    cutting: () => false,
    pointTo(serverUrl) {
      target = new URL(serverUrl);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
  return front;
}

/** A front with the replica's page, built on first use. */
export async function openReplicaFront(serverUrl: string): Promise<FrontServer> {
  built ??= buildPage(root, prefix);
  return openFront(serverUrl, await built, prefix);
}

/** Opens the page with `window.harness` ready. */
export async function openReplicaPage(page: Page, front: FrontServer): Promise<void> {
  await page.goto(front.origin + prefix);
  await page.waitForFunction(() => window.harness !== undefined);
}
