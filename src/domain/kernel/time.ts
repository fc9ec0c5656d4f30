/**
 * Calendar arithmetic in Beijing time (TM1), independent of the zone a device is set to.
 * China has had one zone and no daylight saving since 1991, so a fixed offset is exact for every date Linhuo holds.
 * Instants are epoch milliseconds (`…At`), calendar days are `YYYY-MM-DD` (`…On`), months `YYYY-MM`.
 */
const beijingOffsetMs = 8 * 3_600_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Instants also come out of ids that a stranger made up: one that no calendar knows has no day, and throws at nobody. */
const noDay = '----------T--:--';
const instantMaxMs = 8.64e15 - beijingOffsetMs;
const shifted = (at: number): string => (Math.abs(at) <= instantMaxMs ? new Date(at + beijingOffsetMs).toISOString() : noDay);

export const dayOf = (at: number): string => shifted(at).slice(0, 10);
export const monthOf = (at: number): string => shifted(at).slice(0, 7);
/** `HH:MM` of an instant. */
export const clockOf = (at: number): string => shifted(at).slice(11, 16);
/** The instant at which a Beijing day begins, optionally at `HH:MM`. */
export const instantOf = (day: string, clock = '00:00'): number => Date.parse(`${day}T${clock}:00.000Z`) - beijingOffsetMs;
export const addDays = (day: string, days: number): string => dayOf(instantOf(day) + days * dayMs);
/** Whole days from `from` to `to`; negative when `to` lies before. */
export const daysBetween = (from: string, to: string): number => Math.round((instantOf(to) - instantOf(from)) / dayMs);

export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export const lastDayOf = (month: string): string => addDays(`${addMonths(month, 1)}-01`, -1);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(instantOf(text)) === text;
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
