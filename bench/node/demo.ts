/**
 * The demo source of the benches' server (LINHUO_DEMO names this file): communities of generated records, filled through
 * the gate and onto disk like everything else. `BENCH_RECORDS` (a year), `BENCH_YEARS`, `BENCH_DOORS` and `BENCH_LINES` say how many.
 */
import { scaleCommunity, scaleGrids } from '../../server/demo/scale.ts';
import type { Seat } from '../../src/protocol/api.ts';
import { doorsCommunity, doorsOf, ledgerCommunity, ledgersOf, yearsOf, type RoomFacts } from '../records.ts';

const count = (name: string): number => Number(process.env[name] ?? '0');

const seat = (community: string, role: Seat['role'], suffix: string, grids: readonly string[]): Seat => ({
  id: `${community}-${suffix}`, name: suffix, role, community, communityName: community, grids: [...grids], partners: [],
});

export const seats = (): Seat[] => [
  seat(scaleCommunity, 'supervisor', 'super', []),
  seat(scaleCommunity, 'gridWorker', 'grid1', scaleGrids),
  seat(doorsCommunity, 'supervisor', 'super', []),
  seat(doorsCommunity, 'gridWorker', 'grid1', scaleGrids),
  seat(ledgerCommunity, 'supervisor', 'super', []),
  seat(scaleCommunity, 'redemptionPoint', 'counter', []),
];

export const personOf = (id: string): string => `per_${id}`;

export function seedCommunity(community: string, now: number): RoomFacts[] {
  if (community === scaleCommunity) return withoutLedger(yearsOf(count('BENCH_YEARS'), count('BENCH_RECORDS'), now));
  if (community === ledgerCommunity) return ledgersOf(count('BENCH_LINES'), now);
  // The server fills its usual first community when it starts; here that one stays empty.
  return community === doorsCommunity ? doorsOf(count('BENCH_DOORS'), now) : [];
}

/** The authority writes the ledger: entries that come in beside it while the rules are still on their way are reversed. */
const withoutLedger = (rooms: readonly RoomFacts[]): RoomFacts[] => rooms.filter(({ room }) => room.family !== 'ledger');
