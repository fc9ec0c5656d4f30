import { locale, type Locale } from './locale.svelte.ts';

/**
 * The words of one area of the screen, in both languages side by side. Chinese is the source: its shape is the type,
 * and English that lacks a key, has one too many or takes other parameters does not compile.
 *
 * Reading a word in a template follows the language of the moment. `in` reads a fixed language, for sheets and exports.
 */
export function words<Area extends object>(both: { zh: Area; en: NoInfer<Area> }): Readonly<Area> & Spoken<Area> {
  const area = { in: (language: Locale) => both[language] };
  for (const key of Object.keys(both.zh)) {
    Object.defineProperty(area, key, { enumerable: true, get: () => both[locale.current][key as keyof Area] });
  }
  return area as Readonly<Area> & Spoken<Area>;
}

interface Spoken<Area> {
  in(language: Locale): Area;
}

/** English counts: `plural(1, 'visit')` is "1 visit", `plural(2, 'visit')` is "2 visits". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
