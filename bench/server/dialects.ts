/** How each server is spoken to. Stock and ours share y-protocols; Hocuspocus puts the document's name before every message. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ticketProtocolPrefix } from '../../src/protocol/api.ts';
import { messageAcknowledgement, messageAuth, messageSync, readAcknowledgement } from '../../src/protocol/messages.ts';
import { subprotocol } from '../../src/protocol/version.ts';

export type Heard =
  | { readonly type: 'stepOne' | 'update'; readonly bytes: Uint8Array }
  | { readonly type: 'confirmed'; readonly clocks: ReadonlyMap<number, number> | 'all' }
  | { readonly type: 'other' };

export interface Dialect {
  url(origin: string, room: string): string;
  protocols(ticket: string): string[];
  /** Sent first, before any sync message. */
  greeting(room: string): Uint8Array | undefined;
  sync(room: string, step: 0 | 1 | 2, payload: Uint8Array): Uint8Array;
  read(data: Uint8Array): Heard;
}

const syncBody = (encoder: encoding.Encoder, step: number, payload: Uint8Array): Uint8Array => {
  encoding.writeVarUint(encoder, messageSync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
};

function readSync(decoder: decoding.Decoder): Heard {
  const step = decoding.readVarUint(decoder);
  return { type: step === 0 ? 'stepOne' : 'update', bytes: decoding.readVarUint8Array(decoder) };
}

export const ours: Dialect = {
  url: (origin, room) => `${origin.replace('http', 'ws')}/sync/${room}`,
  protocols: (ticket) => [subprotocol, ticketProtocolPrefix + ticket],
  greeting: () => undefined,
  sync: (_room, step, payload) => syncBody(encoding.createEncoder(), step, payload),
  read(data) {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageSync) return readSync(decoder);
    return type === messageAcknowledgement ? { type: 'confirmed', clocks: readAcknowledgement(decoder) } : { type: 'other' };
  },
};

export const stock: Dialect = { ...ours, url: (origin, room) => `${origin.replace('http', 'ws')}/${room}`, protocols: () => [] };

const hocuspocusStatus = 8;
const hocuspocusReply = 4;

export const hocuspocus: Dialect = {
  url: (origin) => origin.replace('http', 'ws'),
  protocols: () => [],
  greeting(room) {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, room);
    encoding.writeVarUint(encoder, messageAuth);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, 'ticket');
    return encoding.toUint8Array(encoder);
  },
  sync(room, step, payload) {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, room);
    return syncBody(encoder, step, payload);
  },
  read(data) {
    const decoder = decoding.createDecoder(data);
    decoding.readVarString(decoder);
    const type = decoding.readVarUint(decoder);
    if (type === messageSync || type === hocuspocusReply) return readSync(decoder);
    // It says so once an update was applied in memory.
    return type === hocuspocusStatus && decoding.readVarUint(decoder) === 1 ? { type: 'confirmed', clocks: 'all' } : { type: 'other' };
  },
};
