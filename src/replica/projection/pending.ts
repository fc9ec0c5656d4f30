/**
 * The truthful state of each record that is not confirmed: what the journal's outbox and the wire say, shown as rows.
 *
 * - PS1 A record has a row exactly while one of its facts is in the outbox or the tray, or came by file and by nothing else.
 * - PS2 Its state is the least of its facts: refused, then saved, then sent, then brought by file.
 *
 * Rows follow the truth a moment later, one write at a time; many changes in between become one.
 */
import type { RxCollection } from 'rxdb';
import type { RefusalReason } from '../../protocol/closeReasons.ts';
import type { PendingRow, TrayEntry } from '../contract.ts';
import type { Projection } from './database.ts';

/**
 * How long changes gather before they are written. Online, most saves are confirmed within it and cost no row at all; the
 * page that saved knows by itself that its record is not confirmed yet.
 */
const gatherMs = 60;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, gatherMs));

export interface PendingFact {
  readonly fact: string;
  readonly record: string;
  readonly kind: string;
  readonly room: string;
  readonly savedAt: number;
  sent: boolean;
}

/** A record of which something came by file, and by nothing else yet. */
export interface BroughtRecord {
  readonly kind: string;
  readonly facts: number;
  readonly since: number;
}

export class PendingStates {
  readonly #projection: Projection;
  readonly #byRecord = new Map<string, Map<string, PendingFact>>();
  readonly #refused = new Map<string, { reason: RefusalReason; room: string; kind: string; at: number }>();
  /** BF4: room → record → what a file brought of it. */
  readonly #brought = new Map<string, ReadonlyMap<string, BroughtRecord>>();
  readonly #dirty = new Set<string>();
  #written: Promise<Set<string>> | undefined;
  #running = false;

  readonly #fail: (error: unknown) => void;

  /** @param fail is told when rows could not be written; they are written with the next change */
  constructor(projection: Projection, fail: (error: unknown) => void) {
    this.#projection = projection;
    this.#fail = fail;
  }

  add(facts: Iterable<PendingFact>): void {
    for (const fact of facts) {
      const facts = this.#byRecord.get(fact.record) ?? new Map<string, PendingFact>();
      facts.set(fact.fact, fact);
      this.#byRecord.set(fact.record, facts);
      this.#touch(fact.record);
    }
  }

  remove(facts: Iterable<{ readonly fact: string; readonly record: string }>): void {
    for (const { fact, record } of facts) {
      const facts = this.#byRecord.get(record);
      facts?.delete(fact);
      if (facts?.size === 0) this.#byRecord.delete(record);
      this.#touch(record);
    }
  }

  /** Something about these facts' `sent` mark changed. */
  mark(facts: Iterable<PendingFact>, sent: boolean): void {
    for (const fact of facts)
      if (fact.sent !== sent) {
        fact.sent = sent;
        this.#touch(fact.record);
      }
  }

  setTray(entries: readonly TrayEntry[]): void {
    for (const record of this.#refused.keys()) this.#touch(record);
    this.#refused.clear();
    for (const { record, reason, room, kind, refusedAt } of entries) {
      this.#refused.set(record, { reason, room, kind, at: refusedAt });
      this.#touch(record);
    }
  }

  /** @param records all there are of this room now */
  setBrought(room: string, records: ReadonlyMap<string, BroughtRecord>): void {
    const before = this.#brought.get(room);
    if (records.size > 0) this.#brought.set(room, records);
    else this.#brought.delete(room);
    for (const record of new Set([...(before?.keys() ?? []), ...records.keys()])) this.#touch(record);
  }

  #broughtRow(record: string): PendingRow | undefined {
    for (const [room, records] of this.#brought) {
      const brought = records.get(record);
      if (brought) return { id: record, room, kind: brought.kind, state: 'brought', reason: '', facts: brought.facts, since: brought.since };
    }
    return undefined;
  }

  counts(): { readonly saved: number; readonly sent: number } {
    let saved = 0;
    let sent = 0;
    for (const facts of this.#byRecord.values()) for (const fact of facts.values()) fact.sent ? (sent += 1) : (saved += 1);
    return { saved, sent };
  }

  #touch(record: string): void {
    this.#dirty.add(record);
    if (!this.#running) this.#run().catch(this.#fail);
  }

  #rowOf(record: string): PendingRow | undefined {
    const facts = [...(this.#byRecord.get(record)?.values() ?? [])];
    const refused = this.#refused.get(record);
    const first = facts[0];
    if (refused)
      return { id: record, room: refused.room, kind: refused.kind, state: 'refused', reason: refused.reason, facts: facts.length, since: refused.at };
    if (!first) return this.#broughtRow(record);
    const state = facts.every((fact) => fact.sent) ? 'sent' : 'saved';
    return { id: record, room: first.room, kind: first.kind, state, reason: '', facts: facts.length, since: Math.min(...facts.map((fact) => fact.savedAt)) };
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      const collection = await this.#projection.side('pending');
      // Rows of an earlier session are compared once; after that memory knows what is written.
      this.#written ??= collection.find().exec().then((rows) => new Set(rows.map((row) => row.id)));
      const written = await this.#written;
      while (this.#dirty.size > 0) {
        await settled();
        const records = [...this.#dirty];
        const upserts = records.flatMap((record) => this.#rowOf(record) ?? []);
        const upserted = new Set(upserts.map((row) => row.id));
        const removals = records.filter((record) => !upserted.has(record) && written.has(record));
        // Whatever changes while this is written counts anew; what fails to be written stays dirty.
        this.#dirty.clear();
        try {
          await this.#write(collection, upserts, removals);
        } catch (error) {
          for (const record of records) this.#dirty.add(record);
          throw error;
        }
        for (const record of upserted) written.add(record);
        for (const record of removals) written.delete(record);
      }
    } finally {
      this.#running = false;
    }
  }

  async #write(collection: RxCollection<PendingRow>, upserts: PendingRow[], removals: string[]): Promise<void> {
    if (upserts.length > 0) await collection.bulkUpsert(upserts);
    if (removals.length > 0) await collection.bulkRemove(removals);
  }

  /** The rows are gone from the disk: all of them are written again. */
  forget(): void {
    this.#written = Promise.resolve(new Set());
    for (const record of [...this.#byRecord.keys(), ...this.#refused.keys(), ...[...this.#brought.values()].flatMap((records) => [...records.keys()])]) this.#touch(record);
  }

  /** Every row an earlier session left behind is looked at again. */
  async reconcile(): Promise<void> {
    const collection = await this.#projection.side('pending');
    for (const row of await collection.find().exec()) this.#touch(row.id);
  }
}
