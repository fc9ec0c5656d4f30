/**
 * What every screen holds in its hands: the session, the live state of the tablet, the state of each record, and the offer
 * to take back what was just saved. Made once by the root layout and kept in context.
 */
import { getContext, setContext } from 'svelte';
import { undo, type Run } from '$client/commands/run.ts';
import type { Session } from '$client/session.ts';
import type { CommandName, InputOf } from '$domain/commands.ts';
import type { CommandError } from '$domain/kernel/command.ts';
import { err, ok, type Result } from '$domain/kernel/result.ts';
import { fromLive } from '$lib/live/live.svelte.ts';
import type { PendingRow, RecordState, Saved, SyncStatus } from '$replica/contract.ts';

const key = Symbol('desk');
/** Longer than a row of `pending` ever lags behind the journal. */
const rowLagMs = 500;

export interface UndoOffer {
  readonly words: string;
  readonly saved: Saved;
}

export interface Desk {
  readonly session: Session;
  readonly status: SyncStatus | undefined;
  readonly pending: readonly PendingRow[];
  /** The state of a record in one of the four words; undefined in the first moment, while nobody knows. */
  stateOf(record: string): RecordState | undefined;
  /** Runs a command; when it saved, offers to undo it under these words. */
  save<Name extends CommandName>(name: Name, input: InputOf<Name>, words: string): Promise<Result<Saved, CommandError>>;
  /** Several commands that are one act to the person: stops at the first that fails; what was saved is undone as one. */
  saveAll(steps: readonly ((run: Run) => Promise<Result<Saved, CommandError>>)[], words: string): Promise<Result<Saved, CommandError>>;
  readonly offer: UndoOffer | undefined;
  /** Rejects when it could not be taken back, so that the bar can say so. */
  takeBack(): Promise<void>;
  dismiss(): void;
}

export function createDesk(session: Session): Desk {
  const status = fromLive(session.status);
  const pending = fromLive(session.reader.pending());
  const states = $derived(new Map((pending.current ?? []).map((row) => [row.id, row.state])));
  let offer = $state.raw<UndoOffer>();
  // What was saved here is not confirmed before its row says so or has had time to: the row comes a moment later.
  let fresh = $state.raw<readonly string[]>([]);

  function justSaved(saved: Saved, words: string): void {
    offer = { words, saved };
    const records = saved.facts.map(({ ref }) => ref.record);
    fresh = [...fresh, ...records];
    setTimeout(() => (fresh = fresh.slice(records.length)), rowLagMs);
  }

  return {
    session,
    get status() {
      return status.current;
    },
    get pending() {
      return pending.current ?? [];
    },
    stateOf: (record) => states.get(record) ?? (fresh.includes(record) ? 'saved' : pending.loading ? undefined : 'confirmed'),
    async save(name, input, words) {
      const result = await session.run(name, input);
      if (result.ok) justSaved(result.value, words);
      return result;
    },
    async saveAll(steps, words) {
      const saved: Saved['facts'][number][] = [];
      let failed: Result<Saved, CommandError> | undefined;
      for (const step of steps) {
        const result = await step(session.run);
        if (result.ok) saved.push(...result.value.facts);
        else if (result.error.type !== 'NothingChanged') {
          failed = result;
          break;
        }
      }
      if (saved.length > 0) justSaved({ facts: saved }, words);
      return failed ?? (saved.length > 0 ? ok({ facts: saved }) : err({ type: 'NothingChanged' }));
    },
    get offer() {
      return offer;
    },
    async takeBack() {
      const taken = offer;
      if (!taken) return;
      const undone = await undo(session.run, taken.saved);
      if (!undone.ok) throw new Error(undone.error.type);
      if (offer === taken) offer = undefined;
    },
    dismiss() {
      offer = undefined;
    },
  };
}

export const provideDesk = (desk: Desk): Desk => setContext(key, desk);
export const useDesk = (): Desk => getContext<Desk>(key);
