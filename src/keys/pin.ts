/** Which PINs are taken: six digits that are not the first ones anybody tries. */
export type PinFault = 'six-digits' | 'too-easy';

const pattern = /^\d{6}$/;

/** KY2. All the same, counting up or down, and two or three digits over and over. @returns undefined when it is a PIN */
export function pinFault(pin: string): PinFault | undefined {
  if (!pattern.test(pin)) return 'six-digits';
  const digits = [...pin].map(Number);
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10));
  const even = steps.size === 1 && [0, 1, 9].includes([...steps][0] ?? 0);
  const repeats = [2, 3].some((length) => pin === pin.slice(0, length).repeat(6 / length));
  return even || repeats ? 'too-easy' : undefined;
}
