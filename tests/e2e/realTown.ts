/**
 * A server without a demo, and the people who join it: the first supervisor by the link that the server prints, everybody
 * else by an invitation and six digits that two people compare.
 */
import { rmSync } from 'node:fs';
import { test as base, type BrowserContextOptions, type Page } from '@playwright/test';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { badge, expect } from './fixtures.ts';
import { axeFindings, settled, sideways, smallTargets } from './screens.ts';

/** PBKDF2 with 600,000 rounds, while another test runs on the same two cores. */
const openMaxMs = 30_000;

export interface RealTown {
  readonly url: string;
  /** A new tablet: a browser context with nothing in it. */
  tablet(options?: BrowserContextOptions): Promise<Page>;
  /** The first supervisor, by the link the server printed. */
  supervisor(): Promise<Page>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const bossPin = '482915';

export const test = base.extend<{ town: RealTown }>({
  town: async ({ browser }, use) => {
    const first = await startServer({ demo: false });
    const { port, dataDir, url } = first;
    let server: ServerProcess | undefined = first;
    const opened: { close(): Promise<void> }[] = [];
    const town: RealTown = {
      url,
      async tablet(options) {
        const context = await browser.newContext({ baseURL: url, ...options });
        context.setDefaultTimeout(20_000);
        opened.push(context);
        return context.newPage();
      },
      async supervisor() {
        const code = await firstCode(first);
        const page = await town.tablet();
        await page.goto(`/join#${code}`);
        await page.getByRole('button', { name: '加入' }).click();
        await sayName(page, '王主任');
        await choosePin(page, bossPin);
        return page;
      },
      async stop() {
        await server?.stop();
        server = undefined;
      },
      async start() {
        server = await startServer({ demo: false, port, dataDir });
      },
    };
    await use(town);
    for (const context of opened) await context.close();
    await server?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  },
});

/** The link is printed right after the address. */
async function firstCode(server: ServerProcess): Promise<string> {
  const printed = (): string => /\/join#([0-9A-Z]{12})/.exec(server.output())?.[1] ?? '';
  await expect.poll(printed).not.toBe('');
  return printed();
}

/** IE9: whoever comes first says who they are. */
export async function sayName(page: Page, name: string): Promise<void> {
  await page.getByLabel('姓名').fill(name);
  await page.getByRole('button', { name: '加入' }).click();
}

/** Twice, and the seat opens with it. */
export async function choosePin(page: Page, pin: string): Promise<void> {
  await page.getByLabel('六位密码').fill(pin);
  await page.getByLabel('再输一遍').fill(pin);
  await page.getByRole('button', { name: /^设/ }).click();
  await expect(badge(page)).toBeVisible({ timeout: openMaxMs });
}

export async function unlock(page: Page, pin: string): Promise<void> {
  await page.getByLabel('六位密码').fill(pin);
  await expect(badge(page)).toBeVisible({ timeout: openMaxMs });
}

/** A page that is opened by its address locks the seat: its key lives in the page alone. */
export async function goToUnlocked(page: Page, path: string, pin = bossPin): Promise<void> {
  await page.goto(path);
  await unlock(page, pin);
}

export async function addGrid(boss: Page, code: string, name: string): Promise<void> {
  await boss.getByRole('button', { name: '添加网格' }).click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByLabel('编号').fill(code);
  await dialog.getByLabel('名称').fill(name);
  await dialog.getByRole('button', { name: '添加网格' }).click();
  await expect(boss.getByText(`${name} ${code}`)).toBeVisible();
}

/** On the page of people. @returns the code, as a person would read it aloud */
export async function invite(boss: Page, name: string, role: string, choices: readonly string[]): Promise<string> {
  await boss.getByRole('button', { name: '邀请一个人' }).click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByLabel('姓名').fill(name);
  await dialog.getByText(role, { exact: true }).click();
  for (const choice of choices) await dialog.getByText(choice, { exact: true }).click();
  return readCode(boss);
}

export async function readCode(boss: Page): Promise<string> {
  const dialog = boss.getByRole('dialog');
  await dialog.getByRole('button', { name: '生成邀请码' }).click();
  const code = String(await dialog.locator('.code').textContent());
  await dialog.getByRole('button', { name: '好了' }).click();
  return code.trim();
}

/** Types the code, compares the digits with the supervisor's, and chooses a PIN. */
export async function join(boss: Page, page: Page, code: string, label: string, pin: string): Promise<void> {
  await page.goto('/seat');
  await page.getByRole('link', { name: /加入/ }).click();
  await page.getByLabel('邀请码').fill(code);
  await page.getByLabel('这台平板叫什么').fill(label);
  await page.getByRole('button', { name: '加入' }).click();
  const digits = String(await page.locator('[data-digits]').textContent());
  expect(digits).toMatch(/^\d{3} \d{3}$/);
  await expect(boss.locator('[data-digits]')).toHaveText(digits);
  await boss.getByRole('button', { name: '数字一样' }).click();
  await choosePin(page, pin);
}

/** What a grid worker writes down offline in the simplest way: a new volunteer. */
export async function addVolunteer(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: '新增志愿者' }).first().click();
  await page.getByLabel('叫什么名字？').fill(name);
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText(`已新增志愿者：${name}`)).toBeVisible();
}

/** SC9 What is wrong with the screen as it stands, wide and narrow, light and dark. */
export async function faults(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  const found: string[] = [];
  for (const [width, height, colorScheme] of [[1180, 820, 'light'], [390, 844, 'dark']] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await settled(page);
    found.push(...(await smallTargets(page)), ...(await sideways(page)), ...(await axeFindings(page)));
  }
  if (size) await page.setViewportSize(size);
  return found.map((fault) => `${new URL(page.url()).pathname}: ${fault}`);
}
