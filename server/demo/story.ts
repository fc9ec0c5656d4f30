/**
 * What 双柏 shows at once. Today its group and two grid workers share one activity that nobody has logged yet; yesterday
 * the leader and a grid worker, both offline, counted heads differently, so the merge report opens with one real clash (SV5).
 */
import { instantOf, minuteMs, addDays } from '../../src/domain/kernel/time.ts';
import { recorderOf, writeAttendances, type Cast } from './calendar.ts';
import { shuangbaiGroup } from './groups.ts';
import { storyLane } from './lanes.ts';
import type { Notebook } from './notebook.ts';
import type { Period } from './period.ts';
import type { Profile } from './profiles.ts';
import { randomOf } from './random.ts';
import { personOf, supervisorOf } from './staffing.ts';

export const isStoryDay = (period: Period, partner: string, day: string): boolean =>
  partner === shuangbaiGroup && (day === period.today || day === addDays(period.today, -1));

export function writeStory(notebook: Notebook, profile: Profile, period: Period, cast: Cast): void {
  const by = recorderOf(profile)(shuangbaiGroup);
  const lane = storyLane();
  const common = { organiser: shuangbaiGroup, place: '双小柏工作室', space: 'spa_shuangxiaobai', feeClass: 'free', status: 'planned', serviceClass: 'general' };

  const startsToday = instantOf(period.today, '09:30');
  notebook.birth(
    'activity',
    {
      ...common, title: '双小柏便民服务日', activityKind: 'festival', startsAt: startsToday, endsAt: startsToday + 120 * minuteMs,
      dimensions: ['socialCapital', 'economicInfrastructure'], note: '理发、磨刀、缝补、量血压。两位网格员到场协助登记。',
    },
    { by, at: instantOf(addDays(period.today, -6), '15:00'), lane },
  );

  const yesterday = addDays(period.today, -1);
  const started = instantOf(yesterday, '09:00');
  const ended = started + 120 * minuteMs;
  const planned = notebook.birth(
    'activity',
    { ...common, title: '双小柏院落大扫除', activityKind: 'cleanup', startsAt: started, endsAt: ended, dimensions: ['physicalInfrastructure'] },
    { by, at: instantOf(addDays(period.today, -7), '15:10'), lane },
  );
  notebook.change(planned, { status: 'held', headCount: 46 }, { by, at: ended + 6 * minuteMs, lane });
  notebook.change(planned, { status: 'held', headCount: 43 }, { by: personOf('sb-grid1'), at: ended + 11 * minuteMs, lane });
  const random = randomOf('story', profile.slug);
  const team = (cast.members.get(shuangbaiGroup) ?? []).filter((person) => person.joinedOn < yesterday).slice(0, 14);
  writeAttendances(notebook, period, planned, team, 120, { by, random, lane, savedAt: ended + 15 * minuteMs, day: yesterday, supervisor: supervisorOf(profile) });
}
