/**
 * A real community whose counter has spent points, asked for more than there are, and been copied; nothing of it is settled.
 * The counter and the worker are authors on the wire, the office is a page.
 */
import { hourMs, instantOf, minuteMs, monthOf } from '../../src/domain/kernel/time.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import { activityId } from '../../src/domain/activity/schema.ts';
import { volunteerId } from '../../src/domain/people/schema.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { claimId, hashInClaim, verdictId } from '../../src/domain/redemption/ids.ts';
import { Author } from '../support/author.ts';
import { anna, bakery, bo, group } from '../support/community.ts';
import { enrol, foundCommunity, realRoster, stateIn, type RealCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer } from '../support/wire.ts';

export interface CounterTown {
  readonly community: RealCommunity<ServerProcess>;
  /** Of the tablet of the counter. */
  readonly device: string;
  close(): Promise<void>;
}

const entriesIn = (peer: Peer): Fact[] => Object.values(peer.doc.getMap('facts').toJSON() as Record<string, string>).map((json) => JSON.parse(json) as Fact);

/**
 * Anna earns 60 at two activities that overlap, spends 30 of them, and her hours at the first are then corrected to half an hour:
 * the community covers 35. A copy of the tablet says that she spent 20; somebody knows of a grant that the ledger does not; Bo asks for 500.
 */
export async function openCounterTown(): Promise<CounterTown> {
  const community = await foundCommunity();
  const { server } = community;
  const office = await enrol(community, { name: '何姐', role: 'supervisor', grids: [] });
  const worker = await enrol(community, { name: '李工', grids: ['g1'] });
  const author = new Author((await office.ticket()).actor);
  const rule = { serviceClass: 'general', pointsPerHour: 10, validFrom: '2026-01-01' };
  const partner = { legalForm: 'organisation', stage: 'active' };
  await stateIn(server, office, realRoster, author, [
    author.fact(group, 'partner', { name: '夕阳红合唱团', type: 'community_group', ...partner }),
    author.fact(bakery, 'partner', { name: '友邻超市', type: 'business', ...partner }),
    author.fact(pointsRuleId(rule), 'pointsRule', rule),
    author.fact('rwd_rice', 'reward', { name: '大米 5 千克', points: 30 }),
  ]);

  author.restart();
  await stateIn(server, office, { community: realRoster.community, family: 'people', grid: 'g1' }, author, [
    author.fact(volunteerId(anna), 'volunteer', { grid: 'g1', number: anna, name: '张桂芳', joinedOn: '2026-01-05' }),
    author.fact(volunteerId(bo), 'volunteer', { grid: 'g1', number: bo, name: '李国强', joinedOn: '2026-02-01' }),
  ]);
  const counter = await enrol(community, { name: '赵店长', role: 'redemptionPoint', grids: [], partners: [bakery] });
  const now = Date.now();
  const room = (family: 'log' | 'ledger' | 'claims', at: number) => ({ community: realRoster.community, family, month: monthOf(at) });
  const shop = new Author((await counter.ticket()).actor);
  const ledger = await Peer.into(server, room('ledger', now), await counter.ticket());
  await ledger.sync();

  const li = new Author((await worker.ticket()).actor);
  const startsAt = instantOf(`${monthOf(now)}-01`, '00:00');
  const held = (title: string, hours: number, at: number): Fact => li.fact(activityId(group, at), 'activity', {
    organiser: group, title, activityKind: 'class', startsAt: at, endsAt: at + hours * hourMs, feeClass: 'free', serviceClass: 'general', status: 'held',
  });
  const [singing, cleaning] = [held('合唱排练', 4, startsAt), held('小区清扫', 2, startsAt + 15 * minuteMs)];
  const came = [li.attendance(singing.record, anna, 40), li.attendance(cleaning.record, anna, 20), li.attendance(cleaning.record, bo, 20)];
  await stateIn(server, worker, room('log', startsAt), li, [singing, cleaning, ...came]);

  const points = (account: string): number =>
    entriesIn(ledger).reduce((sum, { set }) => sum + Number(set['points'] ?? 0) * (Number(set['credit'] === account) - Number(set['debit'] === account)), 0);
  const answered = (about: string, result: string): Promise<void> => eventually(() => {
    const said = entriesIn(ledger).find(({ record }) => record === verdictId(about))?.set['result'];
    if (said !== result) throw new Error(`${about}: ${String(said)}`);
  });
  const grant = await eventually(() => {
    const found = entriesIn(ledger).find(({ kind }) => kind === 'grant')?.record ?? '';
    if (points(`held:${found.slice('grt_'.length)}:${anna}`) !== 60) throw new Error(`${found}: nothing is held`);
    return found;
  });
  const claims = await Peer.into(server, room('claims', now), await counter.ticket());
  await claims.sync();
  let stated = 0;
  const state = async (...facts: readonly Fact[]): Promise<void> => {
    claims.update(shop.write(...facts));
    await claims.acked(shop.doc.clientID, (stated += facts.length));
  };
  const claim = (set: Fields): Fact => {
    const fields = { grant, type: 'redeem', volunteer: anna, madeAt: now, ...set };
    return shop.fact(claimId(fields), 'claim', fields);
  };
  const first = claim({ seq: 1, points: 30, reward: 'rwd_rice', quantity: 1 });
  await state(first);
  await answered(first.record, 'booked');
  const half = li.fact(came[0]?.record ?? '', 'attendance', { hoursTenths: 5 }, [came[0]?.id ?? '']);
  li.restart();
  await stateIn(server, worker, room('log', startsAt), li, [half]);
  await eventually(() => {
    if (points('shortfall') >= 0) throw new Error('nothing is covered');
  });
  const asked = shop.fact(`req_${now.toString(36).padStart(9, '0')}${shop.actor.device}0`, 'redemptionRequest', { grant, volunteer: bo, points: 500 });
  await state(asked);
  await answered(asked.record, 'short');
  const copy = claim({ seq: 1, points: 20, madeAt: now + 60_000 });
  const strange = claim({ seq: 1, points: 7, grant: `${grant.slice(0, -1)}9`, volunteer: bo });
  const follows = claim({ seq: 2, type: 'cancel', points: 20, prev: hashInClaim(copy.record), cancels: copy.record });
  await state(copy, strange, follows);
  await answered(copy.record, 'forked');
  await answered(strange.record, 'unknown');
  await answered(follows.record, 'forked');
  claims.end();
  ledger.end();
  return { community, device: shop.actor.device, close: () => server.dispose() };
}

