/** A name taken apart for comparing, made once per name. */
import { bracketed, spelled } from './spelling.ts';
import { looseSound } from './sounds.ts';
import { classOf, fillers, longestWord, placeAhead, regions, wide } from './words.ts';

/** Pinyin without tones, one syllable per code point; what has none stands for itself. */
export type Speak = (text: string) => readonly string[];

/** A number, or one character, with its sounds. */
export interface Sign {
  readonly text: string;
  readonly sound: string;
  /** The sound as it is confused. */
  readonly loose: string;
  readonly number: boolean;
  /** In figures, so that it counts: 2号店 is not 店, 水天一叶 may be 水天叶. */
  readonly figure: boolean;
}

export interface Key {
  readonly text: string;
  readonly whole: readonly Sign[];
  /** What tells it apart: 海骏达 of 四川海骏达集团有限公司. */
  readonly core: readonly Sign[];
  /** What it is: `company`, `coffee`; '' if no word says. */
  readonly sort: string;
  /** 双柏 of 双柏社区阿姨文艺团. */
  readonly place: readonly Sign[];
  /** 书院 of 友邻超市(书院店). */
  readonly branch: string;
}

const numerals = '零一二三四五六七八九';

/** 十八 and 018 are 18; 三两 stays. */
export function figures(number: string): string {
  if (/^\d+$/.test(number)) return String(Number(number));
  const [, tens = '', ten = '', ones = ''] = /^([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)$/.exec(number) ?? [];
  if (ten === '') return tens !== '' && ones === '' ? String(numerals.indexOf(tens)) : number;
  return String((tens === '' ? 1 : numerals.indexOf(tens)) * 10 + (ones === '' ? 0 : numerals.indexOf(ones)));
}

const numbers = /\d+|[零一二三四五六七八九十百]{2,}|[一二三四五六七八九十]/y;

function aligned(text: string, speak: Speak): readonly string[] {
  const spoken = speak(text);
  return spoken.length === [...text].length ? spoken : [];
}

/** @param spoken one syllable per letter */
function signsOf(text: string, spoken: readonly string[]): Sign[] {
  const letters = [...text];
  const signs: Sign[] = [];
  for (let at = 0, unit = 0; at < letters.length; ) {
    numbers.lastIndex = unit;
    const [number] = numbers.exec(text) ?? [];
    const said = number ?? letters[at] ?? '';
    const counted = number === undefined ? undefined : figures(number);
    const sound = counted ?? (spoken[at] || said);
    signs.push({ text: counted ?? said, sound, loose: counted ?? looseSound(sound), number: number !== undefined, figure: /^\d/.test(said) });
    at += number === undefined ? 1 : number.length;
    unit += said.length;
  }
  return signs;
}

/** The generic words at the end, longest first, and the most telling class among them. */
function generic(text: string): { readonly rest: string; readonly sort: string } {
  let rest = text;
  let sort = '';
  const better = (found: string): boolean => sort === '' || ((wide.has(sort) || sort === 'company') && !wide.has(found));
  for (let found: string | undefined = 'any'; found !== undefined; ) {
    found = undefined;
    for (let length = Math.min(longestWord, rest.length - 1); length > 0 && found === undefined; length -= 1) {
      found = classOf.get(rest.slice(-length));
      if (found === undefined) continue;
      rest = rest.slice(0, -length);
      if (better(found)) sort = found;
    }
  }
  return { rest, sort };
}

const telling = [...classOf].filter(([word, sort]) => word.length > 1 && !wide.has(sort)).map(([word]) => word).sort((a, b) => b.length - a.length);
const branchBehind = new RegExp(`^(.+?(?:${telling.join('|')}))(.{2,4}?)分?店$`);

/** 友邻超市双柏店, 友邻超市(双柏店): a branch stands behind the generic word. */
function withoutBranch(written: string): { readonly rest: string; readonly branch: string } {
  const [, outside = '', bracketedBranch] = /^([^()]+)\(([^()]+?)(?:分?店|社区)\)$/.exec(written) ?? [];
  if (bracketedBranch !== undefined) return { rest: outside, branch: bracketedBranch };
  const text = written.replace(/[()]/g, '');
  const [, head, branch = ''] = text.endsWith('店') ? (branchBehind.exec(text) ?? []) : [];
  return head === undefined || classOf.has(branch) || classOf.has(`${branch}店`) ? { rest: text, branch: '' } : { rest: head, branch };
}

/** A name that has no parts: a person's. */
export function plainKey(name: string, speak: Speak): Key {
  const text = spelled(name);
  const whole = signsOf(text, aligned(text, speak));
  return { text, whole, core: whole, sort: '', place: [], branch: '' };
}

export function keyOf(name: string, speak: Speak): Key {
  const written = bracketed(name);
  const text = written.replace(/[()]/g, '');
  const { rest: unbranched, branch } = withoutBranch(written);
  const located = unbranched.replace(fillers, '').replace(regions, '').replace(regions, '');
  const [ahead = '', place = ''] = placeAhead.exec(located) ?? [];
  const behind = located.slice(ahead.length);
  const { rest, sort } = classOf.has(behind) ? { rest: '', sort: classOf.get(behind) ?? '' } : generic(behind);
  // 双柏社区合唱队: nothing but the place tells it apart.
  const onlyPlace = place !== '' && (rest === '' || classOf.has(rest));
  const core = onlyPlace ? place : rest || text;
  const signs = (part: string): Sign[] => signsOf(part, aligned(part, speak));
  return { text, whole: signs(text), core: signs(core), sort: onlyPlace ? (classOf.get(rest) ?? sort) : sort, place: onlyPlace ? [] : signs(place), branch };
}
