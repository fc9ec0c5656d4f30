/** PQ6, PQ7 The month's statement as its table shows it, and the entries behind it with the digest up to each. */
import type { MonthStatement } from '$client/queries/statement.ts';
import { statementColumns, type StatementLine } from '$domain/points/statement.ts';
import type { Sheet } from '$exchange/contract.ts';
import { fields as fieldWords } from '$lib/i18n/words/fields.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { pointsStatement as words } from '$lib/i18n/words/pointsStatement.ts';
import { sheetOf, text, typed } from './sheet.ts';

/** The last row is the sum, with the digest of the month. */
export function statementSheet(month: string, { lines, total, digest }: MonthStatement, nameOf: (number: string) => string): Sheet {
  const rows: readonly StatementLine[] = [...lines, { ...total, volunteer: '' }];
  return sheetOf<StatementLine>(`${words.title} ${month}`, rows, [
    text(fieldWords.number, ({ volunteer }) => volunteer),
    text(filesWords.person, ({ volunteer }) => (volunteer === '' ? words.total : nameOf(volunteer))),
    ...(['opening', ...statementColumns, 'closing'] as const).map((name) => typed<StatementLine>(words.columns[name], 'count', (line) => line[name])),
    text(words.digest, ({ volunteer }) => (volunteer === '' ? digest : undefined)),
  ]);
}

type Entry = MonthStatement['entries'][number];

/** In the order of the chain: where two tablets differ, the first digest that differs is the line. */
export const entriesSheet = (month: string, { entries }: MonthStatement): Sheet =>
  sheetOf<Entry>(`${words.entriesFile} ${month}`, entries, [
    text(words.entry.record, ({ line }) => line.id),
    typed(words.entry.occurredOn, 'day', ({ line }) => line.fields.occurredOn),
    text(fieldWords.number, ({ line }) => line.fields.volunteer),
    typed(words.entry.points, 'count', ({ line }) => line.fields.points),
    text(words.entry.from, ({ line }) => line.fields.debit),
    text(words.entry.to, ({ line }) => line.fields.credit),
    text(words.entry.reason, ({ line }) => (words.reason as Readonly<Record<string, string>>)[line.fields.reason] ?? line.fields.reason),
    text(words.entry.digest, ({ digest }) => digest),
  ]);
