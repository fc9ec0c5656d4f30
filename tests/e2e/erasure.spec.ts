/** Somebody asks to be forgotten while a tablet that knows them is offline; afterwards their name is looked for in every row and byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { erasureId } from '../../src/domain/erasure/schema.ts';
import { Author } from '../support/author.ts';
import { dropProfile, makeProfile, startBrowser, type BrowserProcess } from '../support/browserProcess.ts';
import { filesWith, randomWords } from '../support/filesWith.ts';
import { foundCommunity, stateIn } from '../support/realCommunity.ts';
import { joinHere } from './enrolling.ts';
import { expect, expectConfirmed, goTo, sitDown, syncMaxMs, test, type SeatId } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';

const person = '欧阳修竹';
const told = '她说晚上敲三下门';
const unsent = '改叫欧阳修竹君';
const begun = '又去看了欧阳修竹';
const secrets = [person, told, unsent, begun, '13900007777'];

const textsIn = (folder: string): string[] => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => readFileSync(join(each.parentPath, each.name)));
  return secrets.filter((text) => files.some((bytes) => bytes.includes(text)));
};

/** Which of them stand in any row of any database of this tablet, deleted rows of the view included, as text or as bytes. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async (wanted) => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error as DOMException);
      });
    const texts: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === 'string') texts.push(value);
      else if (value instanceof Uint8Array) texts.push(new TextDecoder().decode(value));
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) collect(await done(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return wanted.filter((text) => texts.some((each) => each.includes(text)));
  }, secrets);

async function openTab(browser: BrowserProcess): Promise<Page> {
  browser.context.setDefaultTimeout(20_000);
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 1180, height: 820 });
  return page;
}
async function seatedIn(profile: string, url: string, seat: SeatId): Promise<[BrowserProcess, Page]> {
  const browser = await startBrowser(profile);
  const page = await openTab(browser);
  await page.goto(`${url}/seat`);
  await page.getByText('中文', { exact: true }).click();
  await sitDown(page, seat, `${url}/seat`);
  return [browser, page];
}

test('[ER1, ER5] a resident is erased while a tablet is offline: nothing of them is left on the server, on that tablet, or in what it had not sent', async ({ town }) => {
  test.setTimeout(240_000);
  const profile = makeProfile();
  let browser: BrowserProcess | undefined;
  try {
    let worker: Page;
    [browser, worker] = await seatedIn(profile, town.url, 'sb-grid1');
    await goTo(worker, '走访');
    const door = await nextDoor(worker);
    await worker.goto(town.url + door.address);
    await answer(worker, '结果怎样？', '见到').click();
    await worker.getByRole('textbox', { name: '记一笔' }).fill(told);
    await worker.getByRole('button', { name: '保存走访' }).click();
    await expect(worker.getByText(`已记下：${door.name} 见到`)).toBeVisible();
    await worker.goto(`${town.url}/residents/new?household=${door.address.split('/').at(-1) ?? ''}`);
    await answer(worker, '本人同意什么？', '登记在册').click();
    await answer(worker, '本人同意什么？', '电话联系').click();
    await answer(worker, '怎么同意的？', '口头').click();
    await worker.getByRole('textbox', { name: '怎么称呼？' }).fill(person);
    await worker.getByRole('textbox', { name: '电话' }).fill('13900007777');
    await worker.getByRole('button', { name: '保存', exact: true }).click();
    await expect(worker.getByRole('heading', { name: '欧**', level: 1 })).toBeVisible();
    await expectConfirmed(worker);
    const address = new URL(worker.url()).pathname;

    // Offline: a new name that nobody else has seen, and a half-written visit.
    await worker.context().setOffline(true);
    await worker.getByRole('button', { name: '修改', exact: true }).click();
    await worker.getByRole('dialog').getByRole('textbox', { name: '怎么称呼？' }).fill(unsent);
    await worker.getByRole('dialog').getByRole('button', { name: '保存' }).click();
    await expect(worker.getByRole('dialog')).toHaveCount(0);
    await worker.goto(town.url + door.address);
    await worker.getByRole('textbox', { name: '记一笔' }).fill(begun);
    await goTo(worker, '今天');
    await expect(worker.getByRole('link', { name: /^还有 \d 份草稿/ })).toBeVisible();
    expect(await kept(worker)).toEqual(secrets);
    await browser.kill();
    expect(textsIn(town.server.dataDir).join()).toContain(person);

    const office = await town.seated('sb-super');
    await office.goto(address);
    await office.getByRole('button', { name: '抹去个人信息' }).click();
    const dialog = office.getByRole('dialog');
    await dialog.getByRole('button', { name: '抹去个人信息' }).click();
    await expect(dialog.getByText('请选一个理由。')).toBeVisible();
    await answer(office, '为什么抹去？', '本人要求').click();
    await dialog.getByText('我已和本人核对过，知道找不回来').click();
    await dialog.getByRole('button', { name: '抹去个人信息' }).click();
    await expect(office.getByText('服务器上已抹去。')).toBeVisible({ timeout: syncMaxMs });
    await expectConfirmed(office);
    await expect(async () => expect(textsIn(town.server.dataDir)).toEqual([])).toPass({ timeout: syncMaxMs });
    await office.goto('/residents/erased');
    await expect(office.getByRole('list', { name: '抹去的记录' }).getByRole('link')).toHaveCount(1);

    browser = await startBrowser(profile);
    worker = await openTab(browser);
    await worker.goto(town.url + address);
    await expectConfirmed(worker);
    await expect(worker.getByText('服务器上已抹去。')).toBeVisible({ timeout: syncMaxMs });
    await worker.goto(`${town.url}/drafts`);
    await expect(worker.getByText('没有写了一半的内容。')).toBeVisible({ timeout: syncMaxMs });
    await worker.goto(town.url + door.address);
    await expect(worker.getByRole('region', { name: '以前的走访' }).getByRole('listitem').first()).toContainText('见到');
    await expect(worker.getByText(told)).toHaveCount(0);
    await expect(async () => expect(await kept(worker)).toEqual([])).toPass({ timeout: syncMaxMs });
    expect(await kept(office)).toEqual([]);
    expect(textsIn(town.server.dataDir)).toEqual([]);
  } finally {
    await browser?.kill();
    dropProfile(profile);
  }
});

/** By a link of the page, so that the seat stays open. */
async function walkTo(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href, textContent: href });
    document.querySelector('main')?.append(link);
    link.click();
  }, path);
  await page.waitForURL((url) => url.pathname + url.search === path);
}

