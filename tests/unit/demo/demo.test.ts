import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import { deviceTagOf, type Fields } from '../../../src/domain/kernel/fact.ts';
import { addDays, addMonths, dayMs, dayOf, hourMs, instantOf } from '../../../src/domain/kernel/time.ts';
import { activityMonth } from '../../../src/domain/activity/schema.ts';
import type { ConversionFields, PartnerFields } from '../../../src/domain/roster/schema.ts';
import { partnerHistory } from '../../../src/domain/roster/view.ts';
import { needOfTold } from '../../../src/domain/needs/schema.ts';
import { dueOf, usualIntervals } from '../../../src/domain/visits/view.ts';
import { communities, personOf, seatOf, seats, seedCommunity } from '../../../server/demo/demo.ts';
import { isGenerated } from '../../../server/demo/notebook.ts';
import { births, factsIn, faultsOf, standing, type Rooms } from './everyFact.ts';

const now = instantOf('2026-11-23', '07:14');
const today = dayOf(now);
const yesterday = addDays(today, -1);

const cache = new Map<string, Rooms>();
function seeded(community: string): Rooms {
  const rooms = cache.get(community) ?? seedCommunity(community, now);
  cache.set(community, rooms);
  return rooms;
}
const slugs = communities.map(({ slug }) => slug);

const actorsOf = (community: string): ((person: string) => Actor | undefined) => {
  const actors = new Map(standing(seeded(community), 'staff').map(({ record, fields }) => [record, {
    person: record, role: fields['role'], community, grids: fields['grids'], partners: fields['partners'], device: 'demo',
  } as Actor]));
  return (person) => actors.get(person);
};

describe('every fact', () => {
  test.each(slugs)('%s: is one the server would take, from somebody who might have stated it', (slug) => {
    expect(faultsOf(slug, seeded(slug), actorsOf(slug)).slice(0, 5)).toEqual([]);
  }, 60_000);

  test.each(slugs)('%s: was stated in the past', (slug) => {
    expect(factsIn(seeded(slug)).filter((fact) => fact.at > now)).toEqual([]);
  });

  test.each(slugs)('%s: refers to records that exist', (slug) => {
    const rooms = seeded(slug);
    const known = new Set(factsIn(rooms).map((fact) => fact.record));
    const numbers = new Set(births(rooms, 'volunteer').map((fact) => fact.set['number']));
    const dangling = factsIn(rooms).filter(({ set }) =>
      [set['organiser'], set['partner'], set['activity'], set['building'], set['household'], set['space'], set['operator']].some(
        (reference) => typeof reference === 'string' && !known.has(reference),
      ) || ['number', 'volunteer'].some((name) => set[name] !== undefined && !numbers.has(set[name])));
    expect(dangling).toEqual([]);
  });
});

describe('the same input', () => {
  test('gives the same bytes, whatever the hour', () => {
    expect(JSON.stringify(seedCommunity('shuangbai', now + 9 * hourMs))).toBe(JSON.stringify(seeded('shuangbai')));
  });

  test('on another day of the month leaves what was as it was', () => {
    const later = new Map(factsIn(seedCommunity('shuangbai', now + 5 * dayMs)).map((fact) => [fact.id, fact]));
    const old = factsIn(seeded('shuangbai')).filter((fact) => fact.at < instantOf(addDays(today, -20)) && !fact.record.includes('shuangxiaobai.'));
    expect(old.length).toBeGreaterThan(10_000);
    expect(old.filter((fact) => JSON.stringify(later.get(fact.id)) !== JSON.stringify(fact))).toEqual([]);
  });

  test.each(['2026-11-01', '2026-12-31', '2027-01-01', '2028-02-29', '2026-11-29'])('holds on %s', (day) => {
    const at = instantOf(day, '00:01');
    const rooms = seedCommunity('shuangbai', at);
    expect(faultsOf('shuangbai', rooms)).toEqual([]);
    expect(factsIn(rooms).filter((fact) => fact.at > at)).toEqual([]);
    for (const seat of ['sb-grid1', 'sb-grid2']) expect(doors(rooms, seat, day).today).toBeGreaterThan(0);
  });
});

