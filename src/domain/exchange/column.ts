/** What a list that can be imported declares: its columns, and which record a row is about. */
import type * as v from 'valibot';
import type { Decision, Statement } from '../kernel/command.ts';
import type { Fields, Value } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import type { Result } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import type { KindName } from '../kinds.ts';

/** Why a row cannot be taken. The first ones are about a cell, the others about what the row means here. */
export const rowFaults = [
  'missing', 'not-a-number', 'out-of-range', 'not-a-day', 'not-a-choice', 'not-an-address', 'not-a-volunteer-number', 'not-a-phone-number', 'too-long', 'identity-number', 'unknown-grid', 'unknown-group',
  'twice', 'several', 'type-differs', 'unknown-number', 'removed', 'erased', 'no-door', 'no-consent', 'clash', 'not-allowed',
] as const;
export type RowWhy = (typeof rowFaults)[number];

export interface Fault {
  readonly why: RowWhy;
  readonly field?: string;
  /** The row that says the same. */
  readonly other?: number;
}

/** Named as the person sees it: the row's number in the file, the column, and what stood there. */
export interface RowFault extends Fault {
  readonly row: number;
  readonly text?: string;
}

export interface Reading {
  /** The grids this person may name. */
  readonly grids: readonly { readonly code: string; readonly name: string }[];
  /** For rows that name none. */
  readonly grid: string | undefined;
  /** The same of groups, by every name they go by. */
  readonly groups?: readonly { readonly id: string; readonly names: readonly string[] }[];
  readonly group?: string | undefined;
}

export type Read = Result<Value, RowWhy>;
export type CellReader = (text: string, reading: Reading) => Read;

export interface Column {
  readonly field: string;
  readonly zh: string;
  readonly en: string;
  /** What rosters call it besides. */
  readonly aliases: readonly string[];
  readonly read: CellReader;
}

export interface TypedRow {
  /** As the file counts: the first line is 1. */
  readonly row: number;
  readonly fields: Fields;
}

/** Which record a row is about, and what it says of it. */
export interface Placed {
  /** Two rows with the same one are about the same thing. */
  readonly identity: string;
  /** The record that is here already. */
  readonly known?: { readonly room: RoomAddress; readonly record: Folded };
  /** What the row gives; an empty cell gives nothing and clears nothing. */
  readonly wanted: Fields;
  /** What keeps the row from being taken, though it is clear what it is about. */
  readonly lacks?: Fault;
  /** What has to be stated first, such as a building: named here to be counted, stated by `born`. */
  readonly needs?: string;
  /** Asked once, and only where it is new. */
  born(): readonly Statement[];
}

export interface ImportList {
  readonly kind: KindName;
  /** What its rows belong to. */
  readonly of: 'community' | 'grid' | 'group';
  readonly columns: readonly Column[];
  /** Either all fields of one of these stand in every row, or the row is no row. */
  readonly required: readonly (readonly string[])[];
  /** What follows from the cells of a row; the fields as `row` takes them. */
  readonly finish: (fields: Fields, reading: Reading) => Result<Fields, Fault>;
  readonly row: v.GenericSchema<unknown, Fields>;
  /** @param grids every grid whose people room may be looked into */
  readonly placing: (decision: Decision, grids: readonly string[]) => (row: TypedRow) => Result<Placed, Fault>;
}
