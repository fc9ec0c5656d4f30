/** A table that was read, against the list it is to become rows of. */
import type { Reading, RowFault, TypedRow } from '../../domain/exchange/column.ts';
import { headingRow, isNeverKept, proposeMapping, type Mapping } from '../../domain/exchange/headings.ts';
import { importLists, type ListName } from '../../domain/exchange/lists.ts';
import { readRow } from '../../domain/exchange/rows.ts';
import type { CheckedFile, OpenedFile, Progress } from '../contract.ts';
import type { Table } from './file.ts';

const sampleRows = 3;
const progressEvery = 500;

const blank = (row: readonly string[]): boolean => row.every((cell) => cell.trim() === '');

export function opened({ kind, rows, sheets }: Table, list: ListName): OpenedFile {
  const at = headingRow(rows, importLists[list]);
  const headings = (rows[at] ?? []).map((heading) => heading.trim());
  return {
    kind,
    ...(sheets ? { sheets } : {}),
    lines: rows.length,
    headings,
    proposed: proposeMapping(headings, importLists[list]),
    neverKept: headings.filter(isNeverKept),
    sample: rows.slice(at + 1).filter((row) => !blank(row)).slice(0, sampleRows),
  };
}

export function checked({ rows }: Table, name: ListName, mapping: Mapping, reading: Reading, progress: Progress): CheckedFile {
  const list = importLists[name];
  const first = headingRow(rows, list) + 1;
  const typed: TypedRow[] = [];
  const wrong: RowFault[] = [];
  for (let index = first; index < rows.length; index += 1) {
    const read = readRow(rows[index] ?? [], index + 1, mapping, list, reading);
    if (read?.ok) typed.push(read.value);
    else if (read) wrong.push(...read.error);
    if (index % progressEvery === 0) progress(index, rows.length);
  }
  const named = (field: string): readonly string[] => [...new Set(typed.flatMap(({ fields }) => (typeof fields[field] === 'string' ? [fields[field]] : [])))];
  const [grids, groups] = [list.of === 'grid' ? named('grid') : [], list.of === 'group' ? named('partner') : []];
  return { rows: JSON.stringify(typed), count: typed.length, grids, groups, wrong, sample: typed.slice(0, sampleRows).map(({ fields }) => fields) };
}
