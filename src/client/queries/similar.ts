/** PT3 What a name that is being typed may already stand for on this tablet, and why. Names of residents are masked (RS5). */
import type { LikenessReason } from '../../domain/duplicates/likeness.ts';
import type { HouseholdFields, VolunteerFields } from '../../domain/people/schema.ts';
import type { ResidentFields } from '../../domain/residents/schema.ts';
import { maskName } from '../../domain/residents/view.ts';
import type { PartnerFields } from '../../domain/roster/schema.ts';
import type { Reader, ReplicaCalls } from '../../replica/contract.ts';
import { namedDoors, type NamedDoor } from './history.ts';
import { once } from './live.ts';

/** `holds`: the other name contains what is typed so far. `numbers`, `unit`: of a door, its numbers agree, but for the unit. */
export type SimilarReason = LikenessReason | 'holds' | 'numbers' | 'unit';

export interface SimilarName {
  readonly id: string;
  readonly name: string;
  readonly reasons: readonly SimilarReason[];
}

type Calls = Pick<ReplicaCalls, 'search' | 'similar'>;

const shown = 4;
/** One character is like too many. */
const tooShort = (name: string): boolean => [...name.trim()].length < 2;

export async function similarPartners(calls: Calls, reader: Reader, like: { readonly name: string; readonly aliases: readonly string[] }): Promise<readonly SimilarName[]> {
  if (tooShort(like.name)) return [];
  const alike = await calls.similar('roster', 'partner', like, shown);
  const reasons = new Map<string, readonly SimilarReason[]>(alike.map((each) => [each.id, each.reasons]));
  for (const id of await calls.search('roster', 'partner', like.name.trim(), shown)) if (!reasons.has(id) && reasons.size < shown) reasons.set(id, ['holds']);
  const rows = await once(reader.many<PartnerFields>('roster', [...reasons.keys()]));
  return rows.map(({ id, fields }) => ({ id, name: fields.name, reasons: reasons.get(id) ?? [] }));
}

export async function similarResidents(calls: Calls, reader: Reader, like: { readonly name: string; readonly household: string; readonly phone: string }): Promise<readonly SimilarName[]> {
  if (tooShort(like.name)) return [];
  const alike = await calls.similar('people', 'resident', like, shown);
  const rows = await once(reader.many<ResidentFields>('people', alike.map(({ id }) => id)));
  return rows.map(({ id, fields }) => ({ id, name: maskName(fields.name), reasons: alike.find((each) => each.id === id)?.reasons ?? [] }));
}

/** Namesakes of one grid. */
export async function similarVolunteers(calls: Calls, reader: Reader, like: { readonly name: string; readonly grid: string }): Promise<readonly SimilarName[]> {
  if (tooShort(like.name)) return [];
  const alike = await calls.similar('people', 'volunteer', like, shown);
  const rows = await once(reader.many<VolunteerFields>('people', alike.map(({ id }) => id)));
  return rows.map(({ id, fields }) => ({ id, name: `${fields.name} ${fields.number}`, reasons: (alike.find((each) => each.id === id)?.reasons ?? []).filter((reason) => reason !== 'door') }));
}

/** Its building is an id where it was chosen from the list, else what was typed for it. */
export interface TypedDoor {
  readonly grid: string;
  readonly building: string;
  /** 0 where none was written. */
  readonly unit: number;
  readonly door: string;
}

export interface SimilarDoor extends NamedDoor {
  readonly reasons: readonly SimilarReason[];
}

/** DU17 Doors of the grid that read the same; also those that only say a unit where none is typed, or none where one is. */
export async function similarDoors(calls: Calls, reader: Reader, { grid, building, unit, door }: TypedDoor): Promise<readonly SimilarDoor[]> {
  if (building.trim() === '' || door.trim() === '') return [];
  const standing = await once(reader.list<HouseholdFields>('people', { kind: 'household', parent: building }));
  const others = unit === 0 ? standing.map(({ fields }) => fields.unit) : [0];
  const reasons = new Map<string, readonly SimilarReason[]>();
  for (const each of new Set([unit, ...others])) {
    for (const alike of await calls.similar('people', 'household', { grid, building, unit: each, door }, shown)) {
      const why: readonly SimilarReason[] = alike.reasons.map((reason) => (reason === 'same' ? 'numbers' : reason));
      if (!reasons.has(alike.id)) reasons.set(alike.id, each === unit ? why : [...why, 'unit']);
    }
  }
  const doors = await once(namedDoors(reader, [...reasons.keys()].slice(0, shown)));
  return doors.map((named) => ({ ...named, reasons: reasons.get(named.household.id) ?? [] }));
}
