/**
 * Whether a fact may enter a room. The tablet asks before it journals, the server before it applies: the same code,
 * so what is offered and what is allowed cannot differ.
 *
 * - CK1 The kind is declared and belongs to the room's family; a birth belongs to exactly this room.
 * - CK2 Field names and values are the kind's; a birth has every required field; required fields are never cleared.
 * - CK3 A birth's id is of its kind and, where the kind derives it, the derived one; else, from anybody but a supervisor, one
 *   that this device made. Fixed fields do not change.
 * - CK4 `by` is the session's person and the fact's id carries the session's device.
 * - CK5 A change names at least one fact of the same record that the room holds; a birth names none.
 * - CK6 The table of permissions allows it.
 */
import * as v from 'valibot';
import { isAuthority, isSupervisor, type Actor } from './kernel/actor.ts';
import { deviceTagOf, type Fact, type Fields } from './kernel/fact.ts';
import type { Folded } from './kernel/fold.ts';
import type { Kind } from './kernel/kind.ts';
import { sameRoom, type RoomAddress } from './kernel/room.ts';
import { madeBy } from './kernel/ids.ts';
import { homeOf, kindNamed } from './kinds.ts';
import { mayState } from './permission.ts';

export const factFaults = [
  'unknown-kind', 'wrong-room', 'wrong-id', 'bad-fields', 'fixed-field', 'kind-changed', 'unknown-base', 'wrong-author', 'not-allowed', 'erased',
] as const;
export type FactFault = (typeof factFaults)[number];

export interface FactProblem {
  readonly fault: FactFault;
  /** The field at fault, where there is one. */
  readonly field?: string;
}

interface Validators {
  readonly required: ReadonlySet<string>;
  readonly byField: ReadonlyMap<string, v.GenericSchema>;
}

const validatorsByKind = new WeakMap<Kind, Validators>();

function validatorsOf(kind: Kind): Validators {
  const known = validatorsByKind.get(kind);
  if (known) return known;
  const entries = Object.entries(kind.entries);
  const made = {
    required: new Set(entries.filter(([, schema]) => schema.type !== 'optional').map(([name]) => name)),
    byField: new Map(entries),
  };
  validatorsByKind.set(kind, made);
  return made;
}

/** CK2. @returns the first field at fault. */
export function badField(kind: Kind, set: Fields, birth: boolean): string | undefined {
  const { required, byField } = validatorsOf(kind);
  for (const [name, value] of Object.entries(set)) {
    if (name === 'deleted') {
      if (typeof value !== 'boolean') return name;
      continue;
    }
    const schema = byField.get(name);
    if (!schema) return name;
    if (value === null) {
      if (required.has(name) || birth) return name;
    } else if (!v.is(schema, value)) return name;
  }
  if (birth) for (const name of required) if (!(name in set)) return name;
  return undefined;
}

/**
 * @param before the record as this room holds it, undefined if it holds no fact of it
 * @param knows whether the room holds this fact, and of this record
 */
export function checkFact(
  actor: Actor,
  room: RoomAddress,
  fact: Fact,
  before: Folded | undefined,
  knows: (factId: string, record: string) => boolean,
): FactProblem | undefined {
  const kind = kindNamed(fact.kind);
  if (!kind) return { fault: 'unknown-kind' };
  if (kind.family !== room.family || actor.community !== room.community) return { fault: 'wrong-room' };
  if (before && before.kind !== fact.kind) return { fault: 'kind-changed' };

  const birth = fact.base.length === 0;
  const bad = badField(kind, fact.set, birth);
  if (bad !== undefined) return { fault: 'bad-fields', field: bad };
  if (birth) {
    if (!fact.record.startsWith(`${kind.prefix}_`)) return { fault: 'wrong-id' };
    if (kind.derivedId && kind.derivedId(fact.set) !== fact.record) return { fault: 'wrong-id' };
    // Rooms this person does not see hold ids, too: theirs must be ones that their device alone can have made.
    if (!kind.derivedId && !isAuthority(actor) && !isSupervisor(actor) && !madeBy(actor.device, fact.record)) return { fault: 'wrong-id' };
    if (!sameRoom(homeOf(kind, actor.community, fact.record, fact.set), room)) return { fault: 'wrong-room' };
    // Only a derived id may be born twice, by tablets that did not know each other.
    if (before && !kind.derivedId) return { fault: 'wrong-id' };
  } else {
    const fixed = kind.fixed.find((name) => name in fact.set);
    if (fixed !== undefined) return { fault: 'fixed-field', field: fixed };
    if (!before || !fact.base.every((id) => knows(id, fact.record))) return { fault: 'unknown-base' };
  }
  if (!isAuthority(actor) && (fact.by !== actor.person || deviceTagOf(fact.id) !== actor.device)) return { fault: 'wrong-author' };
  return mayState(actor, kind, fact, before) ? undefined : { fault: 'not-allowed' };
}
