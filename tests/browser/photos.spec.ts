/** Photos in a real browser, with the real server: what may go when the disk is full, what a record may name, what lies on the disk. */
import type { Page } from '@playwright/test';
import { addDoor, enrolHere, realStage, sitWithPin } from '../support/enrolledPage.ts';
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';
import { sitFilled } from './visits.ts';

/** Draws a picture and lets the tablet keep it. @returns its name, or why not */
const keep = (page: Page, colour: string): Promise<string> =>
  page.evaluate(async (fill) => {
    const canvas = new OffscreenCanvas(1_600, 1_200);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = fill;
    context.fillRect(0, 0, 1_600, 1_200);
    // Transparent, as a picture of a screen may be.
    context.clearRect(0, 0, 400, 400);
    const kept = await window.harness.at('a').calls.keepPhoto(await canvas.convertToBlob({ type: 'image/png' }));
    return kept.ok ? kept.value : kept.error;
  }, colour);

/** @returns the record, or what was wrong */
const visitWith = (page: Page, photos: readonly string[], household?: string): Promise<string> =>
  page.evaluate(async ([names, at]) => {
    const { harness } = window;
    const door = at === undefined ? harness.firstDoor : { grid: 'g1', household: at };
    const saved = await harness.at('a').calls.run(names.join(), 'recordVisit', { ...door, visitedAt: Date.now(), outcome: 'met', photos: [...names] });
    if (!saved.ok) return JSON.stringify(saved.error);
    return saved.value.facts[0]?.ref.record ?? '';
  }, [photos, household] as const);

const sizeHere = (page: Page, photo: string): Promise<string> =>
  page.evaluate(async (name) => {
    const shown = await window.harness.at('a').calls.photo(name, 'whole');
    return shown.ok ? shown.value.size : shown.error;
  }, photo);

const onServer = (page: Page, photo: string) => expect.poll(() => page.evaluate((name) => window.harness.at('a').calls.photosWaiting([name]), photo), { timeout: 30_000 }).toEqual([]);

test('[PH4, PH5] on a full disk what the server has makes room and what it lacks stays; a record names no photo that is nowhere', async ({ stage }) => {
  const page = await stage.device();
  await sitFilled(page);
  const sent = await keep(page, 'teal');
  expect(sent).toMatch(/^[0-9a-f]{64}$/);
  expect(await keep(page, 'teal'), 'the same picture is the same photo').toBe(sent);
  expect(await visitWith(page, [sent])).toMatch(/^vis_/);
  await onServer(page, sent);
  await stage.server.kill();
  const unsent = await keep(page, 'tomato');
  expect(await visitWith(page, [unsent])).toMatch(/^vis_/);
  expect(JSON.parse(await visitWith(page, ['0'.repeat(64)]))).toEqual({ type: 'Invalid', field: 'photos', why: 'photo-gone' });

  await page.evaluate(() => window.harness.fault({ full: 'journal' }));
  expect(await keep(page, 'gold')).toBe('no-room');
  await page.evaluate(() => window.harness.fault({ full: '' }));
  expect(await sizeHere(page, sent)).toBe('small');
  expect(await sizeHere(page, unsent)).toBe('whole');
  const gold = await keep(page, 'gold');
  expect(gold).toMatch(/^[0-9a-f]{64}$/);
  const exported = JSON.parse(await page.evaluate(() => window.harness.at('a').calls.exportUnconfirmed())) as { photos: { photo: string; jpegBase64: string }[] };
  expect(exported.photos.map(({ photo }) => photo).sort(), 'with what stands in forms').toEqual([unsent, gold].sort());
  await stage.restart();
  await page.evaluate(() => window.harness.at('a').calls.syncNow());
  await onServer(page, unsent);
});

test('[SL3, PH4] on an enrolled tablet nothing of a photo lies open on the disk', async () => {
  test.setTimeout(120_000);
  const stage = await realStage();
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({ executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await openReplicaPage(page, stage.front);
    const { tag } = await enrolHere(page, stage);
    expect(await sitWithPin(page, tag)).toBe('open');
    await page.evaluate(() => window.harness.filled('a').then(() => undefined));
    const photo = await keep(page, 'teal');
    expect(await visitWith(page, [photo], await addDoor(page, '门边'))).toMatch(/^vis_/);
    const stored = await page.evaluate(async (replica) => {
      const answer = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
      const database = await answer(indexedDB.open(`linhuo-${replica}-journal`));
      const rows = (await answer(database.transaction('photoBytes').objectStore('photoBytes').getAll())) as { key: string; bytes: Uint8Array }[];
      database.close();
      return rows.map(({ key, bytes }) => ({ key, start: [...bytes.slice(0, 2)], jfif: new TextDecoder('latin1').decode(bytes).includes('JFIF') }));
    }, `p-${tag}`);
    expect(stored.map(({ key }) => key)).toEqual([`${photo}/small`, `${photo}/whole`]);
    for (const { start, jfif } of stored) expect([jfif, String(start) === '255,216']).toEqual([false, false]);
    expect(await sizeHere(page, photo)).toBe('whole');
  } finally {
    await browser.close();
    await stage.close();
  }
});
