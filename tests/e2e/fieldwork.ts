/** What people do on the screens, in their own words, and how many taps it took them. */
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { expect, goTo, sharedActivity } from './fixtures.ts';

/** A tablet of its own, or one inside the demo page. */
type Screen = Page | FrameLocator;

/** Taps and keys of one act, counted where they are made, so that a measure is not a guess. */
export class Hand {
  taps = 0;
  letters = 0;

  async tap(target: Locator): Promise<void> {
    this.taps += 1;
    await target.click();
  }

  async write(target: Locator, text: string): Promise<void> {
    this.taps += 1;
    this.letters += text.length;
    await target.fill(text);
  }
}

/** One of the tiles under a question. */
export const answer = (page: Screen, question: string, tile: string): Locator => page.getByRole('group', { name: question }).getByText(tile, { exact: true });

/** The next door that is due: its page's address and the name it is known by. */
export async function nextDoor(page: Page): Promise<{ address: string; name: string }> {
  const link = page.getByRole('link', { name: /^去下一户：/ });
  return { address: String(await link.getAttribute('href')), name: (await link.innerText()).replace('去下一户：', '').trim() };
}

/** From the list to the door, met, a note, saved, and back on the list. */
export async function writeVisit(page: Page, note: string, hand = new Hand()): Promise<{ address: string; name: string }> {
  const door = await nextDoor(page);
  await hand.tap(page.getByRole('link', { name: /^去下一户：/ }));
  await hand.tap(answer(page, '结果怎样？', '见到'));
  await hand.write(page.getByRole('textbox', { name: '记一笔' }), note);
  await hand.tap(page.getByRole('button', { name: '保存走访' }));
  await expect(page.getByText(`已记下：${door.name} 见到`)).toBeVisible();
  return door;
}

/** The first door of the list, in one tap from there. */
export async function notHome(page: Page): Promise<{ address: string; name: string }> {
  const row = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^未遇：/ }) }).first();
  const button = row.getByRole('button', { name: /^未遇：/ });
  const door = { address: String(await row.getByRole('link').getAttribute('href')), name: String(await button.getAttribute('aria-label')).replace('未遇：', '') };
  await button.click();
  await expect(page.getByText(`已记下：${door.name} 未遇`)).toBeVisible();
  return door;
}

/** The row of one person on a roll, found by the number everybody may know. */
export const onRoll = (page: Screen, number: string): Locator => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: number }) });

/** The log of an activity is offered by itself from two hours before its start; earlier a person asks for it. */
export async function openLog(page: Screen, hand = new Hand()): Promise<void> {
  await expect(page.getByRole('heading', { name: sharedActivity, level: 1 })).toBeVisible();
  const early = page.getByRole('button', { name: '现在就登记谁来了' });
  const roll = page.getByRole('heading', { name: '谁来服务了？' });
  await expect(early.or(roll)).toBeVisible();
  if (await early.isVisible()) await hand.tap(early);
  await expect(roll).toBeVisible();
}

/** From the day's page to the shared activity and its log. */
export async function openShared(page: Page, hand = new Hand()): Promise<void> {
  hand.taps += 1;
  await goTo(page, '今天');
  await hand.tap(page.getByRole('link', { name: sharedActivity }));
  await openLog(page, hand);
}

/** Whose numbers the roll offers, in its order. */
export async function numbersOnRoll(page: Screen): Promise<string[]> {
  const who = page.locator('button[aria-pressed].who');
  await expect(who.first()).toBeVisible();
  return (await who.allInnerTexts()).flatMap((text) => /[A-Z]{2,}\d+/.exec(text)?.[0] ?? []);
}

export async function fillLog(page: Screen, heads: number, present: readonly string[], hand = new Hand()): Promise<void> {
  await hand.write(page.getByRole('textbox', { name: '一共到场多少人？' }), String(heads));
  for (const number of present) await hand.tap(onRoll(page, number).getByRole('button', { name: number }).first());
}

export async function saveLog(page: Screen, hand = new Hand()): Promise<void> {
  await hand.tap(page.getByRole('button', { name: '登记为已开展' }));
  await expect(page.getByText(`已登记：${sharedActivity}`)).toBeVisible();
}
