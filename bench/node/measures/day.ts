/**
 * 12 · A grid worker's day without a network, in the app itself, with 50,000 records on the tablet and a page that is four
 * times slower: the route opened on the stairs, doors met and not at home, the app closed and opened again at noon, more
 * doors, and in the evening the network. Afterwards every note is read again at its door: a fast day that lost one is none.
 */
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';
import { startServer } from '../../../tests/support/serverProcess.ts';
import type { DayWatch, Sign } from '../../calls.ts';
import { launchWith, newProfile } from '../browser.ts';
import type { Measure, Row, World } from '../report.ts';
import { quantile } from '../stats.ts';

/** Written for the page: its types are not those of this side. */
const { watchDay } = (await import(new URL('../../browser/watchDay.ts', import.meta.url).href)) as { watchDay(signs: readonly Sign[]): void };

/** The page alone: Chromium has no such brake for workers. */
const slower = 4;
const waitMs = 180_000;

const signs: readonly Sign[] = [
  { name: 'saved', selector: '[role=status]', text: '^已记下' },
  { name: 'offered', selector: 'a', text: '^去下一户：' },
  { name: 'form', selector: 'button', text: '^保存走访$' },
];

interface Day {
  readonly saved: number[];
  readonly offered: number[];
  readonly form: number[];
  /** Ms, from the address to a door to go to. */
  readonly reopened: number;
  readonly stallAtWork: number;
  readonly stallReopening: number;
  readonly stallConfirming: number;
  readonly confirmed: number;
  readonly lost: number;
}

const watchOf = (page: Page): Promise<DayWatch> => page.evaluate(() => (globalThis as unknown as { day: DayWatch }).day);
const forgetStall = (page: Page): Promise<void> => page.evaluate(() => { (globalThis as unknown as { day: DayWatch }).day.longest = 0; });

async function painted(page: Page, sign: string): Promise<number> {
  await page.waitForFunction((name) => (globalThis as unknown as { day: DayWatch }).day.painted[name] !== undefined, sign);
  return (await watchOf(page)).painted[sign] ?? Number.NaN;
}

async function openAt(context: BrowserContext, address: string, brake: number): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(waitMs);
  await page.addInitScript(watchDay, signs);
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: brake });
  await page.goto(address);
  return page;
}

const nextDoor = (page: Page) => page.getByRole('link', { name: /^去下一户：/ });
const badge = (page: Page) => page.getByRole('link', { name: /^这台平板/ });

/** Sits down at an empty tablet and waits until it holds the community, and the app itself, without a network. */
async function sitDown(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^grid1/ }).first().click();
  await badge(page).click();
  await page.getByText('和服务器连着。').waitFor();
  await page.getByText('本社区的数据正在取').waitFor({ state: 'hidden' });
  await page.getByText('这台平板上写下的，服务器都已存好。').waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
}

interface Walked {
  readonly saved: number[];
  readonly offered: number[];
  readonly form: number[];
  /** Address of the door and what was written there. */
  readonly notes: [string, string][];
}

async function meetNext(page: Page, walked: Walked): Promise<void> {
  const address = String(await nextDoor(page).getAttribute('href'));
  const note = `第${walked.notes.length + 1}户，一切都好`;
  await nextDoor(page).click();
  walked.form.push(await painted(page, 'form'));
  await page.getByRole('group', { name: '结果怎样？' }).getByText('见到', { exact: true }).click();
  await page.getByRole('textbox', { name: '记一笔' }).fill(note);
  await page.getByRole('button', { name: '保存走访' }).click();
  walked.saved.push(await painted(page, 'saved'));
  walked.offered.push(await painted(page, 'offered'));
  walked.notes.push([address, note]);
}

async function nobodyHome(page: Page, walked: Walked): Promise<void> {
  await page.getByRole('button', { name: /^未遇：/ }).first().click();
  walked.saved.push(await painted(page, 'saved'));
}

