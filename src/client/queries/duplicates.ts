/** DU7–DU16 What may have been entered twice, what was said about it, and the records themselves side by side. */
import { shownAs, verdictOf, type Merged } from '../../domain/duplicates/merging.ts';
import { sortedPair, type PairFields, type PairVerdict } from '../../domain/duplicates/schema.ts';
import type { LikelyRow, Live, Reader, Row } from '../../replica/contract.ts';
import { combine, joined, map } from './live.ts';
import { mergesOf, pairsOf, wholeOf } from './merged.ts';

const keyOf = (one: string, other: string): string => sortedPair(one, other).join(' ');

/** What nobody has settled yet, as pairs of records that are shown; each once. */
export function openAmong(likely: readonly LikelyRow[], pairs: readonly Row<PairFields>[], merged: Merged): readonly LikelyRow[] {
  // What two people disagree about stands among the disagreements.
  const settled = new Set(pairs.filter((row) => verdictOf(row) !== 'open' || row.clashes.length > 0).map(({ fields }) => keyOf(fields.one, fields.other)));
  const open = new Map<string, LikelyRow>();
  for (const row of likely) {
    const [one, other] = sortedPair(shownAs(merged, row.one), shownAs(merged, row.other));
    if (one === other || settled.has(keyOf(row.one, row.other)) || settled.has(keyOf(one, other))) continue;
    const known = open.get(keyOf(one, other));
    if (!known || row.score > known.score) open.set(keyOf(one, other), { ...row, one, other });
  }
  return [...open.values()].sort((a, b) => b.score - a.score || b.foundAt - a.foundAt || (a.id < b.id ? -1 : 1));
}

/** Most alike first. */
export const openPairs = (reader: Reader): Live<readonly LikelyRow[]> =>
  combine({ likely: reader.likely(), pairs: pairsOf(wholeOf(reader)), merged: mergesOf(reader) }, ({ likely, pairs, merged }) => openAmong(likely, pairs, merged));

export interface SettledPair {
  readonly row: Row<PairFields>;
  readonly verdict: Exclude<PairVerdict, 'open'>;
}

/** Latest first. */
export const settledPairs = (reader: Reader): Live<readonly SettledPair[]> =>
  map(pairsOf(wholeOf(reader)), (rows) =>
    rows
      .flatMap((row): SettledPair[] => {
        const verdict = verdictOf(row);
        return verdict === 'open' ? [] : [{ row, verdict }];
      })
      .sort((a, b) => b.row.changedAt - a.row.changedAt || (a.row.id < b.row.id ? -1 : 1)),
  );

/** The records of some pairs; one that is gone is not among them. */
export const recordsOf = (reader: Reader, ids: readonly string[]): Live<ReadonlyMap<string, Row>> =>
  map(joined([reader.many('people', ids.filter((id) => !id.startsWith('par_'))), reader.many('roster', ids.filter((id) => id.startsWith('par_')))]), (rows) => new Map(rows.map((row) => [row.id, row])));

