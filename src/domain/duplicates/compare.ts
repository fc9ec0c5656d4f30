/** How far two rows of signs are from each other: an edit distance that knows what sounds or looks alike. */
import type { Sign } from './key.ts';
import { lookAlike } from './sounds.ts';
import { contrast, joins } from './words.ts';

const never = 100;
const cost = { sameSound: 0.15, likeSound: 0.25, likeShape: 0.3, join: 0.3, swap: 0.5, other: 1 } as const;

/** DU4 A number against another, and words of one line (东/西, 男/女), never stand for each other. */
function replaced(one: Sign, other: Sign): number {
  if (one.text === other.text) return 0;
  if (one.number && other.number) return never;
  if (contrast(one.text, other.text)) return never;
  if (one.sound === other.sound) return cost.sameSound;
  if (one.loose === other.loose) return cost.likeSound;
  return lookAlike(one.text, other.text) ? cost.likeShape : cost.other;
}

/** A sign that the other row lacks; one said twice (姐姐, 姐) weighs as little as a join. */
const left = (sign: Sign, before: Sign | undefined): number => (sign.figure ? never : joins.has(sign.text) || sign.text === before?.text ? cost.join : cost.other);

/**
 * What it costs to make one row of signs the other; `never` and more when they cannot be meant for the same.
 * @param most dearer than this need not be known exactly: most pairs are given up after a sign or two
 */
export function distance(one: readonly Sign[], other: readonly Sign[], most: number = never): number {
  const width = other.length;
  let before: number[] = [];
  let last: number[] = [0];
  for (let column = 0; column < width; column += 1) last.push((last[column] ?? never) + left(other[column] as Sign, other[column - 1]));
  let lastLeast = 0;
  for (let row = 0; row < one.length; row += 1) {
    const sign = one[row] as Sign;
    const over = one[row - 1];
    const drop = left(sign, over);
    const line = [(last[0] ?? never) + drop];
    let least = line[0] ?? never;
    for (let column = 0; column < width; column += 1) {
      const beside = other[column] as Sign;
      let cheapest = Math.min((last[column] ?? never) + replaced(sign, beside), (last[column + 1] ?? never) + drop, (line[column] ?? never) + left(beside, other[column - 1]));
      const swapped = over !== undefined && column > 0 && over.text === beside.text && other[column - 1]?.text === sign.text;
      if (swapped && sign.text !== beside.text) cheapest = Math.min(cheapest, (before[column - 1] ?? never) + cost.swap);
      line.push(cheapest);
      if (cheapest < least) least = cheapest;
    }
    // Two that changed places reach back over one line.
    if (least > most && lastLeast > most) return never;
    lastLeast = least;
    before = last;
    last = line;
  }
  return last[width] ?? never;
}

/** Whether any sign of the one stands opposed to its partner in the other: 东门茶馆, 西门茶馆. */
export function opposed(one: readonly Sign[], other: readonly Sign[]): boolean {
  if (one.length !== other.length) return false;
  return one.some((sign, index) => {
    const beside = other[index];
    return beside !== undefined && replaced(sign, beside) >= never;
  });
}

/** What is read off a row of signs before it is compared with any other. */
interface Outline {
  /** How many signs weigh no more than a join. */
  readonly light: number;
  /** A bit for each sound in it, of thirty; several sounds share one. */
  readonly sounds: number;
}
const outlines = new WeakMap<readonly Sign[], Outline>();

const bitOf = (sound: string): number => {
  let sum = 0;
  for (let at = 0; at < sound.length; at += 1) sum = (sum * 31 + sound.charCodeAt(at)) % 1_000_003;
  return 1 << (sum % 30);
};

function outlineOf(signs: readonly Sign[]): Outline {
  const known = outlines.get(signs);
  if (known) return known;
  const made: Outline = {
    light: signs.filter((sign, index) => left(sign, signs[index - 1]) < cost.other).length,
    sounds: signs.reduce((bits, { loose }) => bits | bitOf(loose), 0),
  };
  outlines.set(signs, made);
  return made;
}

/** The least it can cost: one row is longer, or no sound of the one is in the other, so that each sign has to be forgiven by its shape. */
function atLeast(one: readonly Sign[], other: readonly Sign[]): number {
  const [mine, theirs] = [outlineOf(one), outlineOf(other)];
  const longer = one.length < other.length ? theirs : mine;
  const more = Math.abs(one.length - other.length);
  const cheap = Math.min(more, longer.light);
  const surplus = cheap * cost.join + (more - cheap) * cost.other;
  return (mine.sounds & theirs.sounds) === 0 ? Math.max(surplus, cost.likeShape * Math.max(one.length, other.length)) : surplus;
}

/** A little below the threshold from which anything is shown: what is less alike than this is not alike. */
const least = 0.75;

/** In [0, 1], 0 for what is not alike; `sound` when nothing but the sound had to be forgiven. */
export function resemblance(one: readonly Sign[], other: readonly Sign[]): { readonly score: number; readonly bySound: boolean } {
  const longest = Math.max(one.length, other.length, 1);
  if (atLeast(one, other) > longest * (1 - least)) return { score: 0, bySound: false };
  if (opposed(one, other)) return { score: 0, bySound: false };
  const near = 1 - distance(one, other, longest * (1 - least)) / longest;
  // Where it was given up depends on the side one looks from.
  const score = near < least ? 0 : near;
  const bySound = one.length === other.length && one.every((sign, index) => sign.loose === other[index]?.loose);
  return { score, bySound };
}
