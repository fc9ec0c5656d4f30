/** What follows from choosing a value, in words. */
import type { Following } from '$client/queries/mergeReport.ts';
import { sayPoints } from '$lib/format/amounts.ts';
import { sayDate } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { inbox as words } from '$lib/i18n/words/inbox.ts';

export function sayFollows(following: Following | undefined): string | undefined {
  if (!following) return undefined;
  switch (following.type) {
    case 'points':
      return words.follows.points(sayPoints(following.points, locale.current));
    case 'typeFrom':
      return words.follows.typeFrom(sayDate(following.on, locale.current));
    default:
      return words.follows[following.type];
  }
}
