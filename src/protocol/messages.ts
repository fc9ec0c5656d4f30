/**
 * Messages beside y-protocols' 0 (sync), 1 (awareness), 2 (auth), 3 (query awareness). They go only to clients that
 * offered our subprotocol; a stock y-websocket client never sees them.
 *
 * 100 acknowledgement, server → tablet: `varUint 100, varUint n, n × (varUint clientId, varUint clock)`.
 *     Every struct of `clientId` below `clock` is on the server's disk (fsync done).
 * 101 refusal, server → tablet: `varUint 101, varString JSON of Refusal`; the socket then closes with 4409.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as v from 'valibot';
import { refusalReasons, type Refusal } from './closeReasons.ts';

export const messageSync = 0;
export const messageAwareness = 1;
export const messageAuth = 2;
export const messageQueryAwareness = 3;
export const messageAcknowledgement = 100;
export const messageRefusal = 101;

/** The name of the one Y.Map in a room: fact id → JSON of the fact. */
export const factsRoot = 'facts';

export const updateMaxBytes = 1_048_576;
/** A first sync step 2 may carry a whole offline month. */
export const messageMaxBytes = 4 * 1_048_576;

export function encodeAcknowledgement(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageAcknowledgement);
  encoding.writeVarUint(encoder, clocks.size);
  for (const [client, clock] of clocks) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}

/** Reads what follows the message type. @throws on rubbish, which the caller's message loop treats as a broken peer. */
export function readAcknowledgement(decoder: decoding.Decoder): Map<number, number> {
  const clocks = new Map<number, number>();
  const count = decoding.readVarUint(decoder);
  for (let index = 0; index < count; index += 1) {
    const client = decoding.readVarUint(decoder);
    clocks.set(client, decoding.readVarUint(decoder));
  }
  return clocks;
}

export function encodeRefusal(refusal: Refusal): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageRefusal);
  encoding.writeVarString(encoder, JSON.stringify(refusal));
  return encoding.toUint8Array(encoder);
}

const refusalSchema = v.object({
  reason: v.picklist(refusalReasons),
  fact: v.exactOptional(v.string()),
  field: v.exactOptional(v.string()),
});

export function readRefusal(decoder: decoding.Decoder): Refusal | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), refusalSchema), decoding.readVarString(decoder));
  return parsed.success ? parsed.output : undefined;
}
