/**
 * The answers to sync steps that peers have asked for and not read yet.
 *
 * - SR31 What waits for one device, and what waits for all of them together, is bounded. An answer that many peers share
 *   weighs once in the whole, because it lies in memory once.
 */
const deviceMaxBytes = 64 * 1_048_576;
const allMaxBytes = 256 * 1_048_576;

export interface Outgoing {
  /** @returns what to call, once, when the answer has left or its socket has gone; undefined when it would be too much */
  take(device: string, answer: Uint8Array): (() => void) | undefined;
  /** Bytes in memory for answers under way. */
  readonly bytes: number;
}

export function createOutgoing(): Outgoing {
  const bytesByDevice = new Map<string, number>();
  const readersByAnswer = new Map<Uint8Array, number>();
  let all = 0;

  return {
    get bytes() {
      return all;
    },
    take(device, answer) {
      const size = answer.byteLength;
      const own = bytesByDevice.get(device) ?? 0;
      const readers = readersByAnswer.get(answer) ?? 0;
      // The first answer always goes: a room may be larger than any bound that is of use.
      if (own > 0 && own + size > deviceMaxBytes) return undefined;
      if (all > 0 && readers === 0 && all + size > allMaxBytes) return undefined;
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
