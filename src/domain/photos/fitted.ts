/** PH2 How large a picture becomes: never larger than it is, its longer side within a bound, its shape kept. */
import type { Size } from './jpeg.ts';

export function fitted({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const side = (length: number): number => Math.min(maxSide, Math.max(1, Math.round(length * scale)));
  return { width: side(width), height: side(height) };
}
