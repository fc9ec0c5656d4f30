/**
 * A store can know less than its tablets do: it was restored from a backup, or its disk lost what it had claimed to hold.
 * A tablet's sync step 2 then brings everything the store lacks, facts of other devices among it; a stock client can't
 * send less. A refusal would make it throw away what may be the only copy.
 *
 * - SR51 A tablet gives back what its own device stated. Facts of other devices are passed over: who says what somebody
 *   else stated proves nothing, so they come back from their own devices.
 * - SR52 What stands on facts that were passed over is left with its tablet, and asked for again when others came back.
 *
 * A ledger is left out: the server makes it again, and a tablet that knows more must take the server's.
 */
import { deviceTagOf } from '../../src/domain/kernel/fact.ts';
import type { Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { encodeRuns, type Cell, type Run } from '../../src/protocol/updateCodec.ts';
import { readUpdate } from './updateReader.ts';

export interface Returned<Accepted> {
  readonly result: Result<Accepted, Refusal>;
  /** Facts of this device wait for others'. */
  readonly left: boolean;
  /** Device → how many of its facts this tablet knows and the store lacks. */
  readonly lacking: ReadonlyMap<string, number>;
}

export const canReturn = (room: RoomAddress): boolean => room.family !== 'ledger';

/**
 * @param holds whether the room has this fact, staged ones included
 * @param submit hands an update to the gate
 */
export function submitReturning<Accepted>(bytes: Uint8Array, device: string, holds: (fact: string) => boolean, submit: (bytes: Uint8Array) => Result<Accepted, Refusal>): Returned<Accepted> {
  const runs = runsOf(bytes);
  // What can not be read is the gate's to refuse.
  if (!runs) return { result: submit(bytes), left: false, lacking: new Map() };
  const lacking = new Map<string, number>();
  /** What was offered by the tablet and the gate is not shown. */
  const away = new Set<string>();
  const own: Run[] = [];
  for (const run of runs) {
    if (run.cells.some(({ id }) => deviceTagOf(id) === device)) own.push(run);
    else for (const { id } of run.cells) {
      away.add(id);
      lacking.set(deviceTagOf(id), (lacking.get(deviceTagOf(id)) ?? 0) + 1);
    }
  }
  if (away.size === 0) return { result: submit(bytes), left: false, lacking };
  const standing = withoutWaiting(own, away, holds);
  return { result: submit(encodeRuns(standing.filter(({ cells }) => cells.length > 0))), left: countOf(standing) < countOf(own), lacking };
}

/**
 * Each run as far as it stands on something: in the order of stating, so that one look at each fact is enough. What stands
 * on a fact that nobody brings stays in: the gate refuses it, and the tablet is to hear of it.
 */
function withoutWaiting(runs: readonly Run[], away: Set<string>, holds: (fact: string) => boolean): Run[] {
  const ends = runs.map(({ cells }) => cells.length);
  const cells = runs.flatMap((run, nth) => run.cells.map((cell, at) => ({ cell, nth, at })));
  for (const { cell, nth, at } of cells.sort((a, b) => statedOrder(a.cell.id, b.cell.id))) {
    const end = ends[nth] ?? 0;
    if (at < end && !basesOf(cell.json).some((id) => away.has(id) && !holds(id))) continue;
    ends[nth] = Math.min(end, at);
    away.add(cell.id);
  }
  return runs.map((run, nth) => ({ ...run, cells: run.cells.slice(0, ends[nth]) }));
}

const countOf = (runs: readonly Run[]): number => runs.reduce((sum, { cells }) => sum + cells.length, 0);

/** FC1: of two facts of one device. */
const statedOrder = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

function basesOf(json: string): readonly string[] {
  try {
    const fact: unknown = JSON.parse(json);
    return typeof fact === 'object' && fact !== null && 'base' in fact && Array.isArray(fact.base) ? fact.base : [];
  } catch {
    // No fact, which is the gate's to say.
    return [];
  }
}

function runsOf(bytes: Uint8Array): Run[] | undefined {
  const runs: { readonly client: number; readonly clock: number; readonly cells: Cell[] }[] = [];
  for (const placed of readUpdate(bytes)) {
    if (!placed.ok) return undefined;
    const { client, clock, cell } = placed.value;
    const last = runs.at(-1);
    if (last?.client === client && last.clock + last.cells.length === clock) last.cells.push(cell);
    else runs.push({ client, clock, cells: [cell] });
  }
  return runs;
}
