/** PT3 What a name that is being typed may already stand for on this tablet, and why. Names of residents are masked (RS5). */
import type { LikenessReason } from '../../domain/duplicates/likeness.ts';
import type { VolunteerFields } from '../../domain/people/schema.ts';
import type { ResidentFields } from '../../domain/residents/schema.ts';
import { maskName } from '../../domain/residents/view.ts';
import type { PartnerFields } from '../../domain/roster/schema.ts';
import type { Reader, ReplicaCalls } from '../../replica/contract.ts';
import { once } from './live.ts';

/** `holds`: the other name contains what is typed so far. */
export type SimilarReason = LikenessReason | 'holds';

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
