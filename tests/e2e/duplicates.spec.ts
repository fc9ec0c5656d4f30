/** One person entered on two tablets without a network: seen as a pair, merged, shown once everywhere, and taken apart again. */
import type { Page } from '@playwright/test';
import { expect, expectConfirmed, expectOffline, goTo, syncMaxMs, test, undoBar } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';

async function addVolunteer(page: Page, name: string): Promise<void> {
  await page.goto('/volunteers/new');
  await page.getByRole('textbox', { name: '叫什么名字？' }).fill(name);
  await answer(page, '住在哪个网格？', '第1网格').click();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function addResident(page: Page, door: string, name: string): Promise<void> {
  await page.goto(`/residents/new?household=${door}`);
  await answer(page, '本人同意什么？', '登记在册').click();
  await answer(page, '怎么同意的？', '口头').click();
  await page.getByRole('textbox', { name: '怎么称呼？' }).fill(name);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByRole('heading', { name: `${name[0] ?? ''}**`, level: 1 })).toBeVisible();
}

/** What a search for the sounds finds among this tablet's volunteers. */
const found = (page: Page) => page.getByRole('list', { name: '志愿者' }).getByRole('link').filter({ hasText: /诸葛春/ });

async function search(page: Page): Promise<void> {
  await page.goto('/volunteers');
  await page.getByRole('textbox', { name: '找志愿者' }).fill('zgcl');
}

test('[DU7, DU8, DU12, DU14, DU15] two tablets enter one person, the office merges them, both show one, and taken apart there are two', async ({ town }) => {
  test.setTimeout(240_000);
  const [first, second, office] = await Promise.all([town.seated('sb-grid1'), town.seated('sb-grid1'), town.seated('sb-super')]);
  await goTo(first, '走访');
  const door = (await nextDoor(first)).address.split('/').at(-1) ?? '';
  await town.stop();
  await Promise.all([expectOffline(first), expectOffline(second)]);
  await addVolunteer(first, '诸葛春兰');
  await addVolunteer(second, '诸葛春蓝');
  await addResident(first, door, '欧阳菊香');
  await addResident(second, door, '欧阳菊湘');
  await town.start();
  await Promise.all([first, second, office].map(expectConfirmed));

  // Both pairs with their reasons; names of residents stay masked.
  await goTo(office, '收件');
  const pair = (text: RegExp) => office.getByRole('article').filter({ has: office.getByRole('heading', { name: text, level: 3 }) });
  const volunteers = pair(/诸葛春/);
  const residents = pair(/欧\*\* · 欧\*\*/);
  await expect(volunteers).toContainText('像是同一个：读音一样或相近', { timeout: syncMaxMs });
  await expect(volunteers).toContainText('诸葛春兰');
  await expect(volunteers).toContainText('诸葛春蓝');
  await expect(residents).toContainText('读音一样或相近、同一户', { timeout: syncMaxMs });
  await expect(office.getByText(/欧阳/)).toHaveCount(0);

  // Not the same, once for everybody, and taken back.
  await residents.getByRole('button', { name: '不是同一个' }).click();
  await expect(residents).toHaveCount(0);
  await undoBar(office).getByRole('button', { name: '撤销' }).click();
  await expect(residents).toHaveCount(1);

  // The same: the one of the second tablet goes, its name stays.
  await volunteers.getByRole('button', { name: '是同一个，合并' }).click();
  await volunteers.getByRole('group', { name: '姓名' }).getByText('诸葛春蓝').click();
  await volunteers.getByRole('button', { name: '合并', exact: true }).click();
  await expect(volunteers).toHaveCount(0);
  for (const tablet of [first, second]) {
    await search(tablet);
    await expect(found(tablet)).toHaveCount(1, { timeout: syncMaxMs });
    await expect(found(tablet)).toContainText('诸葛春蓝');
  }
  await found(first).click();
  await expect(first.getByText('和它合并的还有：')).toBeVisible();

  // Found again under what was settled, and after a reload.
  await office.reload();
  await office.getByText(/已经定过的/).click();
  await office.getByRole('listitem').filter({ hasText: /诸葛春/ }).getByRole('button', { name: '拆开' }).click();
  await expect(volunteers).toHaveCount(1);
  for (const tablet of [first, second]) {
    await search(tablet);
    await expect(found(tablet)).toHaveCount(2, { timeout: syncMaxMs });
    for (const name of ['诸葛春兰', '诸葛春蓝']) await expect(found(tablet).filter({ hasText: name })).toHaveCount(1);
  }
});
