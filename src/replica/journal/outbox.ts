/**
 * What is only on this tablet, mirrored in memory so that an acknowledgement finds its facts at once.
 * The rows in the journal are the truth; this is what the badge and the states of records are counted from.
 */
import { decodeFact, type Fact } from '../../domain/kernel/fact.ts';
import type { PendingFact, PendingStates } from '../projection/pending.ts';
import type { OutboxRow } from './database.ts';
import type { JournalWriter } from './journal.ts';

interface Entry {
  readonly row: OutboxRow;
  readonly facts: readonly PendingFact[];
}

export class Outbox {
  readonly #journal: JournalWriter;
  readonly #states: PendingStates;
  readonly #byRoom = new Map<string, Map<number, Entry>>();

  constructor(journal: JournalWriter, states: PendingStates) {
    this.#journal = journal;
    this.#states = states;
  }

  async load(): Promise<void> {
    for (const row of await this.#journal.outbox()) this.add(row);
  }

  add(row: OutboxRow): void {
    const facts = row.facts.map(({ id, json }) => {
      const { record, kind } = decodeFact(id, json);
      return { fact: id, record, kind, room: row.room, savedAt: row.savedAt, sent: false };
    });
    const entries = this.#byRoom.get(row.room) ?? new Map<number, Entry>();
    entries.set(row.seq, { row, facts });
    this.#byRoom.set(row.room, entries);
    this.#states.add(facts);
  }

  rooms(): Iterable<string> {
    return this.#byRoom.keys();
  }

  factsOf(room: string): Fact[] {
    return [...(this.#byRoom.get(room)?.values() ?? [])].flatMap(({ row }) => row.facts.map(({ id, json }) => decodeFact(id, json)));
  }

  /** Whether something of this record is still on its way. */
  has(room: string, record: string): boolean {
    return [...(this.#byRoom.get(room)?.values() ?? [])].some(({ facts }) => facts.some((fact) => fact.record === record));
  }

  all(): readonly OutboxRow[] {
    return [...this.#byRoom.values()].flatMap((entries) => [...entries.values()].map((entry) => entry.row));
  }

  mark(room: string, sent: boolean): void {
    for (const entry of this.#byRoom.get(room)?.values() ?? []) this.#states.mark(entry.facts, sent);
  }

  /** The server holds each client's structs below its clock. Durable before the state changes on screen. */
  async confirm(room: string, clocks: ReadonlyMap<number, number>): Promise<void> {
    const entries = this.#byRoom.get(room);
    if (!entries) return;
    const done = [...entries.values()].filter(({ row }) => (clocks.get(row.client) ?? 0) >= row.clockEnd);
    if (done.length === 0) return;
    await this.#journal.confirm(done.map(({ row }) => row.seq));
    for (const { row, facts } of done) {
      entries.delete(row.seq);
      this.#states.remove(facts);
    }
    // While this was written, another answer may have emptied the room and a save begun a new list.
    if (entries.size === 0 && this.#byRoom.get(room) === entries) this.#byRoom.delete(room);
  }

  /** These facts are somebody else's to look at now. Rows that held nothing else are gone from the journal, others are shorter. */
  async handedOver(facts: ReadonlySet<string>): Promise<void> {
    const before = this.all().filter((row) => row.facts.some(({ id }) => facts.has(id)));
    const after = before.map((row) => ({ ...row, facts: row.facts.filter(({ id }) => !facts.has(id)) }));
    const [gone, kept] = [after.filter((row) => row.facts.length === 0), after.filter((row) => row.facts.length > 0)];
    await this.#journal.confirm(gone.map(({ seq }) => seq));
    await this.#journal.putOutbox(kept);
    for (const { room, seq } of before) {
      const entries = this.#byRoom.get(room);
      this.#states.remove(entries?.get(seq)?.facts ?? []);
      entries?.delete(seq);
      if (entries?.size === 0) this.#byRoom.delete(room);
    }
    for (const row of kept) this.add(row);
  }

  /** The room was rebuilt: its rows in the journal were replaced by at most one. */
  replace(room: string, row: OutboxRow | undefined): void {
    for (const entry of this.#byRoom.get(room)?.values() ?? []) this.#states.remove(entry.facts);
    this.#byRoom.delete(room);
    if (row) this.add(row);
  }
}
