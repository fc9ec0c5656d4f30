/**
 * The server's disk: the real memory storage behind writes that take time, fail, and are forgotten by a crash. An append is
 * all or nothing; one that a crash caught in the middle is on disk or is not.
 */
import * as Y from 'yjs';
import type { Random } from '../../server/demo/random.ts';
import { StorageError, type Rebasing, type RoomAppend, type Storage } from '../../server/storage/contract.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import type { Machine } from './machine.ts';
import { sabotage } from './sabotage.ts';

export interface StoredFact {
  readonly json: string;
  /** Of the append that brought it. */
  readonly device: string;
  readonly person: string;
  readonly at: number;
}

const writeMs = 4;
/** How far behind its word a lying disk is. */
const lagMs = 400;

export class ServerDisk {
  /** What stands on it, by room and fact: read from the bytes, not from what the server thinks. */
  readonly facts = new Map<string, Map<string, StoredFact>>();
  readonly #storage = openMemoryStorage();
  readonly #random: Random;
  readonly #underWay = new Set<() => Promise<void>>();
  trouble: 'none' | 'full' | 'broken' = 'none';
  hasRefused = false;
  /** Told of each fact as it reaches the disk. */
  onFact: (room: string, id: string, fact: StoredFact) => void = () => undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The power went: what was being written is there or is not. */
  async crash(): Promise<void> {
    const caught = [...this.#underWay];
    this.#underWay.clear();
    for (const write of caught) if (!sabotage.is('serverDiskLies') && this.#random.chance(0.5)) await write();
  }

  /** The storage as one run of the server sees it. */
  mount(machine: Machine): Storage {
    const storage = this.#storage;
    return {
      ...storage,
      openRoom: async (room) => {
        await machine.delay(1);
        return storage.openRoom(room);
      },
      append: (batch) => this.#slow(machine, () => this.#write(batch)),
      rebase: (rebasing) => this.#slow(machine, () => this.#rebase(rebasing)),
      put: async (key, value) => {
        await machine.delay(1);
        await storage.put(key, value);
      },
      putAll: async (entries) => {
        await machine.delay(1);
        await storage.putAll(entries);
      },
      close: async () => undefined,
    };
  }

  async #slow(machine: Machine, work: () => Promise<void>): Promise<void> {
    // One of its own for each: the same work may be under way twice.
    const write = (): Promise<void> => work();
    this.#underWay.add(write);
    if (sabotage.is('serverDiskLies')) {
      machine.after(lagMs, () => this.#underWay.delete(write) && void write());
      return;
    }
    await machine.delay(1 + this.#random.next() * writeMs);
    this.#underWay.delete(write);
    this.hasRefused ||= this.trouble !== 'none';
    if (this.trouble === 'full') throw new StorageError('full', 'no space left');
    if (this.trouble === 'none') return write();
    if (this.#random.chance(0.5)) await write();
    throw new StorageError('broken', 'the disk failed');
  }

  async #write(batch: readonly RoomAppend[]): Promise<void> {
    await this.#storage.append(batch);
    for (const { room, updates } of batch)
      for (const { bytes, device, person, at } of updates) for (const [id, json] of factsIn(bytes)) this.#keep(room, id, { json, device, person, at });
  }

  /** Who stated what stays known, of what stays. */
  async #rebase(rebasing: Rebasing): Promise<void> {
    await this.#storage.rebase(rebasing);
    const before = this.facts.get(rebasing.room);
    const left = factsIn(rebasing.snapshot).flatMap(([id, json]) => {
      const known = before?.get(id);
      return known ? [[id, { ...known, json }] as const] : [];
    });
    this.facts.set(rebasing.room, new Map(left));
  }

  #keep(room: string, id: string, fact: StoredFact): void {
    const facts = this.facts.get(room) ?? new Map<string, StoredFact>();
    facts.set(id, fact);
    this.facts.set(room, facts);
    this.onFact(room, id, fact);
  }

  has(room: string, id: string): boolean {
    return this.facts.get(room)?.has(id) ?? false;
  }

  /** Read again from the bytes that a restart would read. */
  async reread(room: string): Promise<ReadonlyMap<string, string>> {
    const { snapshot, tail } = await this.#storage.openRoom(room);
    return new Map([...(snapshot ? [snapshot] : []), ...tail].flatMap((bytes) => factsIn(bytes)));
  }
}

const factsIn = (bytes: Uint8Array): [string, string][] =>
  Y.decodeUpdate(bytes).structs.flatMap((struct): [string, string][] =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentAny && struct.parentSub !== null ? [[struct.parentSub, String(struct.content.arr[0])]] : [],
  );
