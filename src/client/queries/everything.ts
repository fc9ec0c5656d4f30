/**
 * EX4 Every record that this person may see and this tablet holds, by kind, for whoever hands over. RS5 Residents stay masked: who
 * wants to see a name asks for it on its own page, where the reading is written down.
 */
import { kinds, type KindName } from '../../domain/kinds.ts';
import type { Kind } from '../../domain/kernel/kind.ts';
import { maskedFields, type MaskedField } from '../../domain/residents/schema.ts';
import { maskName, maskPhone } from '../../domain/residents/view.ts';
import type { Reader, Row } from '../../replica/contract.ts';
import { once } from './live.ts';
import { wholeOf } from './merged.ts';

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

const masks: Readonly<Record<MaskedField, (text: string) => string>> = { name: maskName, phone: maskPhone };

function masked(row: Row): Row {
  if (row.kind !== 'resident') return row;
  const hidden = maskedFields.flatMap((field) => (typeof row.fields[field] === 'string' ? [[field, masks[field](row.fields[field])] as const] : []));
  return { ...row, fields: { ...row.fields, ...Object.fromEntries(hidden) } };
}

/** One after the other, so that the screen breathes in between. */
export async function everything(reader: Reader): Promise<readonly RecordsOfKind[]> {
  const found: RecordsOfKind[] = [];
  for (const { name, family } of Object.values<Kind>(kinds)) {
    const rows = (await once(wholeOf(reader).list(family, { kind: name }))).map(masked);
    if (rows.length > 0) found.push({ kind: name as KindName, rows });
  }
  return found;
}
