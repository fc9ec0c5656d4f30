/** LibreOffice without a screen, with settings of its own: what other people's spreadsheets make of our files, and ours of theirs. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** `npm test` finds or installs it and says where; by hand the one on the path is taken. */
function soffice(): string {
  const known = process.env['SOFFICE_PATH'];
  if (known) return known;
  const found = String(process.env['PATH']).split(delimiter).map((folder) => join(folder, 'soffice')).find((path) => existsSync(path));
  if (!found) throw new Error('LibreOffice is not here: install libreoffice-calc, or set SOFFICE_PATH to its soffice');
  return found;
}

/** How LibreOffice numbers encodings. */
const encodings = { 'utf-8': 76, gb18030: 85 } as const;
/** Comma, double quotes, encoding, from the first line; then: language as it is, quotes only where needed, days and numbers told from text. */
const reading = (encoding: keyof typeof encodings): string => `Text - txt - csv (StarCalc):44,34,${encodings[encoding]},1,,0,false,true`;
/** The same, each cell as it is shown, no formulas, every sheet into a file of its own. */
const writing = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1';

export interface Converted {
  readonly name: string;
  readonly content: Buffer;
}

async function convert(name: string, content: Uint8Array | string, to: string, infilter?: string): Promise<readonly Converted[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-office-'));
  try {
    const from = join(folder, name);
    const out = join(folder, 'out');
    writeFileSync(from, content);
    await promisify(execFile)(soffice(), [
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`, '--headless', '--norestore',
      ...(infilter ? [`--infilter=${infilter}`] : []), '--convert-to', to, '--outdir', out, from,
    ]);
    return readdirSync(out).sort().map((file) => ({ name: file, content: readFileSync(join(out, file)) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file as LibreOffice shows it, a CSV for each sheet. */
export const shownBy = (name: string, content: Uint8Array | string): Promise<readonly Converted[]> =>
  convert(name, content, writing, extname(name) === '.csv' ? reading('utf-8') : undefined);

/** A CSV opened in LibreOffice and saved as a workbook. */
export async function workbookBy(content: Uint8Array, encoding: keyof typeof encodings): Promise<Buffer> {
  const [made] = await convert('roster.csv', content, 'xlsx', reading(encoding));
  if (!made) throw new Error('LibreOffice wrote nothing');
  return made.content;
}
