/**
 * The gate: an update is read and judged whole before a single struct of it is stored or applied. Pure.
 *
 * - GT1 Updates are Yjs V1 of at most the size the message allows; what Yjs's decoder can't read is malformed.
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
 * - GT11 A room holds at most `roomMaxWeight` characters and `roomMaxClients` Yjs clients.
 */
import * as Y from 'yjs';
import type { Access } from '../../src/domain/access.ts';
import { checkFact } from '../../src/domain/check.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { encodeFact, isTooLarge, parseFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import type { FactSet } from './factSet.ts';
import type { Cell, Run } from './updateCodec.ts';

/** A fold costs the square of a record's facts; honest records have a handful. */
export const recordMaxFacts = 256;
export const roomMaxWeight = 64 * 1_048_576;
export const roomMaxClients = 20_000;

/** No clients, no deletions. */
const emptyUpdateBytes = 2;

export interface Submitter {
  readonly actor: Actor;
  readonly access: Access;
}

export interface GateRoom {
  readonly address: RoomAddress;
  readonly facts: FactSet;
  /** Yjs client id → tag of the device that owns it. */
  readonly owners: ReadonlyMap<number, string>;
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
  const decoded = decode(bytes);
  // Yjs stops reading where an update ends; one that says nothing and goes on is something else, V2 for instance.
  if (!decoded || (decoded.structs.length === 0 && decoded.ds.clients.size === 0 && bytes.byteLength !== emptyUpdateBytes)) return err({ reason: 'malformed-update' });
  if (decoded.ds.clients.size > 0) return err({ reason: 'deletes' });

  const collected = collectNew(room, decoded.structs, submitter);
  if (!collected.ok) return collected;
  const { runs, clients } = collected.value;
  if (runs.length === 0) return ok({ runs, facts: [], clients });
  if (submitter.access !== 'write') return err({ reason: 'read-only' });

  const facts = checkFacts(room, runs, submitter.actor);
  return facts.ok ? ok({ runs, facts: facts.value, clients }) : facts;
}

function decode(bytes: Uint8Array): ReturnType<typeof Y.decodeUpdate> | undefined {
  try {
    return Y.decodeUpdate(bytes);
  } catch {
    // Whatever the decoder tripped over, the answer is the same: these bytes are no update.
    return undefined;
  }
}

type Struct = Y.Item | Y.GC | Y.Skip;
interface Collected {
  readonly runs: readonly Run[];
  readonly clients: readonly number[];
}

/** GT2 to GT6: turns structs into runs of new cells, without looking into the facts. */
function collectNew(room: GateRoom, structs: readonly Struct[], { actor }: Submitter): Result<Collected, Refusal> {
  const runByClient = new Map<number, { client: number; clock: number; cells: Cell[] }>();
  const clients = new Set<number>();
  const keys = new Set<string>();
  for (const struct of structs) {
    if (struct instanceof Y.Skip) return err({ reason: 'gap' });
    if (!(struct instanceof Y.Item)) return err({ reason: 'deletes' });
    const { client, clock } = struct.id;
    const cell = cellOf(struct);
    if (!cell.ok) return cell;

    const owner = room.owners.get(client);
    if (owner === actor.device) clients.add(client);
    const run = runByClient.get(client);
    const next = run ? run.clock + run.cells.length : room.facts.clockOf(client);
    if (clock > next) return err({ reason: 'gap', fact: cell.value.id });
    if (clock < next) {
      const known = run && clock >= run.clock ? run.cells[clock - run.clock] : room.facts.cellAt(client, clock);
      if (known?.id !== cell.value.id || known.json !== cell.value.json) return err({ reason: 'overwrite', fact: cell.value.id });
      continue;
    }
    if (owner !== undefined && owner !== actor.device) return err({ reason: 'foreign-client', fact: cell.value.id });
    if (room.facts.has(cell.value.id) || keys.has(cell.value.id)) return err({ reason: 'overwrite', fact: cell.value.id });
    keys.add(cell.value.id);
    clients.add(client);
    if (run) run.cells.push(cell.value);
    else runByClient.set(client, { client, clock, cells: [cell.value] });
  }
  const fresh = [...runByClient.keys()].filter((client) => !room.owners.has(client)).length;
  if (fresh > 0 && room.owners.size + fresh > roomMaxClients) return err({ reason: 'too-large' });
  return ok({ runs: [...runByClient.values()], clients: [...clients] });
}

