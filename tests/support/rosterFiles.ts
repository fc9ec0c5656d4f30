/** Rosters as offices keep them: lines of text cells, and what an import makes of them. */
import type { Reading, RowFault, TypedRow } from '../../src/domain/exchange/column.ts';
import { headingRow, proposeMapping } from '../../src/domain/exchange/headings.ts';
import type { ImportRows } from '../../src/domain/exchange/inputs.ts';
import { importLists, type ListName } from '../../src/domain/exchange/lists.ts';
import { readRow } from '../../src/domain/exchange/rows.ts';
import { bakery, group } from './community.ts';

export const twoGrids: Reading = {
  grids: [{ code: 'g1', name: '第一网格' }, { code: 'g2', name: '第二网格' }],
  grid: 'g1',
  groups: [{ id: group, names: ['夕阳红合唱团', '合唱团'] }, { id: bakery, names: ['好吃兔'] }],
  group,
};

export interface ReadFile {
  readonly rows: readonly TypedRow[];
  readonly faults: readonly RowFault[];
}

/** Reads a table by the mapping that its headings propose. */
export function readTable(list: ListName, table: readonly (readonly string[])[], reading: Reading = twoGrids): ReadFile {
  const at = headingRow(table, importLists[list]);
  const mapping = proposeMapping(table[at] ?? [], importLists[list]);
  const rows: TypedRow[] = [];
  const faults: RowFault[] = [];
  table.slice(at + 1).forEach((cells, index) => {
    const read = readRow(cells, at + index + 2, mapping, importLists[list], reading);
    if (read?.ok) rows.push(read.value);
    else if (read) faults.push(...read.error);
  });
  return { rows, faults };
}

export const importOf = (list: ListName, rows: readonly TypedRow[], more: Partial<ImportRows> = {}): ImportRows => ({
  list, grids: importLists[list].of === 'grid' ? ['g1', 'g2'] : [], groups: importLists[list].of === 'group' ? [group, bakery] : [], rows: JSON.stringify(rows), unreadable: 0, leaveOutWrong: false, ...more,
});
