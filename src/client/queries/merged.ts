/**
 * The lists of a tablet with what was merged shown once.
 *
 * - DU14 A record that was merged into another is on no list. What points to it is listed under the one that stays, and so are its
 *   points; each keeps naming what it was stated for, and nothing is rewritten.
 * - DU13 Consents, tags of care and a partner's conversions stay with their own record.
 */
import { mergedOf, nothingMerged, partsOf, shownAs, verdictOf, type Merged } from '../../domain/duplicates/merging.ts';
import { isPaired, type PairFields } from '../../domain/duplicates/schema.ts';
import { idTail } from '../../domain/kernel/ids.ts';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import { volunteerId } from '../../domain/people/schema.ts';
import type { ListQuery, Live, Reader, ReplicaCalls, RollupRow, Row } from '../../replica/contract.ts';
import { always, chain, combine, distinct, joined, map, once, sameList } from './live.ts';

/** The lists that are gathered from every record that was merged, by what they hang on. */
const gathered: Readonly<Record<string, 'parent' | 'holder'>> = {
  activity: 'parent', need: 'parent', visit: 'parent', needTold: 'parent', resident: 'parent', household: 'parent', reading: 'parent',
  attendance: 'holder', pointsEntry: 'holder', pointsMove: 'holder', verdict: 'holder', claim: 'holder', certificate: 'holder',
};

const wholes = new WeakMap<Reader, Reader>();
const merges = new WeakMap<Reader, Live<Merged>>();

/** Every record by itself, also those that were merged: for names, for exports, for whoever takes them apart. */
export const wholeOf = (reader: Reader): Reader => wholes.get(reader) ?? reader;

/** What is shown as what; nothing for a reader that shows every record by itself. */
export const mergesOf = (reader: Reader): Live<Merged> => merges.get(reader) ?? always(nothingMerged);

/** One subscription to the source for all that listen. */
function shared<T>(source: Live<T>): Live<T> {
  const watchers = new Set<(value: T) => void>();
  let last: { readonly value: T } | undefined;
  let stop: (() => void) | undefined;
  return {
    subscribe(run) {
      watchers.add(run);
      if (last) run(last.value);
      stop ??= source.subscribe((value) => {
        last = { value };
        for (const watch of [...watchers]) watch(value);
      });
      return () => {
        watchers.delete(run);
        if (watchers.size > 0) return;
        stop?.();
        stop = undefined;
        last = undefined;
      };
    },
  };
}

export const pairsOf = (reader: Reader): Live<readonly Row<PairFields>[]> =>
  joined([reader.list<PairFields>('people', { kind: 'pair' }), reader.list<PairFields>('roster', { kind: 'partnerPair' })]);

const sameMerged = (a: Merged, b: Merged): boolean =>
  a.into.size === b.into.size && [...a.into].every(([goes, stays]) => b.into.get(goes) === stays) && [...a.parts].every(([id, parts]) => sameList(parts, b.parts.get(id) ?? []));

function mergedIn(whole: Reader): Live<Merged> {
  const pairs = pairsOf(whole);
  const ends = distinct(
    map(pairs, (rows) => [...new Set(rows.filter((row) => verdictOf(row) === 'merged').flatMap(({ fields }) => [fields.one, fields.other]))].sort()),
    sameList,
  );
  const there = chain(ends, (ids): Live<ReadonlySet<string>> =>
    ids.length === 0 ? always(new Set()) : map(joined([whole.many('people', ids), whole.many('roster', ids)]), (rows) => new Set(rows.map(({ id }) => id))));
  return distinct(combine({ pairs, there }, (found) => mergedOf(found.pairs, (id) => found.there.has(id))), sameMerged);
}

/** The records that this list hangs on, as the list names them. */
function keysOf({ kind, parent, holder }: ListQuery, merged: Merged): readonly string[] {
  if (gathered[kind] === 'parent' && parent !== undefined) return partsOf(merged, parent);
  if (gathered[kind] === 'holder' && holder !== undefined) return partsOf(merged, volunteerId(holder)).map(idTail);
  return [];
}