/** GT4 to GT6 for one struct. */
function cellOf(item: Y.Item): Result<Cell, Refusal> {
  if (item.content instanceof Y.ContentDeleted) return err({ reason: 'deletes' });
  if (item.origin !== null || item.rightOrigin !== null) return err({ reason: 'overwrite' });
  // The decoder leaves a root's name as a string; its declared type knows only what an integrated item has.
  const parent: unknown = item.parent;
  if (typeof parent !== 'string') return err({ reason: 'nested-type' });
  if (parent !== factsRoot) return err({ reason: 'unknown-root' });
  if (item.parentSub === null) return err({ reason: 'nested-type' });
  if (item.content instanceof Y.ContentType || item.content instanceof Y.ContentDoc) return err({ reason: 'nested-type' });
  const values: readonly unknown[] = item.content instanceof Y.ContentAny ? item.content.arr : [];
  const json = values[0];
  if (values.length !== 1 || typeof json !== 'string') return err({ reason: 'malformed-fact', fact: item.parentSub.slice(0, 32) });
  return ok({ id: item.parentSub, json });
}

/** GT7, GT9 to GT11. */
function checkFacts(room: GateRoom, runs: readonly Run[], actor: Actor): Result<readonly Fact[], Refusal> {
  const facts: Fact[] = [];
  /** Facts of this update by id and by record: what a later fact of the same update may be based on. */
  const recordById = new Map<string, string>();
  const factsByRecord = new Map<string, Fact[]>();
  const knows = (id: string, record: string): boolean => recordById.get(id) === record || room.facts.knows(id, record);
  let weight = room.facts.weight;

  for (const { id, json } of inStatedOrder(runs)) {
    weight += json.length;
    if (weight > roomMaxWeight || isTooLarge(json)) return err({ reason: 'too-large', fact: id.slice(0, 32) });
    const fact = parseFact(id, json);
    if (!fact || !isAsWritten(fact, json)) return err({ reason: 'malformed-fact', fact: id.slice(0, 32) });

    const earlier = factsByRecord.get(fact.record);
    if (room.facts.factCountOf(fact.record) + (earlier?.length ?? 0) >= recordMaxFacts) return err({ reason: 'too-large', fact: id });
    const problem = checkFact(actor, room.address, fact, before(room.facts, fact.record, earlier), knows);
    if (problem) return err({ reason: problem.fault, fact: id, ...(problem.field === undefined ? {} : { field: problem.field }) });
    facts.push(fact);
    recordById.set(id, fact.record);
    if (earlier) earlier.push(fact);
    else factsByRecord.set(fact.record, [fact]);
  }
  return ok(facts);
}

/** FC1: one device's ids count up in base 36, so the shorter id is the older one, then the smaller. */
function inStatedOrder(runs: readonly Run[]): readonly Cell[] {
  const only = runs[0];
  if (runs.length === 1 && only) return only.cells;
  return runs.flatMap((run) => run.cells).sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
}

/** GT9. */
function isAsWritten(fact: Fact, json: string): boolean {
  try {
    return encodeFact(fact) === json;
  } catch {
    // Brackets inside brackets, by the thousand: it can be read and not written, and nobody writes a fact like that.
    return false;
  }
}

function before(known: FactSet, record: string, earlier: readonly Fact[] | undefined): Folded | undefined {
  return earlier ? foldRecord([...known.factsOf(record), ...earlier]) : known.folded(record);
}
