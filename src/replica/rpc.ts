/**
 * Calls from a page to the one worker that owns the replica. Every tab has a worker of its own; the one that holds the
 * replica's Web Lock owns it, the others pass their page's calls on over a BroadcastChannel.
 *
 * - TB1 At any time at most one worker of a browser has a replica open.
 * - TB2 When the owner's tab dies, a waiting worker takes over and asks again what was not answered; requests that were
 *   already done answer with their first result (RP2).
 * - TB4 After that every page reads its lists anew: an owner that dies may have written rows and told nobody of them.
 */
import type { SyncStatus, WorkDone } from './contract.ts';

export interface Call {
  readonly type: 'call';
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly failure: string };

export interface StatusMessage {
  readonly type: 'status';
  readonly status: SyncStatus;
}

/** IM13: to every page, for the one that waits for this request. */
export interface WorkMessage {
  readonly type: 'work';
  readonly work: WorkDone;
}

/** TB4: the replica has another owner, and it is open. */
export interface RenewMessage {
  readonly type: 'renew';
}

/** What a worker says to its own page. */
export type ToPage = Reply | StatusMessage | WorkMessage | RenewMessage;

/** Between workers: who asks, who owns. */
export type Relay =
  | { readonly type: 'relayed'; readonly from: string; readonly call: Call }
  | { readonly type: 'answered'; readonly to: string; readonly reply: Reply }
  | { readonly type: 'owner' }
  | RenewMessage
  | WorkMessage
  | StatusMessage;

export const lockName = (replica: string): string => `linhuo-${replica}`;
export const channelName = (replica: string): string => `linhuo-${replica}-calls`;

/** Runs a call on an object's method. A failure travels as text: it is a bug or broken storage, never an expected outcome. */
export async function answer(target: object, call: Call): Promise<Reply> {
  try {
    const method = (target as Record<string, unknown>)[call.name];
    if (typeof method !== 'function') throw new Error(`no such call: ${call.name}`);
    return { type: 'reply', id: call.id, value: await (method as (...args: unknown[]) => unknown).apply(target, [...call.args]) };
  } catch (error) {
    return { type: 'reply', id: call.id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
