/** Volunteers, a group's members, and what stands in a passbook, as their lists show them. */
import type { Passbook, PassbookLine, VolunteerLine } from '$client/queries/passbook.ts';
import { importLists } from '$domain/exchange/lists.ts';
import type { Sheet } from '$exchange/contract.ts';
import { fields as fieldWords } from '$lib/i18n/words/fields.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { passbook as passbookWords, volunteers } from '$lib/i18n/words/passbook.ts';
import { recordState } from '$lib/i18n/words/record.ts';
import type { RecordState } from '$replica/contract.ts';
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

/** Every line, the newest first: what was done, for how long, and what the rules and the ledger say to it. */
export const passbookSheet = (who: string, number: string, { months }: Passbook, stateOf: StateOf): Sheet =>
  sheetOf<PassbookLine>(`${passbookWords.title} ${number}`, months.flatMap(({ lines }) => lines), [
    text(fieldWords.number, () => number),
    text(filesWords.person, () => who),
    typed(filesWords.activityOn, 'day', ({ on }) => on || undefined),
    text(fieldWords.activity, ({ activity }) => activity?.fields.title),
    typed(fieldWords.hoursTenths, 'hours', ({ attended }) => attended?.fields.hoursTenths),
    typed(filesWords.rulePoints, 'count', ({ points }) => points),
    typed(filesWords.confirmedPoints, 'count', ({ confirmed }) => confirmed),
    text(filesWords.state, ({ attendance }) => recordState[stateOf(attendance) ?? 'confirmed']),
  ]);
