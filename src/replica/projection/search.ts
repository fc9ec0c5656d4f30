/**
 * Finding a name by its characters, its pinyin or its initials, in the worker and without a network.
 *
 * - SE1 Characters, pinyin and initials all find; an alias finds its record. SE2 Starts come before inner matches.
 * - SE3 The list follows changes without being made anew.
 *
 * The index lives in memory, one list per kind, made on first use and kept current by the projector's changes.
 */
import { pinyin } from 'pinyin-pro';
import type { Folded } from '../../domain/kernel/fold.ts';
import { kindNamed } from '../../domain/kinds.ts';

interface Entry {
  readonly id: string;
  /** Lower-case: the names, their full pinyin and their initials, each after a separator so that starts can be told. */
  readonly key: string;
}

export interface NamedRoom {
  readonly name: string;
  every(kind: string): Iterable<Folded>;
  find(record: string): Folded | undefined;
}

/** What follows the records of a replica. */
export interface NameIndex {
  /** @param seq where the room's journal ends */
  join(room: NamedRoom, seq: number): void;
  leave(room: { readonly name: string; records(): Iterable<string> }): void;
  update(record: string, folded: Folded | undefined, room: NamedRoom, seq: number): void;
}

const separator = '\u0001';

/** `立夏姐姐` → `立夏姐姐`, `lixiajiejie`, `lxjj`. The first character is read as a surname (单 shan, 曾 zeng). */
export function searchKey(names: readonly string[]): string {
  let key = '';
  for (const name of names) {
    const plain = name.toLowerCase();
    key += separator + plain;
    // Numbers and Latin names are their own pinyin.
    if (!/\p{Script=Han}/u.test(plain)) continue;
    const syllables = pinyin(plain, { toneType: 'none', type: 'array', surname: 'head', v: true });
    key += separator + syllables.join('') + separator + syllables.map((syllable) => syllable[0] ?? '').join('');
  }
  return key;
}

const normalise = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

export class SearchIndex implements NameIndex {
  readonly #byKind = new Map<string, Map<string, Entry>>();

  has(kind: string): boolean {
    return this.#byKind.has(kind);
  }

  /** Starts a kind's list from every record there is. */
  fill(kind: string, records: Iterable<Folded>): void {
    this.#byKind.set(kind, new Map());
    for (const folded of records) this.update(folded.record, folded);
  }

  /** A room that is opened after a kind's list was made: its names belong on it. */
  join(room: { every(kind: string): Iterable<Folded> }): void {
    for (const kind of this.#byKind.keys()) for (const folded of room.every(kind)) this.update(folded.record, folded);
  }

  /** A room that leaves the tablet takes its names along. */
  leave(room: { records(): Iterable<string> }): void {
    for (const record of room.records()) this.update(record, undefined);
  }

  /** Kinds that nobody has searched yet cost nothing. */
  update(record: string, folded: Folded | undefined): void {
    if (!folded) {
      for (const entries of this.#byKind.values()) entries.delete(record);
      return;
    }
    const entries = this.#byKind.get(folded.kind);
    const names = kindNamed(folded.kind)?.names;
    if (!entries || !names) return;
    if (folded.deleted) entries.delete(record);
    else entries.set(record, { id: record, key: searchKey(names(folded.fields)) });
  }

  /** Names that start with the text come before names that hold it. */
  find(kind: string, text: string, limit: number): string[] {
    const wanted = normalise(text);
    if (wanted === '') return [];
    const starts: string[] = [];
    const holds: string[] = [];
    for (const { id, key } of this.#byKind.get(kind)?.values() ?? []) {
      const at = key.indexOf(wanted);
      if (at < 0) continue;
      if (key.includes(separator + wanted)) starts.push(id);
      else holds.push(id);
      if (starts.length >= limit) break;
    }
    return [...starts, ...holds].slice(0, limit);
  }
}
