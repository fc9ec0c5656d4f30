/** A door, its last visit and when it is due, in words. */
import { dayOf } from '$domain/kernel/time.ts';
import type { BuildingFields, HouseholdFields } from '$domain/people/schema.ts';
import type { Due, LastVisit } from '$domain/visits/view.ts';
import { sayDay } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { visitOutcome } from '$lib/i18n/words/domain.ts';
import { visitWords } from '$lib/i18n/words/visits.ts';

export const sayBuilding = (building: BuildingFields | undefined): string => [building?.courtyard, building?.name].filter((part) => part !== undefined).join(' ');

export const sayDoor = (household: HouseholdFields, building: BuildingFields | undefined): string =>
  visitWords.door(sayBuilding(building), household.unit, household.door);

/** What a person must act on; undefined for a door that can wait. */
export const sayDue = (due: Due): string | undefined =>
  due.state === 'overdue' ? visitWords.overdue(due.overdueDays) : due.state === 'today' ? visitWords.dueToday : undefined;

export function sayLast(last: LastVisit | undefined, due: Due, now: number): string {
  if (!last) return visitWords.neverVisited;
  const today = dayOf(now);
  const was = visitWords.lastVisit(visitOutcome[last.outcome], sayDay(dayOf(last.visitedAt), today, locale.current));
  const then = due.state === 'later' && due.dueOn ? visitWords.dueOn(sayDay(due.dueOn, today, locale.current)) : visitWords.why[due.why];
  return `${was} · ${then}`;
}
