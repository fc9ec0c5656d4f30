/** The page's door to a replica: starts the worker, turns calls into messages, opens the projection for reading. */
import type { Live, Reader, ReplicaCalls, Seating, SyncStatus, WorkDone } from './contract.ts';
import { openProjection, type Projection } from './projection/database.ts';
import { createReader, type RenewableReader } from './projection/reader.ts';
import type { Call, ToPage } from './rpc.ts';
import { sealingOf } from './sealing.ts';

export interface OpenedReplica {
  readonly calls: ReplicaCalls;
  readonly reader: Reader;
  readonly status: Live<SyncStatus>;
  /** IM13. */
  readonly work: Live<WorkDone>;
  close(): Promise<void>;
}

/** The first list needs only this, and the data key of an enrolled seat: no worker, no network. @throws the storage's error where a browser keeps nothing */
export async function openReader(replica: string, fail: (error: unknown) => void, dataKey?: CryptoKey): Promise<RenewableReader> {
  const open = async (): Promise<Projection> => {
    const projection = await openProjection(replica, dataKey && sealingOf(dataKey));
    // The database itself is made without touching the disk; what every screen reads first shows whether it can be.
    await projection.side('pending');
    return projection;
  };
  return createReader(await open(), open, fail);
}

export async function openReplica(seating: Seating, fail: (error: unknown) => void): Promise<OpenedReplica> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: seating.replica });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const watchers = new Set<(status: SyncStatus) => void>();
  const workWatchers = new Set<(work: WorkDone) => void>();
  let status: SyncStatus | undefined;
  let next = 0;
  let reader: RenewableReader | undefined;

  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.type === 'renew') return reader?.renew();
    if (data.type === 'work') {
      for (const watch of workWatchers) watch(data.work);
      return;
    }
    if (data.type === 'status') {
      status = data.status;
      for (const watch of watchers) watch(data.status);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ('failure' in data) call?.reject(new Error(data.failure));
    else call?.resolve(data.value);
  };
  worker.onerror = (event) => fail(event.message);

  const calls = new Proxy({} as ReplicaCalls, {
    get: (_target, name) => {
      // A promise chain asks every object for `then`.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...args: readonly unknown[]) =>
        new Promise((resolve, reject) => {
          const call: Call = { type: 'call', id: next, name, args };
          next += 1;
          waiting.set(call.id, { resolve, reject });
          worker.postMessage(call);
        });
    },
  });
  const opened = await openReader(seating.replica, fail, seating.enrolled?.dataKey).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  reader = opened;
  return {
    calls,
    reader: opened,
    status: {
      subscribe(run) {
        watchers.add(run);
        if (status) run(status);
        return () => void watchers.delete(run);
      },
    },
    work: {
      subscribe(run) {
        workWatchers.add(run);
        return () => void workWatchers.delete(run);
      },
    },
    async close() {
      await calls.leave().catch(fail);
      worker.terminate();
      // A browser without storage cannot close it either, and its reason must not take the place of the first one.
      await opened.close().catch(fail);
    },
  };
}
