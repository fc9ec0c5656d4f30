/**
 * One room while it is in memory. Strictly sequential: an update is judged against everything accepted before it,
 * queued, written with fsync, and only then acknowledged and passed on.
 *
 * - SR6 Nobody is sent what is not on disk.
 * - SR7 Live frames of one short tick are merged and encoded once for all listeners; the only author of a frame is spared it.
 * - SR31 The whole room, packed or as a message, is made once per head, however many ask for it.
 * - SR8 After a failed commit the room accepts nothing more: its listeners are told to come back.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { ok, type Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { retiredTag, StorageError, type StoredRoom } from '../storage/contract.ts';
import type { Committable, CommitItem, Committer, Settle } from './committer.ts';
import { FactSet } from './factSet.ts';
import { judge, type Submitter } from './gate.ts';
import { stepOneMessage, stepTwoMessage, updateMessage } from './messages.ts';
import { encodeRuns, encodeStateVector, type Run } from '../../src/protocol/updateCodec.ts';
import { readUpdate } from './updateReader.ts';

/** A listener of the room: a session that has had its initial state. */
export interface Listener {
  /** @param message the same bytes for every listener */
  frame(message: Uint8Array): void;
  /** The room is gone from memory; what the listener knows of it no longer holds. */
  dropped(fault: StorageError): void;
  /** SR60 The room was made anew. */
  rebased(): void;
}

export interface Accepted {
  readonly clients: readonly number[];
  readonly facts: readonly Fact[];
}

export interface RoomHooks {
  /** Facts that have just become durable. */
  readonly onFacts: (room: Room, facts: readonly Fact[]) => void;
  readonly now: () => number;
}

const pack = promisify(gzip);

/** Between two frames to the same room, ms; a frame after a pause leaves at once. */
const frameGapMs = 20;

interface Staged {
  readonly runs: readonly Run[];
  readonly facts: readonly Fact[];
  readonly listener: Listener | undefined;
}

export class Room implements Committable {
  readonly name: string;
  readonly address: RoomAddress;
  readonly facts: FactSet;
  readonly #owners = new Map<number, string>();
  readonly #clientsByDevice = new Map<string, Set<number>>();
  readonly #committer: Committer;
  readonly #hooks: RoomHooks;
  /** Everybody who will use the room, and those of them who get its frames. */
  readonly #holders = new Set<Listener>();
  readonly #listeners = new Set<Listener>();
  readonly #staged: Staged[] = [];
  #head: number;
  #tail: { updates: number; bytes: number };
  #dead: StorageError | undefined;
  #unsent: Run[] = [];
  #authors = new Set<Listener | undefined>();
  #frameTimer: NodeJS.Timeout | undefined;
  #lastFrameAt = 0;
  /** What this head looks like to whoever asks. */
  #whole: Uint8Array | undefined;
  #packed: Promise<Uint8Array> | undefined;
  #stepTwo: Uint8Array | undefined;
  #stepOne: Uint8Array | undefined;

  /** @throws if the stored bytes hold anything but facts, which the gate never lets in */
  constructor(name: string, address: RoomAddress, stored: StoredRoom, committer: Committer, hooks: RoomHooks) {
    this.name = name;
    this.address = address;
    this.facts = new FactSet();
    this.#committer = committer;
    this.#hooks = hooks;
    for (const [client, device] of stored.clients) this.#bind(client, device);
    this.#head = stored.head;
    this.#tail = { updates: stored.tail.length, bytes: stored.tail.reduce((sum, bytes) => sum + bytes.byteLength, 0) };
    for (const bytes of stored.snapshot ? [stored.snapshot, ...stored.tail] : stored.tail) {
      const runs = runsOf(bytes);
      this.facts.stage(runs);
      this.facts.promote(runs);
    }
  }

  get head(): number {
    return this.#head;
  }
  get tail(): { readonly updates: number; readonly bytes: number } {
    return this.#tail;
  }
  get owners(): ReadonlyMap<number, string> {
    return this.#owners;
  }
  /** True when nothing holds the room in memory. */
  get idle(): boolean {
    return this.#holders.size === 0 && this.#staged.length === 0 && !this.#frameTimer;
  }

