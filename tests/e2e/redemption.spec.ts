/** Counters against a real server: without a network, after a month, with a copied profile, with the battery pulled. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, test, type Browser, type Page } from '@playwright/test';
import { encode } from 'uqr';
import { createServer, type Server } from '../../server/createServer.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import { dayMs } from '../../src/domain/kernel/time.ts';
import { writeOffId } from '../../src/domain/redemption/ids.ts';
import { Author } from '../support/author.ts';
import { dropProfile, makeProfile, startBrowser, type BrowserProcess } from '../support/browserProcess.ts';
import { anna, community } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import * as smallDemo from '../support/smallDemo.ts';
import { booksWhen, earn, paidClaims, redeemedIn, type Books } from '../support/smallShop.ts';
import { Peer, sitDown, type Reachable } from '../support/wire.ts';
import { badge, expect, expectConfirmed, expectOffline, filled, syncMaxMs } from './fixtures.ts';

test.setTimeout(180_000);

/** A card held in front of the camera, as Chromium's stand-in for one plays it: grey planes around the code. */
function cardVideo(text: string): string {
  const [width, height, scale] = [640, 480, 10];
  const { size, data } = encode(text, { ecc: 'Q', border: 4 });
  const luma = Buffer.alloc(width * height, 200);
  const [left, top] = [Math.floor((width - size * scale) / 2), Math.floor((height - size * scale) / 2)];
  for (let y = 0; y < size * scale; y += 1)
    for (let x = 0; x < size * scale; x += 1) luma[(top + y) * width + left + x] = data[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 20 : 235;
  const file = join(mkdtempSync(join(tmpdir(), 'linhuo-card-')), 'card.y4m');
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)]);
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  return file;
}

