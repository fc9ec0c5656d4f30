/**
 * One room in memory: the Y.Doc that merges, an index of facts by record, and the folds.
 *
 * - RO1 The live document never authors. What this tablet states is written in a separate writer document, becomes bytes,
 *   goes to the journal, and is applied here only when it is durable. So nothing is sent that could be forgotten.
 * - RO2 A fact's key is written once; the first value that arrives for a key stays.
 * - RO3 The index can run ahead of the document by facts that are being journalled (`stage`), so that the next command
 *   decides on them; `retreat` takes them back when the journal refuses.
 * - BF4 So it can by facts that a file brought (`bring`): they are shown and decided on, and are not in the document, which is
 *   what goes over the wire. What the wire brings takes their place; `withdraw` takes them back.
 *
 * - RO5 What was erased (ER2) is gone for everybody who asks, from the moment the room holds the erasure; the document keeps
 *   it until the server's new room takes its place.
 *
 * The only place, with `rooms.ts` and `backlog.ts`, that touches a Y.Doc.
 */
import * as Y from 'yjs';
import { erases, Erasures } from '../../domain/erasure/erased.ts';
import { decodeFact, encodeFact, parseFact, type Fact } from '../../domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../domain/kernel/fold.ts';
import type { RoomAddress } from '../../domain/kernel/room.ts';
import { photosIn } from '../../domain/photos/photo.ts';
import { isMasked } from '../../domain/residents/schema.ts';
import { formatRoomName } from '../../protocol/roomName.ts';
import { factsRoot } from '../../protocol/messages.ts';
import { backlog, cellsUpTo, type Placed } from './backlog.ts';

/** Where a change of the document came from; a change never goes back there. */
export type Origin = 'journal' | 'local' | 'remote';

export interface Staged {
  readonly bytes: Uint8Array;
  readonly client: number;
  readonly clockEnd: number;
}

export interface Erased {
  readonly facts: number;
  /** Those that went whole. */
  readonly records: ReadonlySet<string>;
  /** Names and numbers. */
  readonly texts: ReadonlySet<string>;
  /** Photos that nothing else in the room names. */
  readonly photos: ReadonlySet<string>;
}

export interface RoomChange {
  readonly origin: Origin;
  readonly records: ReadonlySet<string>;
  readonly facts: readonly Fact[];
  readonly malformed: readonly { readonly id: string; readonly json: string }[];
  /** Of the facts those that a file had brought before. */
  readonly known: ReadonlySet<string>;
}

const noFacts: readonly Fact[] = [];

/** RP6: the document keeps what is no fact, so the journal does too. It must not stop the room it stands in from opening. */
function storedFact(id: string, json: string): Fact | undefined {
  try {
    const fact = decodeFact(id, json);
    return typeof fact.record === 'string' && Array.isArray(fact.base) && typeof fact.set === 'object' && fact.set !== null ? fact : undefined;
  } catch {
    return undefined;
  }
}

export class Room {
  readonly name: string;
  readonly address: RoomAddress;
  readonly doc = new Y.Doc({ gc: true });
  readonly #facts = this.doc.getMap<string>(factsRoot);
  readonly #index = new Map<string, Fact[]>();
  readonly #folds = new Map<string, Folded>();
  readonly #indexed = new Set<string>();
  readonly #brought = new Set<string>();
  #erasures = new Erasures();
  #writer = new Y.Doc();

  constructor(address: RoomAddress) {
    this.address = address;
    this.name = formatRoomName(address);
  }

  /** Applies bytes and indexes what they bring. */
  apply(bytes: Uint8Array | readonly Uint8Array[], origin: Origin): RoomChange {
    const added: string[] = [];
    const observe = (event: Y.YMapEvent<string>): void => {
      for (const [key, change] of event.changes.keys) if (change.action === 'add') added.push(key);
    };
    this.#facts.observe(observe);
    try {
      this.doc.transact(() => {
        for (const part of Array.isArray(bytes) ? (bytes as readonly Uint8Array[]) : [bytes as Uint8Array]) Y.applyUpdate(this.doc, part, origin);
      }, origin);
    } finally {
      this.#facts.unobserve(observe);
    }
    return this.index(added, origin);
  }

