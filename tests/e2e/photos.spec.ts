/** A photo taken at a door without a network, from the camera's file to the supervisor's screen, with everything on its way that can go wrong. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import { plainJpeg } from '../../src/domain/photos/jpeg.ts';
import { photoTargetBytes } from '../../src/domain/photos/photo.ts';
import { photoPartMaxBytes } from '../../src/protocol/photos.ts';
import { dropProfile, makeProfile, startBrowser, type BrowserProcess } from '../support/browserProcess.ts';
import { nameOf, withExif } from '../support/photos.ts';
import { openFront } from '../support/replicaPage.ts';
import { answer, nextDoor } from './fieldwork.ts';
import { badge, expect, expectOffline, goTo, sitDown, syncMaxMs, test } from './fixtures.ts';

/** As a camera makes it: wide, with the note that it was held upright, and where it was. @param noise of 100, which no encoder makes small */
async function cameraPicture(page: Page, seed: number, noise: number, [width, height] = [3_000, 2_000]): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const base64 = await page.evaluate(async ([from, rough, wide, high]) => {
    const canvas = new OffscreenCanvas(wide, high);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    let state = from * 7_919;
    for (let y = 0; y < high; y += 10)
      for (let x = 0; x < wide; x += 10) {
        state = (state * 16_807) % 2_147_483_647;
        context.fillStyle = `hsl(${((x + y) / 20 + from * 60) % 360} 60% ${45 + ((state % 100) * rough) / 200}%)`;
        context.fillRect(x, y, 10, 10);
      }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
    return btoa(text);
  }, [seed, noise, width, height] as const);
  return { name: `IMG_${seed}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(withExif(Buffer.from(base64, 'base64'))) };
}

/** A browser started by hand has neither the tests' window nor their language. */
async function openTab(browser: BrowserProcess): Promise<Page> {
  browser.context.setDefaultTimeout(20_000);
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 1180, height: 820 });
  return page;
}

const sizeOf = (page: Page, name: string): Promise<number[]> =>
  page.getByRole('img', { name }).evaluate(async (image) => {
    await (image as HTMLImageElement).decode();
    return [(image as HTMLImageElement).naturalWidth, (image as HTMLImageElement).naturalHeight];
  });

test('[PH2, PH3, PH4, PH6, PH7, PH11, VS7] a photo taken offline outlives a killed browser, goes out over a line that is cut, and is seen by the supervisor', async ({ town }) => {
  test.setTimeout(360_000);
  const profile = makeProfile();
  const front = await openFront(town.url, '/nowhere', '/nowhere/');
  let browser: BrowserProcess | undefined;
  try {
    browser = await startBrowser(profile);
    const page = await openTab(browser);
    await page.goto(`${front.origin}/seat`);
    await page.getByText('中文', { exact: true }).click();
    await sitDown(page, 'sb-grid1', `${front.origin}/seat`);
    const picture = await cameraPicture(page, 1, 40);
    expect(picture.buffer.includes('Exif')).toBe(true);
    await town.stop();
    await expectOffline(page);

    await goTo(page, '走访');
    const door = await nextDoor(page);
    await page.getByRole('link', { name: /^去下一户：/ }).click();
    const photos = page.getByRole('group', { name: '照片' });
    await photos.getByLabel('拍照').setInputFiles(picture);
    await expect(photos.getByRole('img', { name: '第 1 张照片，共 1 张' })).toBeVisible();
    await photos.getByLabel('从相册选').setInputFiles(picture);
    await expect(photos.getByText('这张已经在里面了。')).toBeVisible();
    await photos.getByLabel('从相册选').setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
    await expect(photos.getByText('这个文件看不出是照片，没有存。换一张试试。')).toBeVisible();
    // A second tab shows that the draft is on the disk.
    const witness = await openTab(browser);
    await expect(async () => {
      await witness.goto(front.origin + door.address);
      await expect(witness.getByRole('img', { name: '第 1 张照片，共 1 张' })).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await browser.kill();

    browser = await startBrowser(profile);
    const again = await openTab(browser);
    await again.goto(front.origin + door.address);
    await expect(again.getByText('上次没写完的内容已经放回来了。')).toBeVisible();
    await expect(again.getByRole('group', { name: '照片' }).getByRole('img', { name: '第 1 张照片，共 1 张' })).toBeVisible();
    await answer(again, '结果怎样？', '见到').click();
    await again.getByRole('button', { name: '顺便记一条需求' }).click();
    await again.getByRole('button', { name: '保存走访' }).click();
    await expect(again.getByText('这里要填').first()).toBeVisible();
    const need = again.getByRole('group', { name: '顺便记一条需求' });
    await need.getByText('修理', { exact: true }).click();
    await need.getByRole('textbox').first().fill('楼道灯不亮');
    await again.getByRole('button', { name: '保存走访' }).click();
    await expect(again.getByText(`已记下：${door.name} 见到，和一条需求`)).toBeVisible();
    await again.goto(front.origin + door.address);
    await expect(again.getByRole('region', { name: '这户讲过的需求' })).toContainText('楼道灯不亮');
    const earlier = again.getByRole('region', { name: '以前的走访' }).getByRole('listitem').filter({ hasText: '已保存' });
    await expect(earlier.getByText('1 张照片还只在这台平板上，连上网会自动发送。')).toBeVisible();
    await again.goto(`${front.origin}/sync`);
    await expect(again.getByText(/^1 张照片（\d+ KB）等着发送。$/)).toBeVisible();

    let parts = 0;
    let cuts = 0;
    front.cutting = (method, address) => {
      if (method !== 'PATCH' || !address.startsWith('/api/uploads/')) return false;
      parts += 1;
      // In the middle of the second part.
      if (parts !== 2) return false;
      cuts += 1;
      return true;
    };
    await town.start();
    await again.getByRole('button', { name: '现在就同步' }).click();
    await expect(again.getByText('这台平板上写下的，服务器都已存好。')).toBeVisible({ timeout: syncMaxMs });
    expect(cuts).toBe(1);

    const store = new DatabaseSync(join(town.server.dataDir, 'linhuo.sqlite'), { readOnly: true });
    const [stored, ...others] = store.prepare('SELECT photo, bytes FROM photo').all() as unknown as { photo: string; bytes: Uint8Array }[];
    store.close();
    if (!stored) throw new Error('no photo is stored');
    expect(others).toEqual([]);
    expect(plainJpeg(stored.bytes), 'upright, and no larger than it may be').toEqual({ width: 853, height: 1_280 });
    expect(stored.bytes.length).toBeLessThanOrEqual(photoTargetBytes);
    expect(Buffer.from(stored.bytes).includes('Exif')).toBe(false);
    expect(nameOf(stored.bytes)).toBe(stored.photo);
    // Every part once, and the one that was cut once more: nothing began again.
    expect(parts).toBe(Math.ceil(stored.bytes.length / photoPartMaxBytes) + 1);

    await again.goto(front.origin + door.address);
    await expect(again.getByRole('button', { name: '打开第 1 张照片，共 1 张' })).toBeVisible();
    await expect(again.getByText('还只在这台平板上')).toHaveCount(0);

    const supervisor = await town.seated('sb-super');
    await supervisor.goto(door.address);
    await supervisor.getByRole('button', { name: '打开第 1 张照片，共 1 张' }).click();
    await expect(supervisor.getByRole('dialog').getByRole('img', { name: '第 1 张照片，共 1 张' })).toBeVisible();
    expect(await sizeOf(supervisor, '第 1 张照片，共 1 张')).toEqual([853, 1_280]);

    await town.stop();
    await supervisor.reload();
    await expect(badge(supervisor)).toContainText('没有网络', { timeout: syncMaxMs });
    await expect(supervisor.getByText('不在这台平板上，连上网才能看')).toBeVisible();
    await again.reload();
    await again.getByRole('button', { name: '打开第 1 张照片，共 1 张' }).click();
    await expect(again.getByRole('dialog').getByRole('img', { name: '第 1 张照片，共 1 张' })).toBeVisible();
    expect(await sizeOf(again, '第 1 张照片，共 1 张')).toEqual([853, 1_280]);
  } finally {
    await browser?.kill();
    await front.close();
    dropProfile(profile);
  }
});
