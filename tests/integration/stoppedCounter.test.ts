/** Counters that are stopped, or declared lost, while they were in contact a moment ago. */
import { afterEach, expect, test } from 'vitest';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { hourMs, instantOf, minuteMs, monthOf } from '../../src/domain/kernel/time.ts';
import { activityId } from '../../src/domain/activity/schema.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { writeOffId } from '../../src/domain/redemption/ids.ts';
import { Author } from '../support/author.ts';
import { anna, bakery, bo, group } from '../support/community.ts';
import { enrol, foundCommunity, realRoster, stateIn } from '../support/realCommunity.ts';
import { eventually, Peer } from '../support/wire.ts';

const now = Date.now();
const roomOf = (family: 'log' | 'ledger' | 'claims') => ({ community: realRoster.community, family, month: monthOf(now) });
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A counter that was in contact and has no socket open, a worker who logs service, and the ledger as the office reads it. */
async function openTown() {
  const community = await foundCommunity();
  const { server, supervisor } = community;
  opened.push(() => server.dispose());
  const office = await enrol(community, { name: '何姐', role: 'supervisor', grids: [] });
  const author = new Author((await office.ticket()).actor);
  const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2020-01-01' };
  const partner = { legalForm: 'organisation', stage: 'active' };
  await stateIn(server, office, realRoster, author, [
    author.fact(group, 'partner', { name: '夕阳红合唱团', type: 'community_group', ...partner }),
    author.fact(bakery, 'partner', { name: '好吃兔', type: 'business', ...partner }),
    author.fact(pointsRuleId(rule), 'pointsRule', rule),
  ]);
  author.restart();
  const counter = await enrol(community, { name: '赵店长', role: 'redemptionPoint', grids: [], partners: [bakery] });
  const worker = await enrol(community);
  const ledger = await Peer.into(server, roomOf('ledger'), await supervisor.ticket());
  opened.unshift(() => Promise.resolve(ledger.end()));
  await ledger.sync();
  const entries = (): Fact[] => Object.values(ledger.doc.getMap('facts').toJSON() as Record<string, string>).map((json) => JSON.parse(json) as Fact);
  const pointsIn = (account: RegExp): number =>
    entries().reduce((sum, { set }) => sum + Number(set['points'] ?? 0) * (Number(account.test(String(set['credit']))) - Number(account.test(String(set['debit'])))), 0);
  const li = new Author((await worker.ticket()).actor);
  let times = 0;
  return {
    supervisor, counter,
    contact: async () => (await Peer.into(server, roomOf('ledger'), await counter.ticket())).end(),
    held: (volunteer: string): number => pointsIn(new RegExp(`^held:.*:${volunteer}$`)),
    free: (volunteer: string): number => pointsIn(new RegExp(`^volunteer:${volunteer}$`)),
    grants: () => entries().filter(({ kind }) => kind === 'grant').map(({ record }) => record),
    async serve(volunteer: string, hours: number): Promise<void> {
      const startsAt = instantOf(`${monthOf(now)}-01`, '00:00') + (times += 1) * minuteMs;
      const activity = li.fact(activityId(group, startsAt), 'activity', { organiser: group, title: '清扫', activityKind: 'class', startsAt, endsAt: startsAt + hours * hourMs, feeClass: 'free', serviceClass: 'general', status: 'held' });
      await stateIn(server, worker, roomOf('log'), li, [activity, li.attendance(activity.record, volunteer, hours * 10)]);
      li.restart();
    },
    writeOff: (grant: string) => stateIn(server, office, roomOf('claims'), author, [author.fact(writeOffId(grant), 'writeOff', { grant })]),
  };
}

test('[PQ2] points that are posted go to a counter that was in contact, and to one that was stopped since no more', async () => {
  const { supervisor, counter, contact, held, free, serve } = await openTown();
  await contact();
  await serve(anna, 2);
  await eventually(() => expect(held(anna)).toBe(20));
  // In contact within the hour is enough: no socket of it is open.
  await serve(anna, 3);
  await eventually(() => expect(held(anna)).toBe(50));

  await supervisor.done({ act: 'revokeDevice', device: counter.device, reason: '不做了' });
  await serve(anna, 10);
  await eventually(() => expect(free(anna)).toBe(100));
  // By the time the next is posted, what follows from this one has been done.
  await serve(bo, 1);
  await eventually(() => expect(free(bo)).toBe(10));
  expect([held(anna), held(bo)]).toEqual([50, 0]);
}, 60_000);

test('[PQ2] a counter that is declared lost gets nothing anew because of a contact before, and is served when it comes back', async () => {
  const { contact, held, free, serve, grants, writeOff } = await openTown();
  await contact();
  await serve(anna, 2);
  await eventually(() => expect(held(anna)).toBe(20));
  await writeOff(grants()[0] ?? '');
  await eventually(() => expect(free(anna)).toBe(20));
  await serve(anna, 3);
  await eventually(() => expect(free(anna)).toBe(50));
  await serve(bo, 1);
  await eventually(() => expect(free(bo)).toBe(10));
  expect([held(anna), grants().length]).toEqual([0, 1]);

  await contact();
  await eventually(() => expect([held(anna), held(bo), grants().length]).toEqual([50, 10, 2]));
}, 60_000);