  /** Indexes keys that the document holds already: for changes that a provider applied itself. */
  index(keys: Iterable<string>, origin: Origin): RoomChange {
    const records = new Set<string>();
    const facts: Fact[] = [];
    const malformed: { id: string; json: string }[] = [];
    const arrived = [...keys];
    const known = new Set(arrived.filter((key) => this.#brought.has(key)));
    for (const record of this.withdraw(known)) records.add(record);
    for (const key of arrived) {
      const json = this.#facts.get(key) as string;
      // What arrives is parsed at the border; what is read back was, and only what was set aside then is sorted out again.
      const fact = this.#indexed.has(key) ? undefined : origin === 'remote' ? parseFact(key, json) : storedFact(key, json);
      if (fact) {
        this.#add(fact);
        facts.push(fact);
        records.add(fact.record);
      } else if (!this.#indexed.has(key)) malformed.push({ id: key, json: String(json) });
      else {
        // Staged earlier: its record changes on screen now that it is durable.
        const staged = decodeFact(key, json);
        facts.push(staged);
        records.add(staged.record);
      }
    }
    if (facts.some(erases)) for (const record of this.#erased()) records.add(record);
    return { origin, records, facts, malformed, known };
  }

  #add(fact: Fact): void {
    if (this.#indexed.has(fact.id)) return;
    this.#indexed.add(fact.id);
    const facts = this.#index.get(fact.record);
    if (facts) facts.push(fact);
    else this.#index.set(fact.record, [fact]);
    this.#folds.delete(fact.record);
    if (erases(fact)) this.#noteErasures([fact]);
  }

  #noteErasures(facts: Iterable<Fact>): void {
    for (const fact of facts) this.#erasures.note(fact);
    this.#folds.clear();
  }

  /** The records of which something is gone. */
  *#erased(): Iterable<string> {
    for (const [record, facts] of this.#index) if (this.#remainder(facts) !== facts) yield record;
  }

  /** @returns the very list if nothing of it goes */
  #remainder(facts: readonly Fact[]): readonly Fact[] {
    if (this.#erasures.none) return facts;
    const born = facts.find(({ base }) => base.length === 0)?.set;
    const left = facts.flatMap((fact) => this.#erasures.remainder(fact, born) ?? []);
    return left.length === facts.length && left.every((fact, index) => fact === facts[index]) ? facts : left;
  }

  /** What a room that this one replaces still holds and may not be kept (ER5). */
  erasedFrom(old: Room): Erased {
    const records = new Set<string>();
    const texts = new Set<string>();
    const photos = new Set<string>();
    let count = 0;
    if (!this.#erasures.none)
      for (const facts of old.#index.values()) {
        const born = facts.find(({ base }) => base.length === 0)?.set;
        for (const fact of facts) {
          const left = this.#erasures.remainder(fact, born);
          if (left === fact) continue;
          count += 1;
          if (!left) records.add(fact.record);
          for (const photo of photosIn(fact.set)) if (!photosIn(left?.set ?? {}).includes(photo)) photos.add(photo);
          for (const [field, value] of Object.entries(fact.set)) if (typeof value === 'string' && isMasked(field) && value !== left?.set[field]) texts.add(value);
        }
      }
    for (const facts of this.#index.values()) for (const { set } of facts) for (const photo of photosIn(set)) photos.delete(photo);
    return { facts: count, records, texts, photos };
  }

  /** What may be said in this room of a fact that waits outside. @returns undefined when nothing may */
  remainderOf(fact: Fact): Fact | undefined {
    const born = fact.base.length === 0 ? fact.set : this.#index.get(fact.record)?.find(({ base }) => base.length === 0)?.set;
    return this.#erasures.remainder(fact, born);
  }

  /** RO3: the bytes to journal; the facts count at once for the next decision. */
  stage(facts: readonly Fact[]): Staged {
    const before = Y.encodeStateVector(this.#writer);
    const map = this.#writer.getMap<string>(factsRoot);
    this.#writer.transact(() => {
      for (const fact of facts) map.set(fact.id, encodeFact(fact));
    });
    for (const fact of facts) this.#add(fact);
    const client = this.#writer.clientID;
    return {
      bytes: Y.encodeStateAsUpdate(this.#writer, before),
      client,
      clockEnd: Y.getState(this.#writer.store, client),
    };
  }

  /** The journal refused: forget staged facts and start a writer whose clock has no hole. */
  retreat(): void {
    this.#writer = new Y.Doc();
    for (const [record, facts] of this.#index) {
      const stays = (fact: Fact): boolean => this.#facts.has(fact.id) || this.#brought.has(fact.id);
      const durable = facts.filter(stays);
      if (durable.length === facts.length) continue;
      for (const fact of facts) if (!stays(fact)) this.#indexed.delete(fact.id);
      if (durable.length > 0) this.#index.set(record, durable);
      else this.#index.delete(record);
      this.#folds.delete(record);
    }
    this.#recountErasures();
  }

  #recountErasures(): void {
    this.#erasures = new Erasures();
    this.#noteErasures([...this.#index.values()].flat());
  }

  /** BF4. */
  bring(fact: Fact): void {
    if (this.#indexed.has(fact.id)) return;
    this.#brought.add(fact.id);
    this.#add(fact);
  }

  /** @returns the records that are shown otherwise now */
  withdraw(ids: Iterable<string>): ReadonlySet<string> {
    const gone = new Set([...ids].filter((id) => this.#brought.delete(id)));
    const records = new Set<string>();
    if (gone.size === 0) return records;
    for (const [record, facts] of this.#index) {
      const rest = facts.filter(({ id }) => !gone.has(id));
      if (rest.length === facts.length) continue;
      if (rest.length > 0) this.#index.set(record, rest);
      else this.#index.delete(record);
      this.#folds.delete(record);
      records.add(record);
    }
    for (const id of gone) this.#indexed.delete(id);
    this.#recountErasures();
    return records;
  }

  /** Whether the document holds it: what the wire and this tablet's journal say, without what a file brought. */
  holds(factId: string): boolean {
    return this.#facts.has(factId);
  }

  /** What these Yjs clients wrote. */
  cells(ends: ReadonlyMap<number, number>): readonly Placed[] {
    return cellsUpTo(this.doc, ends);
  }

  find(record: string): Folded | undefined {
    const known = this.#folds.get(record);
    if (known) return known;
    const folded = this.#index.has(record) ? foldRecord(this.factsOf(record)) : undefined;
    if (folded) this.#folds.set(record, folded);
    return folded;
  }

  factsOf(record: string): readonly Fact[] {
    return this.#remainder(this.#index.get(record) ?? noFacts);
  }

  has(factId: string): boolean {
    return this.#indexed.has(factId);
  }

  knows(factId: string, record: string): boolean {
    return this.#indexed.has(factId) && this.factsOf(record).some((fact) => fact.id === factId);
  }

  *every(kind: string): Iterable<Folded> {
    for (const record of this.#index.keys()) {
      const folded = this.find(record);
      if (folded?.kind === kind) yield folded;
    }
  }

  records(): Iterable<string> {
    return this.#index.keys();
  }

  get size(): number {
    return this.#index.size;
  }

  encode(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc);
  }

  /** RO4. @param serverKnows the server's state vector */
  backlog(serverKnows: Uint8Array): readonly Uint8Array[] {
    return backlog(this.doc, serverKnows);
  }

  /** Calls `run` with the bytes and keys of each change that a provider applies. @returns an unsubscriber. */
  onRemote(provider: object, run: (bytes: Uint8Array, keys: readonly string[]) => void): () => void {
    let keys: string[] = [];
    const observe = (event: Y.YMapEvent<string>, transaction: Y.Transaction): void => {
      if (transaction.origin !== provider) return;
      for (const [key, change] of event.changes.keys) if (change.action === 'add') keys.push(key);
    };
    const update = (bytes: Uint8Array, origin: unknown): void => {
      if (origin !== provider) return;
      const arrived = keys;
      keys = [];
      run(bytes, arrived);
    };
    this.#facts.observe(observe);
    this.doc.on('update', update);
    return () => {
      this.#facts.unobserve(observe);
      this.doc.off('update', update);
    };
  }

  destroy(): void {
    this.doc.destroy();
    this.#writer.destroy();
  }
}

/** Several staged saves of one writer as one update. */
export function mergeStaged(parts: readonly Staged[]): Staged | undefined {
  const last = parts.at(-1);
  return last && { bytes: Y.mergeUpdates(parts.map((part) => part.bytes)), client: last.client, clockEnd: last.clockEnd };
}
