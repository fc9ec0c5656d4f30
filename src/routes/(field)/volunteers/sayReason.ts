/** PN2 "Why did I get 12?": the rule, the hours and the caps, in words. */
import type { AwardReason } from '$domain/points/awards.ts';
import { sayHours, sayMinor, sayPoints } from '$lib/format/amounts.ts';
import { sayDate } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { serviceClass } from '$lib/i18n/words/domain.ts';
import { passbook as words } from '$lib/i18n/words/passbook.ts';

export function sayReason(reason: AwardReason | undefined): string {
  if (!reason) return words.absent;
  if (reason.type === 'notHeld') return words.notHeld;
  if (reason.type === 'noRule') return reason.serviceClass === 'none' ? words.noPoints : words.noRule(serviceClass[reason.serviceClass]);
  const points = (count: number): string => sayPoints(count, locale.current);
  return [
    words.reason(sayHours(reason.hoursTenths, locale.current), points(reason.pointsPerHour), serviceClass[reason.serviceClass]),
    reason.coefficientTenths !== undefined && words.coefficient(sayMinor(reason.coefficientTenths, 1)),
    reason.cappedBy && words.capped[reason.cappedBy.cap](points(reason.cappedBy.size)),
    words.since(sayDate(reason.validFrom, locale.current)),
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(words.and);
}
