/**
 * Tables as a workbook, a sheet for each: headings in bold that stay in sight, numbers, money, days and times as such.
 * EX2 Text is written as text and never as a formula, whatever it begins with.
 */
import { strToU8, zipSync } from 'fflate';
import type { ColumnKind, Sheet, SheetValue } from '../contract.ts';
import { serialOf, valueText } from './values.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The style of each kind of column, as `styles` lists them; 1 is the heading's. */
const styleOf: Readonly<Record<ColumnKind, number>> = { text: 2, count: 0, money: 3, hours: 4, day: 5, time: 6 };
const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0.00"/><numFmt numFmtId="165" formatCode="0.0"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="167" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/>${[164, 165, 166, 167].map((id) => `<xf numFmtId="${id}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`;

/** What XML cannot hold is left out, and an underscore that would be read as an escape is one itself. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');

const textCell = (text: string, style: number): string => `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

function cell(value: SheetValue, kind: ColumnKind): string {
  const style = styleOf[kind];
  if (value === null || value === '') return '<c/>';
  if (kind === 'text') return textCell(String(value), style);
  const number = kind === 'day' || kind === 'time' ? serialOf(value, kind) : valueText(value, kind);
  return number === undefined ? textCell(String(value), styleOf.text) : `<c s="${style}"><v>${number}</v></c>`;
}

/** In characters; a Chinese one is two wide. */
const widthMax = 48;
const measuredRows = 200;
const widthOf = (text: string): number => [...text].reduce((sum, each) => sum + (each > '\u2e7f' ? 2 : 1), 0);

function widths({ columns, rows }: Sheet): string {
  const cols = columns.map(({ heading, kind }, index) => {
    const widest = Math.max(widthOf(heading), ...rows.slice(0, measuredRows).map((row) => (kind === 'time' ? 16 : kind === 'day' ? 10 : widthOf(valueText(row[index] ?? null, kind)))));
    return `<col min="${index + 1}" max="${index + 1}" width="${Math.min(widest + 2, widthMax)}" customWidth="1"/>`;
  });
  return cols.length > 0 ? `<cols>${cols.join('')}</cols>` : '';
}

function sheetXml(sheet: Sheet): string {
  const { columns, rows } = sheet;
  const head = `<row>${columns.map(({ heading }) => textCell(heading, 1)).join('')}</row>`;
  const body = rows.map((row) => `<row>${columns.map(({ kind }, index) => cell(row[index] ?? null, kind)).join('')}</row>`);
  const pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `${declaration}<worksheet xmlns="${main}">${pane}${widths(sheet)}<sheetData>${head}${body.join('')}</sheetData></worksheet>`;
}

/** A sheet's name has at most 31 characters, none of them one that a formula needs, and stands once. */
export function sheetNames(sheets: readonly Sheet[]): string[] {
  const taken = new Set<string>();
  return sheets.map(({ name }, index) => {
    const clean = [...name.replace(/[[\]:*?/\\']/g, ' ').trim()].slice(0, 27).join('') || `${index + 1}`;
    const free = taken.has(clean.toLowerCase()) ? `${clean} ${index + 1}` : clean;
    taken.add(free.toLowerCase());
    return free;
  });
}

export function toWorkbook(sheets: readonly Sheet[]): Uint8Array<ArrayBuffer> {
  const names = sheetNames(sheets);
  const each = <T>(make: (number: number, name: string) => T): T[] => names.map((name, index) => make(index + 1, name));
  const files: Record<string, string> = {
    '[Content_Types].xml': `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetType}.styles+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${sheetType}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${related}"><sheets>${each((number, name) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packaged}/relationships">${each((number) => `<Relationship Id="rId${number}" Type="${related}/worksheet" Target="worksheets/sheet${number}.xml"/>`).join('')}<Relationship Id="rId${names.length + 1}" Type="${related}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': styles,
  };
  sheets.forEach((sheet, index) => (files[`xl/worksheets/sheet${index + 1}.xml`] = sheetXml(sheet)));
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level: 6 });
}
