/**
 * Brings a fresh clone to the point where it runs: dependencies as locked, and a build no older than its sources.
 * Does nothing when nothing is missing. Runs on Node 20, built-ins only.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownTools, root, run, systemTools } from './processes.mjs';

const sources = ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts', 'tsconfig.json'];

/** Installs unless node_modules holds just what package-lock.json names. @returns {Promise<boolean>} */
export async function install() {
  if (isInstalled()) return true;
  console.log('Installing dependencies …');
  // Named kinds win over NODE_ENV=production, under which npm would leave out the build's own tools.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  return (await run('npm', args, { env: systemTools })) === 0;
}

/** Builds unless the build is newer than everything it is made from. @returns {Promise<boolean>} */
export async function build() {
  const built = modified(join(root, 'build', 'index.html'));
  if (sources.every((path) => newest(join(root, path)) < built)) return true;
  console.log('Building the app …');
  return (await run('vite', ['build', '--logLevel', 'warn'], { env: ownTools })) === 0;
}

/** The Node this project is pinned to, or this one if it is as new and none is published for the machine. */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new Error(`No Node 24 is published for ${process.platform} ${process.arch}: install Node 24, then try again.`);
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

function isInstalled() {
  const present = packages(join(root, 'node_modules', '.package-lock.json'));
  const locked = packages(join(root, 'package-lock.json'));
  delete locked[''];
  for (const [path, wanted] of Object.entries(locked)) {
    const found = present[path];
    if (!found && !wanted.optional) return false;
    if (found && (found.version !== wanted.version || found.integrity !== wanted.integrity)) return false;
  }
  return Object.keys(present).every((path) => path in locked);
}

/** @param {string} file @returns {Packages} */
function packages(file) {
  // npm writes its record last: an install that was cut off has none.
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** @param {string} path */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders count too: removing a file changes nothing else. @param {string} path @returns {number} */
function newest(path) {
  const own = modified(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), own);
}
