/**
 * A table as a text that spreadsheets open as it is: UTF-8 with a byte order mark, CRLF.
 * EX2 A cell that a spreadsheet would take for a formula starts with an apostrophe.
 */
import type { Sheet } from '../contract.ts';
import { valueText } from './values.ts';

const formula = /^[=+\-@\t\r＝＋－＠]/;

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

export function toCsv({ columns, rows }: Sheet): string {
  const lines = rows.map((row) => columns.map(({ kind }, index) => quoted(kind === 'text' ? guarded(String(row[index] ?? '')) : valueText(row[index] ?? null, kind))));
  return `\uFEFF${[columns.map(({ heading }) => quoted(guarded(heading))), ...lines].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
