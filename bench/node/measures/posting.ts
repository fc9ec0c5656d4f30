/**
 * 14 · The authority posts what came in at once: a year's held activities with who attended, then claims of four counters.
 * Its own code on SQLite with fsync, until the last entry is durable; without the rests that it leaves to everybody else.
 */
import type { Measure, Row } from '../report.ts';
import { scaleCommunity } from '../../../server/demo/scale.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import { recordsOf, type RoomFacts } from '../../records.ts';
import { openBooks } from '../posting.ts';

const counters = Array.from({ length: 4 }, (_, nth): Actor => ({
  person: `per_shop${nth}`, role: 'redemptionPoint', community: scaleCommunity, grids: [], partners: [], device: `shop${nth}`,
}));

interface Times {
  readonly service: number;
  readonly claims: number;
}

/** The first `count` facts of a year's log, an activity before who attended it. */
function logOf(count: number, pages: readonly RoomFacts[]): RoomFacts[] {
  let left = count;
  return pages.filter(({ room }) => room.family === 'log').map(({ room, facts }) => {
    const own = facts.slice(0, left);
    left -= own.length;
    return { room, facts: own };
  });
}

async function post(service: number, claims: number, now: number): Promise<Times> {
  // Two of five records are attendances.
  const pages = recordsOf(service * 3, now);
  const books = openBooks(now);
  try {
    await books.state([...pages.filter(({ room }) => room.family === 'roster'), ...logOf(service, pages)]);
    let from = performance.now();
    await books.authority.catchUp(scaleCommunity);
    const serviceMs = performance.now() - from;

    for (const counter of counters) await books.open(counter);
    let stated = 0;
    for (const counter of counters) stated += await books.claim(counter, claims / counters.length);
    if (stated !== claims) throw new Error(`points were held for ${stated} of ${claims} claims`);
    from = performance.now();
    await books.authority.catchUp(scaleCommunity);
    const claimsMs = performance.now() - from;
    const booked = (await books.ledger('vrd_')).filter(({ fields }) => fields['result'] === 'booked').length;
    if (booked !== claims) throw new Error(`${booked} of ${claims} claims were booked`);
    return { service: serviceMs, claims: claimsMs };
  } finally {
    await books.close();
  }
}

export const posting: Measure = {
  id: '14',
  title: 'posting by the authority',
  async run({ quick, now }): Promise<Row[]> {
    const [service, claims, rounds] = quick ? [800, 200, 1] : [8_000, 2_000, 5];
    const times: Times[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await post(service, claims, now));
    const facts = service + claims;
    const total = times.map((each) => each.service + each.claims);
    const size = (count: number): string => count.toLocaleString('en');
    return [
      { id: '14', what: `${size(facts)} facts posted by the authority`, unit: 'ms', figures: { ours: total } },
      { id: '14', what: `of them ${size(service)} activities and attendances of a year`, unit: 'ms', figures: { ours: times.map((each) => each.service) } },
      { id: '14', what: `of them ${size(claims)} claims of ${counters.length} counters`, unit: 'ms', figures: { ours: times.map((each) => each.claims) } },
      { id: '14', what: 'facts a second', unit: '', figures: { ours: total.map((ms) => Math.round((facts * 1_000) / ms)) } },
    ];
  },
};