describe('volumes', () => {
  const countsByMonth = (slug: string, kind: string) => {
    const counts = new Map<string, number>();
    for (const { record, set } of births(seeded(slug), kind)) {
      const month = activityMonth(kind === 'activity' ? record : String(set['activity']));
      counts.set(month, (counts.get(month) ?? 0) + 1);
    }
    return counts;
  };
  const lastYear = Array.from({ length: 12 }, (_, index) => addMonths('2026-11', index - 12));

  test.each(slugs.filter((slug) => slug !== 'hexing'))('%s is a usual community', (slug) => {
    const rooms = seeded(slug);
    expect(births(rooms, 'grid')).toHaveLength(9);
    expect(standing(rooms, 'staff').filter(({ fields }) => fields['role'] === 'gridWorker')).toHaveLength(3);
    expect(births(rooms, 'household').length / 9).toBeGreaterThan(180);
    expect(births(rooms, 'household').length / 9).toBeLessThan(230);
    expect(births(rooms, 'volunteer').length).toBeGreaterThan(320);
    for (const month of lastYear) {
      const activities = countsByMonth(slug, 'activity').get(month) ?? 0;
      const attendances = countsByMonth(slug, 'attendance').get(month) ?? 0;
      expect(activities).toBeGreaterThanOrEqual(36);
      expect(activities).toBeLessThanOrEqual(44);
      expect(attendances / activities).toBeGreaterThan(10);
      expect(attendances / activities).toBeLessThan(18);
    }
  });

  test('合兴 is the largest: 30,000 residents, 40 grids, about 6,000 attendances in every month', () => {
    const rooms = seeded('hexing');
    expect(standing(rooms, 'community')[0]?.fields['residents']).toBe(30_000);
    expect(births(rooms, 'grid')).toHaveLength(40);
    for (const month of lastYear) expect(Math.abs((countsByMonth('hexing', 'attendance').get(month) ?? 0) - 6_000)).toBeLessThan(400);
  });

  test('households hold about as many people as the community has', () => {
    const heads = births(seeded('shuangbai'), 'household').reduce((sum, fact) => sum + Number(fact.set['heads']), 0);
    expect(Math.abs(heads - 5_500)).toBeLessThan(250);
  });

  test('nobody serves twice on a day', () => {
    const startDay = new Map(births(seeded('hexing'), 'activity').map((fact) => [fact.record, dayOf(Number(fact.set['startsAt']))]));
    const served = births(seeded('hexing'), 'attendance').map(({ set }) => `${String(set['volunteer'])} ${startDay.get(String(set['activity'])) ?? ''}`);
    expect(new Set(served).size).toBe(served.length);
  });
});

describe('seats', () => {
  const all = seats();

  test('every community has a grid worker, a leader where it has a group, and a supervisor; two have a shop', () => {
    for (const slug of slugs) {
      const roles = new Set(all.filter((seat) => seat.community === slug).map((seat) => seat.role));
      const shop = ['shuangbai', 'shuduxincun'].includes(slug) ? ['redemptionPoint'] : [];
      expect([...roles].sort()).toEqual(['gridWorker', 'groupLeader', ...shop, 'supervisor']);
    }
  });

  test('[PN8] a shop finds its own things to hand out, which a visit’s share of points can pay for', () => {
    for (const { community, partners } of all.filter(({ role }) => role === 'redemptionPoint')) {
      const rewards = births(seeded(community), 'reward').map(({ set }) => set as Fields);
      expect(rewards.filter(({ partner }) => partner === partners[0]).length).toBeGreaterThan(2);
      for (const { partner, points } of rewards) {
        expect([undefined, partners[0]]).toContain(partner);
        expect(Number(points)).toBeLessThanOrEqual(100);
      }
    }
  });

  test('双柏 seats two grid workers of different grids', () => {
    const workers = all.filter((seat) => seat.community === 'shuangbai' && seat.role === 'gridWorker');
    expect(workers).toHaveLength(2);
    expect(workers[0]?.grids.filter((grid) => workers[1]?.grids.includes(grid))).toEqual([]);
  });

  test('each person has a record in the roster that says the same', () => {
    expect(new Set(all.map((seat) => seat.id)).size).toBe(all.length);
    for (const seat of all) {
      const record = standing(seeded(seat.community), 'staff').find(({ record: id }) => id === personOf(seat.id));
      expect(record?.fields).toEqual({ name: seat.name, role: seat.role, grids: seat.grids, partners: seat.partners });
      expect(seatOf(personOf(seat.id))).toEqual(seat);
    }
  });

  test('a leader finds the names of members, who are volunteers under the same name', () => {
    for (const seat of all.filter(({ role }) => role === 'groupLeader')) {
      const members = births(seeded(seat.community), 'member').filter((fact) => fact.set['partner'] === seat.partners[0]);
      const names = new Map(births(seeded(seat.community), 'volunteer').map((fact) => [fact.set['number'], fact.set['name']]));
      expect(members.length).toBeGreaterThan(20);
      for (const { set } of members) expect(names.get(set['number'])).toBe(set['name']);
    }
  });
});

const doors = (rooms: Rooms, seatId: string, on: string) => {
  const grids = seats().find((seat) => seat.id === seatId)?.grids ?? [];
  const last = new Map<string, Fields>();
  for (const { set } of births(rooms, 'visit')) {
    const known = last.get(String(set['household']));
    if (grids.includes(String(set['grid'])) && (!known || Number(known['visitedAt']) < Number(set['visitedAt']))) last.set(String(set['household']), set);
  }
  const counts = { overdue: 0, today: 0, later: 0, never: 0 };
  for (const { record, set } of births(rooms, 'household')) {
    if (!grids.includes(String(set['grid']))) continue;
    const visit = last.get(record);
    const latest = visit && {
      visit: '', visitedAt: Number(visit['visitedAt']), outcome: visit['outcome'] as 'met', nextOn: visit['nextOn'] as string | undefined,
    };
    counts[dueOf(latest, on, usualIntervals).state] += 1;
  }
  return counts;
};

