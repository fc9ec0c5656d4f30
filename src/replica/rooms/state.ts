/** Turns a decision's statements into facts: id, base, author, time. The decision has been checked already (CM1). */
import type { Actor } from '../../domain/kernel/actor.ts';
import type { Statement } from '../../domain/kernel/command.ts';
import { encodeFact, type Fact } from '../../domain/kernel/fact.ts';
import type { Room } from './room.ts';

export interface Stating {
  readonly actor: Actor;
  readonly now: number;
  nextFactId(): string;
}

/**
 * In code units of text, of which each is at most three bytes. Below 64 KiB a browser keeps a value in its database; a larger
 * one it puts into a file beside it, and a kill between the two is its to get right. It is also far less than a message holds.
 */
const partMaxUnits = 18_000;

/** IM7: what one command states in a room, as parts that each fit into a message. Nearly every command is one part. */
export function inParts(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const parts: Fact[][] = [];
  let room = 0;
  for (const fact of facts) {
    if (room <= 0) {
      parts.push([]);
      room = partMaxUnits;
    }
    parts.at(-1)?.push(fact);
    room -= encodeFact(fact).length;
  }
  return parts;
}

/** @param statements all of one room, at most one per record */
export const stateFacts = (room: Room, statements: readonly Statement[], { actor, now, nextFactId }: Stating): readonly Fact[] =>
  statements.map(({ record, kind, set }) => ({
    id: nextFactId(), record, kind, base: room.find(record)?.heads ?? [], set, by: actor.person, at: now,
  }));
