/**
 * A tablet's disk. It outlives crashes; what stands on it are whole transactions. A write takes time and can fail, and one
 * that a crash caught in the middle is there or is not (JN2).
 */
import type { Random } from '../../server/demo/random.ts';
import type { Machine } from './machine.ts';
import { sabotage } from './sabotage.ts';

type Commit = () => void;

/** How far behind its word a lying disk is. */
const lagMs = 400;

export class TabletDisk {
  /** Table → key → row, as a restart would find it. */
  tables = new Map<string, Map<unknown, object>>();
  trouble: 'none' | 'full' | 'broken' = 'none';
  /** Transactions that have begun and not ended. */
  busy = 0;
  /** The browser closed the journal's database by itself; whoever asked to hear of it opens it again. */
  closed = false;
  hasClosed = false;
  onClose: () => void = () => undefined;
  readonly #random: Random;
  readonly #underWay = new Set<Commit>();
  /** Of a lying disk: what really stood on it before each write of the last moments. */
  #lies: { readonly machine: Machine; readonly at: number; readonly tables: Map<string, Map<unknown, object>> }[] = [];
  #seq = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  table(name: string): Map<unknown, object> {
    const known = this.tables.get(name) ?? new Map<unknown, object>();
    this.tables.set(name, known);
    return known;
  }

  rows<Row>(name: string): Row[] {
    return [...this.table(name).values()] as Row[];
  }

  /** What stands on another disk stands on this one, and nothing else. */
  become(other: TabletDisk): void {
    this.tables = new Map([...other.tables].map(([name, rows]) => [name, new Map([...rows].map(([key, row]) => [key, structuredClone(row)]))]));
    this.#seq = other.#seq;
  }

  /** A number no row has had. Like IndexedDB's, it is not given back by a transaction that fails. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.hasClosed = true;
    this.onClose();
  }

  open(): void {
    if (this.trouble !== 'none') throw new DOMException('the disk refuses', 'UnknownError');
    this.closed = false;
  }

  /** @throws what Dexie throws for a database that is closed */
  mustBeOpen(): void {
    if (!this.closed) return;
    throw new DOMException('the database is closed', 'DatabaseClosedError');
  }

  reading(machine: Machine): Promise<void> {
    return this.#random.chance(0.2) ? machine.delay(1 + this.#random.next() * 3) : Promise.resolve();
  }

  /** @throws what IndexedDB throws when the disk takes nothing */
  async commit(machine: Machine, commit: Commit): Promise<void> {
    if (sabotage.is('tabletDiskLies')) {
      this.#lies.push({ machine, at: machine.uptime, tables: new Map([...this.tables].map(([name, rows]) => [name, new Map(rows)])) });
      return commit();
    }
    this.#underWay.add(commit);
    await machine.delay(1 + this.#random.next() * 12);
    this.#underWay.delete(commit);
    if (this.trouble === 'full') throw new DOMException('no space left', 'QuotaExceededError');
    if (this.trouble === 'broken') throw new DOMException('the disk failed', 'UnknownError');
    commit();
  }

  crash(): void {
    for (const commit of this.#underWay) if (!this.closed && this.#random.chance(0.5)) commit();
    const lost = this.#lies.find(({ machine, at }) => at > machine.uptime - lagMs);
    if (lost) this.tables = lost.tables;
    this.#lies = [];
    this.#underWay.clear();
    this.busy = 0;
    this.closed = false;
    this.onClose = () => undefined;
  }
}
