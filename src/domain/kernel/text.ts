/**
 * Text as it may enter a fact. A lone surrogate (half of 𠮷) makes replicas differ while their state vectors agree,
 * so text is made well-formed and cut by code point, never by UTF-16 unit.
 */
export const textMax = { name: 80, line: 200, note: 2_000 } as const;

/** Trims, normalises to NFC, replaces lone surrogates and control characters, and cuts to `max` code points. */
export function cleanText(text: string, max: number): string {
  const wellFormed = text.toWellFormed().normalize('NFC').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').trim();
  const points = [...wellFormed];
  return points.length <= max ? wellFormed : points.slice(0, max).join('');
}

export const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};
