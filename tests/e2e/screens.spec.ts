/** Every screen for every role, in both languages, wide and narrow, light and dark. */
import type { Page } from '@playwright/test';
import { expect, goTo, test, type SeatId } from './fixtures.ts';
import { nextDoor } from './fieldwork.ts';
import { addressesOf, axeFindings, runsOfData, runsOnScreen, settled, sideways, smallTargets, type Screens } from './screens.ts';

const wide = { width: 1180, height: 820 };
const narrow = { width: 390, height: 844 };

const screensOf: Readonly<Partial<Record<SeatId, Screens>>> = {
  'sb-grid1': {
    lists: [
      '/today', '/visits', '/visits/new', '/activities', '/activities/new', '/residents', '/residents/new?household=hou_g01-1-1-101', '/volunteers', '/volunteers/new', '/more', '/files',
      '/files/import/doors', '/needs/new?household=hou_g01-1-1-101', '/drafts', '/sync', '/seat', '/no/such/page',
    ],
    records: [
      { list: '/visits', below: '/visits/' },
      { list: '/today', below: '/activities/' },
      { list: '/residents', below: '/residents/' },
      { list: '/volunteers', below: '/volunteers/' },
    ],
  },
  'sb-lead1': {
    lists: ['/today', '/activities', '/partners', '/partners/par_shuangxiaobai', '/partners/par_shuangxiaobai/edit', '/volunteers', '/demo'],
    records: [
      { list: '/activities?show=held', below: '/activities/' },
      { list: '/needs', below: '/needs/' },
    ],
  },
  'sb-shop1': { lists: ['/redemption', '/redemption/SBNOBODY', '/redemption/receipt/none', '/rewards'], records: [] },
  'sb-super': {
    lists: [
      '/overview', '/overview/activities', '/overview/attendances', '/overview/hours', '/overview/points', '/overview/visits',
      '/inbox', '/partners', '/partners/new', '/points', '/points/new', '/points/queue', '/points/statement', '/rewards', '/rewards/new', '/rewards/rwd_sb_rabbit/edit', '/verify', '/activities', '/volunteers', '/needs', '/more',
    ],
    records: [
      { list: '/inbox', below: '/record/' },
      { list: '/inbox', below: '/activities/' },
      { list: '/partners', below: '/partners/' },
      { list: '/rewards', below: '/rewards/rwd' },
    ],
  },
};

async function speak(page: Page, language: 'zh' | 'en'): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('linhuo.locale', chosen), language);
}

// Each takes a while, and none needs another.
test.describe.configure({ mode: 'parallel' });

for (const [seat, screens] of Object.entries(screensOf))
  test(`[SC6, SC9] every screen of ${seat} speaks both languages and can be seen, heard and hit`, async ({ town }) => {
    test.setTimeout(420_000);
    const page = await town.seated(seat as SeatId, { reducedMotion: 'reduce' });
    const data = runsOfData(Date.now());
    const addresses = await addressesOf(page, screens);
    const wrong: string[] = [];
    for (const language of ['zh', 'en'] as const) {
      await speak(page, language);
      for (const address of addresses) {
        const note = (place: string, found: readonly string[]): void => void wrong.push(...found.map((each) => `${address} ${language} ${place}: ${each}`));
        await page.setViewportSize(wide);
        await page.goto(address);
        await settled(page);
        if (language === 'en') note('untranslated', (await runsOnScreen(page)).filter((run) => !data.has(run)));
        for (const place of ['wide', 'narrow'] as const) {
          if (place === 'narrow') await page.setViewportSize(narrow).then(() => settled(page));
          note(`${place} small`, await smallTargets(page));
          note(`${place} sideways`, await sideways(page));
          // Each size is seen in each light, in one language or the other.
          const colorScheme = (language === 'zh') === (place === 'wide') ? 'light' : 'dark';
          await page.emulateMedia({ colorScheme });
          note(`${place} ${colorScheme}`, await axeFindings(page));
        }
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
  });

test('[SC9] the keyboard alone reaches the main action and does it', async ({ town }) => {
  const page = await town.seated('sb-grid1');
  const tabTo = async (name: string): Promise<void> => {
    const target = page.getByRole('main').getByRole('link', { name, exact: true }).or(page.getByRole('main').getByRole('button', { name, exact: true }));
    await expect(target).toBeVisible();
    // No screen should need more steps than a person has patience for.
    for (let steps = 0; steps < 80; steps += 1) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await page.goto('/today');
  await settled(page);
  await tabTo('去走访');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/visits$/);

  const door = await nextDoor(page);
  await page.goto(door.address);
  await settled(page);
  await tabTo('保存走访');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: '见到' })).toBeFocused();
  await page.keyboard.press('Space');
  await tabTo('保存走访');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`已记下：${door.name} 见到`)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText(`已记下：${door.name} 见到`)).toHaveCount(0);
});

test('[SC9] the office settles what two people wrote differently with the keys', async ({ town }) => {
  const page = await town.seated('sb-super');
  await goTo(page, '收件');
  await expect(page.getByText('有 1 项两个人写得不一样，等你选')).toBeVisible();
  await expect(page.getByRole('heading', { name: '两个人改了“到场人数”' })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('2');
  // Likely duplicates stay: nobody settles those by a digit.
  await expect(page.getByText('有 1 项两个人写得不一样，等你选')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: /^可能重复/ })).toBeVisible();
});
