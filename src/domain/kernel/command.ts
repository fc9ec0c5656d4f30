/**
 * A command is a verb in the user's words. It decides, purely, which statements a tap means; the replica turns
 * statements into facts (ids, bases, author, time), journals them in one step and only then says "saved".
 */
import type * as v from 'valibot';
import type { Actor } from './actor.ts';
import type { Fields } from './fact.ts';
import type { Folded } from './fold.ts';
import type { HistoryEntry } from './history.ts';
import type { IdSource } from './ids.ts';
import type { Result } from './result.ts';
import type { RoomAddress } from './room.ts';

/** A record in the room the caller saw it in. */
export interface RecordRef {
  readonly room: RoomAddress;
  readonly record: string;
}

/** Becomes one fact: a birth if the room holds no such record, else a change based on its heads. */
export interface Statement {
  readonly room: RoomAddress;
  readonly record: string;
  readonly kind: string;
  readonly set: Fields;
}

export interface Decision extends IdSource {
  readonly actor: Actor;
  /** Epoch ms, the device's clock. */
  readonly now: number;
  /** A record of a room the command named in `rooms`. */
  find(room: RoomAddress, record: string): Folded | undefined;
  /** Every live record of a kind in such a room. */
  every(room: RoomAddress, kind: string): readonly Folded[];
  history(ref: RecordRef): readonly HistoryEntry[];
  /** Fields that take a fact back, or that bring back the record as it stood right after a fact. */
  inverse(ref: RecordRef, fact: string): Fields | undefined;
  restoration(ref: RecordRef, fact: string): Fields | undefined;
  /** Tells whoever waits how far a decision about thousands of rows is; it decides nothing. */
  progress?(done: number, total: number): void;
}

/** What is wrong with a value, where a screen can say more than "not like this". */
export type InvalidWhy = 'too-long' | 'ends-before-start' | 'before-visit' | 'named-twice' | 'no-consent' | 'personal' | 'photo-gone' | 'past-points' | 'rule-in-force' | 'not-held' | 'frozen' | 'not-today' | 'not-over' | 'identity-number' | 'too-late';

/** Why a command was not done, in terms a screen can put into words. Nothing has been changed. */
export type CommandError =
  | { readonly type: 'Missing'; readonly field: string }
  | { readonly type: 'Invalid'; readonly field: string; readonly why?: InvalidWhy }
  | { readonly type: 'NotFound'; readonly record: string }
  | { readonly type: 'AlreadyExists'; readonly record: string }
  | { readonly type: 'NotAllowed' }
  | { readonly type: 'NothingChanged' }
  /** The tablet's storage refused the write; the form keeps its content. */
  | { readonly type: 'StorageFull' }
  | { readonly type: 'StorageBroken'; readonly detail: string };

export interface Command<Input> {
  readonly input: v.GenericSchema<unknown, Input>;
  /** The rooms `decide` looks into; the replica loads them first. */
  readonly rooms: (input: Input, actor: Actor, now: number) => readonly RoomAddress[];
  readonly decide: (input: Input, decision: Decision) => Result<readonly Statement[], CommandError>;
}

export const declareCommand = <Input>(command: Command<Input>): Command<Input> => command;
