/**
 * How the text of a cell becomes a value. Cells come as text whatever the file was: numbers in plain decimals, days as
 * `YYYY-MM-DD`.
 *
 * - IM3 Full-width digits, Chinese numerals that count something, units behind a number (3栋, 2单元, 5口人, 22.4万元) and the usual ways to write a day are understood.
 * - VS2 A cell that holds an identity-card number is refused, whatever its column is called.
 */
import type { Value } from '../kernel/fact.ts';
import { err, ok } from '../kernel/result.ts';
import { cleanText, codePoints } from '../kernel/text.ts';
import { isDay } from '../kernel/time.ts';
import type { CellReader, Read } from './column.ts';

/** As a reader compares: full-width and half-width alike, without spaces, in small letters. */
export const folded = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toLowerCase();

const numerals = '零一二三四五六七八九';
const units = '栋|幢|座|号楼|单元|网格|楼|层|口|人|户';

/** 一 to 九十九, where they count something: 三栋 is 3栋, 第十二网格 is 第12网格. */
export const arabic = (text: string): string =>
  text.replace(new RegExp(`[一两二三四五六七八九十]{1,3}(?=$|${units})`, 'g'), (said) => {
    const [, tens, ten, ones = ''] = /^([一二三四五六七八九]?)(十?)([一两二三四五六七八九]?)$/.exec(said) ?? [];
    if (tens === undefined || (tens !== '' && ten === '' && ones !== '')) return said;
    const value = (numeral: string): number => (numeral === '两' ? 2 : numerals.indexOf(numeral));
    if (ten === '') return String(value(tens + ones));
    return String((tens === '' ? 1 : value(tens)) * 10 + (ones === '' ? 0 : value(ones)));
  });

/** 18 digits with a birthday inside; the last may be an X. */
const identityNumber = /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/;
export const holdsIdentityNumber = (text: string): boolean => identityNumber.test(text.normalize('NFKC').replace(/\s/g, ''));

export const textCell =
  (max: number): CellReader =>
  (text) => {
    if (holdsIdentityNumber(text)) return err('identity-number');
    const clean = cleanText(text, Number.POSITIVE_INFINITY);
    return codePoints(clean) > max ? err('too-long') : ok(clean);
  };

const wholeNumber = /^-?\d+(?:\.0+)?$/;

/** @param behind what may stand behind the number */
export const wholeCell =
  (min: number, max: number, behind: RegExp): CellReader =>
  (text) => {
    const plain = arabic(folded(text)).replaceAll(',', '').replace(behind, '');
    if (!wholeNumber.test(plain)) return err('not-a-number');
    const value = Number.parseInt(plain, 10);
    return value < min || value > max ? err('out-of-range') : ok(value);
  };

const dayShapes: readonly RegExp[] = [/^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[t ].*)?$/i, /^(\d{4})(\d{2})(\d{2})$/];

export const dayCell: CellReader = (text) => {
  const plain = text.normalize('NFKC').trim();
  for (const shape of dayShapes) {
    const [, year = '', month = '', date = ''] = shape.exec(plain) ?? [];
    const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
    if (isDay(day)) return ok(day);
  }
  return err('not-a-day');
};

const myriads: Readonly<Record<string, number>> = { '': 0, 万: 4, 亿: 8 };
const fenDigits = 2;

/** Yuan, exact to the fen, as integer fen: no float is involved (NU1). */
export const yuanCell: CellReader = (text) => {
  const [, whole = '', fraction = '', myriad = ''] = /^[¥￥]?(\d+)(?:\.(\d*))?(万|亿)?元?$/.exec(folded(text).replaceAll(',', '')) ?? [];
  if (whole === '') return err('not-a-number');
  const places = fenDigits + (myriads[myriad] ?? 0);
  const rest = fraction.replace(/0+$/, '');
  if (rest.length > places) return err('not-a-number');
  const fen = Number(whole + rest.padEnd(places, '0'));
  return fen > 1_000_000_000_00 ? err('out-of-range') : ok(fen);
};

export type Choices = Readonly<Record<string, readonly string[]>>;

/** @param choices value → what people write for it */
export const choiceCell = (choices: Choices): CellReader => {
  const values = new Map(Object.entries(choices).flatMap(([value, words]) => [value, ...words].map((word) => [folded(word), value])));
  return (text) => {
    const value = values.get(folded(text));
    return value === undefined ? err('not-a-choice') : ok(value);
  };
};

const between = /[、,，;；|\n]+/;

/** Several values in one cell. */
export const listCell =
  (each: CellReader, most: number): CellReader =>
  (text, reading) => {
    const values: Value[] = [];
    for (const part of text.split(between)) {
      if (part.trim() === '') continue;
      const read = each(part.trim(), reading);
      if (!read.ok) return read;
      if (!values.includes(read.value)) values.push(read.value);
    }
    return values.length > most ? err('too-long') : ok(values);
  };

/** A grid by its name or its code. */
export const gridCell: CellReader = (text, { grids }): Read => {
  const wanted = arabic(folded(text));
  const grid = grids.find(({ code, name }) => arabic(folded(name)) === wanted || code === wanted);
  return grid ? ok(grid.code) : err('unknown-grid');
};
