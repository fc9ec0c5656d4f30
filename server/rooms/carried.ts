/**
 * What a bundle says of one room goes through the gate as its author's own update: the same cells, the author's rights, the
 * author's device as the owner of the Yjs client. So the author's tablet, back on the wire, finds its facts on the disk.
 *
 * - BF5 The gate judges what is carried with the rights of who stated it.
 * - BF9 One fact that is refused keeps back itself and what stands on it, nothing else. What its Yjs client wrote after it can
 *   not follow as that client's, because clocks have no gap: the authority states it, as it does from the review. Its tablet then
 *   finds it under its id (RP5).
 */
import { accessTo } from '../../src/domain/access.ts';
import { checkFact } from '../../src/domain/check.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { counterOf, parseFact } from '../../src/domain/kernel/fact.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { messageMaxBytes } from '../../src/protocol/messages.ts';
import { encodeRuns, type Cell, type Run } from '../../src/protocol/updateCodec.ts';
import { stateOne } from '../authority/state.ts';
import type { Listener, Room } from './room.ts';

export interface Carried {
  readonly taken: number;
  /** What the gate refuses, and what stands on it. */
  readonly refused: readonly Cell[];
  /** Of the first of them. */
  readonly refusal: Refusal | undefined;
}

/** Resolves once all of it that is taken is on the disk. @throws StorageError */
export async function takeCarried(room: Room, runs: readonly Run[], author: Actor): Promise<Carried> {
  // Many facts one by one may take a while, in which the room must not be put away as idle.
  const holder: Listener = { frame: () => undefined, dropped: () => undefined, rebased: () => undefined };
  room.hold(holder);
  try {
    return await take(room, runs, author);
  } finally {
    room.leave(holder);
  }
}

async function take(room: Room, runs: readonly Run[], author: Actor): Promise<Carried> {
  const cells = runs.flatMap((run) => run.cells);
  const whole = await submitCarried(room, runs, author);
  if (whole.ok) return { taken: cells.length, refused: [], refusal: undefined };
  const refused: Cell[] = [];
  if (accessTo(author, room.address) !== 'write') return { taken: 0, refused: cells, refusal: whole.error };
  let refusal: Refusal | undefined;
  for (const cell of [...cells].sort((a, b) => counterOf(a.id) - counterOf(b.id))) {
    const own = await stateFor(room, cell, author);
    if (!own) continue;
    refused.push(cell);
    refusal ??= own;
  }
  return { taken: cells.length - refused.length, refused, refusal };
}

function submitCarried(room: Room, runs: readonly Run[], actor: Actor): Promise<Result<null, Refusal>> {
  return new Promise((resolve, reject) => {
    const submitter = { actor, access: accessTo(actor, room.address) };
    const accepted = room.submit(encodeRuns(runs), messageMaxBytes, submitter, (fault) => (fault ? reject(fault) : resolve(ok(null))));
    if (!accepted.ok) resolve(err(accepted.error));
  });
}

/** BF9. @returns undefined when the room holds it now */
async function stateFor(room: Room, { id, json }: Cell, author: Actor): Promise<Refusal | undefined> {
  if (room.facts.has(id)) return undefined;
  const fact = parseFact(id, json);
  if (!fact) return { reason: 'malformed-fact', fact: id };
  const problem = checkFact(author, room.address, fact, room.facts.birth(fact.record), (each, record) => room.facts.knows(each, record));
  if (problem) return { reason: problem.fault, fact: id };
  const stated = await stateOne(room, fact);
  return stated.ok ? undefined : stated.error;
}
