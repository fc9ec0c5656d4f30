/** Doors and buildings as people write them, and as they are kept. */

/** In half width; a bare number is a building's: ３ is 3栋. */
export function writtenBuilding(text: string): string {
  const plain = text.normalize('NFKC').trim();
  return /^\d+$/.test(plain) ? `${Number(plain)}栋` : plain;
}

/** In half width; 302室 is 302. */
export const writtenDoor = (text: string): string => text.normalize('NFKC').trim().replace(/(?<=\d)室$/, '');

const topFloor = 120;

/** 302 is on the third floor, 1101 on the eleventh; undefined where the number does not say. */
export function floorOf(door: string): number | undefined {
  const digits = /^(\d{1,3})\d{2}[A-Z]?$/i.exec(door)?.[1];
  return digits === undefined || Number(digits) > topFloor ? undefined : Number(digits);
}
