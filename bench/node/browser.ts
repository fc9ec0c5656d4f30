/** Chromium, a page in it, and the calls of that page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import type { PageCalls } from '../calls.ts';

/** Two tablets are two pages here, and both are in somebody's hands: neither may be slowed down as a background page. */
const args = [
  '--no-sandbox', '--disable-background-networking', '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
];
const options = { executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium', args };

export const launch = (): Promise<Browser> => chromium.launch(options);
/** @param more e.g. the language of the app */
export const launchWith = (profile: string, more: { readonly locale?: string } = {}): Promise<BrowserContext> => chromium.launchPersistentContext(profile, { ...options, ...more });

export function newProfile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-profile-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface BenchPage {
  readonly page: Page;
  readonly calls: PageCalls;
}

interface BenchWindow {
  bench: Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
}

/** Opens the bench page; whatever the page logs as an error is shown, because a silent failure would be a fast figure. */
export async function openPage(context: BrowserContext, origin: string): Promise<BenchPage> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`[page] ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`[page] ${message.text()}`);
  });
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => (globalThis as unknown as Partial<BenchWindow>).bench !== undefined);
  return { page, calls: callsOf(page) };
}

export async function newDevice(browser: Browser, origin: string): Promise<BenchPage & { close(): Promise<void> }> {
  const context = await browser.newContext();
  const opened = await openPage(context, origin);
  return { ...opened, close: () => context.close() };
}

const callsOf = (page: Page): PageCalls =>
  new Proxy({} as PageCalls, {
    get: (_target, name) => {
      // A promise chain asks every object for `then`.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...given: readonly unknown[]) =>
        page.evaluate(([called, passed]) => {
          const call = (globalThis as unknown as BenchWindow).bench[called];
          if (!call) throw new Error(`the bench page has no ${called}`);
          return call(...passed);
        }, [name, given] as const);
    },
  });
