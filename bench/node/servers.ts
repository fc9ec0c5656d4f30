/** The two servers as processes of their own: ours with its SQLite, and the stock one that keeps rooms in memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, startServer } from '../../tests/support/serverProcess.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface RunningServer {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface OurServerOptions {
  /** The folder served as the app. */
  readonly app: string;
  /** Records of each year. */
  readonly records?: number;
  readonly years?: number;
  readonly doors?: number;
  /** Lines of the ledger in a community that has nothing else. */
  readonly lines?: number;
}

/** Ready to admit: the community of `seat` has been filled before this resolves. */
export async function startOurs({ app, records = 0, years = 1, doors = 0, lines = 0 }: OurServerOptions, seat: string): Promise<RunningServer> {
  const server = await startServer({
    demo: true,
    env: { LINHUO_DEMO: here('./demo.ts'), LINHUO_APP: app, BENCH_RECORDS: String(records), BENCH_YEARS: String(years), BENCH_DOORS: String(doors), BENCH_LINES: String(lines) },
  });
  await askTicket(server.url, seat, 'warmup0');
  return { origin: server.url, port: server.port, close: () => server.dispose() };
}

/** The first to sit down waits while the community is filled, so this takes its time. */
export async function askTicket(origin: string, seat: string, device: string): Promise<string> {
  const response = await fetch(`${origin}/api/tickets`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seat, device, secret: '0'.repeat(32) }),
  });
  if (!response.ok) throw new Error(`no ticket for ${seat}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { ticket: string }).ticket;
}

export async function startStock(): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [here('../../node_modules/@y/websocket-server/src/server.js')], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) },
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  await once(child.stdout, 'data');
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    async close() {
      process.off('exit', killWithUs);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
