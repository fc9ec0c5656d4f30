/** PN1 What stands in the ledger, and what it adds up to. A balance is a fold of entries, never a stored number. */
import type { Listed } from '../kernel/listed.ts';
import { isVolunteers, volunteerAccount } from './accounts.ts';
import type { PointsEntryFields } from './schema.ts';

export type Entries = readonly Listed<PointsEntryFields>[];
/** What entries for service and moves of points have in common. */
export interface TwoSided {
  readonly debit: string;
  readonly credit: string;
  readonly points: number;
}

/** Entries that pay something today: neither a reversal nor reversed. */
export function standingEntries(entries: Entries): Entries {
  const reversed = new Set(entries.flatMap(({ fields }) => fields.reverses ?? []));
  return entries.filter(({ id, fields }) => fields.reverses === undefined && !reversed.has(id));
}

/** Points each account holds, reversals included; all accounts sum to zero. */
export function balances(entries: readonly { readonly fields: TwoSided }[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const { fields } of entries) {
    held.set(fields.credit, (held.get(fields.credit) ?? 0) + fields.points);
    held.set(fields.debit, (held.get(fields.debit) ?? 0) - fields.points);
  }
  return held;
}

export const balanceOf = (entries: readonly { readonly fields: TwoSided }[], volunteer: string): number => balances(entries).get(volunteerAccount(volunteer)) ?? 0;

/** What an entry adds to the points that are volunteers' own, free or held for them; negative where it takes. */
export const changeOf = ({ debit, credit, points }: TwoSided): number => points * (Number(isVolunteers(credit)) - Number(isVolunteers(debit)));