  /**
   * @param settle called once everything the update says is on disk, or with the fault that kept it from there
   * @throws StorageError when an earlier commit of this room failed
   */
  submit(
    bytes: Uint8Array,
    maxBytes: number,
    submitter: Submitter,
    settle: Settle,
    listener?: Listener,
  ): Result<Accepted, Refusal> {
    if (this.#dead) throw this.#dead;
    const judged = judge(this, bytes, maxBytes, submitter);
    if (!judged.ok) return judged;
    const { runs, facts, clients } = judged.value;
    if (runs.length === 0) {
      if (this.facts.hasStaged) this.#committer.enqueue({ room: this, update: undefined, bindings: [], settle });
      else settle();
      return ok({ clients, facts });
    }
    const { device, person } = submitter.actor;
    const bindings = runs.filter(({ client }) => !this.#owners.has(client)).map(({ client }) => [client, device] as const);
    for (const [client, owner] of bindings) this.#bind(client, owner);
    this.facts.stage(runs);
    this.#staged.push({ runs, facts, listener });
    const update = { bytes: encodeRuns(runs), device, person, at: this.#hooks.now() };
    this.#committer.enqueue({ room: this, update, bindings, settle });
    return ok({ clients, facts });
  }

  committed(items: readonly CommitItem[], updates: number): void {
    this.#head += updates;
    this.#tail = {
      updates: this.#tail.updates + updates,
      bytes: items.reduce((sum, { update }) => sum + (update?.bytes.byteLength ?? 0), this.#tail.bytes),
    };
    if (updates > 0) this.#whole = this.#packed = this.#stepTwo = this.#stepOne = undefined;
    const facts: Fact[] = [];
    for (const staged of this.#staged.splice(0, updates)) {
      this.facts.promote(staged.runs);
      facts.push(...staged.facts);
      this.#unsent.push(...staged.runs);
      this.#authors.add(staged.listener);
    }
    if (updates === 0) return;
    this.#scheduleFrame();
    this.#hooks.onFacts(this, facts);
  }

  failed(error: StorageError): void {
    this.#dead = error;
    clearTimeout(this.#frameTimer);
    for (const holder of [...this.#holders]) holder.dropped(error);
  }

  /** SR60: nothing more comes in. @returns when everything that was accepted is on disk @throws StorageError */
  settled(): Promise<void> {
    this.retire();
    return new Promise((resolve, reject) => {
      this.#committer.enqueue({ room: this, update: undefined, bindings: [], settle: (fault) => (fault ? reject(fault) : resolve()) });
    });
  }

  /** SR60. */
  rebased(): void {
    clearTimeout(this.#frameTimer);
    for (const holder of [...this.#holders]) holder.rebased();
  }

  /** SR61: a client of the room as it was before it was made anew. */
  isRetired(client: number): boolean {
    return this.#owners.get(client) === retiredTag;
  }

  /** The room leaves memory; whoever still has it must open it again, or two copies would write one room. */
  retire(): void {
    this.#dead = new StorageError('conflict', `${this.name} was put away.`);
  }

  get failure(): StorageError | undefined {
    return this.#dead;
  }

  /** Keeps the room in memory until `leave`. */
  hold(holder: Listener): void {
    this.#holders.add(holder);
  }

  /** From here on the listener gets every frame; it must have been sent the durable state in the same tick. */
  join(listener: Listener): void {
    this.#holders.add(listener);
    this.#listeners.add(listener);
  }

  leave(listener: Listener): void {
    this.#holders.delete(listener);
    this.#listeners.delete(listener);
  }

  /** The durable room as one update, encoded once per head. */
  whole(): Uint8Array {
    this.#whole ??= this.facts.encodeDurable();
    return this.#whole;
  }

  /** The same, gzipped. */
  packed(): Promise<Uint8Array> {
    this.#packed ??= pack(this.whole());
    return this.#packed;
  }

  /** The answer to a sync step 1. @param known what the asker has; nothing of ours in it makes the answer the shared one */
  stepTwo(known: ReadonlyMap<number, number>): Uint8Array {
    const { durableClocks } = this.facts;
    for (const [client, clock] of known) if (clock > 0 && durableClocks.has(client)) return stepTwoMessage(this.facts.encodeDurable(known));
    this.#stepTwo ??= stepTwoMessage(this.whole());
    return this.#stepTwo;
  }

  /** The server's own sync step 1: what is on disk. */
  stepOne(): Uint8Array {
    this.#stepOne ??= stepOneMessage(encodeStateVector(this.facts.durableClocks));
    return this.#stepOne;
  }

  clientsOf(device: string): number {
    return this.#clientsByDevice.get(device)?.size ?? 0;
  }

  /** The clients a device owns here that have something on disk. */
  durableClientsOf(device: string): number[] {
    return [...(this.#clientsByDevice.get(device) ?? [])].filter((client) => this.facts.durableClockOf(client) > 0);
  }

  compacted(): void {
    this.#tail = { updates: 0, bytes: 0 };
  }

  #bind(client: number, device: string): void {
    this.#owners.set(client, device);
    const own = this.#clientsByDevice.get(device);
    if (own) own.add(client);
    else this.#clientsByDevice.set(device, new Set([client]));
  }

  #scheduleFrame(): void {
    if (this.#frameTimer) return;
    const wait = this.#lastFrameAt + frameGapMs - performance.now();
    if (wait <= 0) this.#sendFrame();
    else this.#frameTimer = setTimeout(() => this.#sendFrame(), wait);
  }

  #sendFrame(): void {
    this.#frameTimer = undefined;
    this.#lastFrameAt = performance.now();
    const runs = joined(this.#unsent);
    const only = this.#authors.size === 1 ? [...this.#authors][0] : undefined;
    this.#unsent = [];
    this.#authors = new Set();
    let message: Uint8Array | undefined;
    for (const listener of [...this.#listeners]) {
      if (listener === only) continue;
      message ??= updateMessage(encodeRuns(runs));
      listener.frame(message);
    }
  }
}

/** A client may occur once per update: its consecutive runs become one. */
function joined(runs: readonly Run[]): Run[] {
  const byClient = new Map<number, { client: number; clock: number; cells: Run['cells'][number][] }>();
  for (const { client, clock, cells } of runs) {
    const known = byClient.get(client);
    if (known) known.cells.push(...cells);
    else byClient.set(client, { client, clock, cells: [...cells] });
  }
  return [...byClient.values()];
}

/** Reads what the gate let in. */
function runsOf(bytes: Uint8Array): Run[] {
  const runs: { client: number; clock: number; cells: Run['cells'][number][] }[] = [];
  for (const placed of readUpdate(bytes)) {
    if (!placed.ok) throw new StorageError('damaged', 'A stored update holds something that is no fact.');
    const { client, clock, cell } = placed.value;
    const last = runs.at(-1);
    if (last?.client === client) last.cells.push(cell);
    else runs.push({ client, clock, cells: [cell] });
  }
  return runs;
}
