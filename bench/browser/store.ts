/** What each yardstick can do on one device, and the measures that are the same for all of them. */
import type { ReadTimes } from '../calls.ts';
import type { Doc } from '../records.ts';
import { rounds, timed } from './clock.ts';
import { activityDoc, saveDocs } from './saves.ts';

export interface Store {
  fill(docs: readonly Doc[]): Promise<void>;
  /** Ids, newest first. */
  newest(kind: string, limit: number): Promise<readonly string[]>;
  count(kind: string): Promise<number>;
  points(): Promise<ReadonlyMap<string, number>>;
  /** Resolves when the documents are durable. */
  save(docs: readonly Doc[]): Promise<void>;
  /** @returns a stop */
  live(kind: string, limit: number, show: (ids: readonly string[]) => void): Promise<() => void>;
}

export const listLength = 50;

export const saves = (store: Store, count: number): Promise<number[]> => rounds(count, () => store.save(saveDocs()));
export const saveOnes = (store: Store, count: number): Promise<number[]> => rounds(count, () => store.save([activityDoc()]));

export async function reads(store: Store, count: number): Promise<ReadTimes> {
  const few = Math.max(3, Math.ceil(count / 5));
  return {
    // Another limit each time: a query that was just answered may be remembered.
    newest: await rounds(count, (round) => store.newest('attendance', listLength + round)),
    count: await rounds(few, () => store.count('visit')),
    points: await rounds(few, () => store.points()),
  };
}

export async function lives(store: Store, count: number): Promise<number[]> {
  const waiting = new Map<string, () => void>();
  const stop = await store.live('activity', listLength, (ids) => {
    for (const id of ids) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
  });
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    // Later than everything there is, so that it belongs on the list.
    const doc = activityDoc(Date.now() + 86_400_000 + round);
    times.push(await timed(async () => {
      const shown = new Promise<void>((resolve) => waiting.set(doc.id, resolve));
      await store.save([doc]);
      await shown;
    }));
  }
  stop();
  return times;
}
