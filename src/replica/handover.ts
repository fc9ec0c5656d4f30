/**
 * RP9 A device that the server has ended hands over what only it holds, in parts, and lets go of a fact only when the server
 * has named it. Asked again after a break it goes on with what is left.
 */
import { encodeFact } from '../domain/kernel/fact.ts';
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
    return { reason: this.#reason, handedOver: this.#handedOver, left, mayWipe: known && this.#answered && (left === 0 || this.#reason === 'wipe') };
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
    for (const facts of inParts(this.#facts())) {
      const answer = await askWithProof(this.#parts.server, '/api/handover', 'handover', bySeat(this.#seat), handoverAnswerSchema, { facts });
      // The next try of the connection comes back here.
      if (!answer.ok) return;
      const sent = new Set(facts.map(({ id }) => id));
      await this.#letGo(answer.value.kept.filter((id) => sent.has(id)));
      this.#parts.changed();
    }
    this.#answered = true;
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
    const refused = tray().map(({ room, fact: id, record, kind, base = [], set, at }) => ({ room, id, json: encodeFact({ id, record, kind, base, set, by: person(), at }) }));
    // A fact that was stated again after a refusal may stand in both.
    return [...new Map([...waiting, ...refused].map((fact) => [fact.id, fact])).values()];
  }
}

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
