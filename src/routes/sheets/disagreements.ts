/** What two people disagree on: a row for each value that was stated. */
import type { Disagreement } from '$client/queries/mergeReport.ts';
import type { Sheet } from '$exchange/contract.ts';
import { fieldValue } from '$lib/i18n/words/fields.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { sayFieldName, sayFieldValue, type Names } from '../sayField.ts';
import { sayKind, sayPerson, sayTitle } from '../sayRecord.ts';
import { sheetOf, text, typed } from './sheet.ts';

export function disagreementsSheet(disagreements: readonly Disagreement[], names: Names): Sheet {
  const rows = disagreements.flatMap((each) =>
    each.clashes.flatMap(({ field, options }) => options.map((option, index) => ({ each, field, option, shown: index === 0 }))),
  );
  type Line = (typeof rows)[number];
  return sheetOf<Line>(filesWords.clashSheet, rows, [
    text(filesWords.what, ({ each }) => sayKind(each.kind)),
    text(filesWords.record, ({ each }) => sayTitle(each.kind, each.fields, names)),
    text(filesWords.field, ({ each, field }) => sayFieldName(each.kind, field)),
    text(filesWords.value, ({ each, field, option }) => sayFieldValue(each.kind, field, option.value, names, Date.now())),
    text(filesWords.chosenNow, ({ shown }) => (shown ? fieldValue.yes : fieldValue.no)),
    text(filesWords.saidBy, ({ option }) => sayPerson(option.by, names)),
    typed(filesWords.saidAt, 'time', ({ option }) => option.at),
    text(filesWords.recordId, ({ each }) => each.ref.record),
  ]);
}
