/** PQ6, PQ7 The month's statement of a community's points: entries and moves folded, beside the totals that are kept of them. */
import { chainMonths, type ChainedLine } from '../../domain/points/digest.ts';
import { statementOf, type LedgerLine, type Statement } from '../../domain/points/statement.ts';
import type { Live, Reader, RollupRow, Row } from '../../replica/contract.ts';
import { parseRoomName } from '../../protocol/roomName.ts';
import { combine } from './live.ts';
import { wholeOf } from './merged.ts';
import { passbook, type PassbookEntry, type PassbookLine, type PassbookMove } from './passbook.ts';

/** As the ledger has it; a move says no more about where it comes from than its reason and its grant. */
export interface StatementEntry extends LedgerLine {
  readonly occurredOn: string;
}

export interface MonthStatement extends Statement {
  /** In the order of the chain. */
  readonly entries: readonly ChainedLine<Row<StatementEntry>>[];
  /** Over this month and all before; undefined for a ledger without a line. */
  readonly digest: string | undefined;
  /** '' where nothing was before. */
  readonly digestBefore: string;
  /** The first month of the chain. */
  readonly since: string | undefined;
}

const pointsKey = 'points:';
const monthOf = (room: string): string => parseRoomName(room)?.month ?? '';

function totals(rollups: readonly RollupRow[], among: (month: string) => boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const { month, tallies } of rollups)
    if (among(month)) for (const [key, points] of Object.entries(tallies)) if (key.startsWith(pointsKey)) found.set(key.slice(pointsKey.length), (found.get(key.slice(pointsKey.length)) ?? 0) + points);
  return found;
}

/** Each number by itself, also one that was merged into another: that is how the ledger names them. */
export function statement(merged: Reader, month: string): Live<MonthStatement> {
  const reader = wholeOf(merged);
  return combine(
    {
      rollups: reader.rollups('ledger'),
      entries: reader.list<StatementEntry>('ledger', { kind: 'pointsEntry' }),
      moves: reader.list<StatementEntry>('ledger', { kind: 'pointsMove' }),
    },
    ({ rollups, entries, moves }): MonthStatement => {
      const rows = Map.groupBy([...entries, ...moves], ({ room }) => monthOf(room));
      const upTo = new Map([...rows].filter(([each]) => each <= month));
      const chain = chainMonths(upTo);
      const [first, last] = [chain[0], chain.at(-1)];
      const own = last?.month === month ? last : undefined;
      const earlier = [...upTo].flatMap(([each, lines]) => (each < month ? lines : []));
      return {
        ...statementOf(rows.get(month) ?? [], totals(rollups, (each) => each < month), totals(rollups, (each) => each === month), earlier),
        entries: own?.lines ?? [], digest: last?.digest, digestBefore: own?.before ?? last?.digest ?? '', since: first?.month,
      };
    },
  );
}

/** What the month's ledger says of one number, with the reasons that a passbook gives. */
export interface VolunteerMonth {
  readonly services: readonly { readonly line: PassbookLine; readonly entries: readonly PassbookEntry[] }[];
  readonly moves: readonly PassbookMove[];
}

export const volunteerMonth = (merged: Reader, number: string, month: string): Live<VolunteerMonth> =>
  combine({ book: passbook(wholeOf(merged), number) }, ({ book }) => ({
    services: book.months.flatMap(({ lines }) => lines.map((line) => ({ line, entries: line.entries.filter(({ row }) => monthOf(row.room) === month) }))).filter(({ entries }) => entries.length > 0),
    moves: book.months.flatMap(({ moves, aside }) => [...moves, ...aside]).filter(({ row }) => monthOf(row.room) === month),
  }));
