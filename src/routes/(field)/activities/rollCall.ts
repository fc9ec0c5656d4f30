/** The roll as it is being written: who is here, for how long if not the whole time, and who was entered for them. */
import type { AttendanceFields } from '$domain/activity/schema.ts';
import type { Present } from '$domain/activity/inputs.ts';
import type { Row } from '$replica/contract.ts';
import { hourMs } from '$domain/kernel/time.ts';

/** `hoursTenths` null: the activity's own length. */
export type Line = { hoursTenths: number | null; byProxy: boolean };
export type Roll = { [number: string]: Line };

const most = 240;

/** AC2: from start to end in tenths of an hour; nobody types what the clock knows. */
export const lengthTenths = (startsAt: number, endsAt: number): number => Math.min(most, Math.max(1, Math.round((endsAt - startsAt) / (hourMs / 10))));

export const rollOf = (attendances: readonly Row<AttendanceFields>[]): Roll =>
  Object.fromEntries(attendances.map(({ fields }) => [fields.volunteer, { hoursTenths: fields.hoursTenths, byProxy: fields.byProxy ?? false }]));

export const presentOf = (roll: Roll, length: number): Present[] =>
  Object.entries(roll).map(([volunteer, line]) => ({ volunteer, hoursTenths: line.hoursTenths ?? length, ...(line.byProxy ? { byProxy: true } : {}) }));

/** What a correction has to state: lines that are new or differ, and those no longer there. */
export function changedRoll(before: Roll, after: readonly Present[]): { readonly present: Present[]; readonly absent: string[] } {
  const stays = new Set(after.map(({ volunteer }) => volunteer));
  return {
    present: after
      .filter(({ volunteer, hoursTenths, byProxy }) => {
        const old = before[volunteer];
        return !old || old.hoursTenths !== hoursTenths || old.byProxy !== (byProxy ?? false);
      })
      // Said outright, so that a tick taken away is a change too.
      .map((line) => ({ ...line, byProxy: line.byProxy ?? false })),
    absent: Object.keys(before).filter((volunteer) => !stays.has(volunteer)),
  };
}

/** Half an hour more or less, within a day; the first step leaves the activity's own length. */
export const stepped = (line: Line, length: number, by: 5 | -5): Line => ({
  ...line,
  hoursTenths: Math.min(most, Math.max(5, (line.hoursTenths ?? length) + by)),
});
