/** The page's door to a replica: starts the worker, turns calls into messages, opens the projection for reading. */
import type { Live, Reader, ReplicaCalls, Seating, SyncStatus } from './contract.ts';
import { openProjection } from './projection/database.ts';
import { createReader } from './projection/reader.ts';
import type { Call, Reply, StatusMessage } from './rpc.ts';
import { sealingOf } from './sealing.ts';

export interface OpenedReplica {
  readonly calls: ReplicaCalls;
  readonly reader: Reader;
  readonly status: Live<SyncStatus>;
  close(): Promise<void>;
}

/** The first list needs only this, and the data key of an enrolled seat: no worker, no network. @throws the storage's error where a browser keeps nothing */
export async function openReader(replica: string, fail: (error: unknown) => void, dataKey?: CryptoKey): Promise<Reader> {
  const projection = await openProjection(replica, dataKey && sealingOf(dataKey));
  // The database itself is made without touching the disk; what every screen reads first shows whether it can be.
  await projection.side('pending');
  return createReader(projection, fail);
}

export async function openReplica(seating: Seating, fail: (error: unknown) => void): Promise<OpenedReplica> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: seating.replica });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const watchers = new Set<(status: SyncStatus) => void>();
  let status: SyncStatus | undefined;
  let next = 0;

  worker.onmessage = ({ data }: MessageEvent<Reply | StatusMessage>) => {
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
  const reader = await openReader(seating.replica, fail, seating.enrolled?.dataKey).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return {
    calls,
    reader,
    status: {
      subscribe(run) {
        watchers.add(run);
        if (status) run(status);
        return () => void watchers.delete(run);
      },
    },
    async close() {
      await calls.leave().catch(fail);
      worker.terminate();
      // A browser without storage cannot close it either, and its reason must not take the place of the first one.
      await reader.close().catch(fail);
    },
  };
}
