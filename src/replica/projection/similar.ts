/**
 * Records that a name may already stand for, in the worker and without a network.
 *
 * - PT3 What is being typed is compared with every record of its kind that shares most of its sounds, its door or its telephone.
 * - SE3 The list follows changes without being made anew.
 */
import { pinyin } from 'pinyin-pro';
import { comparedKinds, likeness, type Compared } from '../../domain/duplicates/compared.ts';
import type { Speak } from '../../domain/duplicates/key.ts';
import { threshold } from '../../domain/duplicates/likeness.ts';
import type { Fields } from '../../domain/kernel/fact.ts';
import type { Folded } from '../../domain/kernel/fold.ts';
import type { SimilarRecord } from '../contract.ts';
import type { NameIndex } from './search.ts';

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
}

export class SimilarIndex implements NameIndex {
  readonly #byKind = new Map<string, KindNames>();

  has(kind: string): boolean {
    return this.#byKind.has(kind);
  }

  /** Starts a kind's names from every record there is. */
  fill(kind: string, records: Iterable<Folded>): void {
    this.#byKind.set(kind, new KindNames());
    for (const folded of records) this.update(folded.record, folded);
  }

  join(room: { every(kind: string): Iterable<Folded> }): void {
    for (const kind of this.#byKind.keys()) for (const folded of room.every(kind)) this.update(folded.record, folded);
  }

  leave(room: { records(): Iterable<string> }): void {
    for (const record of room.records()) this.update(record, undefined);
  }

  update(record: string, folded: Folded | undefined): void {
    if (!folded) {
      for (const names of this.#byKind.values()) names.delete(record);
      return;
    }
    const names = this.#byKind.get(folded.kind);
    const compare = comparedKinds[folded.kind];
    if (!names || !compare) return;
    if (folded.deleted) names.delete(record);
    else names.set(record, compare(folded.fields, speak));
  }

  /** Most alike first. */
  find(kind: string, fields: Fields, limit: number): SimilarRecord[] {
    const compare = comparedKinds[kind];
    return (compare && this.#byKind.get(kind)?.find(compare(fields, speak), limit)) ?? [];
  }
}
