/** Tables for files: what a list shows, a column at a time, each cell of its type. */
import type { Value } from '$domain/kernel/fact.ts';
import type { Column as ImportColumn } from '$domain/exchange/column.ts';
import { kinds, type KindName } from '$domain/kinds.ts';
import type { ColumnKind, Sheet, SheetValue } from '$exchange/contract.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { recordState } from '$lib/i18n/words/record.ts';
import type { RecordState, Row } from '$replica/contract.ts';
import { sayFieldName, sayFieldValue, type Names } from '../sayField.ts';
import { sayPerson } from '../sayRecord.ts';

export interface Column<T> {
  readonly heading: string;
  readonly kind: ColumnKind;
  readonly value: (row: T) => SheetValue;
}

export const sheetOf = <T>(name: string, rows: readonly T[], columns: readonly Column<T>[]): Sheet => ({
  name,
  columns: columns.map(({ heading, kind }) => ({ heading, kind })),
  rows: rows.map((row) => columns.map(({ value }) => value(row))),
});

export const text = <T>(heading: string, value: (row: T) => string | undefined): Column<T> => ({ heading, kind: 'text', value: (row) => value(row) || null });
export const typed = <T>(heading: string, kind: ColumnKind, value: (row: T) => string | number | undefined): Column<T> => ({ heading, kind, value: (row) => value(row) ?? null });

/** How fields are named says what they hold. */
function kindOf(field: string, value: Value | undefined): ColumnKind {
  if (field.endsWith('Fen')) return 'money';
  if (field.endsWith('Tenths')) return 'hours';
  if (field.endsWith('At')) return 'time';
  if (field.endsWith('On') || field === 'on' || field === 'validFrom') return 'day';
  return typeof value === 'number' ? 'count' : 'text';
}

/** A field of records of a kind: as a number, a day or an amount where it is one, else in the words of the screens. */
export function fieldColumn<T>(record: string, heading: string, field: string, fieldsOf: readonly Readonly<Record<string, Value | undefined>>[], valueOf: (row: T) => Value | undefined, names: Names): Column<T> {
  const kind = kindOf(field, fieldsOf.find((fields) => fields[field] !== undefined)?.[field]);
  return {
    heading,
    kind,
    value(row) {
      const value = valueOf(row);
      if (value === undefined || value === null || value === '') return null;
      return kind !== 'text' && (typeof value === 'number' || typeof value === 'string') ? value : sayFieldValue(record, field, value, names, Date.now());
    },
  };
}

type Fieldful = Readonly<Record<string, Value | undefined>>;

/** The columns under which a list can be imported again. */
export const importableColumns = <T>(record: string, columns: readonly ImportColumn[], rows: readonly T[], fieldsOf: (row: T) => Fieldful, names: Names): Column<T>[] => {
  const all = rows.map(fieldsOf);
  return columns.map((column) => fieldColumn(record, column[locale.current], column.field, all, (row: T) => fieldsOf(row)[column.field], names));
};

/** What stands behind every record: when and by whom it was changed last, what is disagreed on, how far it has come. */
export const recordColumns = <T>(rowOf: (row: T) => Pick<Row, 'id' | 'changedAt' | 'changedBy' | 'clashes'>, kind: string, names: Names, stateOf: (record: string) => RecordState | undefined): Column<T>[] => [
  typed(filesWords.changedAt, 'time', (row) => rowOf(row).changedAt),
  text(filesWords.changedBy, (row) => sayPerson(rowOf(row).changedBy, names)),
  text(filesWords.clash, (row) => rowOf(row).clashes.map(({ field }) => sayFieldName(kind, field)).join(filesWords.separator)),
  text(filesWords.state, (row) => recordState[stateOf(rowOf(row).id) ?? 'confirmed']),
];

/** All fields of a kind, for sheets that hold whole records. */
export function kindSheet(name: string, kind: KindName, rows: readonly Row[], names: Names, stateOf: (record: string) => RecordState | undefined): Sheet {
  const all = rows.map(({ fields }) => fields);
  return sheetOf<Row>(name, rows, [
    text(filesWords.recordId, ({ id }) => id),
    ...Object.keys(kinds[kind].entries).map((field) => fieldColumn<Row>(kind, sayFieldName(kind, field), field, all, ({ fields }) => fields[field], names)),
    ...recordColumns<Row>((row) => row, kind, names, stateOf),
  ]);
}
