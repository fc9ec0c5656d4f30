/**
 * RO4 What the server lacks goes out in parts that each fit into a message, however long the tablet was away. A part holds
 * nothing that stands on a later one.
 */
import * as Y from 'yjs';
import { counterOf, deviceTagOf } from '../../domain/kernel/fact.ts';
import { encodeRuns, type Cell, type Run } from '../../protocol/updateCodec.ts';

/** An eighth of what a message may hold: the server works through such a part without keeping others waiting. */
const partMaxBytes = 512 * 1_024;
/** Code units of text as they may come out in UTF-8. */
const bytesPerUnit = 3;

export interface Placed extends Cell {
  readonly client: number;
  readonly clock: number;
}

/** @returns one update, or several in the order in which they have to be sent */
export function backlog(doc: Y.Doc, serverKnows: Uint8Array): readonly Uint8Array[] {
  const whole = Y.encodeStateAsUpdate(doc, serverKnows);
  return whole.length <= partMaxBytes ? [whole] : parts(cellsBeyond(doc, Y.decodeStateVector(serverKnows)));
}

const cellsBeyond = (doc: Y.Doc, known: ReadonlyMap<number, number>): Placed[] => cellsOf(doc, (client, clock) => clock >= (known.get(client) ?? 0));

/** What these Yjs clients wrote, in the order in which it was stated. @param ends client → the clock it ends at */
export const cellsUpTo = (doc: Y.Doc, ends: ReadonlyMap<number, number>): readonly Placed[] => cellsOf(doc, (client, clock) => clock < (ends.get(client) ?? 0));

function cellsOf(doc: Y.Doc, wanted: (client: number, clock: number) => boolean): Placed[] {
  const cells: Placed[] = [];
  for (const [client, structs] of doc.store.clients)
    for (const struct of structs) {
      const { clock } = struct.id;
      if (!wanted(client, clock)) continue;
      // A room holds nothing else (GT6): what arrived passed the gate, the rest was written here.
      if (!(struct instanceof Y.Item) || struct.parentSub === null) throw new Error('a room holds something that is no fact');
      cells.push({ client, clock, id: struct.parentSub, json: String(struct.content.getContent()[0]) });
    }
  // A device counts its facts over all its sessions, and so over all its Yjs clients.
  return cells.sort((a, b) => (deviceTagOf(a.id) < deviceTagOf(b.id) ? -1 : deviceTagOf(a.id) > deviceTagOf(b.id) ? 1 : counterOf(a.id) - counterOf(b.id)));
}

function parts(cells: readonly Placed[]): Uint8Array[] {
  const made: Uint8Array[] = [];
  let part: Placed[] = [];
  let bytes = 0;
  for (const cell of cells) {
    part.push(cell);
    bytes += cell.json.length * bytesPerUnit;
    if (bytes < partMaxBytes) continue;
    made.push(encodeRuns(runs(part)));
    part = [];
    bytes = 0;
  }
  return part.length > 0 ? [...made, encodeRuns(runs(part))] : made;
}

export const runs = (cells: readonly Placed[]): Run[] =>
  [...Map.groupBy(cells, ({ client }) => client)].map(([client, own]) => ({ client, clock: own[0]?.clock ?? 0, cells: own }));
