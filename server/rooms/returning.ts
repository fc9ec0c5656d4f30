/**
 * What tablets bring back to a store that was restored from a backup. A tablet's sync step 2 then holds everything that
 * the store lacks, facts of other devices among it, and a stock client can not send less.
 *
 * - SR51 A tablet gives back what its own device stated. Facts of other devices are passed over: who says what somebody
 *   else stated proves nothing, so they come back from their own devices.
 * - SR52 What stands on facts that are not back yet is left with its tablet, and asked for again when others came back.
 *
 * A ledger is left out: the server makes it again, and a tablet that knows more must take the server's.
 */
import { deviceTagOf } from '../../src/domain/kernel/fact.ts';
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
  let own: Run[] = [];
  for (const run of runs) {
    if (run.cells.some(({ id }) => deviceTagOf(id) === device)) own.push(run);
    else for (const { id } of run.cells) lacking.set(deviceTagOf(id), (lacking.get(deviceTagOf(id)) ?? 0) + 1);
  }
  for (let tries = 0; ; tries += 1) {
    const result = submit(encodeRuns(own));
    const { fact } = result.ok ? {} : result.error;
    if (result.ok || result.error.reason !== 'unknown-base' || fact === undefined || tries > triesMax) return { result, left: tries > 0, lacking };
    // The gate reads in the order of stating. What was stated later may stand, in a run of its own, but not for ever more tries.
    const stays = tries < triesMax ? (run: Run) => endBefore(run, ({ id }) => id === fact) : (run: Run) => endBefore(run, ({ id }) => id === fact || isLater(id, fact));
    own = own.map(stays).filter(({ cells }) => cells.length > 0);
  }
}

function endBefore(run: Run, isEnd: (cell: Cell) => boolean): Run {
  const end = run.cells.findIndex(isEnd);
  return end < 0 ? run : { ...run, cells: run.cells.slice(0, end) };
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