function listed<F>(whole: Reader, family: RoomFamily, query: ListQuery, merged: Merged): Live<readonly Row<F>[]> {
  const { kind, limit } = query;
  const keys = keysOf(query, merged);
  const hides = isPaired(kind) && merged.into.size > 0;
  if (keys.length <= 1 && !hides) return whole.list<F>(family, query);
  const more: ListQuery = limit === undefined ? query : { ...query, limit: limit + (hides ? merged.into.size : 0) };
  const by = gathered[kind];
  const lists = keys.length <= 1 || by === undefined ? whole.list<F>(family, more) : joined(keys.map((key) => whole.list<F>(family, { ...more, [by]: key })));
  return map(lists, (rows) => {
    const shown = hides ? rows.filter(({ id }) => !merged.into.has(id)) : rows;
    return (keys.length <= 1 ? shown : shown.toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1))).slice(0, limit);
  });
}

const counted = ['activities:partner:', 'points:'] as const;
const asRecord = (prefix: (typeof counted)[number], key: string, merged: Merged): string =>
  prefix === 'points:' ? idTail(shownAs(merged, volunteerId(key))) : shownAs(merged, key);

/** The figures of a room under the records that stay. */
function foldedIn(row: RollupRow, merged: Merged): RollupRow {
  const tallies = new Map<string, number>();
  for (const [key, amount] of Object.entries(row.tallies)) {
    const prefix = counted.find((each) => key.startsWith(each));
    const under = prefix ? `${prefix}${asRecord(prefix, key.slice(prefix.length), merged)}` : key;
    tallies.set(under, (tallies.get(under) ?? 0) + amount);
  }
  const latest = new Map<string, RollupRow['latest'][string]>();
  for (const [key, each] of Object.entries(row.latest)) {
    const under = shownAs(merged, key);
    const known = latest.get(under);
    if (!known || each.order > known.order || (each.order === known.order && each.record > known.record)) latest.set(under, each);
  }
  return { ...row, tallies: Object.fromEntries(tallies), latest: Object.fromEntries(latest) };
}

export function mergedReader(whole: Reader): Reader {
  const merged = shared(mergedIn(whole));
  const reader: Reader = {
    ...whole,
    list: <F>(family: RoomFamily, query: ListQuery): Live<readonly Row<F>[]> =>
      isPaired(query.kind) || (gathered[query.kind] !== undefined && query[gathered[query.kind] ?? 'parent'] !== undefined)
        ? chain(merged, (now) => listed<F>(whole, family, query, now))
        : whole.list<F>(family, query),
    rollups: (family) => combine({ rows: whole.rollups(family), merged }, (found) => (found.merged.into.size === 0 ? found.rows : found.rows.map((row) => foldedIn(row, found.merged)))),
  };
  wholes.set(reader, whole);
  merges.set(reader, merged);
  return reader;
}

/** Names of what was merged find the record that stays. */
export function mergedCalls(calls: ReplicaCalls, reader: Reader): ReplicaCalls {
  const shown = async (kind: string): Promise<(id: string) => string> => {
    const merged = isPaired(kind) ? await once(mergesOf(reader)) : nothingMerged;
    return (id) => shownAs(merged, id);
  };
  const own: Pick<ReplicaCalls, 'search' | 'similar'> = {
    async search(family, kind, text, limit) {
      const found = await calls.search(family, kind, text, limit);
      return [...new Set(found.map(await shown(kind)))];
    },
    async similar(family, kind, fields, limit) {
      const found = await calls.similar(family, kind, fields, limit);
      const as = await shown(kind);
      return [...new Map(found.map((each) => [as(each.id), { ...each, id: as(each.id) }] as const).reverse()).values()].reverse();
    },
  };
  return new Proxy(calls, { get: (target, name) => Reflect.get(own, name) ?? Reflect.get(target, name) });
}
