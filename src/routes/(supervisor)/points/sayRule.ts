/** A row of the points table in one line: rate, coefficient, caps, how long points last. */
import type { PointsRuleFields } from '$domain/points/schema.ts';
import { sayMinor, sayPoints } from '$lib/format/amounts.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { pointsTable as words } from '$lib/i18n/words/pointsTable.ts';

const capNames = ['activityCap', 'dayCap', 'monthCap'] as const;

export function sayRate({ pointsPerHour, coefficientTenths }: PointsRuleFields): string {
  const perHour = words.perHour(sayPoints(pointsPerHour, locale.current));
  return coefficientTenths === undefined ? perHour : `${perHour} ${words.times(sayMinor(coefficientTenths, 1))}`;
}

export function sayCaps(fields: PointsRuleFields): string {
  const caps = capNames.flatMap((cap) => {
    const size = fields[cap];
    return size === undefined ? [] : [words.caps[cap](sayPoints(size, locale.current))];
  });
  return caps.length === 0 ? words.noCaps : caps.join(words.and);
}

export const sayLasting = (months: number): string => (months % 12 === 0 ? words.years(months / 12) : words.months(months));

export const sayLasts = ({ lastMonths }: PointsRuleFields): string => (lastMonths === undefined ? words.lastsForGood : words.lasts(sayLasting(lastMonths)));
