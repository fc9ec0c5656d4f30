/** A roster of doors as an office's spreadsheet holds it, brought in as the import screen does it. */
import { openImport } from '../../src/client/exchange/importing.ts';
import { toWorkbook } from '../../src/exchange/writing/xlsx.ts';
import type { OpenedReplica } from '../../src/replica/open.ts';
import type { ImportTimes } from '../calls.ts';
import { timed } from './clock.ts';

const doorsPerBuilding = 100;

function roster(rows: number): Blob {
  const columns = ['楼栋', '单元', '楼层', '门牌', '人口', '备注'].map((heading) => ({ heading, kind: 'text' as const }));
  const lines = Array.from({ length: rows }, (_, index) => {
    const inBuilding = index % doorsPerBuilding;
    const floor = 1 + Math.floor(inBuilding / 4);
    return [`导入${1 + Math.floor(index / doorsPerBuilding)}栋`, `${1 + (inBuilding % 2)}单元`, `${floor}`, `${floor}${String(1 + (inBuilding % 4)).padStart(2, '0')}`, `${1 + (index % 5)}`, '按两次铃'];
  });
  return new Blob([toWorkbook([{ name: '住户', columns, rows: lines }])]);
}

export async function importRoster(replica: Pick<OpenedReplica, 'calls' | 'work'>, grid: string, rows: number, made: () => void): Promise<ImportTimes> {
  const file = roster(rows);
  const importing = openImport(replica, 'doors', () => ({ grids: [{ code: grid, name: grid }], groups: [] }), () => undefined);
  // Making the file is no part of it.
  made();
  const must = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T => {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };
  let mapping: readonly (string | null)[] = [];
  const read = await timed(async () => void (mapping = must(await importing.open(file)).mapping));
  let born = 0;
  const looked = await timed(async () => void (born = must(await importing.look(mapping, { grid })).born));
  if (born !== rows) throw new Error(`${born} of ${rows} rows are new`);
  const durable = await timed(async () => void must(await importing.take(false, () => undefined)));
  const again = await timed(async () => void (born = must(await importing.look(mapping, { grid })).born));
  if (born !== 0) throw new Error('the same file was new again');
  importing.close();
  return { read, looked, durable, again };
}
