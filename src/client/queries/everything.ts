/** EX4 Every record that this person may see and this tablet holds, by kind, for whoever hands over. */
import { kinds, type KindName } from '../../domain/kinds.ts';
import type { Kind } from '../../domain/kernel/kind.ts';
import type { Reader, Row } from '../../replica/contract.ts';
import { once } from './live.ts';

export interface RecordsOfKind {
  readonly kind: KindName;
  readonly rows: readonly Row[];
}

/** What the ids among them stand for: a record's title or name. */
export const namesAmong = (records: readonly RecordsOfKind[]): ReadonlyMap<string, string> =>
  new Map(records.flatMap(({ rows }) => rows.flatMap(({ id, fields }) => {
    const name = fields['title'] ?? fields['name'];
    return typeof name === 'string' ? [[id, name] as const] : [];
  })));

/** One after the other, so that the screen breathes in between. */
export async function everything(reader: Reader): Promise<readonly RecordsOfKind[]> {
  const found: RecordsOfKind[] = [];
  for (const { name, family } of Object.values<Kind>(kinds)) {
    const rows = await once(reader.list(family, { kind: name }));
    if (rows.length > 0) found.push({ kind: name as KindName, rows });
  }
  return found;
}
