/** The day's activities of one person: what waits to be written down, what is on today, what comes next. */
import type { Actor } from '../../domain/kernel/actor.ts';
import { addDays, dayOf } from '../../domain/kernel/time.ts';
import type { Live, Reader } from '../../replica/contract.ts';
import { activities, activitiesOf, standingOf, type ActivityRow, type Standing } from './activities.ts';
import { map } from './live.ts';

export interface TodayActivity {
  readonly row: ActivityRow;
  readonly standing: Standing;
}

/** Enough to reach back over the plans of the coming weeks. */
const read = 150;
/** A leader prepares ahead; what somebody else forgot to write down a week ago is the office's to ask for. */
const aheadDays = 3;
const behindDays = 7;

/** In the order of the day. A leader sees their own group's, and further ahead. */
export function todayActivities(reader: Reader, actor: Actor, now: number): Live<readonly TodayActivity[]> {
  const own = actor.role === 'groupLeader';
  const today = dayOf(now);
  const first = own ? addDays(today, -behindDays) : today;
  const last = own ? addDays(today, aheadDays) : today;
  return map(own ? activitiesOf(reader, read, actor.partners) : activities(reader, read), (rows) =>
    rows
      .filter(({ fields }) => {
        const day = dayOf(fields.startsAt);
        return day >= first && day <= last && (fields.status === 'planned' || day === today);
      })
      .map((row) => ({ row, standing: standingOf(row.fields, now) }))
      .sort((a, b) => a.row.fields.startsAt - b.row.fields.startsAt),
  );
}
