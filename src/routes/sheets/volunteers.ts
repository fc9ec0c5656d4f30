/** Volunteers, a group's members, and what stands in a passbook, as their lists show them. */
import type { Passbook, PassbookLine, PassbookMove, VolunteerLine } from '$client/queries/passbook.ts';
import { importLists } from '$domain/exchange/lists.ts';
import type { Sheet } from '$exchange/contract.ts';
import { fields as fieldWords } from '$lib/i18n/words/fields.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { passbook as passbookWords, volunteers } from '$lib/i18n/words/passbook.ts';
import { recordState } from '$lib/i18n/words/record.ts';
import type { RecordState } from '$replica/contract.ts';
import { sayMoveReason, sayMoveTitle } from '../(field)/volunteers/sayMove.ts';
import { sayReason } from '../(field)/volunteers/sayReason.ts';
import type { Names } from '../sayField.ts';
import { importableColumns, recordColumns, sheetOf, text, typed } from './sheet.ts';

type StateOf = (record: string) => RecordState | undefined;

export function volunteersSheet(lines: readonly VolunteerLine[], names: Names, stateOf: StateOf): Sheet {
  const fieldsOf = ({ row, grid }: VolunteerLine) => ({ ...row.fields, grid: grid === undefined ? undefined : (names.get(grid) ?? grid) });
  return sheetOf<VolunteerLine>(volunteers.title, lines, [
    ...importableColumns('volunteer', importLists.volunteers.columns, lines, fieldsOf, names),
    ...recordColumns<VolunteerLine>(({ row }) => row, 'volunteer', names, stateOf),
  ]);
}

export function membersSheet(lines: readonly VolunteerLine[], names: Names, stateOf: StateOf): Sheet {
  const fieldsOf = ({ row }: VolunteerLine) => ('partner' in row.fields ? { ...row.fields, partner: names.get(row.fields.partner) ?? row.fields.partner } : {});
  return sheetOf<VolunteerLine>(volunteers.members, lines, [
    ...importableColumns('member', importLists.members.columns, lines, fieldsOf, names),
    ...recordColumns<VolunteerLine>(({ row }) => row, 'member', names, stateOf),
  ]);
}

interface SheetLine {
  readonly on: string;
  readonly what: string | undefined;
  readonly why: string;
  readonly hoursTenths?: number | undefined;
  readonly rulePoints?: number | undefined;
  readonly confirmed: number;
  readonly record: string;
}

const serviceLine = ({ on, activity, attended, points, confirmed, attendance, reason }: PassbookLine): SheetLine => ({
  on, what: activity?.fields.title, why: sayReason(reason), hoursTenths: attended?.fields.hoursTenths, rulePoints: points, confirmed, record: attendance,
});
const moveLine = (move: PassbookMove, names: Names): SheetLine => ({ on: move.row.fields.occurredOn, what: sayMoveTitle(move, names), why: sayMoveReason(move), confirmed: move.change, record: move.row.id });

/** Every line, the newest month first: what was done or redeemed, and what the rules and the ledger say to it. */
export const passbookSheet = (who: string, number: string, { months }: Passbook, names: Names, stateOf: StateOf): Sheet =>
  sheetOf<SheetLine>(`${passbookWords.title} ${number}`, months.flatMap(({ lines, moves }) => [...moves.map((move) => moveLine(move, names)), ...lines.map(serviceLine)]), [
    text(fieldWords.number, () => number),
    text(filesWords.person, () => who),
    typed(filesWords.activityOn, 'day', ({ on }) => on || undefined),
    text(fieldWords.activity, ({ what }) => what),
    typed(fieldWords.hoursTenths, 'hours', ({ hoursTenths }) => hoursTenths),
    typed(filesWords.rulePoints, 'count', ({ rulePoints }) => rulePoints),
    typed(filesWords.confirmedPoints, 'count', ({ confirmed }) => confirmed),
    text(fieldWords.reason, ({ why }) => why),
    text(filesWords.state, ({ record }) => recordState[stateOf(record) ?? 'confirmed']),
  ]);
