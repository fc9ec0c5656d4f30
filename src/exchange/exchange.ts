/** Answers the page's calls, inside the worker: one table at a time is held, that of the file opened last. */
import type { Reading } from '../domain/exchange/column.ts';
import type { Mapping } from '../domain/exchange/headings.ts';
import type { ListName } from '../domain/exchange/lists.ts';
import { ok, type Result } from '../domain/kernel/result.ts';
import type { CheckedFile, ExchangeCalls, FileFault, FileFormat, OpenedFile, Progress, Sheet } from './contract.ts';
import { checked, opened } from './reading/check.ts';
import { readFile, type Table } from './reading/file.ts';

const types: Readonly<Record<FileFormat, string>> = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv;charset=utf-8' };

export class Exchange {
  #table: Table | undefined;

  async open(progress: Progress, file: Blob, list: ListName, sheet?: number): Promise<Result<OpenedFile, FileFault>> {
    const read = await readFile(file, progress, sheet);
    this.#table = read.ok ? read.value : undefined;
    return read.ok ? ok(opened(read.value, list)) : read;
  }

  async check(progress: Progress, list: ListName, mapping: Mapping, reading: Reading): Promise<CheckedFile> {
    if (!this.#table) throw new Error('asked to check before a file was opened');
    return checked(this.#table, list, mapping, reading, progress);
  }

  async write(_progress: Progress, sheets: readonly Sheet[], format: FileFormat): Promise<Blob> {
    const [first] = sheets;
    if (!first) throw new Error('asked to write nothing');
    const content = format === 'xlsx' ? (await import('./writing/xlsx.ts')).toWorkbook(sheets) : (await import('./writing/csv.ts')).toCsv(first);
    return new Blob([content], { type: types[format] });
  }
}

/** Every call has its method, with the progress in front. */
type Answers = { readonly [Name in keyof ExchangeCalls]: (progress: Progress, ...args: Parameters<ExchangeCalls[Name]>) => ReturnType<ExchangeCalls[Name]> };
export const createExchange = (): Answers => new Exchange();
