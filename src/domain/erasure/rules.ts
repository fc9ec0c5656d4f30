/**
 * - ER1 A supervisor erases a resident or a volunteer, once and for good: there is no way back, and the record of it names
 *   a number, a reason and a day. Whoever was entered twice and merged is erased as often.
 */
import { mergedOf, type Pair } from '../duplicates/merging.ts';
import type { CommandError, Decision, RecordRef, Statement } from '../kernel/command.ts';
import { birthOnce, type Decided } from '../kernel/decide.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok } from '../kernel/result.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import type { ErasePerson } from './inputs.ts';
import { doorsMax, erasureId } from './schema.ts';

const erasable: ReadonlySet<string> = new Set(['resident', 'volunteer']);

export function decideErasePerson({ ref, why }: ErasePerson, decision: Decision): Decided {
  const missing: CommandError = { type: 'NotFound', record: ref.record };
  const statements: Statement[] = [];
  for (const record of asOne(decision, ref)) {
    const found = decision.find(ref.room, record);
    // One that was removed is still written down.
    if (!found || !erasable.has(found.kind)) return err(missing);
    const erased = birthOnce(decision, kinds.erasure, erasureId(record), {
      grid: found.fields['grid'], about: record, doors: doorsOf(decision, { room: ref.room, record }), why, on: dayOf(decision.now),
    });
    if (erased.ok) statements.push(...erased.value);
    else if (record === ref.record) return erased;
  }
  return ok(statements);
}

/** The record itself first. */
function asOne(decision: Decision, { room, record }: RecordRef): readonly string[] {
  const pairs = decision.every(room, 'pair').map((folded: Folded) => ({ id: folded.record, ...folded }) as unknown as Pair);
  const { into, parts } = mergedOf(pairs, (id) => decision.find(room, id) !== undefined);
  const all = parts.get(into.get(record) ?? record) ?? [];
  return [record, ...all.filter((id) => id !== record)];
}

/** Every door the resident was ever entered at. */
function doorsOf(decision: Decision, ref: RecordRef): readonly string[] {
  const doors = decision.history(ref).flatMap(({ changes }) => changes.flatMap(({ field, after }) => (field === 'household' && typeof after === 'string' ? [after] : [])));
  return [...new Set(doors)].slice(-doorsMax);
}
