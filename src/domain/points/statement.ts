/**
 * PQ6 The points of a community over one month of its ledger: what each volunteer began with, what came and went, and what is
 * left. A month of the ledger holds what was earned by the month's activities, and what moved under grants opened in it.
 */
import type { Listed } from '../kernel/listed.ts';
import { expiredAccount, issuedAccount, shortfallAccount } from './accounts.ts';
import { balances, changeOf, type TwoSided } from './balance.ts';

/** Entries for service and moves of points alike. */
export interface LedgerLine extends TwoSided {
  readonly volunteer: string;
  readonly reason: string;
}

export const statementColumns = ['earned', 'reversed', 'redeemed', 'expired', 'covered'] as const;
export type StatementColumn = (typeof statementColumns)[number];

export interface StatementLine extends Readonly<Record<StatementColumn, number>> {
  readonly volunteer: string;
  readonly opening: number;
  readonly closing: number;
  /** What the kept totals say of the month for the same volunteer. */
  readonly kept: number;
}

export const accountGroups = ['issued', 'volunteers', 'held', 'redeemed', 'expired', 'shortfall'] as const;
export type AccountGroup = (typeof accountGroups)[number];

export interface Statement {
  readonly lines: readonly StatementLine[];
  readonly total: Omit<StatementLine, 'volunteer'>;
  /** What the month did to each kind of account; they sum to zero. */
  readonly accounts: Readonly<Record<AccountGroup, number>>;
  /** The same at the end of the month, over all months. */
  readonly standing: Readonly<Record<AccountGroup, number>>;
  /** What the accounts of volunteers hold, free and at counters, is what the lines end with. */
  readonly agrees: boolean;
  /** Volunteers for whom the fold of entries and the kept totals differ: none, or the view is to be built anew. */
  readonly differing: readonly string[];
}

/** What a line did to its volunteer's points stands under one heading; what stays theirs, held or free, under none. */
const columnOf: Readonly<Record<string, StatementColumn>> = {
  service: 'earned', correction: 'reversed', redeemed: 'redeemed', cancelled: 'redeemed', expired: 'expired', covered: 'covered', repaid: 'covered',
};

function groupOf(account: string): AccountGroup {
  if (account === issuedAccount) return 'issued';
  if (account === expiredAccount) return 'expired';
  if (account === shortfallAccount) return 'shortfall';
  if (account.startsWith('redeemed:')) return 'redeemed';
  return account.startsWith('held:') ? 'held' : 'volunteers';
}

const nothing = { opening: 0, earned: 0, reversed: 0, redeemed: 0, expired: 0, covered: 0, closing: 0, kept: 0 };

function byGroup(lines: readonly Listed<LedgerLine>[]): Record<AccountGroup, number> {
  const groups: Record<AccountGroup, number> = { issued: 0, volunteers: 0, held: 0, redeemed: 0, expired: 0, shortfall: 0 };
  for (const [account, points] of balances(lines)) groups[groupOf(account)] += points;
  return groups;
}

/**
 * @param month lines of the month
 * @param before points of each volunteer in the months before, from the kept totals
 * @param kept what the kept totals say of the month
 * @param earlier lines of the months before
 */
export function statementOf(month: readonly Listed<LedgerLine>[], before: ReadonlyMap<string, number>, kept: ReadonlyMap<string, number>, earlier: readonly Listed<LedgerLine>[]): Statement {
  const columns = new Map<string, Record<StatementColumn, number>>();
  for (const { fields } of month) {
    const change = changeOf(fields);
    const column = columnOf[fields.reason];
    if (change === 0 || column === undefined) continue;
    const own = columns.get(fields.volunteer) ?? { earned: 0, reversed: 0, redeemed: 0, expired: 0, covered: 0 };
    own[column] += change;
    columns.set(fields.volunteer, own);
  }
  const named = new Set([...columns.keys(), ...kept.keys(), ...before.keys()]);
  const lines = [...named].sort().flatMap((volunteer): StatementLine[] => {
    const own = columns.get(volunteer) ?? { earned: 0, reversed: 0, redeemed: 0, expired: 0, covered: 0 };
    const opening = before.get(volunteer) ?? 0;
    const moved = statementColumns.reduce((sum, column) => sum + own[column], 0);
    const line = { volunteer, opening, ...own, closing: opening + moved, kept: kept.get(volunteer) ?? 0 };
    return columns.has(volunteer) || opening !== 0 || line.kept !== 0 ? [line] : [];
  });
  const total = { ...nothing };
  for (const line of lines) for (const name of Object.keys(nothing) as (keyof typeof nothing)[]) total[name] += line[name];
  const [accounts, standing] = [byGroup(month), byGroup([...earlier, ...month])];
  return {
    lines, total, accounts, standing,
    agrees: standing.volunteers + standing.held === total.closing,
    differing: lines.filter(({ opening, closing, kept: said }) => closing - opening !== said).map(({ volunteer }) => volunteer),
  };
}

/** A column in which nothing moved says nothing; what everybody looks for stays. With opening and closing around them they add up. */
export const movedColumns = ({ lines }: Pick<Statement, 'lines'>): readonly StatementColumn[] =>
  statementColumns.filter((name) => name === 'earned' || name === 'redeemed' || lines.some((line) => line[name] !== 0));
