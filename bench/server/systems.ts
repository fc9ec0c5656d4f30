/** The three servers as processes: ours with SQLite and fsync, the stock one and Hocuspocus, which keep rooms in memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTickets } from '../../server/identity/tickets.ts';
import { openStorage } from '../../server/storage/open.ts';
import { freePort, startServer } from '../../tests/support/serverProcess.ts';
import { ours, stock, hocuspocus, type Dialect } from './dialects.ts';
import { actorOf } from './work.ts';

export const systemNames = ['ours', 'stock', 'hocuspocus'] as const;
export type SystemName = (typeof systemNames)[number];

export interface Running {
  readonly name: SystemName;
  readonly origin: string;
  readonly pid: number;
  readonly dialect: Dialect;
  /** One for each tablet; '' where nobody asks for one. */
  readonly tickets: readonly string[];
  close(): Promise<void>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A folder whose community is filled, and tickets for so many tablets. */
export async function prepareFolder(tablets: number): Promise<{ readonly folder: string; readonly tickets: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-bench-'));
  const first = await startServer({ demo: 'small', dataDir: folder });
  await first.stop();
  const storage = openStorage(folder);
  const desk = await createTickets(storage, Date.now);
  const tickets = Array.from({ length: tablets }, (_, index) => desk.issue(actorOf(index)).ticket);
  await storage.close();
  return { folder, tickets };
}

export async function start(name: SystemName, tablets: number): Promise<Running> {
  if (name === 'ours') {
    const { folder, tickets } = await prepareFolder(tablets);
    const server = await startServer({ demo: 'small', dataDir: folder });
    return {
      name, origin: server.url, pid: server.pid, dialect: ours, tickets,
      async close() {
        await server.dispose();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  const port = await freePort();
  const script = name === 'stock' ? here('../../node_modules/@y/websocket-server/src/server.js') : here('./hocuspocus.mjs');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) } });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  await once(child.stdout, 'data');
  child.stdout.resume();
  return {
    name, origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, dialect: name === 'stock' ? stock : hocuspocus, tickets: Array.from({ length: tablets }, () => ''),
    async close() {
      process.off('exit', killWithUs);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
