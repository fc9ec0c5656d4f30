/** Words in a form that nobody saved: a browser that restores pages writes them down too, unless it is told not to. */
import { test } from '@playwright/test';
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { filesWith, randomWords } from '../support/filesWith.ts';
import { foundCommunity } from '../support/realCommunity.ts';
import { expect, joinHere } from './enrolling.ts';

test('[SL4] what is typed and not saved stands in no file of the browser; a field of no care beside it does', async () => {
  test.setTimeout(150_000);
  const [community, profile] = [await foundCommunity(), makeProfile()];
  const [words, careless] = [randomWords(), randomWords()];
  try {
    const browser = await startBrowser(profile);
    const page = await browser.context.newPage();
    await page.addInitScript(() => localStorage.setItem('linhuo.locale', 'zh'));
    await joinHere(page, community, '李工');
    await expect(page.getByRole('heading', { name: '今天', exact: true })).toBeVisible();
    // A link of the page, so that the seat stays open.
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { href: '/volunteers/new', textContent: '新志愿者' });
      document.querySelector('main')?.append(link);
      link.click();
    });
    await expect(page).toHaveURL(/volunteers\/new/);
    const fields = page.locator('main input[type="text"]:visible, main textarea:visible');
    await expect(fields.first()).toBeVisible();
    for (const field of await fields.all()) {
      await field.click();
      await page.keyboard.type(`好${words}`);
    }
    await page.evaluate(() => document.querySelector('main')?.append(Object.assign(document.createElement('textarea'), { id: 'careless' })));
    await page.locator('#careless').click();
    await page.keyboard.type(`好${careless}`);
    // The browser writes it down in its own time.
    await expect.poll(() => filesWith(profile, careless), { timeout: 40_000 }).not.toEqual([]);
    await browser.kill();
    expect(filesWith(profile, words)).toEqual([]);
  } finally {
    dropProfile(profile);
    await community.server.dispose();
  }
});
