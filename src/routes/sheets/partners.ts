/** Partners as the register shows them, under headings that an import reads again; the type is that of today. */
import type { PartnerLine } from '$client/queries/partners.ts';
import { importLists } from '$domain/exchange/lists.ts';
import type { Sheet } from '$exchange/contract.ts';
import { partners } from '$lib/i18n/words/partners.ts';
import type { RecordState } from '$replica/contract.ts';
import type { Names } from '../sayField.ts';
import { importableColumns, recordColumns, sheetOf } from './sheet.ts';

export const partnersSheet = (lines: readonly PartnerLine[], names: Names, stateOf: (record: string) => RecordState | undefined): Sheet =>
  sheetOf<PartnerLine>(partners.title, lines, [
    ...importableColumns('partner', importLists.partners.columns, lines, ({ row, type }) => ({ ...row.fields, type }), names),
    ...recordColumns<PartnerLine>(({ row }) => row, 'partner', names, stateOf),
  ]);
