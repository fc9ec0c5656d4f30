/** Who a device acts for, as it stands in tickets and in the device registry. */
import * as v from 'valibot';
import { roles } from '../../src/domain/kernel/actor.ts';
import { deviceTagPattern } from '../../src/protocol/api.ts';

/** AU2: `roles` leaves the authority out. */
export const actorSchema = v.object({
  person: v.string(),
  role: v.picklist(roles),
  community: v.string(),
  grids: v.array(v.string()),
  partners: v.array(v.string()),
  device: v.pipe(v.string(), v.regex(deviceTagPattern)),
});
