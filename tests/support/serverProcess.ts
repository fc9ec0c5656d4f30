/**
 * The real server as a child process, for integration and end-to-end tests. Nothing it starts outlives `stop` or `kill`.
 *
 *     const server = await startServer({ demo: true });
 *     … server.url, server.wsUrl …
 *     await server.kill();                                    // SIGKILL: the power cord
 *     const again = await startServer({ demo: true, dataDir: server.dataDir, port: server.port });
 *     await again.stop();                                     // SIGTERM, waits for exit code 0
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownRoot = fileURLToPath(new URL('../..', import.meta.url));
/** Filling the demo's first community is part of the start. */
const startMaxMs = 30_000;
const stopMaxMs = 10_000;

export interface StartOptions {
  /** Default true. `small` uses `tests/support/smallDemo.ts`, which starts at once. */
  readonly demo?: boolean | 'small';
  /** Kept when given; else a new folder that `stop` and `dispose` remove. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the server's source stands; this repository unless said otherwise. */
  readonly root?: string;
}

export interface ServerProcess {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `ws://127.0.0.1:port/sync`: what a y-websocket provider wants. */
  readonly wsUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** What it has printed so far, both streams. */
  output(): string;
  /** SIGKILL. Resolves when the process is gone; the data folder stays. */
  kill(): Promise<void>;
  /** SIGTERM. @returns the exit code; the data folder stays. */
  stop(): Promise<number>;
  /** Waits for the process to end by itself. @returns the exit code */
  ended(): Promise<number>;
  /** Ends the process if it still runs and removes a data folder made here. */
  dispose(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function startServer({ demo = true, dataDir, port, env = {}, root = ownRoot }: StartOptions = {}): Promise<ServerProcess> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'linhuo-server-'));
  const chosen = port ?? (await freePort());
  const child = spawn(process.execPath, ['server/main.ts', ...(demo ? ['--demo'] : [])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env, HOST: '127.0.0.1', PORT: String(chosen), LINHUO_DATA: folder,
      ...(demo === 'small' ? { LINHUO_DEMO: join(ownRoot, 'tests/support/smallDemo.ts') } : {}), ...env,
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));

  try {
    await running(child, () => printed);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url: `http://127.0.0.1:${chosen}`,
    wsUrl: `ws://127.0.0.1:${chosen}/sync`,
    port: chosen,
    pid: child.pid ?? 0,
    dataDir: folder,
    output: () => printed,
    async kill() {
      await ended(child, 'SIGKILL');
    },
    stop: () => ended(child, 'SIGTERM'),
    ended: () => ended(child, undefined),
    async dispose() {
      await ended(child, 'SIGKILL');
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once the server says where it runs. */
function running(child: ChildProcess, printed: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`The server did not start in ${startMaxMs} ms:\n${printed()}`)), startMaxMs);
    const look = (): void => {
      if (!printed().includes(' is running at ')) return;
      clearTimeout(giveUp);
      child.stdout?.off('data', look);
      resolve();
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => {
      clearTimeout(giveUp);
      reject(new Error(`The server ended with ${code} instead of starting:\n${printed()}`));
    });
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals | undefined): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
  const gone = once(child, 'exit');
  if (signal) child.kill(signal);
  const giveUp = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
  await gone;
  clearTimeout(giveUp);
  return child.exitCode ?? -1;
}
