/** Builds the replica's test page once and serves it on a running server's own origin, so that requests are same-origin. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';

const root = fileURLToPath(new URL('./page/', import.meta.url));
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
let built: Promise<string> | undefined;

async function buildPage(): Promise<string> {
  const outDir = await fs.mkdtemp(path.join(os.tmpdir(), 'linhuo-page-'));
  process.on('exit', () => void fs.rm(outDir, { recursive: true, force: true }));
  await build({
    configFile: false, root, base: '/replica-page/', logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2024', minify: false },
  });
  return outDir;
}

/** Opens the page on `origin` with `window.harness` ready. */
export async function openReplicaPage(page: Page, origin: string): Promise<void> {
  built ??= buildPage();
  const folder = await built;
  await page.context().route(`${origin}/replica-page/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice('/replica-page/'.length) || 'index.html';
    await route.fulfill({ body: await fs.readFile(path.join(folder, name)), contentType: types[path.extname(name)] ?? 'application/octet-stream' });
  });
  await page.goto(`${origin}/replica-page/`);
  await page.waitForFunction(() => window.harness !== undefined);
}
