/**
 * What a kind of record declares, once. Storage, sync, permission, projection, search and the merge report all read it;
 * adding a kind is adding a row to `kinds.ts`.
 */
import type * as v from 'valibot';
import type { Fields } from './fact.ts';
import type { RoomAddress, RoomFamily } from './room.ts';

/** One figure a record adds to its room's roll-up: totals are folds of these, never stored counters that devices edit. */
export interface Tally {
  readonly key: string;
  readonly amount: number;
}

/** What a room's roll-up remembers of the record with the highest `order` under `key`, e.g. a household's last visit. */
export interface Latest {
  readonly key: string;
  readonly order: number;
  readonly keep: Fields;
}

/** ER2: which part of a record is about a person. */
export interface Personal {
  /** The person or the door it is about: the id that an erasure names. Made of the record's id and of fixed fields. */
  readonly about: (record: string, field: (name: string) => unknown) => string;
  /** What goes; without it the whole record does. */
  readonly fields?: readonly string[];
  /** Of required fields that go: the fixed field whose value stands there afterwards. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Only what was written down before the erasure goes: others live behind that door too, and somebody will tomorrow. */
  readonly untilThen?: true;
}

export interface Kind {
  readonly name: string;
  readonly family: RoomFamily;
  /** Three letters before the underscore of every id of this kind. */
  readonly prefix: string;
  /** Field name → schema. `v.optional` marks what a birth may leave out and a change may clear. */
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
  /** Fields a change may not touch, because the record's id or room was made from them. */
  readonly fixed: readonly string[];
  /** The parts of the room address a record belongs to; the community is the actor's. */
  readonly shard: (id: string, fields: Fields) => Omit<RoomAddress, 'community' | 'family'>;
  /** The only id a birth with these fields may have. */
  readonly derivedId?: (fields: Fields) => string;
  /** Whose a record is, for `permission.ts`: of which grid, which partner, which tablet. It looks at fixed fields only. */
  readonly placeOf?: (record: string, field: (name: string) => unknown) => { readonly grid?: unknown; readonly partner?: unknown; readonly device?: unknown };
  /** The field by which a record is some group's for now; whatever a group's leader states of it repeats that field (ND4). */
  readonly inNameOf?: string;
  /** Lists run newest first by this number (epoch ms, or a rank); default: when it was born. */
  readonly order?: (fields: Fields) => number;
  /** The record this one is listed under (an attendance under its activity). */
  readonly parent?: (fields: Fields) => string;
  /** A second record it is listed under (an attendance under its volunteer). */
  readonly holder?: (fields: Fields) => string;
  /** Names a person would search it by. */
  readonly names?: (fields: Fields) => readonly string[];
  /** What of it goes when somebody is erased (ER2); see erasure/erased.ts. */
  readonly personal?: Personal;
  readonly tallies?: (fields: Fields) => readonly Tally[];
  readonly latest?: (fields: Fields) => Latest | undefined;
}

/** The room a birth of this kind belongs to. */
export const homeOf = (kind: Kind, community: string, id: string, fields: Fields): RoomAddress => ({
  community,
  family: kind.family,
  ...kind.shard(id, fields),
});

/** Gives schemas their names back: `FieldsOf<typeof partner.entries>` is the record's shape. */
export type FieldsOf<Entries extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<Entries, undefined>>;

/** Keeps the literal type of `entries`, which a plain annotation would widen away. */
export const declareKind = <const K extends Kind>(kind: K): K => kind;
