/** The names behind every "who": staff by `per_…`, and the things records point to, by id. */
import type { StaffFields } from '../../domain/roster/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { combine, map } from './live.ts';
import { wholeOf } from './merged.ts';

/** The server's own facts, such as posted points. */
export const authorityPerson = 'per_authority';

export type NameById = ReadonlyMap<string, string>;

const byName = (rows: readonly Row<{ readonly name: string }>[]): [string, string][] => rows.map((row) => [row.id, row.fields.name]);

export const staffNames = (reader: Reader): Live<NameById> =>
  map(reader.list<StaffFields>('roster', { kind: 'staff' }), (rows) => new Map(byName(rows)));

/** Everybody and everything of the roster: staff, partners, spaces; grids by their code. */
export const rosterNames = (reader: Reader): Live<NameById> =>
  combine(
    {
      staff: reader.list<{ name: string }>('roster', { kind: 'staff' }),
      partners: wholeOf(reader).list<{ name: string }>('roster', { kind: 'partner' }),
      spaces: reader.list<{ name: string }>('roster', { kind: 'space' }),
      grids: reader.list<{ name: string; code: string }>('roster', { kind: 'grid' }),
    },
    ({ staff, partners, spaces, grids }) =>
      new Map([...byName(staff), ...byName(partners), ...byName(spaces), ...grids.map((row): [string, string] => [row.fields.code, row.fields.name])]),
  );

/** What a person's rights are made of: grids by their code, partners by their id. */
export const rosterChoices = (reader: Reader): Live<{ readonly grids: readonly RosterChoice[]; readonly partners: readonly RosterChoice[] }> =>
  combine(
    {
      grids: reader.list<{ name: string; code: string }>('roster', { kind: 'grid' }),
      partners: reader.list<{ name: string }>('roster', { kind: 'partner' }),
    },
    ({ grids, partners }) => ({
      grids: grids.map(({ fields }) => ({ value: fields.code, label: fields.name })),
      partners: partners.map(({ id, fields }) => ({ value: id, label: fields.name })),
    }),
  );

export interface RosterChoice {
  readonly value: string;
  readonly label: string;
}
