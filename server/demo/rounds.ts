/**
 * A year of door-to-door visits. Each household follows a course of its own: met, come again in about three months;
 * not at home, try again within the week. Workers run a few days late now and then, which leaves doors due today and
 * doors overdue on whichever day the demo starts. No visit is later than yesterday.
 */
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, hourMs, instantOf, minuteMs } from '../../src/domain/kernel/time.ts';
import type { VisitOutcome } from '../../src/domain/visits/schema.ts';
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

const workday = (day: string): string => (weekdayOf(day) === 0 ? addDays(day, 1) : day);

function timeOfVisit(random: Random, day: string): number {
  const start = random.pick([9, 9, 10, 14, 15, 16, 19]);
  return instantOf(day) + start * hourMs + random.between(0, 59) * minuteMs;
}

const outcomeOf = (random: Random): VisitOutcome => {
  const draw = random.next();
  return draw < 0.78 ? 'met' : draw < 0.95 ? 'notHome' : 'declined';
};

/** Days until the door is due again. */
function daysToNext(random: Random, outcome: VisitOutcome): number {
  if (outcome === 'met') return random.between(80, 105);
  return outcome === 'notHome' ? random.between(3, 7) : random.between(40, 60);
}

const lateness = (random: Random): number => random.pick([0, 0, 0, 1, 1, 2, 3, 6]);

export function writeVisits(notebook: Notebook, profile: Profile, period: Period, homes: readonly Home[]): void {
  homes.forEach((home, index) => {
    const random = randomOf('visits', profile.slug, home.record);
    const lane = visitsLane(index);
    let day = workday(addDays(period.firstDay, random.between(0, 90)));
    while (day < period.today) {
      const outcome = outcomeOf(random);
      const visitedAt = timeOfVisit(random, day);
      const nextOn = workday(addDays(day, daysToNext(random, outcome)));
      const note = outcome === 'met' && random.chance(0.55) ? random.pick(visitNotes) : undefined;
      const savedAt = visitedAt + minuteMs;
      notebook.birth('visit', given({ grid: home.grid, household: home.record, visitedAt, outcome, note, nextOn }),
        { by: home.worker, at: savedAt, lane }, freeId('vis', savedAt, index));
      day = workday(addDays(nextOn, lateness(random)));
    }
  });
}
