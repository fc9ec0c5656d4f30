/** DU17 The buildings of a grid for whoever chooses one: those that read like what is typed first, without a network. */
import type { BuildingFields } from '../../domain/people/schema.ts';
import { inWalkingOrder } from '../../domain/visits/route.ts';
import type { Reader, ReplicaCalls, Row } from '../../replica/contract.ts';
import { once } from './live.ts';

type Calls = Pick<ReplicaCalls, 'search' | 'similar'>;

const found = 20;
const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toLowerCase();

export const buildingsOf = async (reader: Reader, grid: string): Promise<readonly Row<BuildingFields>[]> =>
  [...(await once(reader.list<BuildingFields>('people', { kind: 'building', parent: grid })))].sort(inWalkingOrder);

/** @param text '' for all of them, in walking order */
export async function findBuildings(calls: Calls, reader: Reader, grid: string, text: string): Promise<readonly Row<BuildingFields>[]> {
  const all = await buildingsOf(reader, grid);
  if (text === '') return all;
  // Whoever stands in a courtyard does not say its name.
  const courtyards = [...new Set(['', ...all.map(({ fields }) => fields.courtyard ?? '')])];
  const alike = await Promise.all(courtyards.map((courtyard) => calls.similar('people', 'building', { grid, courtyard, name: text }, found)));
  const searched = await calls.search('people', 'building', text, found);
  const holding = all.filter(({ fields }) => plain(`${fields.courtyard ?? ''}${fields.name}`).includes(plain(text))).map(({ id }) => id);
  const byId = new Map(all.map((row) => [row.id, row]));
  return [...new Set([...alike.flat().map(({ id }) => id), ...searched, ...holding])].flatMap((id) => byId.get(id) ?? []);
}
