/**
 * The page's composition root: the seat, the replica behind it, and the last thing that went wrong. Imported when somebody
 * sits down, not before: everything heavy hangs on it.
 */
import type { Actor } from '../domain/kernel/actor.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import type { SeatHere } from '../keys/seat.ts';
import type { Live, Reader, ReplicaCalls, SyncStatus, WorkDone } from '../replica/contract.ts';
import { openReplica, type OpenedReplica } from '../replica/open.ts';
import { createRun, type Run } from './commands/run.ts';
import { mergedCalls, mergedReader, mergesOf } from './queries/merged.ts';
import { rememberSeat, tabletName, type Remembered, type Seat } from './seat.ts';

export interface Session {
  readonly seat: Seat;
  readonly actor: Actor;
  /** Runs a command: `run('recordVisit', {…})`. */
  readonly run: Run;
  readonly calls: ReplicaCalls;
  readonly reader: Reader;
  readonly status: Live<SyncStatus>;
  readonly work: Live<WorkDone>;
  /** Errors nobody was waiting for: broken storage, a crashed worker. */
  readonly trouble: Live<string>;
  /** Opened from what was remembered, and then the replica behind it did not open after all. */
  readonly lost: Live<OpenFailure>;
  close(): Promise<void>;
}

/** An enrolled seat that a PIN has opened. */
export interface Unlocked {
  readonly here: SeatHere;
  readonly dataKey: CryptoKey;
}

export type OpenFailure = 'offline' | 'barred' | 'storage-blocked';

/**
 * Sits down: opens the seat's replica on this tablet. Works offline for a seat that was online here once, and then waits for
 * nothing but the projection: the first list needs no worker and no network. What goes wrong after that comes through `lost`.
 * @param unlocked outside demo mode: the seat's device, opened with its PIN
 */
export async function openSession({ seat, actor: known }: Remembered, unlocked?: Unlocked): Promise<Result<Session, OpenFailure>> {
  const trouble = createSignal<string>();
  const lost = createSignal<OpenFailure>();
  const fail = (error: unknown): void => trouble.give(error instanceof Error ? error.message : String(error));
  const seating = {
    ...(unlocked ? { replica: unlocked.here.replica, enrolled: { tag: seat.id, dataKey: unlocked.dataKey } } : { replica: `${tabletName()}-${seat.id}` }),
    seat: seat.id, server: location.origin,
  };
  let replica: OpenedReplica;
  try {
    replica = await openReplica(seating, fail);
  } catch {
    // The page's half of it is the projection's database alone: a browser that keeps none is the one cause.
    return err('storage-blocked');
  }
  const opening = replica.calls.open(seating);
  const remember = (actor: Actor): void => rememberSeat({ seat, actor, ...(unlocked && { enrolled: true }) });
  const reader = mergedReader(replica.reader);
  // Held as long as somebody sits here: no list waits for it a second time.
  const letGo = mergesOf(reader).subscribe(() => undefined);
  const session = (actor: Actor): Session => ({
    seat,
    actor,
    run: createRun(replica.calls),
    calls: mergedCalls(replica.calls, reader),
    reader,
    status: replica.status,
    work: replica.work,
    trouble,
    lost,
    close: () => {
      letGo();
      return replica.close();
    },
  });
  if (known) {
    opening.then((opened) => (opened.ok ? remember(opened.value) : lost.give(opened.error)), fail);
    return ok(session(known));
  }
  const opened = await opening;
  if (!opened.ok) {
    await replica.close();
    return opened;
  }
  remember(opened.value);
  // Granted or not is the browser's to say; the sync page shows it.
  void navigator.storage?.persist?.();
  return ok(session(opened.value));
}

/** A value that comes later, if at all; whoever listens late still hears it. */
function createSignal<T>(): Live<T> & { give(value: T): void } {
  const watchers = new Set<(value: T) => void>();
  let last: { readonly value: T } | undefined;
  return {
    give(value) {
      last = { value };
      for (const watch of watchers) watch(value);
    },
    subscribe(run) {
      watchers.add(run);
      if (last) run(last.value);
      return () => void watchers.delete(run);
    },
  };
}