describe('the story of 双柏', () => {
  const rooms = seeded('shuangbai');
  const activities = standing(rooms, 'activity');
  const homes = new Map(births(rooms, 'household').map(({ record, set }) => [record, set['grid']]));

  test('both grid workers have doors due today, overdue, and never called at', () => {
    for (const seat of ['sb-grid1', 'sb-grid2']) {
      const { overdue, today: due, never } = doors(rooms, seat, today);
      expect(due).toBeGreaterThan(2);
      expect(overdue).toBeGreaterThan(5);
      expect(overdue).toBeLessThan(60);
      expect(never).toBeGreaterThan(0);
    }
    expect(births(rooms, 'visit').some(({ set }) => set['outcome'] === 'notHome' && Number(set['visitedAt']) > instantOf(addDays(today, -7)))).toBe(true);
  });

  test('today holds one shared activity of the leader seat’s group, planned and with nobody’s attendance', () => {
    const shared = activities.filter(({ fields }) => fields['organiser'] === 'par_shuangxiaobai' && dayOf(Number(fields['startsAt'])) === today);
    expect(shared.map(({ fields }) => [fields['title'], fields['status']])).toEqual([['双小柏便民服务日', 'planned']]);
    expect(births(rooms, 'attendance').some(({ set }) => set['activity'] === shared[0]?.record)).toBe(false);
    expect(seats().find(({ id }) => id === 'sb-lead1')?.partners).toEqual(['par_shuangxiaobai']);
  });

  test('what is past was held or cancelled, what is not yet stands as planned', () => {
    for (const { fields } of activities) expect(fields['status'] === 'planned').toBe(dayOf(Number(fields['startsAt'])) >= today);
    expect(activities.filter(({ fields }) => dayOf(Number(fields['startsAt'])) > today).length).toBeGreaterThan(5);
  });

  test('yesterday’s head-count, counted twice offline, is the only clash', () => {
    const clashes = activities.filter(({ clashes: found }) => found.length > 0);
    expect(clashes.map(({ fields, clashes: found }) => [fields['title'], dayOf(Number(fields['startsAt'])), found.map(({ field }) => field)])).toEqual([
      ['双小柏院落大扫除', yesterday, ['headCount']],
    ]);
  });

  test('one partner has become a group and kept its identity', () => {
    const partner = standing(rooms, 'partner').find(({ record }) => record === 'par_zhou');
    const conversions = standing(rooms, 'conversion').map(({ record, fields }) => ({ id: record, fields: fields as ConversionFields }));
    const spans = partnerHistory(partner?.fields as PartnerFields, conversions).map(({ type, legalForm }) => [type, legalForm]);
    expect(spans).toEqual([['individual', 'person'], ['community_group', 'organisation']]);
  });

  test('a need waits for the resident’s word, one for the leader’s group, one is open; each with the door and the words beside it', () => {
    const needs = standing(rooms, 'need');
    const told = new Map(standing(rooms, 'needTold').map(({ record, fields }) => [needOfTold(record), fields]));
    const mine = needs.filter(({ fields }) => seats().find(({ id }) => id === 'sb-grid1')?.grids.includes(String(fields['grid'])));
    const at = (stage: string) => mine.filter(({ fields }) => fields['stage'] === stage);
    for (const stage of ['open', 'done']) expect(at(stage).length, stage).toBeGreaterThan(0);
    expect(needs.some(({ fields }) => fields['stage'] === 'matched' && fields['partner'] === 'par_shuangxiaobai')).toBe(true);
    for (const { record, fields } of needs) {
      expect(told.get(record)?.['grid']).toBe(fields['grid']);
      expect(homes.get(String(told.get(record)?.['household']))).toBe(fields['grid']);
    }
    expect(new Set(needs.map(({ fields }) => fields['stage'])).size).toBeGreaterThan(4);
  });

  test('邻聚e站 held its four a month, but for one month', () => {
    const counts = new Map<string, number>();
    for (const { record, fields } of activities)
      if (fields['organiser'] === 'par_linju' && fields['status'] === 'held') counts.set(activityMonth(record), (counts.get(activityMonth(record)) ?? 0) + 1);
    const whole = [...counts].filter(([month]) => month !== '2026-11');
    expect(whole).toHaveLength(12);
    expect(whole.filter(([, count]) => count !== 4)).toEqual([['2026-08', 3]]);
  });
});

describe('where a row comes from', () => {
  test('is told by the device tag of its fact', () => {
    const neverFromTheAccount = ['household', 'volunteer', 'member', 'activity', 'attendance', 'visit', 'staff'];
    for (const slug of slugs) {
      const facts = factsIn(seeded(slug));
      expect([...new Set(facts.map((fact) => deviceTagOf(fact.id)))].sort()).toEqual(['gen1', 'seed']);
      expect(facts.filter((fact) => neverFromTheAccount.includes(fact.kind) && !isGenerated(fact.id))).toEqual([]);
    }
  });

  test('and a generated partner also says so in words', () => {
    for (const slug of slugs)
      for (const { id, set } of births(seeded(slug), 'partner')) expect(String(set['note'] ?? '').includes('自动生成')).toBe(isGenerated(id));
  });
});
