/** Points on a tablet: handing out for them at a counter, and what everybody has. */
import { counterOf } from '../../src/client/queries/counter.ts';
import { once } from '../../src/client/queries/live.ts';
import { balances, type TwoSided } from '../../src/domain/points/balance.ts';
import { isVolunteers } from '../../src/domain/points/accounts.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Reader } from '../../src/replica/contract.ts';
import type { OpenedReplica } from '../../src/replica/open.ts';
import type { BalanceTimes } from '../calls.ts';
import { rounds, timed, when } from './clock.ts';

/** One point each, for whoever has any held here. */
export async function redeem({ calls, reader }: OpenedReplica, actor: Actor, count: number): Promise<number[]> {
  const { grant, left } = await when(counterOf(reader, actor), ({ left }) => [...left.values()].reduce((sum, points) => sum + points, 0) >= count);
  const takers = [...left].flatMap(([volunteer, points]) => Array.from({ length: points }, () => volunteer));
  return rounds(count, async (round) => {
    const done = await calls.run(crypto.randomUUID(), 'redeemPoints', { grant: grant?.id, volunteer: takers[Math.floor((round * takers.length) / count)], points: 1 });
    if (!done.ok) throw new Error(`not redeemed: ${JSON.stringify(done.error)}`);
  });
}

const pointsKey = 'points:';

/** What each volunteer has: from the totals that are kept of each month, and from every line of the ledger. */
export async function balanceTimes(reader: Reader): Promise<BalanceTimes> {
  const kept = new Map<string, number>();
  const rollups = await timed(async () => {
    for (const { tallies } of await once(reader.rollups('ledger')))
      for (const [key, points] of Object.entries(tallies)) if (key.startsWith(pointsKey)) kept.set(key.slice(pointsKey.length), (kept.get(key.slice(pointsKey.length)) ?? 0) + points);
  });
  let lines = 0;
  let folded = new Map<string, number>();
  let fold = Number.NaN;
  const scratch = await timed(async () => {
    const [entries, moves] = await Promise.all((['pointsEntry', 'pointsMove'] as const).map((kind) => once(reader.list<TwoSided>('ledger', { kind }))));
    const all = [...(entries ?? []), ...(moves ?? [])];
    lines = all.length;
    fold = await timed(async () => void (folded = balances(all)));
  });
  const volunteers = [...folded].filter(([account]) => isVolunteers(account));
  for (const [account, points] of volunteers)
    if (kept.get(account.slice(account.lastIndexOf(':') + 1)) !== points) throw new Error(`${account} has ${points} by the lines, and something else by the totals`);
  if (volunteers.length !== kept.size) throw new Error(`${volunteers.length} volunteers by the lines, ${kept.size} by the totals`);
  return { lines, rollups, scratch, fold };
}
