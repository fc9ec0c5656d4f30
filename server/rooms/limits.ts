/**
 * How much one peer may ask for. A tablet that keeps to its work never meets these.
 *
 * - SR11 A peer that sends faster than its allowance is read more slowly, not refused: nothing honest is lost. The sockets of
 *   one device have an allowance together, besides each its own.
 */
import { messageMaxBytes } from '../../src/protocol/messages.ts';

/** A supervisor of the largest community opens some 130 rooms. */
export const socketsPerDeviceMax = 256;
export const socketsMax = 20_000;
/** A supervisor's tablet that lost its line opens all its rooms at once, and may lose it again. */
export const openings = { perSecond: 20, burst: 1_024, waitMaxMs: 0 } as const;
/** Beyond this many unsent bytes a reader counts as too slow and is told to come back. */
export const bufferedMaxBytes = 4 * 1_048_576;
/** The sync step of a message adds a few bytes to the update it carries. */
export const payloadMaxBytes = messageMaxBytes + 16;
/** Some 30,000 clients; a room has far fewer. */
export const stateVectorMaxBytes = 262_144;
export const restMaxMs = 10_000;

export interface Rates {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly messageBurst: number;
  readonly byteBurst: number;
}

export const socketRates: Rates = { messagesPerSecond: 60, bytesPerSecond: 1_048_576, messageBurst: 240, byteBurst: 2 * messageMaxBytes };
/** Some 130 rooms that sync at once send three messages each. */
export const deviceRates: Rates = { messagesPerSecond: 200, bytesPerSecond: 4 * 1_048_576, messageBurst: 1_024, byteBurst: 8 * messageMaxBytes };

export interface Allowance {
  /** @returns how long to stop reading before the next message, ms; 0 for not at all */
  spend(bytes: number): number;
}

/** A token bucket for messages and one for bytes. @param now monotonic, ms */
export function createAllowance(now: () => number, { messagesPerSecond, bytesPerSecond, messageBurst, byteBurst }: Rates = socketRates): Allowance {
  let messages = messageBurst;
  let bytesLeft = byteBurst;
  let at = now();
  return {
    spend(bytes) {
      const time = now();
      const seconds = (time - at) / 1_000;
      at = time;
      messages = Math.min(messageBurst, messages + seconds * messagesPerSecond) - 1;
      bytesLeft = Math.min(byteBurst, bytesLeft + seconds * bytesPerSecond) - bytes;
      const debt = Math.max(-messages / messagesPerSecond, -bytesLeft / bytesPerSecond);
      return debt > 0 ? Math.ceil(debt * 1_000) : 0;
    },
  };
}
