/**
 * A workbook as a table of texts: the sheet that was chosen (IM11), else the first that is not hidden and holds anything. Numbers come as plain decimals, days as
 * `YYYY-MM-DD`, formulas as what they came to. What stands in a cell that was merged downwards stands in each of its rows:
 * rosters write a building once for all its doors.
 */
import { strFromU8, unzipSync } from 'fflate';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { FileFault, Progress, Sheets } from '../contract.ts';
import { dayStyles, dayText } from './numberFormats.ts';
import { attribute, xmlTokens } from './xml.ts';

/** A sheet of 20,000 rows unpacks to some 15 MB. */
const partMaxBytes = 128 * 1_048_576;
const columnsMax = 256;
const linesMax = 100_000;
const progressEvery = 500;

type Parts = Readonly<Record<string, string>>;

const wanted = /^(?:xl\/workbook\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/styles\.xml|xl\/sharedStrings\.xml|xl\/worksheets\/[^/]+\.xml)$/;

function unpack(bytes: Uint8Array): Result<Parts, FileFault> {
  let tooLarge = false;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!wanted.test(name)) return false;
        tooLarge ||= originalSize > partMaxBytes;
        return !tooLarge;
      },
    });
    if (tooLarge) return err('too-large');
    return ok(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strFromU8(content)])));
  } catch {
    return err('broken');
  }
}

/** Text of the runs of each entry; what is read aloud beside it (`rPh`) is left out. */
function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let [current, inText, aloud] = ['', false, 0];
  for (const token of xmlTokens(xml)) {
    if (token.type === 'text') current += inText && aloud === 0 ? token.text : '';
    else if (token.name === 'si') {
      if (token.type === 'close' || token.empty) strings.push(current);
      current = '';
    } else if (token.name === 't') inText = token.type === 'open' && !token.empty;
    else if (token.name === 'rPh') aloud += token.type === 'open' ? 1 : -1;
  }
  return strings;
}

interface SheetPart {
  readonly name: string;
  readonly xml: string;
}

/** A cell with something in it; one that only has a colour has neither. */
const filledCell = /<(?:\w+:)?(?:v|is)[\s>]/;

/** The sheets that are shown and hold anything, in their order. */
function sheetParts(parts: Parts): readonly SheetPart[] {
  const targets = new Map<string, string>();
  for (const token of xmlTokens(parts['xl/_rels/workbook.xml.rels'] ?? ''))
    if (token.type === 'open' && token.name === 'Relationship') targets.set(attribute(token.attributes, 'Id') ?? '', attribute(token.attributes, 'Target') ?? '');
  const shown: SheetPart[] = [];
  for (const token of xmlTokens(parts['xl/workbook.xml'] ?? '')) {
    if (token.type !== 'open' || token.name !== 'sheet' || (attribute(token.attributes, 'state') ?? 'visible') !== 'visible') continue;
    const target = targets.get(/\w+:id\s*=\s*["']([^"']*)["']/.exec(token.attributes)?.[1] ?? '') ?? '';
    const xml = parts[target.startsWith('/') ? target.slice(1) : `xl/${target}`] ?? '';
    if (filledCell.test(xml)) shown.push({ name: attribute(token.attributes, 'name') ?? '', xml });
  }
  return shown;
}

const columnOf = (reference: string): number => [.../^[A-Z]+/.exec(reference)?.[0] ?? ''].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
const lineOf = (reference: string): number => Number(/\d+$/.exec(reference)?.[0] ?? 0) - 1;

/** As a person would type it: spreadsheets count with fifteen digits. */
function numberText(raw: string): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  const short = Number(value.toPrecision(15));
  return Math.abs(short) >= 1e21 || (short !== 0 && Math.abs(short) < 1e-6) ? raw : String(short);
}

interface Styles {
  readonly days: readonly boolean[];
  readonly from1904: boolean;
  readonly strings: readonly string[];
}

