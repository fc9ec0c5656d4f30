/** The doors of a route as the list shows them, under headings that an import reads again. */
import type { RouteDoor } from '$domain/visits/route.ts';
import { importLists } from '$domain/exchange/lists.ts';
import type { Listed } from '$domain/kernel/listed.ts';
import type { BuildingFields } from '$domain/people/schema.ts';
import type { Sheet } from '$exchange/contract.ts';
import { visitOutcome } from '$lib/i18n/words/domain.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { recordState } from '$lib/i18n/words/record.ts';
import { visitWords } from '$lib/i18n/words/visits.ts';
import type { RecordState } from '$replica/contract.ts';
import type { Names } from '../sayField.ts';
import { importableColumns, sheetOf, text, typed } from './sheet.ts';

interface ShownBuilding {
  readonly building: Listed<BuildingFields> | undefined;
  readonly floors: readonly { readonly doors: readonly RouteDoor[] }[];
}

export interface DoorsAbout {
  readonly grid: string;
  readonly names: Names;
  readonly stateOf: (record: string) => RecordState | undefined;
}

export function doorsSheet(buildings: readonly ShownBuilding[], { grid, names, stateOf }: DoorsAbout): Sheet {
  const rows = buildings.flatMap(({ building, floors }) => floors.flatMap(({ doors }) => doors.map((door) => ({ ...door, building }))));
  type Line = (typeof rows)[number];
  const fieldsOf = ({ household, building }: Line) => ({ ...household.fields, grid, building: building?.fields.name, courtyard: building?.fields.courtyard });
  // What an address in one cell would say stands in columns of its own.
  const columns = importLists.doors.columns.filter(({ field }) => field !== 'address');
  return sheetOf<Line>(visitWords.title, rows, [
    ...importableColumns('household', columns, rows, fieldsOf, names),
    typed(filesWords.lastVisit, 'time', ({ last }) => last?.visitedAt),
    text(filesWords.lastOutcome, ({ last }) => last && visitOutcome[last.outcome]),
    typed(filesWords.dueOn, 'day', ({ due }) => due.dueOn),
    text(filesWords.dueState, ({ due }) => filesWords.due[due.state]),
    text(filesWords.state, ({ household }) => recordState[stateOf(household.id) ?? 'confirmed']),
  ]);
}
