/**
 * Reproducible randomness for demo data: the same keys give the same numbers on every machine, for ever.
 * A stream depends on its keys only, so what one household or one month draws never shifts what another draws.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffled<T>(items: readonly T[]): T[];
}

/** FNV-1a over UTF-16 units, finished with a multiply-xorshift so that near keys give far words. */
function hashWord(key: string, salt: number): number {
  let word = (0x811c9dc5 ^ salt) >>> 0;
  for (let index = 0; index < key.length; index += 1) word = Math.imul(word ^ key.charCodeAt(index), 0x01000193);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** Small fast counting generator (sfc32): 128 bits of state, seeded from the keys. */
export function randomOf(...keys: readonly (string | number)[]): Random {
  const key = keys.join('\u0001');
  let a = hashWord(key, 1);
  let b = hashWord(key, 2);
  let c = hashWord(key, 3);
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 8; round += 1) word();

  const next = (): number => word() / 4_294_967_296;
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error('pick from nothing');
      return item;
    },
    shuffled: (items) => {
      const copy = [...items];
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = between(0, index);
        [copy[index], copy[other]] = [copy[other] as (typeof copy)[number], copy[index] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
