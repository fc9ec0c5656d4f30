/** What a peer says, read in one place; whatever is no message of the protocol comes back as undefined (SR16). */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as authProtocol from 'y-protocols/auth';
import { messageYjsSyncStep1, messageYjsSyncStep2, messageYjsUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { messageAuth, messageAwareness, messageQueryAwareness, messageSync } from '../../src/protocol/messages.ts';
import { stateVectorMaxBytes } from './limits.ts';

export type PeerMessage =
  | { readonly type: 'stepOne'; readonly known: ReadonlyMap<number, number> }
  | { readonly type: 'stepTwo' | 'update'; readonly bytes: Uint8Array }
  /** Awareness and the like, which this server does not pass on (SR17). */
  | { readonly type: 'ignored' }
  /** A sync message that cannot be taken (SR32). */
  | { readonly type: 'refused'; readonly reason: 'malformed-update' | 'too-large' };

export function readPeerMessage(data: Uint8Array): PeerMessage | undefined {
  let isSync = false;
  try {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageAwareness || type === messageQueryAwareness || type === messageAuth) return { type: 'ignored' };
    if (type !== messageSync) return undefined;
    const step = decoding.readVarUint(decoder);
    isSync = step === messageYjsSyncStep1 || step === messageYjsSyncStep2 || step === messageYjsUpdate;
    if (!isSync) return undefined;
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === messageYjsSyncStep2) return { type: 'stepTwo', bytes };
    if (step === messageYjsUpdate) return { type: 'update', bytes };
    if (bytes.byteLength > stateVectorMaxBytes) return { type: 'refused', reason: 'too-large' };
    return { type: 'stepOne', known: Y.decodeStateVector(bytes) };
  } catch {
    // Only decoders are called here: the bytes are no message, or one that breaks off.
    return isSync ? { type: 'refused', reason: 'malformed-update' } : undefined;
  }
}

function syncMessage(step: number, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageSync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}

export const stepOneMessage = (stateVector: Uint8Array): Uint8Array => syncMessage(messageYjsSyncStep1, stateVector);
export const stepTwoMessage = (update: Uint8Array): Uint8Array => syncMessage(messageYjsSyncStep2, update);
export const updateMessage = (update: Uint8Array): Uint8Array => syncMessage(messageYjsUpdate, update);

/** For stock clients, which print the reason; ours get message 101. */
export function permissionDeniedMessage(reason: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageAuth);
  authProtocol.writePermissionDenied(encoder, reason);
  return encoding.toUint8Array(encoder);
}

/** An awareness message about nobody: three bytes. */
export const keepAliveMessage = Uint8Array.of(messageAwareness, 1, 0);
