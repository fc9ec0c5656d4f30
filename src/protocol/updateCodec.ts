/**
 * Yjs updates, V1, of rooms that hold nothing but facts.
 *
 * The gate admits only structs of one shape: a set of one key of the root map `facts`, one clock long, without origins.
 * A client's structs are therefore a plain list whose index is the clock, and writing them needs no CRDT.
 * SR5: what is written here is what Yjs would write; a test compares the two. The server's reading of it is in server/rooms/updateReader.ts.
 */
import * as encoding from 'lib0/encoding';
import { factsRoot } from './messages.ts';

export interface Cell {
  /** The fact's id: the key in the map. */
  readonly id: string;
  readonly json: string;
}

/** Consecutive facts of one Yjs client, the first at `clock`. */
export interface Run {
  readonly client: number;
  readonly clock: number;
  readonly cells: readonly Cell[];
}

/** Struct info: content is ContentAny (8), a parentSub follows (0x20), no left and no right origin. */
const mapSetInfo = 0x28;
/** lib0's tag of a string inside an `any`. */
export const anyString = 119;

export function encodeRuns(runs: readonly Run[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, runs.length);
  // Yjs writes higher client ids first; readers don't depend on it, equal bytes for equal rooms do.
  for (const { client, clock, cells } of [...runs].sort((a, b) => b.client - a.client)) {
    encoding.writeVarUint(encoder, cells.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const { id, json } of cells) {
      encoding.writeUint8(encoder, mapSetInfo);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, factsRoot);
      encoding.writeVarString(encoder, id);
      encoding.writeVarUint(encoder, 1);
      encoding.writeUint8(encoder, anyString);
      encoding.writeVarString(encoder, json);
    }
  }
  // No delete set: nothing in a room is ever deleted.
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

export function encodeStateVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.size);
  for (const [client, clock] of [...clocks].sort((a, b) => b[0] - a[0])) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}
