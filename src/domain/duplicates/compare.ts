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

/** What it costs to make one row of signs the other; `never` and more when they cannot be meant for the same. */
export function distance(one: readonly Sign[], other: readonly Sign[]): number {
  const rows: number[][] = [[0]];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? never;
  other.forEach((sign, column) => rows[0]?.push(at(0, column) + left(sign, other[column - 1])));
  one.forEach((sign, row) => {
    const line = [at(row, 0) + left(sign, one[row - 1])];
    rows.push(line);
    other.forEach((beside, column) => {
      let least = Math.min(at(row, column) + replaced(sign, beside), at(row, column + 1) + left(sign, one[row - 1]), (line[column] ?? never) + left(beside, other[column - 1]));
      const swapped = row > 0 && column > 0 && one[row - 1]?.text === beside.text && other[column - 1]?.text === sign.text;
      if (swapped && sign.text !== beside.text) least = Math.min(least, at(row - 1, column - 1) + cost.swap);
      line.push(least);
    });
  });
  return at(one.length, other.length);
}

/** Whether any sign of the one stands opposed to its partner in the other: 东门茶馆, 西门茶馆. */
export function opposed(one: readonly Sign[], other: readonly Sign[]): boolean {
  if (one.length !== other.length) return false;
  return one.some((sign, index) => {
    const beside = other[index];
    return beside !== undefined && replaced(sign, beside) >= never;
  });
}

/** In [0, 1]; `sound` when nothing but the sound had to be forgiven. */
export function resemblance(one: readonly Sign[], other: readonly Sign[]): { readonly score: number; readonly bySound: boolean } {
  if (opposed(one, other)) return { score: 0, bySound: false };
  const score = Math.max(0, 1 - distance(one, other) / Math.max(one.length, other.length, 1));
  const bySound = one.length === other.length && one.every((sign, index) => sign.loose === other[index]?.loose);
  return { score, bySound };
}
