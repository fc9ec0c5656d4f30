/**
 * From a file to rows on this tablet: opened, mapped, looked at, and taken whole or not at all. Reading is the exchange worker's
 * work, deciding the replica's; thousands of rows pass through the page as one text that it never looks into.
 *
 * - IM9 The mapping of a file's headings is remembered on this tablet once rows were taken by it.
 * - IM11 So is the sheet they were taken from, for workbooks with the same sheets.
 */
import { importLists, type ListName } from '../../domain/exchange/lists.ts';
import { mappingFrom, mappingKey, sheetKey, type Mapping } from '../../domain/exchange/headings.ts';
import type { Reading, RowFault } from '../../domain/exchange/column.ts';
import type { ImportRows } from '../../domain/exchange/inputs.ts';
import type { Foreseen } from '../../domain/exchange/rules.ts';
import type { CommandError } from '../../domain/kernel/command.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { FileFault, OpenedFile, Progress, Sheets } from '../../exchange/contract.ts';
import { openExchange } from '../../exchange/open.ts';
import type { ImportTaken, Live, ReplicaCalls, WorkDone } from '../../replica/contract.ts';
import type { GroupChoice } from '../queries/partners.ts';
import type { GridChoice } from '../queries/route.ts';

export interface ReadyFile extends OpenedFile {
  /** As it was used the last time, else as it is proposed. */
  readonly mapping: Mapping;
}

export interface Preview extends Foreseen {
  /** Rows of the file, empty ones not counted. */
  readonly rows: number;
  /** How many of them are wrong; one row may be wrong in several columns. */
  readonly wrongRows: number;
}

export interface Importing {
  /** @param sheet of a workbook, by its place among its sheets; without one as it was chosen the last time, else the first */
  open(file: Blob, sheet?: number): Promise<Result<ReadyFile, FileFault>>;
  /** @param place for rows that name none */
  look(mapping: Mapping, place: Pick<Reading, 'grid' | 'group'>): Promise<Result<Preview, CommandError>>;
  /**
   * Takes what was looked at last.
   * @param told how far that is (IM13)
   */
  take(leaveOutWrong: boolean, told: (work: WorkDone) => void): Promise<Result<ImportTaken, CommandError>>;
  close(): void;
}

type Calls = Pick<ReplicaCalls, 'foreseeImport' | 'importRows' | 'deviceValue' | 'setDeviceValue'>;

const byRow = (a: RowFault, b: RowFault): number => a.row - b.row;

/** The grids and groups that this person may name. */
export interface Places {
  readonly grids: readonly GridChoice[];
  readonly groups: readonly GroupChoice[];
}

export function openImport({ calls, work }: { readonly calls: Calls; readonly work: Live<WorkDone> }, list: ListName, places: () => Places, progress: Progress): Importing {
  const exchange = openExchange(progress);
  let headings: readonly string[] = [];
  let sheets: Sheets | undefined;
  let looked: { readonly input: Omit<ImportRows, 'leaveOutWrong'>; readonly mapping: Mapping; readonly request: string } | undefined;

  /** The place of the sheet that was chosen the last time, where it is another one than was read. */
  async function chosenBefore(read: Sheets | undefined): Promise<number | undefined> {
    if (!read || read.names.length < 2) return undefined;
    const kept = await calls.deviceValue(sheetKey(list, read.names));
    return typeof kept === 'number' && kept !== read.at && kept < read.names.length ? kept : undefined;
  }

  return {
    async open(file, sheet) {
      looked = undefined;
      let opened = await exchange.calls.open(file, list, sheet);
      const before = opened.ok && sheet === undefined ? await chosenBefore(opened.value.sheets) : undefined;
      if (before !== undefined) opened = await exchange.calls.open(file, list, before);
      if (!opened.ok) return opened;
      ({ headings, sheets } = opened.value);
      const kept = mappingFrom(await calls.deviceValue(mappingKey(list, headings)), headings, importLists[list]);
      return ok({ ...opened.value, mapping: kept ?? opened.value.proposed });
    },

    async look(mapping, place) {
      const { grids, groups } = places();
      const checked = await exchange.calls.check(list, mapping, { grids, groups, ...place });
      // A volunteer's number must be new wherever this person can see.
      const named = list === 'volunteers' ? grids.map(({ code }) => code) : checked.grids;
      const unreadable = new Set(checked.wrong.map(({ row }) => row)).size;
      const input = { list, grids: named, groups: checked.groups, rows: checked.rows, unreadable };
      looked = { input, mapping, request: crypto.randomUUID() };
      const nothing: Foreseen = { born: 0, changed: 0, same: 0, comesWith: 0, shown: [], wrong: [] };
      const foreseen = checked.count === 0 ? ok(nothing) : await calls.foreseeImport({ ...input, leaveOutWrong: false });
      if (!foreseen.ok) return foreseen;
      const wrong = [...checked.wrong, ...foreseen.value.wrong].sort(byRow);
      return ok({ ...foreseen.value, wrong, rows: checked.count + unreadable, wrongRows: new Set(wrong.map(({ row }) => row)).size });
    },

    async take(leaveOutWrong, told) {
      if (!looked) return err({ type: 'Missing', field: 'rows' });
      const { input, mapping, request } = looked;
      const deaf = work.subscribe((each) => each.request === request && told(each));
      const taken = await calls.importRows(request, { ...input, leaveOutWrong }).finally(deaf);
      if (taken.ok) await calls.setDeviceValue(mappingKey(list, headings), [...mapping]);
      if (taken.ok && sheets && sheets.names.length > 1) await calls.setDeviceValue(sheetKey(list, sheets.names), sheets.at);
      return taken;
    },

    close: () => exchange.close(),
  };
}
