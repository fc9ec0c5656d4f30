/**
 * The page's composition root: the seat, the replica behind it, and the last thing that went wrong. Imported when somebody
 * sits down, not before: everything heavy hangs on it.
 */
import type { Actor } from '../domain/kernel/actor.ts';
import type { Result } from '../domain/kernel/result.ts';
import type { Live, Reader, ReplicaCalls, SyncStatus } from '../replica/contract.ts';
import { openReplica } from '../replica/open.ts';
import { createRun, type Run } from './commands/run.ts';
import { rememberSeat, tabletName, type Seat } from './seat.ts';

export interface Session {
  readonly seat: Seat;
  readonly actor: Actor;
  /** Runs a command: `run('recordVisit', {…})`. */
  readonly run: Run;
  readonly calls: ReplicaCalls;
  readonly reader: Reader;
  readonly status: Live<SyncStatus>;
  /** Errors nobody was waiting for: broken storage, a crashed worker. */
  readonly trouble: Live<string>;
  close(): Promise<void>;
}

export type OpenFailure = 'offline' | 'barred' | 'storage-blocked';

/** Sits down: opens the seat's replica on this tablet. Works offline for a seat that was online here once. */
export async function openSession(seat: Seat): Promise<Result<Session, OpenFailure>> {
  const watchers = new Set<(trouble: string) => void>();
  const fail = (error: unknown): void => {
    for (const watch of watchers) watch(error instanceof Error ? error.message : String(error));
  };
  const replica = await openReplica({ replica: `${tabletName()}-${seat.id}`, seat: seat.id, server: location.origin }, fail);
  const opened = await replica.calls.open({ replica: `${tabletName()}-${seat.id}`, seat: seat.id, server: location.origin });
  if (!opened.ok) {
    await replica.close();
    return opened;
  }
  rememberSeat({ seat, actor: opened.value });
  // Granted or not is the browser's to say; the sync page shows it.
  void navigator.storage?.persist?.();
  return {
    ok: true,
    value: {
      seat,
      actor: opened.value,
      run: createRun(replica.calls),
      calls: replica.calls,
      reader: replica.reader,
      status: replica.status,
      trouble: {
        subscribe(run) {
          watchers.add(run);
          return () => void watchers.delete(run);
        },
      },
      close: () => replica.close(),
    },
  };
}
