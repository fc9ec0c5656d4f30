/** Builds the bench page. Our server serves it as its app; the yardsticks get it from a plain file server of their own. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };

/** @returns the folder of the built page, removed when this process ends */
export async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'linhuo-bench-'));
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false, root: fileURLToPath(new URL('../browser/', import.meta.url)), logLevel: 'error',
    resolve: { alias: { events: fileURLToPath(new URL('../browser/events.ts', import.meta.url)) } },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2024', chunkSizeWarningLimit: 5_000 },
  });
  return outDir;
}

/** A profile's data belongs to the origin, so one server stays for as long as its profile is used. */
export async function servePage(folder: string): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const name = path === '/' ? 'index.html' : path.slice(1);
    try {
      const body = readFileSync(join(folder, name));
      response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
    } catch {
      // Browsers ask for a favicon, which no bench page has.
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