test('[CT1] the card is read from the camera, which is off again afterwards; without one the number is typed', async ({ browser }) => {
  const server = await startServer({ demo: 'small' });
  const video = cardVideo(anna);
  const withCamera = await chromium.launch({ executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`] });
  try {
    const blind = await shopIn(browser, server);
    await blind.getByRole('button', { name: '扫卡片' }).click();
    await expect(blind.getByText(/(没有可以用的摄像头|没有允许用摄像头)。请输入卡片上的编号/)).toBeVisible();
    await find(blind, anna);
    await blind.context().close();

    const context = await withCamera.newContext();
    await context.addInitScript(() => {
      const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await own(wanted);
        Object.assign(window, { lastCamera: stream });
        return stream;
      };
    });
    const cameraIs = (page: Page) => page.evaluate(() => (window as unknown as { readonly lastCamera: MediaStream }).lastCamera.getTracks().map(({ readyState }) => readyState));
    const shop = await openShop(await context.newPage(), server);
    await shop.getByRole('button', { name: '扫卡片' }).click();
    await expect(shop.getByRole('heading', { level: 1, name: anna })).toBeVisible();
    expect(await cameraIs(shop)).toEqual(['ended']);
  } finally {
    await withCamera.close();
    rmSync(dirname(video), { recursive: true, force: true });
    await server.dispose();
  }
});

async function openShop(page: Page, { url }: Reachable): Promise<Page> {
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1180, height: 820 });
  await page.goto(`${url}/seat`);
  await page.evaluate(() => localStorage.setItem('linhuo.locale', 'zh'));
  await page.reload();
  await page.getByRole('button', { name: /^ko/ }).click();
  await expect(badge(page)).toBeVisible();
  await filled(page);
  await expect(page.getByRole('heading', { name: '留在这台平板上的积分' })).toBeVisible({ timeout: syncMaxMs });
  return page;
}
const shopIn = async (browser: Browser, server: Reachable): Promise<Page> => openShop(await (await browser.newContext()).newPage(), server);

async function find(page: Page, number: string): Promise<void> {
  await page.getByLabel('志愿者编号').fill(number);
  await page.getByRole('button', { name: '打开', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: number })).toBeVisible();
}

const figure = (page: Page, label: string) => page.locator('.figure').filter({ hasText: label }).locator('.value');
const held = async (page: Page): Promise<number> => Number((await figure(page, '现在可换').innerText()).replace(',', ''));
const today = (page: Page) => page.getByRole('region', { name: '今天兑换' });

async function chooseFree(page: Page, points: number): Promise<void> {
  await page.getByText('按积分', { exact: true }).click();
  await page.getByLabel('扣多少积分？').fill(String(points));
}
async function redeem(page: Page, number: string, points: number): Promise<void> {
  await find(page, number);
  await chooseFree(page, points);
  await page.getByRole('button', { name: `确认，扣 ${points} 分` }).click();
  await expect(page.getByText('已兑换')).toBeVisible();
}

test('[PN4, PN5, CT2, CT3, CT4, CT5] two shops without a network hand out what is held for each, in two windows and with two taps, and no more than there is', async ({ browser }) => {
  let server = await startServer({ demo: 'small' });
  const shops: Page[] = [];
  try {
    for (let count = 0; count < 2; count += 1) shops.push(await shopIn(browser, server));
    const [one, two] = shops as [Page, Page];
    await earn(server, anna, 100);
    for (const shop of shops) {
      await find(shop, anna);
      await expect(figure(shop, '现在可换')).not.toHaveText('0', { timeout: syncMaxMs });
    }
    await expect(figure(one, '现在可换')).toHaveText('50');
    await expect(figure(two, '现在可换')).toHaveText('25');
    await server.stop();
    for (const shop of shops) await expectOffline(shop);

    await chooseFree(one, 51);
    await expect(one.getByRole('button', { name: '申请 51 分' })).toBeVisible();
    // Two windows of one tablet, pressed in the same moment: there is enough for one of them.
    const other = await one.context().newPage();
    await other.setViewportSize({ width: 1180, height: 820 });
    await other.goto(`${server.url}/redemption/${anna}`);
    for (const window of [one, other]) await chooseFree(window, 30);
    for (const window of [one, other]) await expect(window.getByRole('button', { name: '确认，扣 30 分' })).toBeVisible();
    await Promise.all([one, other].map((window) => window.locator('form button.main').evaluate((button: HTMLButtonElement) => button.click())));
    for (const window of [one, other]) await expect(today(window)).toContainText('1 笔 · 30 分');
    await other.close();

    await find(one, anna);
    await chooseFree(one, 20);
    await one.getByRole('button', { name: '确认，扣 20 分' }).dblclick();
    await expect(one.getByText('已兑换')).toBeVisible();
    await expect(today(one)).toContainText('2 笔 · 50 分');
    await find(one, anna);
    expect(await held(one)).toBe(0);

    await redeem(two, anna, 25);
    await find(two, anna);
    await chooseFree(two, 25);
    await two.getByRole('button', { name: '申请 25 分' }).click();
    await expect(two.getByText('申请了 25 分，还没有给东西')).toBeVisible();
    await expect(today(two)).toContainText('1 笔 · 25 分');

    const { port, dataDir } = server;
    server = await startServer({ demo: 'small', port, dataDir });
    // Given, or short because the other shop's share was filled up first: either way it is answered.
    await expect(two.getByText(/申请的 25 分(留好了|没有批)/)).toBeVisible({ timeout: syncMaxMs });
    for (const shop of shops) await expectConfirmed(shop);
    const books = await booksWhen(server, (now) => expect(redeemedIn(now)).toBe(75));
    expect(new Set(paidClaims(books)).size).toBe(3);
    expect(paidClaims(books)).toHaveLength(3);
    expect([...books.accounts].filter(([account, points]) => points < 0 && account !== 'issued')).toEqual([]);
    await today(two).getByRole('link', { name: anna }).click();
    await expect(two.getByText('社区已经入账。')).toBeVisible({ timeout: syncMaxMs });

    await two.getByRole('button', { name: '取消这一笔' }).click();
    await two.getByRole('dialog').getByRole('button', { name: '取消这一笔' }).click();
    await expect(two.getByText('这一笔已经取消，积分回到志愿者名下。')).toBeVisible();
    await expect(today(two)).toContainText('0 笔 · 0 分');
    await booksWhen(server, (now) => expect(redeemedIn(now)).toBe(50));
  } finally {
    for (const shop of shops) await shop.context().close();
    await server.dispose();
  }
});

/** In this process, with a clock that the test moves. */
async function serverAt(clock: { now: number }, storage: ReturnType<typeof openMemoryStorage>, port: number): Promise<Server & Reachable> {
  const server = await createServer({ config: { host: '127.0.0.1', port, origins: [], app: 'build' }, storage, demo: smallDemo, now: () => clock.now, log: { info: () => undefined, error: () => undefined } });
  const url = await server.listen();
  return Object.assign(server, { url, wsUrl: `${url.replace('http', 'ws')}/sync` });
}

test('[PN5, CT6] a tablet that comes back after a month, given up meanwhile, has its honest redemptions honoured', async ({ browser }) => {
  const clock = { now: Date.now() };
  const server = await serverAt(clock, openMemoryStorage(), 0);
  const shop = await shopIn(browser, server);
  try {
    const start = clock.now;
    await earn(server, anna, 40);
    await find(shop, anna);
    await expect(figure(shop, '现在可换')).toHaveText('40', { timeout: syncMaxMs });
    await shop.context().setOffline(true);
    await redeem(shop, anna, 30);

    // For the server a month goes by, for the tablet none: its clock has stood still in a drawer.
    clock.now += 31 * dayMs;
    const grantIn = ({ entries }: Books): string => entries.find(({ kind }) => kind === 'grant')?.record ?? '';
    const grant = grantIn(await booksWhen(server, (books) => expect(grantIn(books)).not.toBe(''), [start]));
    const he = await sitDown(server, 'he');
    const office = new Author(he.actor);
    const desk = await Peer.into(server, { community, family: 'claims', month: grant.slice(4, 11) }, he);
    await desk.sync();
    desk.update(office.write(office.fact(writeOffId(grant), 'writeOff', { grant })));
    await booksWhen(server, ({ accounts }) => expect(accounts.get(`volunteer:${anna}`)).toBe(40), [start]);
    desk.end();

    await shop.context().setOffline(false);
    await expectConfirmed(shop);
    const books = await booksWhen(server, (now) => expect(redeemedIn(now)).toBe(30), [start, clock.now]);
    expect(paidClaims(books)).toHaveLength(1);
    expect(books.entries.filter(({ kind, set }) => kind === 'verdict' && set['type'] === 'redeem').map(({ set }) => [set['result'], set['shortfall']])).toEqual([['late', undefined]]);
    expect(books.accounts.get('shortfall') ?? 0).toBe(0);

    // What is held for it since lies in the server's month; the old grant is given back, and it goes on.
    await shop.goto(`${server.url}/redemption/${anna}`);
    await expect(figure(shop, '现在可换')).toHaveText('10', { timeout: syncMaxMs });
    await booksWhen(server, ({ entries }) => expect(entries.filter(({ kind, set }) => kind === 'verdict' && set['type'] === 'giveBack').map(({ set }) => set['grant'])).toEqual([grant]), [start, clock.now]);
    await redeem(shop, anna, 10);
    await booksWhen(server, (now) => expect(redeemedIn(now)).toBe(40), [start, clock.now]);
  } finally {
    await shop.context().close();
    await server.stop();
  }
});

/** From the order to press to the press itself. */
const pressMs = 100;

/** The window a counter left open in a profile; one that was never opened sits down first. */
async function shopOf(browser: BrowserProcess, server: Reachable): Promise<Page> {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1180, height: 820 });
  await page.goto(`${server.url}/redemption`);
  await expect(page.getByRole('heading', { level: 1, name: '兑换' })).toBeVisible();
  return page;
}

test('[PN6, RP10, CT5] a copied profile is caught: both redemptions are kept, one waits for the office, and both screens say why they stop', async () => {
  let server: ServerProcess = await startServer({ demo: 'small' });
  const profile = makeProfile();
  const copy = `${profile}-copy`;
  const browsers: BrowserProcess[] = [];
  const begin = async (folder: string): Promise<BrowserProcess> => {
    const browser = await startBrowser(folder);
    browsers.push(browser);
    return browser;
  };
  try {
    const first = await begin(profile);
    const before = await openShop(await first.context.newPage(), server);
    await earn(server, anna, 40);
    await find(before, anna);
    await expect(figure(before, '现在可换')).toHaveText('40', { timeout: syncMaxMs });
    await first.close();
    await server.stop();
    cpSync(profile, copy, { recursive: true, filter: (source) => !source.includes('Singleton') });

    const [own, copied] = [await shopOf(await begin(profile), server), await shopOf(await begin(copy), server)];
    await redeem(own, anna, 30);
    await redeem(copied, anna, 20);
    const { port, dataDir } = server;
    server = await startServer({ demo: 'small', port, dataDir });
    // Each comes back when it next tries; the later one finds its place taken.
    for (const page of [own, copied]) await expect(page.getByText('这台平板先不能兑换。')).toBeVisible({ timeout: 2 * syncMaxMs });
    const verdicts = ({ entries }: Books) => entries.filter(({ kind }) => kind === 'verdict').map(({ set }) => set);
    const books = await booksWhen(server, (now) => expect(verdicts(now).map((set) => set['result']).sort()).toEqual(['booked', 'forked']));
    expect(verdicts(books).map((set) => set['points']).sort()).toEqual([20, 30]);
    expect(redeemedIn(books)).toBe(verdicts(books).find((set) => set['result'] === 'booked')?.['points']);
    for (const page of [own, copied]) {
      await page.goto(`${server.url}/redemption`);
      await expect(page.getByText('这台平板先不能兑换。')).toBeVisible({ timeout: syncMaxMs });
      // Both went out, whoever booked which.
      await expect(today(page)).toContainText('2 笔 · 50 分');
      await find(page, anna);
      await expect(figure(page, '现在可换')).toHaveText('0');
      await expect(page.getByRole('button', { name: /^(确认|申请)/ })).toHaveCount(0);
    }
  } finally {
    for (const browser of browsers) await browser.kill();
    for (const folder of [profile, copy]) dropProfile(folder);
    await server.dispose();
  }
});

test('[PN4, SC3, CT3] the battery is pulled while somebody redeems: afterwards the redemption is there once or not at all, and the points agree', async () => {
  let server: ServerProcess = await startServer({ demo: 'small' });
  const profile = makeProfile();
  let browser = await startBrowser(profile);
  try {
    const before = await openShop(await browser.context.newPage(), server);
    await earn(server, anna, 100);
    await find(before, anna);
    await expect(figure(before, '现在可换')).toHaveText('100', { timeout: syncMaxMs });
    await server.stop();
    await expectOffline(before);
    let page = before;
    let count = 0;
    for (const afterMs of [0, 8, 25, 80]) {
      await find(page, anna);
      await chooseFree(page, 10);
      const confirm = page.getByRole('button', { name: '确认，扣 10 分' });
      await expect(confirm).toBeVisible();
      // Pressed by the page itself, so that nobody waits for the answer of a browser that is gone.
      await confirm.evaluate((button: HTMLButtonElement, inMs) => void setTimeout(() => button.click(), inMs), pressMs);
      await new Promise((resolve) => setTimeout(resolve, pressMs + afterMs));
      await browser.kill();
      browser = await startBrowser(profile);
      page = await shopOf(browser, server);
      await find(page, anna);
      await expect(figure(page, '现在可换')).toHaveText(/^(\d0|100)$/);
      const left = await held(page);
      expect([count, count + 1]).toContain((100 - left) / 10);
      count = (100 - left) / 10;
      if (count > 0) await expect(today(page)).toContainText(`${count} 笔 · ${count * 10} 分`);
      else await expect(page.getByText('今天还没有人来兑换。')).toBeVisible();
    }
    await redeem(page, anna, 10);
    const { port, dataDir } = server;
    server = await startServer({ demo: 'small', port, dataDir });
    await expectConfirmed(page);
    const books = await booksWhen(server, (now) => expect(redeemedIn(now)).toBe((count + 1) * 10));
    expect(new Set(paidClaims(books)).size).toBe(count + 1);
    expect(paidClaims(books)).toHaveLength(count + 1);
  } finally {
    await browser.kill();
    dropProfile(profile);
    await server.dispose();
  }
});
