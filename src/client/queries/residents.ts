/** RS1–RS6 on this tablet: who lives where, what they agreed to, who looked. Names stay masked until somebody asks. */
import { partsOf } from '../../domain/duplicates/merging.ts';
import { consentOn } from '../../domain/residents/view.ts';
import type { CareFields, CareTag, ConsentFields, ReadingFields, ResidentFields } from '../../domain/residents/schema.ts';
import type { ErasureFields } from '../../domain/erasure/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { erasureOf } from './erasures.ts';
import { doorName, namedDoors } from './history.ts';
import { chain, combine, distinct, map, sameList } from './live.ts';
import { mergesOf } from './merged.ts';

export interface ResidentLine {
  readonly row: Row<ResidentFields>;
  readonly tags: readonly CareTag[];
  /** RS6: to be asked again or erased. */
  readonly unconsented: boolean;
}

function grouped<F>(rows: readonly Row<F>[]): ReadonlyMap<string, readonly F[]> {
  const groups = new Map<string, F[]>();
  for (const { parent, fields } of rows) {
    const group = groups.get(parent);
    if (group) group.push(fields);
    else groups.set(parent, [fields]);
  }
  return groups;
}

/** Newest first. */
export const residentsOf = (reader: Reader, today: string): Live<readonly ResidentLine[]> =>
  combine(
    {
      residents: reader.list<ResidentFields>('people', { kind: 'resident' }),
      consents: reader.list<ConsentFields>('people', { kind: 'consent' }),
      care: reader.list<CareFields>('people', { kind: 'care' }),
      merged: mergesOf(reader),
    },
    ({ residents, consents, care, merged }) => {
      const [agreed, tagged] = [grouped(consents), grouped(care)];
      return residents.map((row) => ({
        row,
        tags: [...new Set(partsOf(merged, row.id).flatMap((id) => tagged.get(id) ?? []).map(({ tag }) => tag))],
        // DU13: what was merged into it is kept, too, and needs a consent of its own.
        unconsented: partsOf(merged, row.id).some((id) => !consentOn(agreed.get(id) ?? [], 'registration', today)),
      }));
    },
  );

/** The names of the doors of some residents, by household. */
export const doorsOfResidents = (reader: Reader, households: readonly string[]): Live<ReadonlyMap<string, string>> =>
  map(namedDoors(reader, households), (doors) => new Map(doors.map((door) => [door.household.id, doorName(door)])));

/** Behind one door, in the order they were entered. */
export const residentsAt = (reader: Reader, household: string): Live<readonly Row<ResidentFields>[]> =>
  map(reader.list<ResidentFields>('people', { kind: 'resident', parent: household }), (rows) => rows.toSorted((a, b) => a.bornAt - b.bornAt));

/** The tags of care of several residents, by resident. */
export const tagsOf = (reader: Reader, residents: Live<readonly Row<ResidentFields>[]>): Live<ReadonlyMap<string, readonly CareTag[]>> =>
  chain(distinct(map(residents, (rows) => rows.map(({ id }) => id)), sameList), (ids) =>
    combine(
      Object.fromEntries(ids.map((id) => [id, reader.list<CareFields>('people', { kind: 'care', parent: id })])),
      (found) => new Map(Object.entries(found).map(([id, rows]) => [id, rows.map(({ fields }) => fields.tag)])),
    ),
  );

export interface ResidentPage {
  readonly resident: Row<ResidentFields> | undefined;
  /** As people name it, '' while it is not on this tablet. */
  readonly door: string;
  readonly consents: readonly Row<ConsentFields>[];
  readonly care: readonly Row<CareFields>[];
  /** Newest first. */
  readonly readings: readonly Row<ReadingFields>[];
  readonly erasure: Row<ErasureFields> | undefined;
}

const readingsShown = 100;

export function residentPage(reader: Reader, id: string): Live<ResidentPage> {
  const resident = reader.one<ResidentFields>('people', id);
  const household = distinct(map(resident, (row) => row?.fields.household ?? ''), (a, b) => a === b);
  return combine(
    {
      resident,
      door: chain(household, (each) => map(namedDoors(reader, each === '' ? [] : [each]), ([door]) => (door ? doorName(door) : ''))),
      consents: reader.list<ConsentFields>('people', { kind: 'consent', parent: id }),
      care: reader.list<CareFields>('people', { kind: 'care', parent: id }),
      readings: reader.list<ReadingFields>('visits', { kind: 'reading', parent: id, limit: readingsShown }),
      erasure: erasureOf(reader, id),
    },
    (page) => page,
  );
}
