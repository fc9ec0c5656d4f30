/**
 * The totals of one room, kept beside its rows: a figure on screen is a sum over rooms, not a scan over records.
 *
 * - RL1 A roll-up equals the fold of its room's records, whatever the order in which they came.
 *   `latest` cannot be taken back record by record, so when the remembered record changes its key is folded anew.
 */
import type { Fields } from '../../domain/kernel/fact.ts';
import type { Folded } from '../../domain/kernel/fold.ts';
import { kindNamed } from '../../domain/kinds.ts';

interface LatestEntry {
  readonly order: number;
  readonly record: string;
  readonly keep: Fields;
}

export class Rollup {
  readonly tallies = new Map<string, number>();
  readonly latest = new Map<string, LatestEntry>();

  /** Moves one record from what it was to what it is. @returns the keys of `latest` that must be folded anew. */
  move(before: Folded | undefined, after: Folded | undefined): string[] {
    this.#tally(before, -1);
    this.#tally(after, 1);
    const stale: string[] = [];
    const old = latestOf(before);
    if (old && this.latest.get(old.key)?.record === before?.record) {
      this.latest.delete(old.key);
      stale.push(old.key);
    }
    this.#remember(after);
    return stale;
  }

  /** Folds the given keys of `latest` from all records of the room. */
  renew(keys: readonly string[], records: Iterable<Folded>): void {
    const wanted = new Set(keys);
    for (const folded of records) {
      const entry = latestOf(folded);
      if (entry && wanted.has(entry.key)) this.#remember(folded);
    }
  }

  #tally(folded: Folded | undefined, sign: 1 | -1): void {
    if (!folded || folded.deleted) return;
    const kind = kindNamed(folded.kind);
    this.#add(`kind:${folded.kind}`, sign);
    for (const { key, amount } of kind?.tallies?.(folded.fields) ?? []) this.#add(key, sign * amount);
  }

  #add(key: string, amount: number): void {
    const total = (this.tallies.get(key) ?? 0) + amount;
    if (total === 0) this.tallies.delete(key);
    else this.tallies.set(key, total);
  }

  #remember(folded: Folded | undefined): void {
    const entry = latestOf(folded);
    if (!entry || !folded) return;
    const known = this.latest.get(entry.key);
    // Equal times fall to the id, so that every replica remembers the same record.
    if (!known || entry.order > known.order || (entry.order === known.order && folded.record > known.record))
      this.latest.set(entry.key, { order: entry.order, record: folded.record, keep: entry.keep });
  }
}

const latestOf = (folded: Folded | undefined) =>
  folded && !folded.deleted ? kindNamed(folded.kind)?.latest?.(folded.fields) : undefined;

export function foldRollup(records: Iterable<Folded>): Rollup {
  const rollup = new Rollup();
  for (const folded of records) rollup.move(undefined, folded);
  return rollup;
}