function cellText(attributes: string, value: string, inline: string, { days, from1904, strings }: Styles): string {
  const type = attribute(attributes, 't') ?? 'n';
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'inlineStr') return inline;
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type === 'e') return '';
  if (type === 'd') return value.replace('T', ' ');
  if (type === 'str' || value === '') return value;
  const asDay = days[Number(attribute(attributes, 's') ?? -1)] ? dayText(Number(value), from1904) : undefined;
  return asDay ?? numberText(value);
}

/** What a merged cell holds stands in all of its rows, in its first column. */
function fillDown(table: string[][], merged: string): void {
  const [from = '', to = from] = merged.split(':');
  const column = columnOf(from);
  const text = table[lineOf(from)]?.[column];
  if (text === undefined) return;
  for (let line = lineOf(from) + 1; line <= Math.min(lineOf(to), table.length - 1); line += 1) {
    const cells = table[line] as string[];
    while (cells.length < column) cells.push('');
    cells[column] ||= text;
  }
}

function readSheet(xml: string, styles: Styles, progress: Progress): Result<string[][], FileFault> {
  const total = Number(/<\w*:?dimension[^>]*ref="[A-Z]+\d+:[A-Z]+(\d+)"/.exec(xml)?.[1] ?? 0);
  const table: string[][] = [];
  const merged: string[] = [];
  let line = -1;
  let [column, attributes, value, inline, inside] = [-1, '', '', '', ''];
  for (const token of xmlTokens(xml)) {
    if (token.type === 'text') {
      if (inside === 'v') value += token.text;
      if (inside === 't') inline += token.text;
    } else if (token.type === 'open') {
      if (token.name === 'row') {
        line = Number(attribute(token.attributes, 'r') ?? line + 2) - 1;
        if (line >= linesMax) return err('too-many-rows');
        while (table.length <= line) table.push([]);
        column = -1;
        if (table.length % progressEvery === 0) progress(table.length, Math.max(total, table.length));
      } else if (token.name === 'c') {
        const reference = attribute(token.attributes, 'r');
        column = reference === undefined ? column + 1 : columnOf(reference);
        [attributes, value, inline] = [token.attributes, '', ''];
      } else if (token.name === 'mergeCell') merged.push(attribute(token.attributes, 'ref') ?? '');
      inside = token.empty ? '' : token.name;
    } else {
      const cells = table[line];
      if (token.name === 'c' && cells && column < columnsMax) {
        while (cells.length < column) cells.push('');
        cells[column] = cellText(attributes, value, inline, styles);
      }
      inside = '';
    }
  }
  for (const each of merged) fillDown(table, each);
  return ok(table);
}

export interface WorkbookTable {
  readonly rows: readonly (readonly string[])[];
  readonly sheets: Sheets;
}

/** @param chosen the place of a sheet among those that `sheets` names */
export function fromWorkbook(bytes: Uint8Array, progress: Progress, chosen?: number): Result<WorkbookTable, FileFault> {
  const unpacked = unpack(bytes);
  if (!unpacked.ok) return unpacked;
  const parts = unpacked.value;
  const workbook = parts['xl/workbook.xml'];
  if (workbook === undefined) return err('broken');
  const styles: Styles = {
    days: dayStyles(parts['xl/styles.xml'] ?? ''),
    from1904: /date1904\s*=\s*["'](?:1|true)["']/.test(workbook),
    strings: sharedStrings(parts['xl/sharedStrings.xml'] ?? ''),
  };
  const sheets = sheetParts(parts);
  for (const [at, { xml }] of sheets.entries()) {
    if (chosen !== undefined && at !== chosen) continue;
    const read = readSheet(xml, styles, progress);
    if (!read.ok) return read;
    if (chosen !== undefined || read.value.some((row) => row.some((cell) => cell.trim() !== ''))) return ok({ rows: read.value, sheets: { names: sheets.map(({ name }) => name), at } });
  }
  return err('empty');
}
