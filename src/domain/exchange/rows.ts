/** A line of a file, read by its mapping. */
import type { Fields, Value } from '../kernel/fact.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { ImportList, Reading, RowFault, TypedRow } from './column.ts';
import { holdsIdentityNumber } from './cells.ts';
import type { Mapping } from './headings.ts';

/** What a fault shows of a cell. */
const shownMax = 40;

const missingOf = (way: readonly string[], here: (field: string) => boolean): readonly string[] => way.filter((field) => !here(field));

/**
 * The field to point at where none of the ways to fill a row is complete: the first that is missing of the way that the row has most
 * of. Where it has nothing of any, the way counts that the file has columns for; then the shorter one.
 */
function firstMissing({ required }: ImportList, mapping: Mapping, stands: (field: string) => boolean): string | undefined {
  const ways = required.map((way) => {
    const missing = missingOf(way, stands);
    return { missing, filled: way.length - missing.length, columnless: missingOf(way, (field) => mapping.includes(field)).length };
  });
  if (ways.some(({ missing }) => missing.length === 0)) return undefined;
  return ways.sort((a, b) => b.filled - a.filled || a.columnless - b.columnless || a.missing.length - b.missing.length)[0]?.missing[0];
}

/**
 * @param row the line's number in the file
 * @returns undefined for a line with nothing in it; every fault of the line, not only the first
 */
export function readRow(cells: readonly string[], row: number, mapping: Mapping, list: ImportList, reading: Reading): Result<TypedRow, readonly RowFault[]> | undefined {
  if (cells.every((cell) => cell.trim() === '')) return undefined;
  const fields: Record<string, Value> = {};
  const faults: RowFault[] = [];
  mapping.forEach((field, index) => {
    const column = list.columns.find((each) => each.field === field);
    const text = (cells[index] ?? '').trim();
    if (!column || text === '') return;
    const read = column.read(text, reading);
    if (read.ok) fields[column.field] = read.value;
    // An identity number is not repeated on a screen either.
    else faults.push({ row, field: column.field, why: read.error, ...(holdsIdentityNumber(text) ? {} : { text: text.slice(0, shownMax) }) });
  });
  // A cell that cannot be read is there, and named already.
  const missing = firstMissing(list, mapping, (field) => field in fields || faults.some((fault) => fault.field === field));
  if (missing !== undefined) faults.push({ row, field: missing, why: 'missing' });
  if (faults.length > 0) return err(faults);
  const finished = list.finish(fields, reading);
  return finished.ok ? ok({ row, fields: finished.value as Fields }) : err([{ row, ...finished.error }]);
}
