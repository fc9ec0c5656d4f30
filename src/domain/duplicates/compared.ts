/** Which records are compared for duplicates, by what, and where the few that may be meant are looked up. */
import type { Fields } from '../kernel/fact.ts';
import { plainKey, type Sign, type Speak } from './key.ts';
import { doorNumbers, likenessOfDoors, likenessOfPartners, likenessOfPeople, partnerKeys, phoneDigits, type Likeness, type Partner, type Person } from './likeness.ts';

/** Two records may be one if the second stands in so many blocks of a row of the first. */
interface BlockRow {
  readonly blocks: readonly string[];
  readonly needed: number;
}

/** What is compared of a record, and where it is looked up. */
export type Compared = { readonly rows: readonly BlockRow[] } & (
  | { readonly as: 'partner'; readonly partner: Partner }
  | { readonly as: 'person'; readonly person: Person }
  | { readonly as: 'door'; readonly door: string; readonly speak: Speak }
);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const optional = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

const pairOf = (one: string, other: string): string => [one, other].sort().join(' ');

/**
 * Pairs of sounds: those of three in five of the sounds must be shared, or the pair in front, behind which a generic word may
 * be misspelled; where there are no more than two sounds, the first or the last will do.
 */
function soundRows(core: readonly Sign[]): BlockRow[] {
  const sounds = [...new Set(core.map(({ loose }) => loose))];
  const [first = '', second = ''] = sounds;
  if (sounds.length <= 2) return [{ blocks: [`${core[0]?.loose}>`, `>${core.at(-1)?.loose}`], needed: 1 }, { blocks: [pairOf(first, second)], needed: 1 }];
  const pairs = sounds.flatMap((one, index) => sounds.slice(index + 1).map((other) => pairOf(one, other)));
  return [{ blocks: pairs, needed: pairsOf(Math.ceil(sounds.length * 0.6)) }, { blocks: [pairOf(first, second)], needed: 1 }];
}

function asPartner({ name, aliases }: Fields, speak: Speak): Compared {
  const others = Array.isArray(aliases) ? aliases.map(text) : [];
  const partner = partnerKeys([text(name), ...others].filter((each) => each.trim() !== ''), speak);
  return { as: 'partner', partner, rows: partner.names.flatMap(({ core }) => soundRows(core)) };
}

const tail = 4;

function asPerson(name: unknown, door: unknown, phone: unknown, speak: Speak): Compared {
  const person: Person = { name: plainKey(text(name), speak), door: optional(door), phone: optional(phone) };
  const { whole } = person.name;
  const digits = phoneDigits(person.phone);
  const atDoor = person.door === undefined || whole.length === 0 ? [] : [`${person.door}>${whole[0]?.loose}`, `${person.door}<${whole.at(-1)?.loose}`];
  return { as: 'person', person, rows: [...atDoor, ...(digits.length < tail ? [] : [`#${digits.slice(-tail)}`])].map((block) => ({ blocks: [block], needed: 1 })) };
}

/** Of doors and buildings the numbers, in their order, are always the same (DU4). */
const asDoor = (grid: unknown, parts: readonly string[], speak: Speak): Compared => {
  const door = parts.filter((part) => part !== '').join(' ');
  return { as: 'door', door, speak, rows: door === '' ? [] : [{ blocks: [`${text(grid)}:${parts.length}:${doorNumbers(door)}`], needed: 1 }] };
};

/** The fields of another record of the same room, undefined where it is not there. */
export type Look = (record: string) => Fields | undefined;
type Take = (fields: Fields, speak: Speak, look: Look) => Compared;

/** Kind → its part in this. A volunteer has no door: a namesake in the same grid is worth a look. */
export const comparedKinds: Readonly<Record<string, Take>> = {
  partner: asPartner,
  resident: ({ name, household, phone }, speak) => asPerson(name, household, phone, speak),
  volunteer: ({ name, grid }, speak) => asPerson(name, grid, undefined, speak),
  building: ({ grid, courtyard, name }, speak) => asDoor(grid, [text(courtyard), text(name)], speak),
  household: ({ grid, building, unit, door }, speak, look) => {
    const { courtyard, name } = look(text(building)) ?? {};
    return asDoor(grid, [text(courtyard), name === undefined ? text(building) : text(name), `${String(unit ?? '')}单元`, text(door)], speak);
  },
};

export function likeness(one: Compared, other: Compared): Likeness {
  if (one.as === 'partner' && other.as === 'partner') return likenessOfPartners(one.partner, other.partner);
  if (one.as === 'person' && other.as === 'person') return likenessOfPeople(one.person, other.person);
  if (one.as === 'door' && other.as === 'door') return likenessOfDoors(one.door, other.door, one.speak);
  return { score: 0, reasons: [] };
}
