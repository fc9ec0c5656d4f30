/**
 * The gate: an update is read and judged whole before a single struct of it is stored or applied. Pure.
 *
 * - GT1 Updates are Yjs V1 of at most the size the message allows, and nothing follows them.
 * - GT2 A client's clocks have no gap; a known clock must say again what it said, and is then passed over.
 * - GT3 A Yjs client id belongs to the device that used it first in the room; nobody else may continue it.
 * - GT4 Nothing is deleted: no delete set, no collected or deleted content.
 * - GT5 Nothing is overwritten: a key occurs once, ever; no struct refers to a left or right neighbour.
 * - GT6 The only root is `facts`, a map of strings; no nested type, list, text, binary or subdocument.
 * - GT7 A fact's text is at most `factMaxBytes` long in UTF-8, and a record has at most `recordMaxFacts` facts.
 * - GT8 Whoever may only read states nothing new.
 * - GT9 A fact parses and is written as `encodeFact` writes it, so that equal facts are equal bytes.
 * - GT10 Each fact passes `checkFact` against the room and the earlier facts of the same update, in the order in which
 *   the device stated them: Yjs sorts an update by client id, which says nothing about what was based on what.
 * - GT13 A check looks at a birth of the record, not at its fold: kind and fixed fields are all it needs, and folding for
 *   each fact would let one message of many facts about few records keep everybody waiting for a minute.
 * - GT14 Of whom or what was erased in the room nothing is let in again, whoever says it and whenever it was written (ER5).
 * - GT11 A room holds at most `roomMaxWeight` characters and `roomMaxClients` Yjs clients that are not retired, `deviceMaxClients` of one device.
 */
import type { Access } from '../../src/domain/access.ts';
import { checkFact } from '../../src/domain/check.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { encodeFact, isTooLarge, parseFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import type { FactSet } from './factSet.ts';
import type { Cell, Run } from '../../src/protocol/updateCodec.ts';
import { retiredTag } from '../storage/contract.ts';
import { readUpdate } from './updateReader.ts';

/** Every tablet folds the record, at a cost of the square of its facts; honest records have a handful. */
export const recordMaxFacts = 256;
export const roomMaxWeight = 64 * 1_048_576;
export const roomMaxClients = 20_000;
/** A tablet makes one each time it starts; ten devices together could still fill a room, and each of them is named. */
export const deviceMaxClients = 2_000;

/** A refusal shows this much of what was to be a fact's id. */
const shownIdMax = 32;

export interface Submitter {
  readonly actor: Actor;
  readonly access: Access;
}

export interface GateRoom {
  readonly address: RoomAddress;
  readonly facts: FactSet;
  /** Yjs client id → tag of the device that owns it. */
  readonly owners: ReadonlyMap<number, string>;
  /** How many of them are this device's. */
  clientsOf(device: string): number;
}

export interface Admitted {
  /** Only what the room did not hold yet. */
  readonly runs: readonly Run[];
  readonly facts: readonly Fact[];
  /** Every client the update speaks of and that the submitter's device owns: whom to acknowledge. */
  readonly clients: readonly number[];
}

export function judge(room: GateRoom, bytes: Uint8Array, maxBytes: number, submitter: Submitter): Result<Admitted, Refusal> {
  if (bytes.byteLength > maxBytes) return err({ reason: 'too-large' });
  const collected = collectNew(room, bytes, submitter);
  if (!collected.ok) return collected;
  const { runs, parsed, clients } = collected.value;
  if (runs.length === 0) return ok({ runs, facts: [], clients });
  const facts = checkFacts(room, inStatedOrder(parsed, runs.length), submitter.actor);
  return facts.ok ? ok({ runs, facts: facts.value, clients }) : facts;
}

interface Collected {
  readonly runs: readonly Run[];
  /** The new facts, in the order of the update. */
  readonly parsed: readonly Fact[];
  readonly clients: readonly number[];
}

