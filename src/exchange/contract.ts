/** What the page and the worker that reads and writes files say to each other. No format and no library is named here. */
import type { Reading, RowFault } from '../domain/exchange/column.ts';
import type { Mapping } from '../domain/exchange/headings.ts';
import type { ListName } from '../domain/exchange/lists.ts';
import type { Fields } from '../domain/kernel/fact.ts';
import type { Result } from '../domain/kernel/result.ts';

/** Why a file is no table. `old-excel` also stands for one that is protected by a password. */
export type FileFault = 'empty' | 'too-large' | 'too-many-rows' | 'not-text' | 'old-excel' | 'broken';

/** How a file was written. */
export type FileKind = 'xlsx' | 'utf-8' | 'utf-16' | 'gb18030';

/** The sheets of a workbook that are shown and hold anything. */
export interface Sheets {
  readonly names: readonly string[];
  /** The place of the one that was read. */
  readonly at: number;
}

export interface OpenedFile {
  readonly kind: FileKind;
  /** Of a workbook. */
  readonly sheets?: Sheets;
  /** With title and headings. */
  readonly lines: number;
  readonly headings: readonly string[];
  readonly proposed: Mapping;
  /** Headings of what Linhuo never keeps (IM2). */
  readonly neverKept: readonly string[];
  /** The first rows below the headings. */
  readonly sample: readonly (readonly string[])[];
}

export interface CheckedFile {
  /** The rows that can be read, as the command takes them: one text that the page only passes on. */
  readonly rows: string;
  readonly count: number;
  /** The grids, or the groups, that they name. */
  readonly grids: readonly string[];
  readonly groups: readonly string[];
  readonly wrong: readonly RowFault[];
  readonly sample: readonly Fields[];
}

/** What a column of a table holds. Money is integer fen, hours are integer tenths, a day is `YYYY-MM-DD`, a time epoch ms. */
export type ColumnKind = 'text' | 'count' | 'money' | 'hours' | 'day' | 'time';
export interface SheetColumn {
  readonly heading: string;
  readonly kind: ColumnKind;
}
export type SheetValue = string | number | null;
export interface Sheet {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetValue[])[];
}
export type FileFormat = 'xlsx' | 'csv';

export type Progress = (done: number, total: number) => void;

export interface ExchangeCalls {
  /**
   * Reads a file and keeps its table for `check`.
   * @param sheet its place among `Sheets.names`; else the first
   */
  open(file: Blob, list: ListName, sheet?: number): Promise<Result<OpenedFile, FileFault>>;
  check(list: ListName, mapping: Mapping, reading: Reading): Promise<CheckedFile>;
  /** One sheet for CSV, any number for xlsx. */
  write(sheets: readonly Sheet[], format: FileFormat): Promise<Blob>;
}

export interface ExchangeCall {
  readonly id: number;
  readonly name: keyof ExchangeCalls;
  readonly args: readonly unknown[];
}
export type ExchangeMessage =
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number };
