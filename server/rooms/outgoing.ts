/**
 * The answers to sync steps that peers have asked for and not read yet.
 *
 * - SR33 Making answers is work: who asks for more than any tablet needs is told to come back before it is done.
 * - SR31 What waits for one device, and what waits for all of them together, is bounded. An answer that many peers share
 *   weighs once in the whole, because it lies in memory once.
 */
import { createPace } from '../identity/pace.ts';

/** A first contact with all rooms of a large community, and then what a line carries. */
const work = { perSecond: 8 * 1_048_576, burst: 128 * 1_048_576, waitMaxMs: 0 } as const;
const deviceMaxBytes = 32 * 1_048_576;
const allMaxBytes = 64 * 1_048_576;

export interface Outgoing {
  /** Asked before an answer is made. */
  mayAsk(device: string): boolean;
  /** @returns what to call, once, when the answer has left or its socket has gone; undefined when it would be too much */
  take(device: string, answer: Uint8Array): (() => void) | undefined;
  /** Bytes in memory for answers under way. */
  readonly bytes: number;
}

export function createOutgoing(): Outgoing {
  const bytesByDevice = new Map<string, number>();
  const readersByAnswer = new Map<Uint8Array, number>();
  const pace = createPace({ ...work, now: () => performance.now() });
  let all = 0;

  return {
    get bytes() {
      return all;
    },
    mayAsk: (device) => all < allMaxBytes && (bytesByDevice.get(device) ?? 0) < deviceMaxBytes && pace.ask(device) !== undefined,
    take(device, answer) {
      const size = answer.byteLength;
      const own = bytesByDevice.get(device) ?? 0;
      const readers = readersByAnswer.get(answer) ?? 0;
      // The first answer always goes: a room may be larger than any bound that is of use.
      if (own > 0 && own + size > deviceMaxBytes) return undefined;
      if (all > 0 && readers === 0 && all + size > allMaxBytes) return undefined;
      pace.charge(device, size);
      bytesByDevice.set(device, own + size);
      readersByAnswer.set(answer, readers + 1);
      if (readers === 0) all += size;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = (bytesByDevice.get(device) ?? 0) - size;
        if (left > 0) bytesByDevice.set(device, left);
        else bytesByDevice.delete(device);
        const others = (readersByAnswer.get(answer) ?? 1) - 1;
        if (others > 0) readersByAnswer.set(answer, others);
        else {
          readersByAnswer.delete(answer);
          all -= size;
        }
      };
    },
  };
}
