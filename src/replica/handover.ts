/**
 * RP9 A device that the server has ended hands over what only it holds, in parts, and lets go of a fact only when the server
 * has named it. Asked again after a break it goes on with what is left.
 *
 * IE11 A device that joined again hands over what was stated before and came back to the tray: who sits here now may be
 * somebody else, or have other rights.
 */
import { encodeFact } from '../domain/kernel/fact.ts';
import { readSeat } from '../keys/database.ts';
import type { EndReason } from '../keys/seat.ts';
import { bySeat, type OpenedSeat } from '../keys/seatKey.ts';
import { askWithProof } from '../keys/server.ts';
import { handoverAnswerSchema, handoverMaxFacts, type Handover as Handed } from '../protocol/identity.ts';
import type { Ended, TrayEntry } from './contract.ts';
import type { Outbox } from './journal/outbox.ts';

type HandedFact = Handed['facts'][number];

/** A request stays far below what a server reads at once. */
const partMaxLetters = 200_000;

export interface HandoverParts {
  readonly server: string;
  readonly outbox: Outbox;
  /** Photos that only this tablet has. */
  photos(): number;
  /** Who states here. */
  person(): string;
  tray(): readonly TrayEntry[];
  dropTrayEntries(facts: readonly string[]): Promise<void>;
  changed(): void;
}

export class Handover {
  readonly #parts: HandoverParts;
  readonly #seat: OpenedSeat;
  #reason: EndReason | undefined;
  #handedOver = 0;
  /** Every part of the last round was answered. */
  #answered = false;
  #running: Promise<void> | undefined;

  constructor(seat: OpenedSeat, parts: HandoverParts) {
    this.#seat = seat;
    this.#parts = parts;
  }

  /** The server has taken the end back: a ticket was granted. */
  goesOn(): void {
    this.#reason = undefined;
  }

  status(): Ended | undefined {
    if (!this.#reason) return undefined;
    const left = this.#facts().length;
    const known = this.#reason !== 'unknown';
    // A lost tablet is wiped even if the server did not take everything: the next thief will not be kinder.
    return { reason: this.#reason, handedOver: this.#handedOver, left, photos: this.#parts.photos(), mayWipe: known && this.#answered && (left === 0 || this.#reason === 'wipe') };
  }

  ended(reason: EndReason): Promise<void> {
    this.#reason = reason;
    // Who is not known has nobody's right to hand anything over; it stays here.
    this.#running ??= (reason === 'unknown' ? Promise.resolve() : this.#run()).finally(() => {
      this.#running = undefined;
      this.#parts.changed();
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#answered = false;
    this.#answered = await this.#offer(this.#facts());
  }

  /** IE11. */
  cameBack(): Promise<void> {
    if (this.#reason) return Promise.resolve();
    this.#running ??= this.#offerEarlier().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #offerEarlier(): Promise<void> {
    const { earlier } = (await readSeat(this.#seat.tag)) ?? {};
    if (!earlier) return;
    // Rooms come back one by one, so more may have come while some were on their way.
    for (const offered = new Set<string>(); ;) {
      const entries = this.#parts.tray().filter(({ fact, at }) => at < earlier.until && !offered.has(fact));
      if (entries.length === 0) return;
      for (const { fact } of entries) offered.add(fact);
      if (!(await this.#offer(entries.map((entry) => handedFrom(entry, earlier.person))))) return;
    }
  }

  /** @returns false when it broke off; the next try of the connection comes back here */
  async #offer(all: readonly HandedFact[]): Promise<boolean> {
    for (const facts of inParts(all)) {
      const answer = await askWithProof(this.#parts.server, '/api/handover', 'handover', bySeat(this.#seat), handoverAnswerSchema, { facts });
      if (!answer.ok) return false;
      const sent = new Set(facts.map(({ id }) => id));
      await this.#letGo(answer.value.kept.filter((id) => sent.has(id)));
      this.#parts.changed();
    }
    return true;
  }

  async #letGo(kept: readonly string[]): Promise<void> {
    const { outbox, tray, dropTrayEntries } = this.#parts;
    const named = new Set(kept);
    const held = new Set(tray().map(({ fact }) => fact));
    await outbox.handedOver(named);
    await dropTrayEntries(kept.filter((id) => held.has(id)));
    this.#handedOver += named.size;
  }

  #facts(): HandedFact[] {
    const { outbox, tray, person } = this.#parts;
    const waiting = outbox.all().flatMap(({ room, facts }) => facts.map(({ id, json }) => ({ room, id, json })));
    const refused = tray().map((entry) => handedFrom(entry, person()));
    // A fact that was stated again after a refusal may stand in both.
    return [...new Map([...waiting, ...refused].map((fact) => [fact.id, fact])).values()];
  }
}

const handedFrom = ({ room, fact: id, record, kind, base = [], set, at }: TrayEntry, by: string): HandedFact => ({ room, id, json: encodeFact({ id, record, kind, base, set, by, at }) });

function inParts(facts: readonly HandedFact[]): HandedFact[][] {
  const parts: HandedFact[][] = [];
  let letters = 0;
  for (const fact of facts) {
    const last = parts.at(-1);
    if (last && last.length < handoverMaxFacts && letters + fact.json.length <= partMaxLetters) {
      last.push(fact);
      letters += fact.json.length;
    } else {
      parts.push([fact]);
      letters = fact.json.length;
    }
  }
  return parts;
}