/** GT2 to GT9, cell by cell, so that the first one at fault ends the work. */
function collectNew(room: GateRoom, bytes: Uint8Array, { actor, access }: Submitter): Result<Collected, Refusal> {
  const runByClient = new Map<number, { client: number; clock: number; cells: Cell[] }>();
  const clients = new Set<number>();
  const keys = new Set<string>();
  const parsed: Fact[] = [];
  let weight = room.facts.weight;
  let fresh = 0;
  for (const placed of readUpdate(bytes)) {
    if (!placed.ok) return placed;
    const { client, clock, cell } = placed.value;
    const fact = cell.id.slice(0, shownIdMax);

    const owner = room.owners.get(client);
    if (owner === actor.device) clients.add(client);
    const run = runByClient.get(client);
    const next = run ? run.clock + run.cells.length : room.facts.clockOf(client);
    if (clock > next) return err({ reason: 'gap', fact });
    if (clock < next) {
      const known = run && clock >= run.clock ? run.cells[clock - run.clock] : room.facts.cellAt(client, clock);
      if (known?.id !== cell.id || known.json !== cell.json) return err({ reason: 'overwrite', fact });
      continue;
    }
    if (owner !== undefined && owner !== actor.device) return err({ reason: 'foreign-client', fact });
    if (room.facts.has(cell.id) || keys.has(cell.id)) return err({ reason: 'overwrite', fact });
    if (access !== 'write') return err({ reason: 'read-only' });
    const read = readFact(cell);
    if (!read.ok) return read;
    weight += cell.json.length;
    if (weight > roomMaxWeight) return err({ reason: 'too-large', fact });
    parsed.push(read.value);
    keys.add(cell.id);
    clients.add(client);
    if (run) run.cells.push(cell);
    else runByClient.set(client, { client, clock, cells: [cell] });
    if (owner === undefined && !run) fresh += 1;
    if (fresh > 0 && (clientsIn(room) + fresh > roomMaxClients || room.clientsOf(actor.device) + fresh > deviceMaxClients)) return err({ reason: 'too-large' });
  }
  return ok({ runs: [...runByClient.values()], parsed, clients: [...clients] });
}

/** GT11: those of the room as it was before it was made anew hold nothing here. */
const clientsIn = (room: GateRoom): number => room.owners.size - room.clientsOf(retiredTag);

/** GT7, GT9. */
function readFact({ id, json }: Cell): Result<Fact, Refusal> {
  if (isTooLarge(json)) return err({ reason: 'too-large', fact: id.slice(0, shownIdMax) });
  const fact = parseFact(id, json);
  return fact && isAsWritten(fact, json) ? ok(fact) : err({ reason: 'malformed-fact', fact: id.slice(0, shownIdMax) });
}

/** GT7, GT10, GT13. */
function checkFacts(room: GateRoom, facts: readonly Fact[], actor: Actor): Result<readonly Fact[], Refusal> {
  /** Facts of this update by id and by record: what a later fact of the same update may be based on. */
  const recordById = new Map<string, string>();
  const newByRecord = new Map<string, { born: Folded | undefined; facts: number }>();
  const knows = (id: string, record: string): boolean => recordById.get(id) === record || room.facts.knows(id, record);

  for (const fact of facts) {
    const { id, record } = fact;
    const earlier = newByRecord.get(record) ?? { born: room.facts.birth(record), facts: 0 };
    if (room.facts.factCountOf(record) + earlier.facts >= recordMaxFacts) return err({ reason: 'too-large', fact: id });
    if (room.facts.remainderOf(fact, earlier.born?.fields) !== fact) return err({ reason: 'erased', fact: id });
    const problem = checkFact(actor, room.address, fact, earlier.born, knows);
    if (problem) return err({ reason: problem.fault, fact: id, ...(problem.field === undefined ? {} : { field: problem.field }) });
    recordById.set(id, record);
    newByRecord.set(record, { born: earlier.born ?? foldRecord([fact]), facts: earlier.facts + 1 });
  }
  return ok(facts);
}

/** FC1: one device's ids count up in base 36, so the shorter id is the older one, then the smaller. */
const inStatedOrder = (facts: readonly Fact[], runs: number): readonly Fact[] =>
  runs === 1 ? facts : [...facts].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));

/** GT9. */
function isAsWritten(fact: Fact, json: string): boolean {
  try {
    return encodeFact(fact) === json;
  } catch {
    // Brackets inside brackets, by the thousand: it can be read and not written, and nobody writes a fact like that.
    return false;
  }
}
