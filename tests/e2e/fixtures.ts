/**
 * A town for each test: a real server process on its own port and data folder, and tablets that are browser contexts of their own.
 * What a test does and sees it does and sees on the screen, by role and by the words a person reads.
 */
import { rmSync } from 'node:fs';
import { test as base, expect as plainExpect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { startServer, type ServerProcess, type StartOptions } from '../support/serverProcess.ts';

/** The seats of 双柏 that the tests take, with the names on their chairs. */
export const names = { 'sb-grid1': '杨敏', 'sb-grid2': '罗建军', 'sb-lead1': '刘淑芳', 'sb-shop1': '邓小燕', 'sb-super': '陈晓琴' } as const;
export type SeatId = keyof typeof names;

export const sharedActivity = '双小柏便民服务日';

/** Two workers, two servers and up to four browsers share two cores: a screen may take its time, but not a sleep. */
export const expect = plainExpect.configure({ timeout: 15_000 });

/** Filling an empty tablet, with the other worker's tests on the same two cores. */
const fillMaxMs = 45_000;
/** A tablet that was cut off waits a while before it tries again, longer each time. */
export const syncMaxMs = 45_000;

export interface Town {
  readonly server: ServerProcess;
  readonly url: string;
  /** A new tablet: a browser context with nothing in it. */
  tablet(options?: BrowserContextOptions): Promise<Page>;
  /** A new tablet on which this person sat down, with everything fetched. */
  seated(seat: SeatId, options?: BrowserContextOptions): Promise<Page>;
  /** Ends the server process. From here on nobody answers on its port. */
  stop(): Promise<void>;
  /** A new server process on the same port and data. */
  start(options?: Pick<StartOptions, 'env'>): Promise<void>;
}

export const test = base.extend<{ town: Town }>({
  town: async ({ browser }, use) => {
    const first = await startServer();
    const { port, dataDir } = first;
    let server: ServerProcess | undefined = first;
    const opened: { close(): Promise<void> }[] = [];
    await use({
      get server() {
        if (!server) throw new Error('the server is stopped');
        return server;
      },
      url: first.url,
      async tablet(options) {
        const page = await openTablet(browser, first.url, options);
        opened.push(page.context());
        return page;
      },
      async seated(seat, options) {
        const page = await this.tablet(options);
        await sitDown(page, seat);
        return page;
      },
      async stop() {
        await server?.stop();
        server = undefined;
      },
      async start(options) {
        server = await startServer({ port, dataDir, ...options });
      },
    });
    for (const context of opened) await context.close();
    await server?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  },
});

async function openTablet(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL, ...options });
  // A control that is not there fails here, with its name, and not at the end of the test.
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** Takes the seat on the seat page and waits until the tablet holds the community and opens without a network. */
export async function sitDown(page: Page, seat: SeatId, address = '/seat'): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: new RegExp(`^${names[seat]}`) }).click();
  await expect(badge(page)).toBeVisible();
  await filled(page);
}

/** Everything fetched, everything confirmed, and the app itself kept for opening without a network. */
export async function filled(page: Page): Promise<void> {
  const home = page.url();
  await badge(page).click();
  await expect(page.getByText('和服务器连着。')).toBeVisible({ timeout: fillMaxMs });
  await expect(page.getByText('本社区的数据正在取')).toHaveCount(0, { timeout: fillMaxMs });
  await expect(page.getByText('这台平板上写下的，服务器都已存好。')).toBeVisible({ timeout: syncMaxMs });
  // Without a reason to wait for it the page would be gone before the browser has kept the app.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  if (new URL(home).pathname !== '/sync') {
    await page.getByRole('button', { name: '返回' }).or(page.getByRole('link', { name: '返回' })).first().click();
    await expect(page).not.toHaveURL(/\/sync$/);
  }
}

/** The one badge of the tablet; its text is the worst state. */
export const badge = (page: Page) => page.getByRole('link', { name: /^这台平板/ });

export async function expectOffline(page: Page): Promise<void> {
  await expect(badge(page)).toContainText('没有网络', { timeout: syncMaxMs });
}

/** Asks for it by hand, as a person who just came into range would, and waits for the server's word. */
export async function expectConfirmed(page: Page): Promise<void> {
  await expect(badge(page)).toContainText('全部已确认', { timeout: syncMaxMs });
}

/** A main page by its word in the rail or bar. */
export const goTo = (page: Page, word: string) => page.getByRole('navigation', { name: '主要页面' }).getByRole('link', { name: word, exact: false }).click();

/** The bar that offers to take the last thing back. */
export const undoBar = (page: Page) => page.getByRole('status').filter({ has: page.getByRole('button', { name: '撤销' }) });
