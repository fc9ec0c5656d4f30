/** PN3 One line's points in words: booked, provisional, or both where a correction is on its way. */
import type { LinePoints } from '$client/queries/activities.ts';
import { sayPoints } from '$lib/format/amounts.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { activityWords } from '$lib/i18n/words/activities.ts';

export function sayLinePoints({ award, confirmed }: LinePoints): string {
  const say = (points: number): string => sayPoints(points, locale.current);
  if (confirmed !== undefined) return confirmed === award.points ? activityWords.confirmed(say(confirmed)) : activityWords.changes(say(confirmed), say(award.points));
  if (award.reason.type === 'noRule') return award.reason.serviceClass === 'none' ? activityWords.noPoints : activityWords.noRule;
  if (award.reason.type === 'rule' && award.reason.cappedBy) return `${activityWords.provisional(say(award.points))} · ${activityWords.capped}`;
  return activityWords.provisional(say(award.points));
}
