/** Which numbers of a workbook are days: their style's format says so, and nothing else does. */
import { attribute, xmlTokens } from './xml.ts';

/** The built-in formats of days and times, those of the Chinese editions included. */
const builtInDays = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58);

/** What stands in quotes, brackets or behind a backslash is shown as it is. */
const saysDay = (code: string): boolean => /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));

/** @returns for each cell style whether its numbers are days */
export function dayStyles(styles: string): readonly boolean[] {
  const custom = new Map<number, boolean>();
  const days: boolean[] = [];
  let inCellStyles = false;
  for (const token of xmlTokens(styles)) {
    if (token.type === 'text') continue;
    if (token.name === 'cellXfs') inCellStyles = token.type === 'open';
    if (token.type !== 'open') continue;
    const id = Number(attribute(token.attributes, 'numFmtId'));
    if (token.name === 'numFmt') custom.set(id, saysDay(attribute(token.attributes, 'formatCode') ?? ''));
    if (token.name === 'xf' && inCellStyles) days.push(custom.get(id) ?? builtInDays(id));
  }
  return days;
}

const dayMs = 86_400_000;
/** Day 60 of the older calendar is 29 February 1900, which never was; rosters begin later. */
const epochs = { from1900: Date.UTC(1899, 11, 30), from1904: Date.UTC(1904, 0, 1) } as const;
const latestSerial = 2_958_466;

/** `YYYY-MM-DD`, with the time where there is one. A number that no calendar knows stays a number. */
export function dayText(serial: number, from1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < latestSerial)) return undefined;
  const at = new Date((from1904 ? epochs.from1904 : epochs.from1900) + Math.round(serial * 86_400) * 1_000).toISOString();
  return serial * dayMs % dayMs === 0 ? at.slice(0, 10) : `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}