/** What stands in no sealed place, and is deleted at once. */
const keepAndDelete = (page: Page, words: string): Promise<void> =>
  page.evaluate(async (text) => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error as DOMException);
      });
    const opening = indexedDB.open('careless');
    opening.onupgradeneeded = () => void opening.result.createObjectStore('notes');
    const database = await done(opening);
    await done(database.transaction('notes', 'readwrite').objectStore('notes').put(text, 1));
    await done(database.transaction('notes', 'readwrite').objectStore('notes').clear());
    database.close();
  }, words);

test('[ER5, SL3, SL4] somebody is erased whom an enrolled tablet wrote down: not one byte of their name is in its closed browser, though a browser leaves the bytes of what it deletes', async () => {
  test.setTimeout(180_000);
  const [community, profile] = [await foundCommunity(), makeProfile()];
  const [name, renamed, careless] = [`好${randomWords()}`, `好${randomWords()}`, `好${randomWords()}`];
  let browser: BrowserProcess | undefined;
  try {
    const people = { community: 'c1', family: 'people', grid: 'g1' } as const;
    const author = new Author((await community.supervisor.ticket()).actor);
    const building = author.fact('bld_1', 'building', { grid: 'g1', name: '1栋' });
    const household = author.fact('hou_1', 'household', { grid: 'g1', building: 'bld_1', unit: 1, floor: 2, door: '201' });
    await stateIn(community.server, community.supervisor, people, author, [building, household]);

    browser = await startBrowser(profile);
    const page = await openTab(browser);
    await page.addInitScript(() => localStorage.setItem('linhuo.locale', 'zh'));
    await joinHere(page, community, '李工');
    // The app itself is kept before there is no network.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await walkTo(page, '/residents/new?household=hou_1');
    await answer(page, '本人同意什么？', '登记在册').click();
    await answer(page, '怎么同意的？', '口头').click();
    await page.getByRole('textbox', { name: '怎么称呼？' }).fill(name);
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await expect(page.getByRole('heading', { name: '好**', level: 1 })).toBeVisible();
    await expectConfirmed(page);
    const path = new URL(page.url()).pathname;
    const about = path.split('/').at(-1) ?? '';

    // Offline: another name that only this tablet has, and a half-written visit.
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '修改', exact: true }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: '怎么称呼？' }).fill(renamed);
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await walkTo(page, '/visits/hou_1');
    await page.getByRole('textbox', { name: '记一笔' }).fill(`又去看了${name}`);
    await goTo(page, '今天');
    await expect(page.getByRole('link', { name: /^还有 \d 份草稿/ })).toBeVisible();

    author.restart();
    const erasure = author.fact(erasureId(about), 'erasure', { grid: 'g1', about, doors: ['hou_1'], why: 'asked', on: '2026-05-12' });
    await stateIn(community.server, community.supervisor, people, author, [{ ...erasure, at: Date.now() }]);
    await page.context().setOffline(false);
    await walkTo(page, path);
    await expect(page.getByText('服务器上已抹去。')).toBeVisible({ timeout: syncMaxMs });
    await expectConfirmed(page);
    await walkTo(page, '/drafts');
    await expect(page.getByText('没有写了一半的内容。')).toBeVisible({ timeout: syncMaxMs });
    await keepAndDelete(page, careless);
    await browser.close();

    expect(filesWith(profile, careless), 'the search must find what a browser deleted').not.toEqual([]);
    for (const words of [name, renamed]) expect(filesWith(profile, words)).toEqual([]);
    // It did look where the tablet keeps its rows.
    expect(filesWith(profile, about).filter((file) => /IndexedDB/.test(file))).not.toEqual([]);
  } finally {
    await browser?.kill();
    dropProfile(profile);
    await community.server.dispose();
  }
});
