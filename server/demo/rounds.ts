/**
 * A year of door-to-door visits. Each household follows a course of its own: met, called on again in about three months;
 * not at home, tried again in a week; sometimes a date is agreed at the door. Workers run a few days late now and then,
 * which leaves doors due and doors overdue on whichever day the demo starts. No visit is later than yesterday.
 */
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, hourMs, instantOf, minuteMs } from '../../src/domain/kernel/time.ts';
import type { VisitOutcome } from '../../src/domain/visits/schema.ts';
import { usualIntervals } from '../../src/domain/visits/view.ts';
import { visitsLane } from './lanes.ts';
import { visitNotes } from './names.ts';
import { generatedTag, type Notebook } from './notebook.ts';
import type { Home } from './people.ts';
import { weekdayOf, type Period } from './period.ts';
import type { Profile } from './profiles.ts';
import { randomOf, type Random } from './random.ts';

/** A free id, as a tablet would make it: time first, then the device. `order` keeps two of one minute apart. */
export const freeId = (prefix: string, at: number, order: number): string =>
  `${prefix}_${at.toString(36).padStart(9, '0')}${generatedTag}${order.toString(36)}`;

/** Nobody knocks on Sundays unless it was agreed. */
const workday = (day: string): string => (weekdayOf(day) === 0 ? addDays(day, 1) : day);

function timeOfVisit(random: Random, day: string): number {
  const start = random.pick([9, 9, 10, 14, 15, 16, 19]);
  return instantOf(day) + start * hourMs + random.between(0, 59) * minuteMs;
}

const outcomeOf = (random: Random): VisitOutcome => {
  const draw = random.next();
  return draw < 0.78 ? 'met' : draw < 0.95 ? 'notHome' : 'declined';
};

/** Days until the date agreed at the door, where one was. */
function agreedIn(random: Random, outcome: VisitOutcome): number | undefined {
  if (outcome === 'met') return random.chance(0.4) ? random.between(60, 105) : undefined;
  return outcome === 'declined' && random.chance(0.5) ? random.between(14, 45) : undefined;
}

const lateness = (random: Random): number => random.pick([0, 0, 0, 1, 1, 2, 3, 6]);

/** One door in eighty has not been called at yet. */
const neverVisited = 1 / 80;

export function writeVisits(notebook: Notebook, profile: Profile, period: Period, homes: readonly Home[]): void {
  homes.forEach((home, index) => {
    const random = randomOf('visits', profile.slug, home.record);
    const lane = visitsLane(index);
    if (random.chance(neverVisited)) return;
    let day = workday(addDays(period.firstDay, random.between(0, 90)));
    while (day < period.today) {
      const outcome = outcomeOf(random);
      const visitedAt = timeOfVisit(random, day);
      const days = agreedIn(random, outcome);
      const nextOn = days === undefined ? undefined : addDays(day, days);
      const note = outcome === 'met' && random.chance(0.55) ? random.pick(visitNotes) : undefined;
      const savedAt = visitedAt + minuteMs;
      notebook.birth('visit', given({ grid: home.grid, household: home.record, visitedAt, outcome, note, nextOn }),
        { by: home.worker, at: savedAt, lane }, freeId('vis', savedAt, index));
      const dueOn = nextOn ?? addDays(day, outcome === 'notHome' ? usualIntervals.retryDays : usualIntervals.visitDays);
      const daysLate = lateness(random);
      day = daysLate === 0 ? dueOn : workday(addDays(dueOn, daysLate));
    }
  });
}
