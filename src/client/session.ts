/**
 * The page's composition root: who sits at this tablet, the replica behind it, and the last thing that went wrong.
 * Remembers the seat, so a reload or a cold start offline opens where one left.
 */
import type { Actor } from '../domain/kernel/actor.ts';
import type { Result } from '../domain/kernel/result.ts';
import type { Live, Reader, ReplicaCalls, SyncStatus } from '../replica/contract.ts';
import { openReplica } from '../replica/open.ts';
import { seatsSchema, type Seat } from '../protocol/api.ts';
import { createRun, type Run } from './commands/run.ts';
import * as v from 'valibot';

/** What is remembered between openings, per tablet. */
export interface Remembered {
  readonly seat: Seat;
  readonly actor: Actor | undefined;
}

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

/**
 * Several tablets can live in one browser: the demo page names each of its frames `linhuo:<tablet>`, and a frame keeps its
 * name through reloads and navigation.
 */
export const tabletName = (): string => (window.name.startsWith('linhuo:') ? window.name.slice('linhuo:'.length) : 'own');

const key = (): string => `linhuo-seat-${tabletName()}`;

export function rememberedSeat(): Remembered | undefined {
  try {
    const stored = localStorage.getItem(key());
    return stored === null ? undefined : (JSON.parse(stored) as Remembered);
  } catch {
    // Storage that cannot be read is reported when the replica opens; here it means "nobody sat here".
    return undefined;
  }
}

const remember = (remembered: Remembered): void => localStorage.setItem(key(), JSON.stringify(remembered));

/** Nothing saved on this tablet is deleted; sitting down again finds it. */
export const forgetSeat = (): void => localStorage.removeItem(key());

/** The chairs of the demo; undefined when the server has none to offer or cannot be reached. */
export async function fetchSeats(): Promise<readonly Seat[] | undefined> {
  try {
    const response = await fetch('/api/seats');
    const parsed = v.safeParse(seatsSchema, response.ok ? await response.json() : undefined);
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

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
  remember({ seat, actor: opened.value });
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
