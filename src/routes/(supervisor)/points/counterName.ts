/** What a tablet of a redemption point is called: by its partner, or by who works there. */
import type { GrantFields } from '$domain/redemption/schema.ts';
import { pointsQueue as words } from '$lib/i18n/words/pointsQueue.ts';
import type { Names } from '../../sayField.ts';

export function counterName(grant: Pick<GrantFields, 'partner' | 'person' | 'device'> | undefined, device: string, names: Names): string {
  const name = grant && (names.get(grant.partner ?? '') ?? names.get(grant.person));
  return name === undefined ? words.tablet(device) : words.point(name);
}
