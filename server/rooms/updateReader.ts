/**
 * Reads a peer's update struct by struct and stops at the first one that is no set of a key of `facts`.
 *
 * - GT1 What is not an update in Yjs's first encoding, from the first byte to the last, is malformed.
 * - GT4 to GT6 What an update may not hold is told from a struct's first bytes; its content is never built.
 * - GT12 Reading costs no more memory than the facts it yields: Yjs's own decoder makes an object of every struct, a whole
 *   document of every claimed subdocument, and turns a message of one megabyte into hundreds.
 *
 * A test holds it against Yjs's decoder: what passes here is what Yjs reads.
 */
import * as decoding from 'lib0/decoding';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { anyString, type Cell } from '../../src/protocol/updateCodec.ts';

/** A cell and where it stands. */
export interface Placed {
  readonly client: number;
  readonly clock: number;
  readonly cell: Cell;
}

const skipInfo = 10;
const contentKind = 0x1f;
const kinds = { collected: 0, deleted: 1, type: 7, any: 8, document: 9 } as const;
/** A left or a right origin follows. */
const neighbours = 0xc0;
const hasKey = 0x20;
const parentIsRoot = 1;
/** A refusal shows this much of what was to be a fact's id. */
const shownIdMax = 32;

/** Yields the update's cells in its own order, then ends; a fault is the last thing it yields. */
export function* readUpdate(bytes: Uint8Array): Generator<Result<Placed, Refusal>, void> {
  const decoder = decoding.createDecoder(bytes);
  try {
    for (let sections = decoding.readVarUint(decoder); sections > 0; sections -= 1) {
      const structs = decoding.readVarUint(decoder);
      if (structs === 0) return yield err({ reason: 'malformed-update' });
      const client = decoding.readVarUint(decoder);
      const first = decoding.readVarUint(decoder);
      if (!Number.isSafeInteger(first + structs)) return yield err({ reason: 'malformed-update' });
      for (let clock = first; clock < first + structs; clock += 1) {
        const cell = readCell(decoder);
        if (!cell.ok) return yield cell;
        yield ok({ client, clock, cell: cell.value });
      }
    }
    if (decoding.readVarUint(decoder) !== 0) return yield err({ reason: 'deletes' });
  } catch {
    // Only the decoder can have thrown, never the caller: the bytes end too early or hold no text where text must be.
    return yield err({ reason: 'malformed-update' });
  }
  if (decoding.hasContent(decoder)) yield err({ reason: 'malformed-update' });
}

/** @throws what the decoder throws */
function readCell(decoder: decoding.Decoder): Result<Cell, Refusal> {
  if (!decoding.hasContent(decoder)) return err({ reason: 'malformed-update' });
  const info = decoding.readUint8(decoder);
  if (info === skipInfo) return err({ reason: 'gap' });
  const kind = info & contentKind;
  if (kind === kinds.collected || kind === kinds.deleted) return err({ reason: 'deletes' });
  if (kind > kinds.document) return err({ reason: 'malformed-update' });
  if ((info & neighbours) !== 0) return err({ reason: 'overwrite' });
  if (decoding.readVarUint(decoder) !== parentIsRoot) return err({ reason: 'nested-type' });
  if (decoding.readVarString(decoder) !== factsRoot) return err({ reason: 'unknown-root' });
  if ((info & hasKey) === 0) return err({ reason: 'nested-type' });
  const id = decoding.readVarString(decoder);
  if (kind === kinds.type || kind === kinds.document) return err({ reason: 'nested-type' });
  const isOneString = kind === kinds.any && decoding.readVarUint(decoder) === 1 && decoding.readUint8(decoder) === anyString;
  return isOneString ? ok({ id, json: decoding.readVarString(decoder) }) : err({ reason: 'malformed-fact', fact: id.slice(0, shownIdMax) });
}
