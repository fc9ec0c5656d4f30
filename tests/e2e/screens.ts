/** Which screens there are for whom, and what every one of them owes to people: see screens.spec.ts. */
import type { Page } from '@playwright/test';
import { maskName } from '../../src/domain/residents/view.ts';
import axe from 'axe-core';
import { seats, seedCommunity } from '../../server/demo/demo.ts';
import { expect } from './fixtures.ts';

/** Addresses that hold nobody's id; ids are taken from the lists themselves. */
export interface Screens {
  readonly lists: readonly string[];
  /** The first link of a list that leads below this address: a record of each kind. */
  readonly records: readonly { readonly list: string; readonly below: string }[];
}

export async function addressesOf(page: Page, { lists, records }: Screens): Promise<string[]> {
  const found: string[] = [];
  for (const { list, below } of records) {
    await page.goto(list);
    const link = page.getByRole('main').locator(`a[href^="${below}"]:not([href*="/new"])`).first();
    await expect(link).toBeVisible();
    found.push(String(await link.getAttribute('href')));
  }
  return [...lists, ...found];
}

/** A screen is there when its heading is, nothing says that it is still being fetched, and it has stopped changing. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expect(page.locator('[role="progressbar"], [aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(
    (quietMs) =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(done, quietMs);
        const watch = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(done, quietMs);
        });
        function done(): void {
          watch.disconnect();
          resolve();
        }
        watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      }),
    300,
  );
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds, a line each: rule, help and the first element it means. */
export async function axeFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (values) => {
    const run = (window as unknown as { axe: typeof axe }).axe;
    // Sizes are measured below, more strictly, and without counting what lies under a fixed bar until one scrolls.
    const { violations } = await run.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'], rules: { 'target-size': { enabled: false } } });
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}) ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary?.replace(/\s+/g, ' ')}`);
  }, tags);
}

/**
 * Controls a thumb could miss: where less than 48 by 48 CSS pixels around their middle belong to them. What answers is asked, not
 * what is painted: a word in a line of text may reach beyond itself, and a radio button is as large as its label.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // Half a pixel at each edge may be lost to rounding.
    const least = 47;
    const shown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const areaOf = (element: Element): Element =>
      element instanceof HTMLInputElement && (element.type === 'radio' || element.type === 'checkbox') ? (element.closest('label') ?? element) : element;

    /** How far one can move from the middle before something else would be hit. */
    function reach(area: Element, x: number, y: number, dx: number, dy: number): number {
      for (let step = 1; step <= least; step += 1) {
        const hit = document.elementFromPoint(x + dx * step, y + dy * step);
        if (!hit || !(area === hit || area.contains(hit))) return step - 1;
      }
      return least;
    }

    const said: string[] = [];
    for (const element of document.querySelectorAll('a[href], button, summary, input, select, textarea, [role="switch"]')) {
      if (!shown(element)) continue;
      const area = areaOf(element);
      let box = area.getBoundingClientRect();
      // Clipped to a pixel: read aloud only, or shown once it has the focus.
      if (box.width <= 1.5 || box.height <= 1.5) continue;
      if (element.matches('a') && getComputedStyle(element).display === 'inline') continue;
      if (box.width >= least && box.height >= least) continue;
      area.scrollIntoView({ block: 'center', inline: 'center' });
      box = area.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const wide = Math.max(box.width, reach(area, x, y, -1, 0) + reach(area, x, y, 1, 0));
      const high = Math.max(box.height, reach(area, x, y, 0, -1) + reach(area, x, y, 0, 1));
      if (wide >= least && high >= least) continue;
      said.push(`${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 30)}" ${Math.round(wide)}×${Math.round(high)}`);
    }
    return said;
  });

/** How far the page or its panes can be pushed sideways, in CSS pixels. */
export const sideways = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = [document.documentElement, ...document.querySelectorAll('main, main section, main div, main ul, nav, header')].filter(
      (element) => element.scrollWidth > element.clientWidth + 1 && (element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX)),
    );
    // A row of filters may be pushed: it says so by what it cuts off.
    return wide.filter((element) => element.getAttribute('role') !== 'group').map((element) => `${element.tagName.toLowerCase()}.${element.className} ${element.scrollWidth}>${element.clientWidth}`);
  });

const han = /[\p{Script=Han}，。、：；！？（）《》]+/gu;

/** Every run of Chinese that stands in 双柏's data, as a whole. What an English screen shows beyond that was forgotten by a translator. */
export function runsOfData(now: number): Set<string> {
  // The app's own name, and the language that names itself.
  const runs = new Set(['邻伙', '中文']);
  const add = (value: unknown): void => {
    if (typeof value === 'string') for (const run of value.match(han) ?? []) runs.add(run);
    if (Array.isArray(value)) value.forEach(add);
  };
  for (const { facts } of seedCommunity('shuangbai', now))
    for (const { kind, set } of facts) {
      Object.values(set).forEach(add);
      if (kind === 'resident') add(maskName(String(set['name'])));
    }
  for (const { name, communityName } of seats()) [name, communityName].forEach(add);
  return runs;
}

/** Runs of Chinese a person sees or hears on this screen: text, names of controls, hints, the window's title. */
export const runsOnScreen = (page: Page): Promise<string[]> =>
  page.evaluate((source) => {
    const pattern = new RegExp(source, 'gu');
    const texts: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent && !parent.closest('script, style') && parent.checkVisibility()) texts.push(walker.currentNode.nodeValue ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '');
    return [...new Set(texts.flatMap((text) => text.match(pattern) ?? []))];
  }, han.source);
