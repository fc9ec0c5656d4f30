/**
 * How likely two records are the same partner, person or door, and why.
 *
 * - DU2 The distinctive part decides; generic words of one class (集团/集体/公司, 咖啡/书咖) count as one, of two classes never.
 * - DU3 Characters that sound or look alike are forgiven; one character that does neither only in a part of five or more.
 * - DU4 Other numbers, other branches, other places and opposed words (东/西, 大爷/大妈) are never the same.
 * - DU5 A person's name counts at the same door or with the same telephone number; alone it says nothing.
 */
import { resemblance } from './compare.ts';
import { figures, keyOf, plainKey, type Key, type Speak } from './key.ts';
import { spelled, unified } from './spelling.ts';
import { title, wide } from './words.ts';

export const likenessReasons = ['same', 'alias', 'sound', 'typo', 'core', 'phone', 'door'] as const;
export type LikenessReason = (typeof likenessReasons)[number];

export interface Likeness {
  /** In [0, 1]. */
  readonly score: number;
  readonly reasons: readonly LikenessReason[];
}

/** From here on two records are shown to somebody. */
export const threshold = 0.78;

const none: Likeness = { score: 0, reasons: [] };
const better = (one: Likeness, other: Likeness): Likeness => (other.score > one.score ? other : one);

/** Two names, without aliases. */
export function likenessOfNames(one: Key, other: Key): Likeness {
  if (one.text === other.text) return one.text === '' ? none : { score: 1, reasons: ['same'] };
  if (one.place.length > 0 && other.place.length > 0 && resemblance(one.place, other.place).score < threshold) return none;
  if (one.branch !== '' && other.branch !== '' && one.branch !== other.branch) return none;
  const bothSay = one.sort !== '' && other.sort !== '';
  if (bothSay && one.sort !== other.sort && !wide.has(one.sort) && !wide.has(other.sort)) return none;
  const { score, bySound } = resemblance(one.core, other.core);
  const doubt = (one.sort === other.sort ? 1 : 0.92) * (one.place.length === other.place.length ? 1 : 0.97) * (one.branch === other.branch ? 1 : 0.92);
  const byCore: Likeness = { score: score * doubt, reasons: [score === 1 ? 'core' : bySound ? 'sound' : 'typo'] };
  // A slip in the generic word itself hides its class.
  const all = resemblance(one.whole, other.whole);
  return bothSay && !all.bySound ? byCore : better(byCore, { score: all.score, reasons: [all.bySound ? 'sound' : 'typo'] });
}

export interface Partner {
  /** The name first, then the aliases. */
  readonly names: readonly Key[];
}

/** 咖啡地带(甜漫时光) is known by both. */
export function partnerKeys(names: readonly string[], speak: Speak): Partner {
  const written = names.flatMap((name) => {
    const [, outside = '', inside = ''] = /^(.{2,})[(（](.{3,})[)）]$/.exec(name.trim()) ?? [];
    return outside === '' || /(?:店|社区)$/.test(inside) || /[(（)）]/.test(outside) ? [name] : [name, outside, inside];
  });
  return { names: written.map((name) => keyOf(name, speak)) };
}

export function likenessOfPartners(one: Partner, other: Partner): Likeness {
  let best = none;
  one.names.forEach((mine, first) => {
    other.names.forEach((theirs, second) => {
      const found = likenessOfNames(mine, theirs);
      if (found.score > best.score) best = first + second === 0 ? found : { score: found.score, reasons: [...new Set<LikenessReason>(['alias', ...found.reasons])] };
    });
  });
  return best;
}

export interface Person {
  readonly name: Key;
  readonly phone?: string | undefined;
  /** The household's id, or what else says where. */
  readonly door?: string | undefined;
}

/** Without the country's 86. */
export const phoneDigits = (phone: string | undefined): string => (phone ?? '').replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '');
const surname = (key: Key): string => key.whole[0]?.loose ?? '';
const titleOf = (key: Key): string => title.exec(key.text)?.[0] ?? '';

function likenessOfPersonNames(one: Key, other: Key): Likeness {
  if (one.text === other.text) return { score: 1, reasons: ['same'] };
  if (titleOf(one) !== titleOf(other)) return none;
  const { score, bySound } = resemblance(one.whole, other.whole);
  return { score, reasons: [bySound ? 'sound' : 'typo'] };
}

/** DU5 */
export function likenessOfPeople(one: Person, other: Person): Likeness {
  const [mine, theirs] = [phoneDigits(one.phone), phoneDigits(other.phone)];
  const shorter = Math.min(mine.length, theirs.length);
  const samePhone = shorter >= 4 && mine.slice(-shorter) === theirs.slice(-shorter);
  const sameDoor = one.door !== undefined && one.door === other.door;
  if (!samePhone && !sameDoor) return none;
  const where: readonly LikenessReason[] = [...(samePhone ? (['phone'] as const) : []), ...(sameDoor ? (['door'] as const) : [])];
  const names = likenessOfPersonNames(one.name, other.name);
  // 周大爷 at the telephone of 周建国: a title stands for a name that was not asked.
  const named = samePhone && (titleOf(one.name) === '') !== (titleOf(other.name) === '') && surname(one.name) === surname(other.name);
  if (named) return { score: 0.8, reasons: where };
  return names.score < threshold ? { score: names.score, reasons: names.reasons } : { score: names.score, reasons: [...names.reasons, ...where] };
}

const doorWords = /第|号楼|单元|栋|幢|座|楼|层|号|室|房|户|门|[#/\s\-—]/g;
const counts = /[一二三四五六七八九十]{1,3}(?=号|单元|栋|幢|座|楼|层|网格|组)/g;

/** A letter beside a digit, and beside no other letter, that was meant as one: 3O2, l01. */
const meantAs = (letters: string): RegExp => new RegExp(`(?<![a-z])[${letters}](?=\\d)|(?<=\\d)[${letters}](?![a-z])`, 'g');
const [noughts, ones] = [meantAs('o'), meantAs('il')];

const plainDoor = (text: string): string =>
  unified(text).replace(counts, figures).replace(doorWords, ' ').replace(noughts, '0').replace(ones, '1');
/** What must be the same of two doors: 3栋2单元501 and 3-2-501 are `3 2 501`. */
export const doorNumbers = (text: string): string => (plainDoor(text).match(/\d+/g) ?? []).map(Number).join(' ');

/** Doors and buildings: the same numbers in the same order, behind words that are alike. */
export function likenessOfDoors(one: string, other: string, speak: Speak): Likeness {
  if (doorNumbers(one) !== doorNumbers(other)) return none;
  const words = (text: string): string => spelled(plainDoor(text).replace(/\d+/g, ''));
  if (words(one) === words(other)) return { score: 1, reasons: ['same'] };
  const { score, bySound } = resemblance(plainKey(words(one), speak).whole, plainKey(words(other), speak).whole);
  return { score, reasons: [bySound ? 'sound' : 'typo'] };
}
