/** A further build of the app under another version, for tests of what happens when one is deployed. Built once for each version. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a build reads. It is copied, because a build writes beside its sources. */
const sources = ['src', 'static', 'package.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'];
const built = new Map<string, Promise<string>>();

async function build(version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-build-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const name of sources) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const child = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, APP_VERSION: version },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The app could not be built (${code}):\n${printed}`);
  return join(folder, 'build');
}

/** @returns the folder with the built app, for `LINHUO_APP`; gone when the process ends */
export function buildApp(version: string): Promise<string> {
  const known = built.get(version) ?? build(version);
  built.set(version, known);
  return known;
}
