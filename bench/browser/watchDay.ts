/**
 * Runs in the app's own page, from before its first script: how long after a tap something is on the screen, and the longest
 * time the page did not get its turn. It is sent to the page as text, so it uses nothing from outside itself.
 */
import type { DayWatch, Sign } from '../calls.ts';

export function watchDay(signs: readonly Sign[]): void {
  const everyMs = 4;
  const watch: DayWatch = { painted: {}, longest: 0 };
  (globalThis as unknown as { day: DayWatch }).day = watch;

  /** What the sign says now; a link says where it leads as well. */
  const reading = ({ selector, text }: Sign): string => {
    const found = [...document.querySelectorAll(selector)].find(({ textContent }) => new RegExp(text).test(textContent?.trim() ?? ''));
    return found ? `${found.textContent ?? ''} ${found.getAttribute('href') ?? ''}` : '';
  };

  let tapped = 0;
  // What was on the screen when the finger came down is no answer to it.
  let before = new Map<string, string>();
  let waiting: readonly Sign[] = [];
  addEventListener('click', ({ timeStamp }) => {
    tapped = timeStamp;
    waiting = signs;
    before = new Map(signs.map((sign) => [sign.name, reading(sign)]));
    for (const { name } of signs) delete watch.painted[name];
  }, true);

  const look = (): void => {
    const came = waiting.filter((sign) => {
      const now = reading(sign);
      return now !== '' && now !== before.get(sign.name);
    });
    if (came.length === 0) return;
    waiting = waiting.filter((sign) => !came.includes(sign));
    const tap = tapped;
    requestAnimationFrame(() => setTimeout(() => came.forEach(({ name }) => { if (tap === tapped) watch.painted[name] = performance.now() - tap; }), 0));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ['href'] });

  let last = performance.now();
  const turn = (): void => {
    const now = performance.now();
    watch.longest = Math.max(watch.longest, now - last - everyMs);
    last = now;
    setTimeout(turn, everyMs);
  };
  setTimeout(turn, everyMs);
}
