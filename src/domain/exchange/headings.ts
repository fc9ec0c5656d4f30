/**
 * Which column of a file is which column of a list.
 *
 * - IM1 Headings are recognised in Chinese and English as rosters write them, wherever the heading line stands; what is proposed
 *   can be changed, and no field is filled from two columns.
 * - IM2 Columns for identity numbers, health, faith, ethnicity and the like are recognised and left out, and that is said.
 */
import { folded } from './cells.ts';
import type { Column, ImportList } from './column.ts';

/** For each column of the file a field of the list, or null for none. */
export type Mapping = readonly (string | null)[];

/** What Linhuo has no field for and never will (VS2). */
const neverKept = /身份证|证件|民族|宗教|信仰|政治面貌|健康|疾病|病史|病情|慢性病|残疾|精神|血型|identitycard|idcard|idnumber|ethnic|religion|faith|health|illness|disab/;

const plain = (heading: string): string => folded(heading).replace(/[([【].*?[)\]】]/g, '').replace(/[*:：_\-"'.。]/g, '');

export const isNeverKept = (heading: string): boolean => neverKept.test(folded(heading));

const namesOf = ({ field, zh, en, aliases }: Column): string[] => [zh, en, field, ...aliases].map(plain);

/** How a heading fits: a column's own name counts most, then the longest name of it that the heading holds. */
function fit(heading: string, column: Column): number {
  const said = plain(heading);
  if (said === '' || isNeverKept(heading)) return 0;
  const names = namesOf(column);
  if (names.includes(said)) return 1_000;
  return Math.max(0, ...names.filter((name) => name.length > 1 && said.includes(name)).map((name) => name.length));
}

export function proposeMapping(headings: readonly string[], { columns }: ImportList): Mapping {
  const fits = headings.flatMap((heading, index) => columns.map(({ field }, order) => ({ index, field, order, score: fit(heading, columns[order] as Column) })));
  const mapping: (string | null)[] = headings.map(() => null);
  const best = fits.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.index - b.index || a.order - b.order);
  for (const { index, field } of best) if (mapping[index] === null && !mapping.includes(field)) mapping[index] = field;
  return mapping;
}

/** Rosters often begin with a title. */
const searchedRows = 10;

/** @returns the index of the line that looks most like headings; the first that holds anything if none does */
export function headingRow(rows: readonly (readonly string[])[], list: ImportList): number {
  const known = rows.slice(0, searchedRows).map((row) => proposeMapping(row, list).filter((field) => field !== null).length);
  const most = Math.max(0, ...known);
  return most > 0 ? known.indexOf(most) : Math.max(0, rows.findIndex((row) => row.some((cell) => cell.trim() !== '')));
}

/** Shows none of the texts. */
function fingerprint(texts: readonly string[]): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const unit of texts.join('\u001f')) {
    const code = unit.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  return `${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
}

/** A remembered mapping is found again by its headings, under a name that shows none of them: a file without headings begins with people. */
export const mappingKey = (list: string, headings: readonly string[]): string => `import-${list}-${fingerprint(headings)}`;
/** IM11 The same of the sheet that was chosen in a workbook, by the names of all its sheets. */
export const sheetKey = (list: string, sheets: readonly string[]): string => `import-sheet-${list}-${fingerprint(sheets)}`;

/** A mapping that was kept may be of an older version: what the list does not have any more is left out. */
export const mappingFrom = (kept: unknown, headings: readonly string[], { columns }: ImportList): Mapping | undefined =>
  Array.isArray(kept) && kept.length === headings.length ? kept.map((field) => (columns.some((column) => column.field === field) ? (field as string) : null)) : undefined;
