/** Values of a table as text, exact and the same in both languages; and as a spreadsheet counts days. */
import type { ColumnKind, SheetValue } from '../contract.ts';
import { clockOf, dayOf, instantOf } from '../../domain/kernel/time.ts';

/** Integer fen or tenths as a decimal, without a float in between. */
function decimal(minor: number, digits: number): string {
  const size = String(Math.abs(minor)).padStart(digits + 1, '0');
  return `${minor < 0 ? '-' : ''}${size.slice(0, -digits)}.${size.slice(-digits)}`;
}

export function valueText(value: SheetValue, kind: ColumnKind): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (kind === 'money') return decimal(value, 2);
  if (kind === 'hours') return decimal(value, 1);
  return kind === 'time' ? `${dayOf(value)} ${clockOf(value)}` : String(value);
}

const dayMs = 86_400_000;
const epoch = Date.UTC(1899, 11, 30);

/** Days since 30 December 1899 by Beijing's clock, to the minute. */
export function serialOf(value: SheetValue, kind: 'day' | 'time'): string | undefined {
  if (value === null) return undefined;
  const at = kind === 'day' ? instantOf(String(value)) : Number(value);
  const wall = Date.parse(`${dayOf(at)}T${kind === 'day' ? '00:00' : clockOf(at)}:00Z`);
  return Number.isNaN(wall) ? undefined : String((wall - epoch) / dayMs);
}
