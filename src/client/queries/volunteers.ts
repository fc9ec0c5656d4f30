/**
 * The name behind a volunteer's number, as far as this person may know it: a grid worker and the office from the people rooms,
 * a group's leader from the group's own list. Elsewhere a volunteer is a number.
 */
import type { Actor } from '../../domain/kernel/actor.ts';
import { volunteerId, type MemberFields, type VolunteerFields } from '../../domain/people/schema.ts';
import type { Live, Reader, ReplicaCalls, Row } from '../../replica/contract.ts';
import { always, joined, map, once } from './live.ts';

export interface KnownVolunteer {
  readonly number: string;
  /** Empty where this person may not know it. */
  readonly name: string;
}

type Named = Row<VolunteerFields> | Row<MemberFields>;
const known = ({ fields }: Named): KnownVolunteer => ({ number: fields.number, name: fields.name });

export const membersOf = (reader: Reader, partners: readonly string[]): Live<readonly KnownVolunteer[]> =>
  map(joined(partners.map((partner) => reader.list<MemberFields>('members', { kind: 'member', parent: partner }))), (rows) =>
    rows.map(known).sort((a, b) => a.name.localeCompare(b.name, 'zh')),
  );

export function namesOf(reader: Reader, actor: Actor, numbers: readonly string[]): Live<ReadonlyMap<string, string>> {
  if (numbers.length === 0) return always(new Map());
  const rows =
    actor.role === 'groupLeader'
      ? membersOf(reader, actor.partners)
      : map(reader.many<VolunteerFields>('people', numbers.map(volunteerId)), (found) => found.map(known));
  return map(rows, (found) => new Map(found.map(({ number, name }) => [number, name])));
}

const newestShown = 12;

/** By name, pinyin, initials or number; the newest ones for ''. */
export async function findVolunteers(calls: Pick<ReplicaCalls, 'search'>, reader: Reader, actor: Actor, text: string): Promise<readonly KnownVolunteer[]> {
  const [family, kind] = actor.role === 'groupLeader' ? (['members', 'member'] as const) : (['people', 'volunteer'] as const);
  if (text === '') return (await once(reader.list<VolunteerFields | MemberFields>(family, { kind, limit: newestShown }))).map((row) => known(row as Named));
  const ids = await calls.search(family, kind, text, newestShown);
  return (await once(reader.many<VolunteerFields | MemberFields>(family, ids))).map((row) => known(row as Named));
}
