export type Locale = 'zh' | 'en';

const place = 'linhuo.locale';
const tags = { zh: 'zh-CN', en: 'en' } as const;

const isLocale = (text: string | null | undefined): text is Locale => text === 'zh' || text === 'en';

/** The choice made on this device, else the first language of the device that we speak, else Chinese. */
function firstLocale(): Locale {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(place);
  } catch {
    // Storage that is switched off must not keep the page from opening.
  }
  if (isLocale(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLocale) ?? 'zh';
}

function createLocale() {
  const first = firstLocale();
  let current = $state(first);
  document.documentElement.lang = tags[first];

  function speak(next: Locale): void {
    current = next;
    document.documentElement.lang = tags[next];
  }

  // Two tabs of one tablet speak the same language.
  addEventListener('storage', (event) => {
    if (event.key === place && isLocale(event.newValue)) speak(event.newValue);
  });

  return {
    get current() {
      return current;
    },
    choose(next: Locale): void {
      speak(next);
      try {
        localStorage.setItem(place, next);
      } catch {
        // The choice still holds until the page closes.
      }
    },
  };
}

export const locale = createLocale();
