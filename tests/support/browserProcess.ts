/** Chromium as a process of our own with a profile that outlives it, so that it can be killed like a tablet whose battery dies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';

const startMaxMs = 20_000;

export interface BrowserProcess {
  readonly context: BrowserContext;
  readonly pid: number;
  /** SIGKILL to the browser and all its children. The profile stays. */
  kill(): Promise<void>;
  /** As a person closes it: what it has still to write into its profile it writes. */
  close(): Promise<void>;
}

export const makeProfile = (): string => mkdtempSync(join(tmpdir(), 'linhuo-profile-'));
export const dropProfile = (profile: string): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5 });

/** @param wrap turns the browser's command line into another one that ends in it, e.g. to give it a disk of its own */
export async function startBrowser(profile: string, wrap: (command: readonly string[]) => readonly string[] = (command) => command): Promise<BrowserProcess> {
  const [command = '', ...args] = wrap([
    process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
    '--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank',
  ]);
  const child = spawn(
    command,
    args,
    // A group of its own, so that one signal reaches every process of the browser.
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const pid = child.pid ?? 0;
  const killGroup = (): void => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  process.once('exit', killGroup);
  child.once('exit', () => process.off('exit', killGroup));
  const endpoint = await new Promise<string>((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(() => reject(new Error(`the browser did not start:\n${printed}`)), startMaxMs);
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(printed)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const [context] = browser.contexts();
  if (!context) throw new Error('the browser came without a context');
  const ended = (): Promise<unknown> => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve());
  return {
    context,
    pid,
    async kill() {
      const gone = ended();
      killGroup();
      await gone;
      await browser.close().catch(() => undefined);
    },
    async close() {
      const gone = ended();
      await (await browser.newBrowserCDPSession()).send('Browser.close');
      await gone;
      await browser.close().catch(() => undefined);
    },
  };
}
