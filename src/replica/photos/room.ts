/** PH5 How much room photos may take on this tablet: what people write comes first. */

/** Some thousand photos. */
const photosMaxBytes = 256 * 1_048_576;
/** Photos take at most this share of what the browser gives. */
const share = 0.5;
/** Left for what people write. */
const reserveBytes = 24 * 1_048_576;

export interface Held {
  readonly photo: string;
  readonly size: number;
  readonly keptAt: number;
  /** On the server's disk, and whole here. */
  readonly mayGo: boolean;
}

/** What the browser says it gives and what is taken of it; undefined where it does not say. */
export interface Estimate {
  readonly usage?: number | undefined;
  readonly quota?: number | undefined;
}

/**
 * @param held everything whole on this tablet
 * @param need bytes that are to come
 * @returns which make room, the oldest first; undefined when even all of them are not enough
 */
export function makingRoom(held: readonly Held[], need: number, { usage, quota }: Estimate): readonly string[] | undefined {
  const taken = held.reduce((sum, { size }) => sum + size, 0);
  const budget = Math.min(photosMaxBytes, quota === undefined ? photosMaxBytes : quota * share);
  const missing = Math.max(taken + need - budget, quota === undefined ? 0 : (usage ?? 0) + need + reserveBytes - quota);
  const going: string[] = [];
  let freed = 0;
  for (const { photo, size, mayGo } of [...held].sort((a, b) => a.keptAt - b.keptAt)) {
    if (freed >= missing) break;
    if (!mayGo) continue;
    going.push(photo);
    freed += size;
  }
  return freed >= missing ? going : undefined;
}
