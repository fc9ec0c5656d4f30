/**
 * How often one device, or one address nobody answers for, may ask.
 *
 * - SR33 Who asks faster than the pace waits, and who asks so fast that the wait would be long is told to come back: work
 *   for one asker is bounded, whatever the others do.
 */
export interface PaceOptions {
  readonly perSecond: number;
  /** So many at once after a pause. */
  readonly burst: number;
  /** Beyond this wait the answer is no, ms. */
  readonly waitMaxMs: number;
  /** Monotonic, ms. */
  readonly now: () => number;
}

export interface Pace {
  /** @returns how long to wait first, ms; undefined for "not now" */
  ask(key: string): number | undefined;
  /** For work whose cost is known only once it is done. */
  charge(key: string, cost: number): void;
}

/** Who has been silent long enough to have the whole burst again is forgotten. */
const rememberedMax = 10_000;

export function createPace({ perSecond, burst, waitMaxMs, now }: PaceOptions): Pace {
  const buckets = new Map<string, { left: number; at: number }>();

  function forget(time: number): void {
    for (const [key, { left, at }] of buckets) if (left + ((time - at) / 1_000) * perSecond >= burst) buckets.delete(key);
  }

  function bucketOf(key: string): { left: number; at: number } {
    const time = now();
    const known = buckets.get(key);
    if (!known && buckets.size >= rememberedMax) forget(time);
    const bucket = known ?? { left: burst, at: time };
    bucket.left = Math.min(burst, bucket.left + ((time - bucket.at) / 1_000) * perSecond);
    bucket.at = time;
    buckets.set(key, bucket);
    return bucket;
  }

  return {
    ask(key) {
      const bucket = bucketOf(key);
      const wait = bucket.left >= 1 ? 0 : ((1 - bucket.left) / perSecond) * 1_000;
      if (wait > waitMaxMs) return undefined;
      bucket.left -= 1;
      return Math.ceil(wait);
    },
    charge(key, cost) {
      bucketOf(key).left -= cost;
    },
  };
}
