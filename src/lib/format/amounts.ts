import type { Tongue } from './times.ts';

const minus = '−';

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Integer fen: 123450 is ¥1,234.50. No float is involved, so the fen are exact. */
export function sayMoney(fen: number): string {
  const size = Math.abs(fen);
  const yuan = Math.floor(size / 100);
  return `${fen < 0 ? minus : ''}¥${grouped(yuan)}.${String(size % 100).padStart(2, '0')}`;
}

/** Whole yuan where there are no fen, for headings: ¥249,000. */
export function sayMoneyShort(fen: number): string {
  return fen % 100 === 0 ? sayMoney(fen).slice(0, -3) : sayMoney(fen);
}

export function sayCount(count: number): string {
  return `${count < 0 ? minus : ''}${grouped(Math.abs(count))}`;
}

/** Integer tenths of an hour: 25 is 2.5 小时, 20 is 2 小时. */
export function sayHours(tenths: number, tongue: Tongue): string {
  const number = sayMinor(tenths, 1);
  if (tongue === 'zh') return `${number} 小时`;
  return tenths === 10 ? `${number} hour` : `${number} hours`;
}

export function sayPoints(points: number, tongue: Tongue): string {
  if (tongue === 'zh') return `${sayCount(points)} 分`;
  return `${sayCount(points)} ${points === 1 ? 'point' : 'points'}`;
}

/** A change with its sign: +12, −3. */
export function sayChange(change: number): string {
  return change > 0 ? `+${sayCount(change)}` : sayCount(change);
}

/** 3/4, for what is owed and kept. */
export function sayShare(part: number, whole: number): string {
  return `${sayCount(part)}/${sayCount(whole)}`;
}

/** Whole per cent; a dash where nothing was expected. */
export function sayPercent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)}%`;
}

/** Bytes as people meet them on a tablet: 340 KB, 2.6 MB. */
export function saySize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** An integer count of 10^-decimals, without trailing zeros: (25, 1) is 2.5, (2000, 2) is 20. */
export function sayMinor(minor: number, decimals: number): string {
  const scale = 10 ** decimals;
  const size = Math.abs(minor);
  const rest = String(size % scale).padStart(decimals, '0').replace(/0+$/, '');
  const sign = minor < 0 ? minus : '';
  return `${sign}${grouped(Math.floor(size / scale))}${decimals > 0 && rest !== '' ? `.${rest}` : ''}`;
}

/**
 * What a person typed, as an integer count of 10^-decimals; undefined where it is no such number or has finer parts than
 * may be kept (2.55 hours). Accepts full-width digits and commas, as Chinese keyboards send them.
 */
export function parseMinor(text: string, decimals: number): number | undefined {
  const plain = text.normalize('NFKC').replace(/[,\s¥]/g, '').replace('。', '.').replace(minus, '-');
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const rest = fraction.replace(/0+$/, '');
  if (whole + fraction === '' || rest.length > decimals) return undefined;
  const minor = Number(whole + rest.padEnd(decimals, '0'));
  if (!Number.isSafeInteger(minor)) return undefined;
  return sign === '-' && minor !== 0 ? -minor : minor;
}
