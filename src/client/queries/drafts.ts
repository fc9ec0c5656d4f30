/**
 * Half-written forms. Each keystroke is kept, nothing waits for a pause; while one write is on its way the next one is only
 * remembered, so a fast typist costs one write at a time. A draft's id is the address of its form, so it can be opened again.
 */
import type { Value } from '../../domain/kernel/fact.ts';
import type { Draft, Live, ReplicaCalls } from '../../replica/contract.ts';

type Calls = Pick<ReplicaCalls, 'drafts' | 'saveDraft' | 'dropDraft'>;

const watchers = new Set<() => void>();
const changed = (): void => watchers.forEach((watch) => watch());

/** Newest first; follows what this page keeps and drops. */
export const draftsOf = (calls: Calls): Live<readonly Draft[]> => ({
  subscribe(run) {
    let stopped = false;
    const look = (): void => {
      // A tablet whose storage is gone says so on its own page; a list of drafts adds nothing to that.
      void calls.drafts().then((drafts) => stopped || run(drafts), () => stopped || run([]));
    };
    look();
    watchers.add(look);
    return () => {
      stopped = true;
      watchers.delete(look);
    };
  },
});

export interface DraftKeeper<T extends Value> {
  /** What was left here, if anything. */
  find(): Promise<T | undefined>;
  /** Durable soon after; the latest of several wins. */
  keep(title: string, value: T): void;
  /** After a save: nothing that was on its way brings it back. */
  drop(): Promise<void>;
}

export function draftKeeper<T extends Value>(calls: Calls, id: string, form: string): DraftKeeper<T> {
  let next: (() => Promise<void>) | undefined;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (next) {
      const step = next;
      next = undefined;
      await step();
    }
    working = undefined;
    changed();
  }
  const queue = (step: () => Promise<void>): Promise<void> => {
    next = step;
    working ??= work();
    return working;
  };
  return {
    find: async () => (await calls.drafts()).find((draft) => draft.id === id)?.value as T | undefined,
    keep: (title, value) => void queue(() => calls.saveDraft({ id, form, title, value, changedAt: Date.now() })),
    drop: () => queue(() => calls.dropDraft(id)),
  };
}

export async function dropDraft(calls: Calls, id: string): Promise<void> {
  await calls.dropDraft(id);
  changed();
}
