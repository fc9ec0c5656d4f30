/** What commands share: dropping what did not change, naming what is missing, reviving what was deleted. */
import * as v from 'valibot';
import type { Fields, Value } from './fact.ts';
import { sameValue, type Folded } from './fold.ts';
import type { CommandError } from './command.ts';
import { roomFamilies } from './room.ts';

/** Fields as a form hands them over. */
export type Wanted = Readonly<Record<string, Value | undefined>>;

/** Optional inputs arrive as undefined, null or ''; none of them is a value. */
export function given(fields: Wanted): Fields {
  const set: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '' && value !== null) set[name] = value;
  return set;
}

/** The part of `wanted` that differs from the record; null clears. A field two people disagree on always counts as changed. */
export function changesTo(record: Folded, wanted: Wanted): Fields {
  const set: Record<string, Value> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const next = value === '' ? null : value;
    const clashed = record.clashes.some((clash) => clash.field === name);
    if (clashed || !sameValue(record.fields[name] ?? null, next)) set[name] = next;
  }
  if (record.deleted) set['deleted'] = false;
  return set;
}

const nothing: ReadonlySet<string> = new Set(['undefined', 'null', '""']);

/** Turns a schema's first issue into the field the form should go to. */
export function inputError(issues: readonly v.BaseIssue<unknown>[]): CommandError {
  const issue = issues[0];
  const field = issue ? (v.getDotPath(issue) ?? '') : '';
  if (!issue || nothing.has(issue.received)) return { type: 'Missing', field };
  return issue.message === 'too-long' ? { type: 'Invalid', field, why: 'too-long' } : { type: 'Invalid', field };
}

export const roomInput = v.strictObject({
  community: v.string(),
  family: v.picklist(roomFamilies),
  grid: v.exactOptional(v.string()),
  partner: v.exactOptional(v.string()),
  month: v.exactOptional(v.string()),
});
/** A record as the screen's row names it. */
export const refInput = v.strictObject({ room: roomInput, record: v.string() });
