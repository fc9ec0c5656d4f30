/**
 * Records that a name may already stand for, in the worker and without a network.
 *
 * - PT3 What is being typed is compared with every record of its kind that shares most of its sounds, its door or its telephone.
 * - SE3 The list follows changes without being made anew.
 * - DU15 A list is made in slices: whatever else the tablet has to do, a save first of all, comes in between.
 */
import { pinyin } from 'pinyin-pro';
import { comparedKinds, likeness, type Compared } from '../../domain/duplicates/compared.ts';
import type { Speak } from '../../domain/duplicates/key.ts';
import { threshold } from '../../domain/duplicates/likeness.ts';
import type { Fields } from '../../domain/kernel/fact.ts';
import type { Folded } from '../../domain/kernel/fold.ts';
import type { SimilarRecord } from '../contract.ts';
import type { NameIndex, NamedRoom } from './search.ts';
import { Slices } from './slices.ts';

const syllables = new Map<string, string>();

/** Sign by sign, so that one character always sounds like itself, and so that each is read once. */
export const speak: Speak = (text) =>
  Array.from(text, (sign) => {
    const known = syllables.get(sign);
    if (known !== undefined) return known;
    const [syllable = sign] = pinyin(sign, { toneType: 'none', type: 'array', v: true });
    syllables.set(sign, syllable);
    return syllable;
  });

const blocksOf = ({ rows }: Compared): string[] => rows.flatMap(({ blocks }) => blocks);

class KindNames {
  readonly #records = new Map<string, Compared>();
  /** Block → the records that stand in it. */
  readonly #blocks = new Map<string, Set<string>>();

  has(id: string): boolean {
    return this.#records.has(id);
  }

  set(id: string, compared: Compared): void {
    this.delete(id);
    this.#records.set(id, compared);
    for (const block of blocksOf(compared)) {
      const there = this.#blocks.get(block);
      if (there) there.add(id);
      else this.#blocks.set(block, new Set([id]));
    }
  }

  delete(id: string): void {
    const known = this.#records.get(id);
    for (const block of known ? blocksOf(known) : []) {
      const there = this.#blocks.get(block);
      there?.delete(id);
      if (there?.size === 0) this.#blocks.delete(block);
    }
    this.#records.delete(id);
  }

  #candidates(compared: Compared): ReadonlySet<string> {
    const found = new Set<string>();
    for (const row of compared.rows) {
      const shared = new Map<string, number>();
      for (const block of row.blocks) for (const id of this.#blocks.get(block) ?? []) shared.set(id, (shared.get(id) ?? 0) + 1);
      for (const [id, count] of shared) if (count >= row.needed) found.add(id);
    }
    return found;
  }

  find(compared: Compared, limit: number): SimilarRecord[] {
    const found: SimilarRecord[] = [];
    for (const id of this.#candidates(compared)) {
      const record = this.#records.get(id);
      const alike = record && likeness(compared, record);
      if (alike && alike.score >= threshold) found.push({ id, ...alike });
    }
    return found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  /** Of two records that are on the list. */
  likeness(one: string, other: string): number {
    const [mine, theirs] = [this.#records.get(one), this.#records.get(other)];
    return mine && theirs ? likeness(mine, theirs).score : 0;
  }

  /** Those like a record that is on the list. */
  like(id: string, limit: number): SimilarRecord[] {
    const own = this.#records.get(id);
    return own ? this.find(own, limit + 1).filter((each) => each.id !== id) : [];
  }
}

const nowhere = (): undefined => undefined;
const lookIn = (room: Pick<NamedRoom, 'find'>) => (record: string): Fields | undefined => {
  const folded = room.find(record);
  return folded && !folded.deleted ? folded.fields : undefined;
};

export class SimilarIndex implements NameIndex {
  readonly #byKind = new Map<string, KindNames>();
  readonly #filling = new Map<string, Promise<void>>();

  has(kind: string): boolean {
    return this.#byKind.has(kind) && !this.#filling.has(kind);
  }

  /** Starts a kind's names from every record there is. */
  fill(kind: string, records: Iterable<Folded>): void {
    this.#byKind.set(kind, new KindNames());
    for (const folded of records) this.update(folded.record, folded);
  }

  /** DU15 The same, bit by bit, once. What changes meanwhile is on the list at once. */
  prepare(kind: string, rooms: () => Iterable<NamedRoom>): Promise<void> {
    const known = this.#filling.get(kind);
    if (known) return known;
    if (this.#byKind.has(kind)) return Promise.resolve();
    this.#byKind.set(kind, new KindNames());
    const filling = this.#fillSlowly(kind, rooms).finally(() => this.#filling.delete(kind));
    this.#filling.set(kind, filling);
    return filling;
  }

  async #fillSlowly(kind: string, rooms: () => Iterable<NamedRoom>): Promise<void> {
    const slices = new Slices();
    const names = this.#byKind.get(kind);
    for (const room of [...rooms()]) {
      for (const folded of room.every(kind)) {
        if (slices.over) await slices.pause();
        // As it stands by now: the one in hand may be older than the pause.
        if (!names?.has(folded.record)) this.update(folded.record, room.find(folded.record), room);
      }
    }
  }

  join(room: NamedRoom): void {
    for (const kind of this.#byKind.keys()) for (const folded of room.every(kind)) this.update(folded.record, folded, room);
  }

  leave(room: { records(): Iterable<string> }): void {
    for (const record of room.records()) this.update(record, undefined);
  }

  update(record: string, folded: Folded | undefined, room?: Pick<NamedRoom, 'find'>): void {
    if (!folded) {
      for (const names of this.#byKind.values()) names.delete(record);
      return;
    }
    const names = this.#byKind.get(folded.kind);
    const compare = comparedKinds[folded.kind];
    if (!names || !compare) return;
    if (folded.deleted) names.delete(record);
    else names.set(record, compare(folded.fields, speak, room ? lookIn(room) : nowhere));
  }

  /** Most alike first. */
  find(kind: string, fields: Fields, limit: number, room?: Pick<NamedRoom, 'find'>): SimilarRecord[] {
    const compare = comparedKinds[kind];
    return (compare && this.#byKind.get(kind)?.find(compare(fields, speak, room ? lookIn(room) : nowhere), limit)) ?? [];
  }

  /** Those like a record that is on the list. */
  like(kind: string, record: string, limit: number): SimilarRecord[] {
    return this.#byKind.get(kind)?.like(record, limit) ?? [];
  }

  alike(kind: string, one: string, other: string): boolean {
    return (this.#byKind.get(kind)?.likeness(one, other) ?? 0) >= threshold;
  }
}
