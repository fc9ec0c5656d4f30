/** A file as a table of texts: what it is is seen from its first bytes, not from its name. */
import { importRowsMax } from '../../domain/exchange/inputs.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { FileFault, FileKind, Progress, Sheets } from '../contract.ts';
import { decodeText } from './text.ts';

export interface Table {
  readonly kind: FileKind;
  readonly rows: readonly (readonly string[])[];
  /** Of a workbook. */
  readonly sheets?: Sheets;
}

/** 20,000 rows of the widest list come to some 5 MB. */
const fileMaxBytes = 32 * 1_048_576;
/** Titles and blank lines. */
const otherLines = 1_000;

const begins = (bytes: Uint8Array, ...mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
const isZip = (bytes: Uint8Array): boolean => begins(bytes, 0x50, 0x4b);
/** What Excel wrote before 2007, and what it writes when a password protects it. */
const isCompound = (bytes: Uint8Array): boolean => begins(bytes, 0xd0, 0xcf, 0x11, 0xe0);

async function tableOf(bytes: Uint8Array, progress: Progress, sheet: number | undefined): Promise<Result<Table, FileFault>> {
  if (isCompound(bytes)) return err('old-excel');
  if (isZip(bytes)) {
    const { fromWorkbook } = await import('./xlsx.ts');
    const read = fromWorkbook(bytes, progress, sheet);
    return read.ok ? ok({ kind: 'xlsx', ...read.value }) : read;
  }
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const { fromCsv } = await import('./csv.ts');
  return ok({ kind: decoded.value.kind, rows: fromCsv(decoded.value.text) });
}

/** @param sheet of a workbook, by its place among those that hold anything; else the first of them */
export async function readFile(file: Blob, progress: Progress, sheet?: number): Promise<Result<Table, FileFault>> {
  if (file.size > fileMaxBytes) return err('too-large');
  const table = await tableOf(new Uint8Array(await file.arrayBuffer()), progress, sheet);
  if (!table.ok) return table;
  const { rows } = table.value;
  const filled = rows.findLastIndex((row) => row.some((cell) => cell.trim() !== '')) + 1;
  if (filled === 0) return err('empty');
  return filled > importRowsMax + otherLines ? err('too-many-rows') : ok({ ...table.value, rows: rows.slice(0, filled) });
}
