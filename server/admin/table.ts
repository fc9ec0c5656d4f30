/** Plain tables for a terminal, and the same rows for a spreadsheet. */
import { clockOf, dayOf } from '../../src/domain/kernel/time.ts';

export type Row = readonly string[];

/** Chinese characters take two columns. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
/** What a tablet calls itself comes from outside: no control character reaches the terminal. */
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');

export function table(head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return 'Nothing here.';
  const lines = [head, ...rows].map((row) => row.map(plain));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines.map((line) => line.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

/** A cell that a spreadsheet would calculate with stays text. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** With a mark in front that makes Excel read Chinese. */
export const csv = (head: Row, rows: readonly Row[]): string => `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** Beijing time. */
export const timeOf = (at: number | undefined): string => (at ? `${dayOf(at)} ${clockOf(at)}` : '–');