async function oneDay({ build, quick }: World): Promise<Day> {
  const server = await startServer({
    demo: true,
    env: { LINHUO_DEMO: fileURLToPath(new URL('../demo.ts', import.meta.url)), LINHUO_APP: build, BENCH_RECORDS: quick ? '2000' : '50000', BENCH_YEARS: '1', BENCH_DOORS: '0' },
  });
  const context = await launchWith(newProfile(), { locale: 'zh-CN' });
  try {
    const empty = await openAt(context, `${server.url}/seat`, 1);
    await sitDown(empty);
    await empty.close();
    await server.kill();

    const walked: Walked = { saved: [], offered: [], form: [], notes: [] };
    const walk = async (page: Page): Promise<number> => {
      await nextDoor(page).waitFor();
      await forgetStall(page);
      for (let door = 0; door < (quick ? 2 : 6); door += 1) await meetNext(page, walked);
      for (let door = 0; door < (quick ? 1 : 3); door += 1) await nobodyHome(page, walked);
      return (await watchOf(page)).longest;
    };
    const morning = await openAt(context, `${server.url}/visits`, slower);
    const atWork = await walk(morning);
    await morning.close();

    const from = performance.now();
    const afternoon = await openAt(context, `${server.url}/visits`, slower);
    await nextDoor(afternoon).waitFor();
    const reopened = performance.now() - from;
    const stallReopening = (await watchOf(afternoon)).longest;
    const atWorkAgain = await walk(afternoon);

    await forgetStall(afternoon);
    const network = performance.now();
    const again = await startServer({ demo: true, port: server.port, dataDir: server.dataDir, env: { LINHUO_DEMO: fileURLToPath(new URL('../demo.ts', import.meta.url)), LINHUO_APP: build } });
    await badge(afternoon).filter({ hasText: '全部已确认' }).waitFor();
    const confirmed = performance.now() - network;
    const stallConfirming = (await watchOf(afternoon)).longest;
    await afternoon.close();

    const evening = await openAt(context, `${server.url}/visits`, 1);
    let lost = 0;
    for (const [address, note] of walked.notes) {
      await evening.goto(`${server.url}${address}`);
      await evening.getByText(note).first().waitFor().catch(() => { lost += 1; });
    }
    await again.kill();
    return { ...walked, reopened, stallAtWork: Math.max(atWork, atWorkAgain), stallReopening, stallConfirming, confirmed, lost };
  } finally {
    await context.close();
    await server.dispose();
  }
}

export const day: Measure = {
  id: '12',
  title: 'a whole day at the doors',
  async run(world): Promise<Row[]> {
    const days: Day[] = [];
    for (let time = 0; time < (world.quick ? 1 : 3); time += 1) days.push(await oneDay(world));
    const each = (of: (one: Day) => number): number[] => days.map(of);
    const all = (of: (one: Day) => readonly number[]): number[] => days.flatMap(of);
    const ms = (what: string, samples: number[], target?: number): Row => ({ id: '12', what, unit: 'ms', ...(target === undefined ? {} : { target }), figures: { ours: samples } });
    const saved = all((one) => one.saved);
    return [
      ms('visit: tap → saved, said on the screen', saved),
      ms('the same, p95', [quantile(saved, 0.95)]),
      ms('the next door is offered after', all((one) => one.offered)),
      ms('its form is there after', all((one) => one.form)),
      ms('longest stall at the doors', each((one) => one.stallAtWork)),
      ms('app opened again: a door to go to after', each((one) => one.reopened)),
      ms('longest stall meanwhile', each((one) => one.stallReopening)),
      ms('network back → all confirmed, server start included', each((one) => one.confirmed)),
      ms('longest stall meanwhile', each((one) => one.stallConfirming)),
      { id: '12', what: 'notes that are not at their door afterwards', unit: '', target: 0, figures: { ours: each((one) => one.lost) } },
    ];
  },
};
