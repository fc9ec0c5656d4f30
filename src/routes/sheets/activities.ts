/** Activities as their list shows them, and the roll of one. */
import type { ActivityRow, LinePoints, Standing } from '$client/queries/activities.ts';
import type { AttendanceFields } from '$domain/activity/schema.ts';
import { kinds } from '$domain/kinds.ts';
import type { Sheet } from '$exchange/contract.ts';
import { activityWords } from '$lib/i18n/words/activities.ts';
import { fields as fieldWords } from '$lib/i18n/words/fields.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import type { RecordState, Row } from '$replica/contract.ts';
import { sayFieldName, type Names } from '../sayField.ts';
import { fieldColumn, recordColumns, sheetOf, text, typed } from './sheet.ts';

type StateOf = (record: string) => RecordState | undefined;
interface ActivityLine {
  readonly row: ActivityRow;
  readonly standing: Standing;
}

export function activitiesSheet(lines: readonly ActivityLine[], names: Names, stateOf: StateOf): Sheet {
  const all = lines.map(({ row }) => row.fields);
  return sheetOf<ActivityLine>(activityWords.title, lines, [
    text(filesWords.standingHead, ({ standing }) => filesWords.standing[standing]),
    ...Object.keys(kinds.activity.entries).map((field) => fieldColumn<ActivityLine>('activity', sayFieldName('activity', field), field, all, ({ row }) => row.fields[field as keyof typeof row.fields], names)),
    ...recordColumns<ActivityLine>(({ row }) => row, 'activity', names, stateOf),
  ]);
}

export interface RollAbout {
  readonly activity: ActivityRow;
  readonly names: Names;
  readonly nameOf: (volunteer: string) => string;
  readonly points: ReadonlyMap<string, LinePoints> | undefined;
  readonly stateOf: StateOf;
}

export const rollSheet = (lines: readonly Row<AttendanceFields>[], { activity, names, nameOf, points, stateOf }: RollAbout): Sheet =>
  sheetOf<Row<AttendanceFields>>(filesWords.rollSheet, lines, [
    text(fieldWords.activity, () => activity.fields.title),
    typed(fieldWords.startsAt, 'time', () => activity.fields.startsAt),
    text(fieldWords.number, ({ fields }) => fields.volunteer),
    text(filesWords.person, ({ fields }) => nameOf(fields.volunteer)),
    typed(fieldWords.hoursTenths, 'hours', ({ fields }) => fields.hoursTenths),
    typed(filesWords.rulePoints, 'count', ({ fields }) => points?.get(fields.volunteer)?.award.points),
    typed(filesWords.confirmedPoints, 'count', ({ fields }) => points?.get(fields.volunteer)?.confirmed),
    ...recordColumns<Row<AttendanceFields>>((row) => row, 'attendance', names, stateOf),
  ]);
