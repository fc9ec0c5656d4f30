/**
 * Group commit: what all rooms accepted within one short tick goes to the disk in one transaction.
 *
 * - SR3 One append at a time; a room's items settle in the order they were accepted.
 * - SR4 When the disk fails, every item of the batch fails, nothing is retried, and the rooms touched are dropped.
 */
import { StorageError, type RoomAppend, type Storage, type StoredUpdate } from '../storage/contract.ts';

export type Settle = (fault?: StorageError) => void;

/** One accepted update on its way to disk. */
export interface CommitItem {
  readonly room: Committable;
  /** Undefined: nothing new, but the sender waits until what came before it is on disk. */
  readonly update: StoredUpdate | undefined;
  readonly bindings: readonly (readonly [client: number, device: string])[];
  /** Called once: without a fault when the item and everything before it is durable. */
  readonly settle: Settle;
}

export interface Committable {
  readonly name: string;
  /** The head on disk. */
  readonly head: number;
  /** The items are on disk; called before their `settle`. */
  committed(items: readonly CommitItem[], updates: number): void;
  failed(error: StorageError): void;
}

export interface Committer {
  enqueue(item: CommitItem): void;
  /** Resolves when everything enqueued so far has settled or failed. */
  drained(): Promise<void>;
}

const tickMs = 2;
const batchMaxUpdates = 256;
const batchMaxBytes = 1_048_576;

/** @param onFault a disk that failed; for any fault but `full` the process has to end */
export function createCommitter(storage: Storage, onFault: (error: StorageError) => void, onCommit: () => void): Committer {
  let queue: CommitItem[] = [];
  let queuedBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function schedule(): void {
    if (running) return;
    if (queue.length >= batchMaxUpdates || queuedBytes >= batchMaxBytes) start();
    else timer ??= setTimeout(start, tickMs);
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (running || queue.length === 0) return;
    running = flush().then(() => {
      running = undefined;
      if (queue.length > 0) schedule();
    });
  }

  async function flush(): Promise<void> {
    const items = queue;
    queue = [];
    queuedBytes = 0;
    const itemsByRoom = new Map<Committable, CommitItem[]>();
    for (const item of items) {
      const same = itemsByRoom.get(item.room);
      if (same) same.push(item);
      else itemsByRoom.set(item.room, [item]);
    }
    try {
      const batch = [...itemsByRoom].map(([room, own]) => appendOf(room, own)).filter(({ updates }) => updates.length > 0);
      if (batch.length > 0) await storage.append(batch);
    } catch (error) {
      const fault = error instanceof StorageError ? error : new StorageError('broken', String(error), { cause: error });
      // What was accepted on top of the failed batch stands on nothing: it fails with its room.
      const lost = new Set(itemsByRoom.keys());
      const failed = [...items, ...queue.filter(({ room }) => lost.has(room))];
      queue = queue.filter(({ room }) => !lost.has(room));
      for (const room of lost) room.failed(fault);
      for (const item of failed) item.settle(fault);
      onFault(fault);
      return;
    }
    for (const [room, own] of itemsByRoom) {
      room.committed(own, own.filter(({ update }) => update).length);
      for (const item of own) item.settle();
    }
    onCommit();
  }

  return {
    enqueue(item) {
      queue.push(item);
      queuedBytes += item.update?.bytes.byteLength ?? 0;
      schedule();
    },
    async drained() {
      while (running || queue.length > 0) {
        start();
        await running;
      }
    },
  };
}

const appendOf = (room: Committable, items: readonly CommitItem[]): RoomAppend => ({
  room: room.name,
  after: room.head,
  updates: items.flatMap(({ update }) => update ?? []),
  clients: items.flatMap(({ bindings }) => bindings),
});
