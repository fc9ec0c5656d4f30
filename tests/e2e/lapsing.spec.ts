/** Points that lapse: a volunteer is told on the passbook, in time, although they were earned long before what a tablet keeps at hand. */
import { activityId } from '../../src/domain/activity/schema.ts';
import { addMonths, hourMs, instantOf, lastDayOf, monthOf } from '../../src/domain/kernel/time.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { sayDate, sayMonth } from '../../src/lib/format/times.ts';
import { Author } from '../support/author.ts';
import { group } from '../support/community.ts';
import { Peer, sitDown } from '../support/wire.ts';
import { expect, test } from './fixtures.ts';
import { faults } from './realTown.ts';

test('[PX4] [PX7] what came in two years late is on the passbook with the day it lapses', async ({ town }) => {
  const page = await town.seated('sb-super');
  await page.goto('/volunteers');
  const line = page.getByRole('main').locator('a[href^="/volunteers/SB"]').first();
  const path = String(await line.getAttribute('href'));
  await page.goto(path);
  await expect(page.getByText('已确认积分')).toBeVisible();
  await expect(page.getByText(/日到期。/)).toHaveCount(0);

  // A table from before the demo's, and service of its days that nobody had entered.
  const now = Date.now();
  const earnedIn = addMonths(monthOf(now), -24);
  const grant = await sitDown(town.server, 'sb-super');
  const author = new Author(grant.actor);
  const { community } = grant.actor;
  const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2020-01-01', lastMonths: 12 };
  const roster = await Peer.into(town.server, { community, family: 'roster' }, grant);
  await roster.sync();
  roster.update(author.write(author.fact(pointsRuleId(rule), 'pointsRule', rule)));
  await roster.acked(author.doc.clientID, 1);
  author.restart();
  const startsAt = instantOf(`${earnedIn}-10`, '09:00');
  const activity = author.fact(activityId(group, startsAt), 'activity', { organiser: group, title: '旧账清扫日', activityKind: 'class', startsAt, endsAt: startsAt + 6 * hourMs, feeClass: 'free', serviceClass: 'general', status: 'held' });
  const log = await Peer.into(town.server, { community, family: 'log', month: earnedIn }, grant);
  await log.sync();
  log.update(author.write(activity, author.attendance(activity.record, path.split('/').at(-1) ?? '', 60)));
  await log.acked(author.doc.clientID, 2);

  const end = sayDate(lastDayOf(addMonths(monthOf(now), 1)), 'zh');
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(new RegExp(`60 分将在 ${end}到期。`))).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 45_000 });
  await expect(page.getByText('请在那以前用掉')).toBeVisible();
  expect(await faults(page)).toEqual([]);

  // Its entry is here, its activity further back than a passbook fetches by itself.
  const old = page.getByRole('listitem').filter({ hasText: `有效到 ${sayMonth(addMonths(monthOf(now), 1), 'zh')}底` });
  await expect(old).toContainText('活动不在这台平板上');
  await page.getByRole('button', { name: '再往前看' }).click();
  await expect(old.getByRole('link', { name: '旧账清扫日' })).toBeVisible();
  for (const peer of [roster, log]) peer.end();
});
