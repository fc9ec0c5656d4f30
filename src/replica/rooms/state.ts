/** Turns a decision's statements into facts: id, base, author, time. The decision has been checked already (CM1). */
import type { Actor } from '../../domain/kernel/actor.ts';
import type { Statement } from '../../domain/kernel/command.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import type { Room } from './room.ts';

export interface Stating {
  readonly actor: Actor;
  readonly now: number;
  nextFactId(): string;
}

/** @param statements all of one room, at most one per record */
export const stateFacts = (room: Room, statements: readonly Statement[], { actor, now, nextFactId }: Stating): readonly Fact[] =>
  statements.map(({ record, kind, set }) => ({
    id: nextFactId(), record, kind, base: room.find(record)?.heads ?? [], set, by: actor.person, at: now,
  }));
