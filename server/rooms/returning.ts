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
import { decodeFact, deviceTagOf } from '../../src/domain/kernel/fact.ts';
import type { Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { encodeRuns, type Cell, type Run } from './updateCodec.ts';
import { readUpdate } from './updateReader.ts';

export interface Returned<Accepted> {
  readonly result: Result<Accepted, Refusal>;
  /** Facts of this device wait for others'. */
  readonly left: boolean;
  /** Device → how many of its facts this tablet knows and the store lacks. */
  readonly lacking: ReadonlyMap<string, number>;
}

/** A tablet starts a run each time it is started; each try reads the whole again. */
const triesMax = 16;

export const canReturn = (room: RoomAddress): boolean => room.family !== 'ledger';

/** @param submit hands an update to the gate; called again with less while what is offered stands on something missing */
export function submitReturning<Accepted>(bytes: Uint8Array, device: string, submit: (bytes: Uint8Array) => Result<Accepted, Refusal>): Returned<Accepted> {
  const runs = runsOf(bytes);
  // What can not be read is the gate's to refuse.
  if (!runs) return { result: submit(bytes), left: false, lacking: new Map() };
  const lacking = new Map<string, number>();
  /** What was offered by the tablet and is not with the gate now. */
  const away = new Set<string>();
  let own: Run[] = [];
  for (const run of runs) {
    if (run.cells.some(({ id }) => deviceTagOf(id) === device)) own.push(run);
    else for (const { id } of run.cells) {
      away.add(id);
      lacking.set(deviceTagOf(id), (lacking.get(deviceTagOf(id)) ?? 0) + 1);
    }
  }
  for (let tries = 0; ; tries += 1) {
    const result = submit(encodeRuns(own));
    const { fact } = result.ok ? {} : result.error;
    if (result.ok || result.error.reason !== 'unknown-base' || fact === undefined || tries > triesMax || !standsOn(away, own, fact)) return { result, left: tries > 0, lacking };
    // The gate reads in the order of stating. What was stated later may stand, in a run of its own, but not for ever more tries.
    const isEnd = tries < triesMax ? ({ id }: Cell) => id === fact : ({ id }: Cell) => id === fact || isLater(id, fact);
    own = own.map((run) => endBefore(run, isEnd, away)).filter(({ cells }) => cells.length > 0);
  }
}

/** Else nobody will ever bring what it stands on, and the tablet is to hear of it. */
function standsOn(away: ReadonlySet<string>, runs: readonly Run[], fact: string): boolean {
  const json = runs.flatMap(({ cells }) => cells).find(({ id }) => id === fact)?.json;
  return json !== undefined && decodeFact(fact, json).base.some((id) => away.has(id));
}

function endBefore(run: Run, isEnd: (cell: Cell) => boolean, away: Set<string>): Run {
  const end = run.cells.findIndex(isEnd);
  if (end < 0) return run;
  for (const { id } of run.cells.slice(end)) away.add(id);
  return { ...run, cells: run.cells.slice(0, end) };
}

/** FC1: of two facts of one device. */
const isLater = (id: string, than: string): boolean => id.length > than.length || (id.length === than.length && id > than);

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
