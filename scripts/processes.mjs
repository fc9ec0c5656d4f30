/**
 * Child processes that never outlive the command that started them.
 *
 * Each child leads its own process group, so one signal reaches everything below it. What left its group all the
 * same (browsers do) is found by a mark in its environment, where /proc exists. Runs on Node 20, built-ins only.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** How long a child may take to end by itself, in milliseconds. */
const grace = 10_000;
const mark = randomUUID();

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let stopping = false;
/** @type {number | null} */
let lastCode = null;

const binaries = join(root, 'node_modules', '.bin');
const systemPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !/node_modules[\\/]\.bin$/.test(folder))
  .join(delimiter);

/** The tools of node_modules first, the pinned Node among them. */
export const ownTools = { PATH: binaries + delimiter + systemPath };

/** Without them: for npm itself, which replaces node_modules and must not run on a Node inside it. */
export const systemTools = { PATH: systemPath };

/**
 * Runs a command in the repository's root and resolves with its exit code; 127 if it can't be started.
 * Never resolves once the whole command has been told to stop.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, output?: 'inherit' | 'ignore' }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, { env = ownTools, output = 'inherit' } = {}) {
  return new Promise((resolve) => {
    if (stopping) return;
    const child = spawn(command, args, {
      cwd: root,
      detached: true,
      stdio: ['inherit', output, output],
      env: { ...process.env, ...env, LINHUO_RUN: `${process.env.LINHUO_RUN ?? ''}:${mark}` },
    });
    running.add(child);
    const ended = (/** @type {number} */ code) => {
      running.delete(child);
      lastCode = code;
      if (!stopping) resolve(code);
    };
    child.once('error', (error) => {
      if (output === 'inherit') console.error(`${command}: ${error.message}`);
      ended(127);
    });
    child.once('exit', (code, signal) => ended(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/**
 * Ends everything and then this process when a signal asks for it, or when the npm that started it is gone.
 * `exitCode` gets the code the last child ended with and the code that stands for the signal.
 *
 * @param {(child: number, signal: number) => number} exitCode
 */
export function stopWhenAsked(exitCode) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => void stop(128 + constants.signals[signal], exitCode));
  }
  // Run directly, the command may outlive its shell; run by npm, nobody is left to stop it once npm was killed.
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) void stop(128 + constants.signals.SIGHUP, exitCode);
  }, 500);
  watch.unref();
}

/**
 * @param {number} signalCode
 * @param {(child: number, signal: number) => number} exitCode
 */
async function stop(signalCode, exitCode) {
  if (stopping) return;
  stopping = true;
  const children = [...running];
  for (const child of children) signalGroup(child, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (running.size > 0 && Date.now() < deadline) await pause(50);
  for (const child of children) signalGroup(child, 'SIGKILL');
  killStrays();
  process.exit(exitCode(lastCode ?? signalCode, signalCode));
}

/** Kills what this run started and what is still there; a no-op where there is no /proc. */
export function killStrays() {
  for (const pid of processIds()) {
    if (pid === process.pid) continue;
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)) process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile, or belongs to somebody else: either way not ours to end.
    }
  }
}

/** @returns {number[]} */
function processIds() {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
