/**
 * A tablet without storage or wire: rooms of facts in memory, the real commands, the real check. What it states is what
 * the replica would state; what it refuses is what the gate would refuse. A command that looks into a room it did not
 * name fails the test.
 */
import * as v from 'valibot';
import { checkFact, type FactProblem } from '../../src/domain/check.ts';
import { commandNamed, type CommandName, type InputOf } from '../../src/domain/commands.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { CommandError, Decision, RecordRef, Statement } from '../../src/domain/kernel/command.ts';
import { inputError } from '../../src/domain/kernel/edit.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { historyOf, inverseOf, restorationOf } from '../../src/domain/kernel/history.ts';
import { createIdSource } from '../../src/domain/kernel/ids.ts';
import { err, type Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';

type Facts = Map<string, Fact>;
export interface Stated {
  readonly ref: RecordRef;
  readonly fact: string;
}

export class Tablet {
  readonly actor: Actor;
  /** The device's clock, set by the test. */
  now: number;
  readonly rooms = new Map<string, Facts>();
  #counter = 0;
  readonly #ids;

  constructor(actor: Actor, now: number) {
    this.actor = actor;
    this.now = now;
    this.#ids = createIdSource(actor.device, () => this.now);
  }

  /** Goes on numbering where another stands, as a copied profile does. */
  follow(other: Tablet): void {
    this.#counter = other.#counter;
  }

  facts(room: RoomAddress, record: string): Fact[] {
    return [...(this.rooms.get(formatRoomName(room))?.values() ?? [])].filter((fact) => fact.record === record);
  }
  find(room: RoomAddress, record: string): Folded | undefined {
    return foldRecord(this.facts(room, record));
  }
  every(room: RoomAddress, kind: string): Folded[] {
    const ids = new Set([...(this.rooms.get(formatRoomName(room))?.values() ?? [])].filter((fact) => fact.kind === kind).map((fact) => fact.record));
    return [...ids].flatMap((id) => this.find(room, id) ?? []).filter((record) => !record.deleted);
  }

  /** What the gate would say to a statement by somebody else. */
  refusal(by: Actor, statement: Statement): FactProblem | undefined {
    return checkFact(by, statement.room, this.#factOf(statement, by), this.find(statement.room, statement.record), (id, record) =>
      this.facts(statement.room, record).some((fact) => fact.id === id),
    );
  }

  decide<Name extends CommandName>(name: Name, input: InputOf<Name>): Result<readonly Statement[], CommandError> {
    return this.decideRaw(name, input);
  }

  decideRaw(name: string, input: unknown): Result<readonly Statement[], CommandError> {
    const command = commandNamed(name);
    if (!command) throw new Error(`no command ${name}`);
    const parsed = v.safeParse(command.input, input);
    if (!parsed.success) return err(inputError(parsed.issues));
    return command.decide(parsed.output, this.#decision(command.rooms(parsed.output, this.actor, this.now)));
  }

  /** Looks with a decision's eyes and decides nothing. */
  foresee<T>(look: (decision: Decision) => T, rooms: readonly RoomAddress[]): T {
    return look(this.#decision(rooms));
  }

  /** Decides and states; throws if the command was not done. */
  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Stated[] {
    const decided = this.decide(name, input);
    if (!decided.ok) throw new Error(`${name}: ${JSON.stringify(decided.error)}`);
    return decided.value.map((statement) => this.state(statement));
  }

  /** Puts a statement into its room after the gate's check. */
  state(statement: Statement): Stated {
    const fact = this.#factOf(statement, this.actor);
    const problem = this.refusal(this.actor, statement);
    if (problem) throw new Error(`${statement.kind} ${statement.record}: ${JSON.stringify(problem)}`);
    this.add(statement.room, fact);
    this.#counter += 1;
    return { ref: { room: statement.room, record: statement.record }, fact: fact.id };
  }

  add(room: RoomAddress, fact: Fact): void {
    const name = formatRoomName(room);
    const facts = this.rooms.get(name) ?? new Map<string, Fact>();
    facts.set(fact.id, fact);
    this.rooms.set(name, facts);
  }

  #factOf({ record, room, kind, set }: Statement, by: Actor): Fact {
    const base = this.find(room, record)?.heads ?? [];
    return { id: `${by.device}-${this.#counter.toString(36)}`, record, kind, base, set: set as Fields, by: by.person, at: this.now };
  }

  #decision(named: readonly RoomAddress[]): Decision {
    const names = new Set(named.map(formatRoomName));
    const within = <T>(room: RoomAddress, value: T): T => {
      if (!names.has(formatRoomName(room))) throw new Error(`the command did not name ${formatRoomName(room)}`);
      return value;
    };
    return {
      actor: this.actor,
      now: this.now,
      newId: (prefix) => this.#ids.newId(prefix),
      newSecond: () => this.#ids.newSecond(),
      find: (room, record) => within(room, this.find(room, record)),
      every: (room, kind) => within(room, this.every(room, kind)),
      history: ({ room, record }) => within(room, historyOf(this.facts(room, record))),
      inverse: ({ room, record }, fact) => within(room, inverseOf(this.facts(room, record), fact)),
      restoration: ({ room, record }, fact) => within(room, restorationOf(this.facts(room, record), fact)),
    };
  }
}

/** Set union, both ways: all that merging is. */
export function meet(...tablets: readonly Tablet[]): void {
  const all = tablets.flatMap((tablet) => [...tablet.rooms]);
  for (const tablet of tablets)
    for (const [name, facts] of all) {
      const own = tablet.rooms.get(name) ?? new Map<string, Fact>();
      for (const fact of facts.values()) own.set(fact.id, fact);
      tablet.rooms.set(name, own);
    }
}

export const refused = (decided: Result<unknown, CommandError>): CommandError | undefined => (decided.ok ? undefined : decided.error);
