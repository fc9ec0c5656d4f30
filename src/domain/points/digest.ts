/**
 * PQ7 What two tablets compare to know that their ledgers say the same: a chain of hashes over every entry and move, in the order
 * of their ids, month after month. From the first line that was changed, added or dropped on, every digest differs.
 */
import type { Fields } from '../kernel/fact.ts';
import { hashOf } from '../kernel/hash.ts';

export interface LedgerRecord {
  readonly id: string;
  readonly fields: object;
}

export interface ChainedLine<T extends LedgerRecord> {
  readonly line: T;
  /** Over this line and everything before it. */
  readonly digest: string;
}

export interface ChainedMonth<T extends LedgerRecord> {
  readonly month: string;
  /** What it begins with: the digest of the month before; '' for the first. */
  readonly before: string;
  readonly lines: readonly ChainedLine<T>[];
  readonly digest: string;
}

/** Every field by its name in one order, however the record was put together. */
function textOf({ id, fields }: LedgerRecord): string {
  const said = fields as Fields;
  return JSON.stringify([id, ...Object.keys(said).filter((name) => said[name] !== undefined).sort().map((name) => [name, said[name]])]);
}

/** @param months lines of each month of the ledger, in any order; a month without lines is no link */
export function chainMonths<T extends LedgerRecord>(months: ReadonlyMap<string, readonly T[]>): readonly ChainedMonth<T>[] {
  let digest = '';
  return [...months]
    .filter(([, lines]) => lines.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, lines]): ChainedMonth<T> => {
      const before = digest;
      digest = hashOf(`${before} ${month}`);
      const chained = lines
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map((line): ChainedLine<T> => {
          digest = hashOf(`${digest} ${textOf(line)}`);
          return { line, digest };
        });
      return { month, before, lines: chained, digest };
    });
}

/** As people read it to each other: the first 64 bits. e.g. `3f2a 9c01 77be 04d1` */
export const sayDigest = (digest: string): string => (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ');
