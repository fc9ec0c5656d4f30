/** How the server itself states facts: through the same gate, queue and disk as everybody else. */
import { randomInt } from 'node:crypto';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { ok, type Result } from '../../src/domain/kernel/result.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { updateMaxBytes } from '../../src/protocol/messages.ts';
import type { Room } from '../rooms/room.ts';
import { encodeRuns, type Cell } from '../../src/protocol/updateCodec.ts';
import { authorityIn, authorityTag } from './actor.ts';

/** Well below the limit of an update: a chunk's length is counted in UTF-16, its limit in UTF-8. */
const chunkLength = Math.floor(updateMaxBytes / 4);

/** Yjs clients are 32 bits wide. */
const clientMax = 2 ** 32;

/** Facts whose id the room holds already are passed over. @throws if the gate refuses, which is a bug in the caller */
export async function stateFacts(room: Room, facts: readonly Fact[]): Promise<void> {
  const fresh = facts.filter(({ id }) => !room.facts.has(id));
  for (let from = 0; from < fresh.length; ) {
    const cells: Cell[] = [];
    for (let length = 0; from < fresh.length && length < chunkLength; from += 1) {
      const fact = fresh[from] as Fact;
      const json = encodeFact(fact);
      length += json.length + fact.id.length;
      cells.push({ id: fact.id, json });
    }
    await stateCells(room, cells);
  }
}

async function stateCells(room: Room, cells: readonly Cell[]): Promise<void> {
  const stated = await offerCells(room, cells);
  if (!stated.ok) throw new Error(`${room.name} refuses what the authority states: ${JSON.stringify(stated.error)}`);
}

/** A fact of somebody else, which the gate may well refuse; one whose id the room holds already stands. */
export async function stateOne(room: Room, fact: Fact): Promise<Result<void, Refusal>> {
  return room.facts.has(fact.id) ? ok(undefined) : offerCells(room, [{ id: fact.id, json: encodeFact(fact) }]);
}

/** @throws StorageError */
function offerCells(room: Room, cells: readonly Cell[]): Promise<Result<void, Refusal>> {
  const client = authorityClient(room);
  const bytes = encodeRuns([{ client, clock: room.facts.clockOf(client), cells }]);
  return new Promise((resolve, reject) => {
    const accepted = room.submit(bytes, updateMaxBytes, authorityIn(room.address.community), (fault) => (fault ? reject(fault) : resolve(ok(undefined))));
    if (!accepted.ok) resolve(accepted);
  });
}

/** One Yjs client id per room for good: the number of client ids is what makes a room slow on a tablet. */
function authorityClient(room: Room): number {
  for (const [client, device] of room.owners) if (device === authorityTag) return client;
  // By chance, because tablets may still know the clients of a store that a backup has replaced (ST14).
  let client = randomInt(1, clientMax);
  while (room.owners.has(client)) client = randomInt(1, clientMax);
  return client;
}
